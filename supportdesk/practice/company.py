"""The make-believe company of the practice desk: its team, its customers and its robots."""

import sys
import tomllib
from dataclasses import dataclass
from datetime import UTC, timedelta, timezone
from pathlib import Path
from typing import Any

from supportdesk.practice.pbx_plan import Desk
from supportdesk.practice.pbx_switch import Party


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody of the team, at a desk with a phone."""

    key: str
    name: str
    address: str
    desk: Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Correspondent:
    """A customer or a robot: whoever writes to the company."""

    key: str
    name: str
    display: str
    address: str
    phone: str = ""
    language: str = "en"
    zone: timezone = UTC
    signature: str = ""

    @property
    def party(self) -> Party:
        return Party(number=self.phone, name=self.display)


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Everybody, found by key."""

    name: str
    address: str
    queue: str
    founder: Desk
    team: dict[str, Colleague]
    correspondents: dict[str, Correspondent]

    def by_address(self, address: str) -> Correspondent | None:
        wanted = address.lower()
        people = self.correspondents.values()
        return next((person for person in people if person.address.lower() == wanted), None)


def load_company() -> Company:
    table = read_practice_file("company.toml")
    return Company(
        name=table["name"],
        address=table["address"],
        queue=table["queue"],
        founder=Desk(name=table["founder"]["name"], extension=table["founder"]["extension"]),
        team={row["key"]: _colleague(row) for row in table["team"]},
        correspondents={
            row["key"]: _correspondent(row) for row in (*table["customer"], *table["robot"])
        },
    )


def read_practice_file(name: str) -> dict[str, Any]:
    """A TOML file of resources/practice, as TOML gives it; callers make it typed."""
    folder = find_practice_folder(Path(__file__).resolve().parents[1])
    with (folder / name).open("rb") as file:
        return tomllib.load(file)


def find_practice_folder(package: Path) -> Path:
    """resources/practice of a checkout, of an installed wheel, or of a frozen program."""
    bundle = Path(getattr(sys, "_MEIPASS", package))
    for root in (package, package.parent, bundle, bundle / "supportdesk"):
        folder = root / "resources" / "practice"
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"resources/practice is missing beside {package}")


def _colleague(row: dict[str, Any]) -> Colleague:
    return Colleague(
        key=row["key"],
        name=row["name"],
        address=row["address"],
        desk=Desk(name=row["name"], extension=row["extension"]),
    )


def _correspondent(row: dict[str, Any]) -> Correspondent:
    return Correspondent(
        key=row["key"],
        name=row["name"],
        display=row.get("display", row["name"]),
        address=row["address"],
        phone=row.get("phone", ""),
        language=row.get("language", "en"),
        zone=timezone(timedelta(hours=row.get("utc_offset_hours", 0))),
        signature=row.get("signature", "").strip(),
    )
