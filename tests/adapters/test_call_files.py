"""The calls as files, out of a real desk.db."""

import csv
import json
import stat
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from supportdesk.adapters.numbers import normaliser
from supportdesk.adapters.storage.call_files import CallSpell, export_calls
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.storage.exported_files import ExportFormat
from supportdesk.domain.calls import Call, CallId
from supportdesk.domain.errors import StoreError
from supportdesk.domain.health import SourceName
from supportdesk.domain.people import CallNote, Person
from tests.adapters.desk_examples import AT, call, later

ZONE = timezone(timedelta(hours=2))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteDeskStore]:
    with closing(SqliteDeskStore(tmp_path / "desk.db")) as made:
        yield made


def export(store: SqliteDeskStore, folder: Path, spell: CallSpell | None = None) -> str:
    return export_calls(
        store,
        folder,
        ExportFormat,
        normalise=normaliser("CZ"),
        to_local=lambda at: at.astimezone(ZONE),
        spell=spell,
    )


def exported(folder: Path) -> list[dict[str, str]]:
    with (folder / "calls.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_call_is_in_both_files_oldest_first(store: SqliteDeskStore, tmp_path: Path) -> None:
    known = replace(call("b", later(60)), number="601 234 567")
    for one in (known, call("a"), replace(call("a"), phone=SourceName("Home"))):
        store.save_call(one)
    store.save_person(Person(key="1", name="Anna", numbers=("+420601234567",)))
    store.save_call_note(
        CallNote(key="n", call=known.key, number="", label="", words="=1+1\nžluť 😀", at=AT)
    )
    paths = [tmp_path / "calls.csv", tmp_path / "calls.json"]
    assert export(store, tmp_path) == f"3 calls are in {paths[0]} and {paths[1]}."
    rows = exported(tmp_path)
    keys = ["call/Home/a", "call/Office/a", "call/Office/b"]
    assert [row["call"] for row in rows] == keys
    assert [row["person"] for row in rows] == ["Anna"] * 3
    assert rows[2]["note"] == "'=1+1\\nžluť 😀"
    told = json.loads(paths[1].read_text(encoding="utf-8"))["calls"]
    assert [one["call"] for one in told] == keys
    assert told[2]["note"] == "=1+1\nžluť 😀"
    assert told[0]["started_at_local"] == "2026-11-21T12:00:00+02:00"
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in paths)
    first = [path.read_bytes() for path in paths]
    assert "An earlier export was replaced: calls.csv and calls.json." in export(store, tmp_path)
    assert [path.read_bytes() for path in paths] == first


def test_pages_lose_no_call_of_one_instant(store: SqliteDeskStore, tmp_path: Path) -> None:
    made: list[Call] = [
        replace(call(f"{number:05}", later(number // 700)), phone=SourceName(phone))
        for number in range(1_400)
        for phone in ("A", "B")
    ]
    store.begin()
    for one in made:
        store.save_call(one)
    store.commit()
    assert export(store, tmp_path).startswith("2800 calls are in")
    assert sorted(row["call"] for row in exported(tmp_path)) == sorted(one.key for one in made)


def test_days_are_local_and_both_included(store: SqliteDeskStore, tmp_path: Path) -> None:
    midnight = datetime(2026, 11, 20).astimezone().astimezone(UTC)
    for name, hours in (("before", -0.001), ("first", 0), ("last", 47.9), ("after", 48)):
        at = midnight + timedelta(hours=hours)
        store.save_call(replace(call(name, at), call_id=CallId(name)))
    spell = CallSpell(first=date(2026, 11, 20), last=date(2026, 11, 21))
    assert export(store, tmp_path, spell).startswith("2 calls are in")
    assert [row["call"] for row in exported(tmp_path)] == ["call/Office/first", "call/Office/last"]
    assert export(store, tmp_path, CallSpell(first=date(2027, 1, 1))).startswith("0 calls are in")


def test_a_file_of_somebody_else_is_not_overwritten(store: SqliteDeskStore, tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text("my,own\n")
    with pytest.raises(StoreError, match="supportdesk has not written it"):
        export(store, tmp_path)
    assert (tmp_path / "calls.csv").read_text() == "my,own\n"
    assert not (tmp_path / "calls.json").exists()
