"""The script of the day as data: what happens when, and who does it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from supportdesk.practice.company import read_practice_file

FOUNDER = "founder"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailIsPosted:
    """A letter arrives, or a colleague's answer appears in Sent."""

    letter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SomebodyCalls:
    """A call to the queue, or to one desk when `to` names it."""

    customer: str = ""
    number: str = ""
    to: str = ""
    answered_by: str = ""
    answer_seconds: float | None = None
    patience_seconds: float = 60.0
    talk_seconds: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberPauses:
    """Somebody takes a break."""

    who: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberUnpauses:
    """Somebody is back from a break."""

    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneLeaves:
    """Somebody's phone goes off."""

    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneReturns:
    """Somebody's phone is on again."""

    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLifts:
    """Somebody uses the code that asks the founder to take the call they are on."""

    who: str
    why: str


PhoneHappening: TypeAlias = (
    SomebodyCalls | MemberPauses | MemberUnpauses | PhoneLeaves | PhoneReturns | MemberLifts
)
Happening: TypeAlias = MailIsPosted | PhoneHappening


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A happening, its second of the practice, and the lap it belongs to."""

    at: float
    happening: Happening
    lap: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DayScript:
    """The opening once, then the lap for ever."""

    begins: float
    opening: tuple[Due, ...]
    lap: tuple[Due, ...]
    opening_seconds: float
    lap_seconds: float

    def before_start(self) -> Iterator[Due]:
        """What has happened already when the practice starts."""
        return (due for due in self.opening if due.at < 0)

    def from_start(self) -> Iterator[Due]:
        """What happens from second 0 on, in order, without end."""
        yield from (due for due in self.opening if due.at >= 0)
        lap = 0
        while self.lap:
            offset = self.opening_seconds + lap * self.lap_seconds
            for due in self.lap:
                yield Due(at=due.at + offset, happening=due.happening, lap=lap)
            lap += 1


def load_day() -> DayScript:
    table = read_practice_file("day.toml")
    return DayScript(
        begins=table["begins"],
        opening=_sorted(table["opening"]),
        lap=_sorted(table["lap"]),
        opening_seconds=table["opening_seconds"],
        lap_seconds=table["lap_seconds"],
    )


def _sorted(rows: list[dict[str, Any]]) -> tuple[Due, ...]:
    dues = [Due(at=row["at"], happening=_happening(row)) for row in rows]
    return tuple(sorted(dues, key=lambda due: due.at))


def _happening(row: dict[str, Any]) -> Happening:
    match row["kind"]:
        case "mail":
            return MailIsPosted(letter=row["message"])
        case "call" | "direct":
            return SomebodyCalls(
                customer=row.get("from", ""),
                number=row.get("number", ""),
                to=row.get("to", ""),
                answered_by=row.get("answered_by", ""),
                answer_seconds=row.get("answer_seconds"),
                patience_seconds=row.get("patience_seconds", 60),
                talk_seconds=row.get("talk_seconds", 60),
            )
        case "pause":
            return MemberPauses(who=row["who"], reason=row["reason"])
        case "unpause":
            return MemberUnpauses(who=row["who"])
        case "leaves":
            return PhoneLeaves(who=row["who"])
        case "returns":
            return PhoneReturns(who=row["who"])
        case "lifts":
            return MemberLifts(who=row["who"], why=row["why"])
        case kind:
            raise ValueError(f"day.toml: unknown kind {kind!r}")
