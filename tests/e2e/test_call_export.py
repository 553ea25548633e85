"""`export calls` as a user calls it."""

import csv
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from tests.adapters.desk_examples import call
from tests.e2e.running import command, make_home

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_calls_of_some_days_for_the_books(tmp_path: Path) -> None:
    home = make_home(tmp_path, '[calls]\ncountry = "CZ"\n')
    with closing(SqliteDeskStore(home / "desk.db")) as store:
        for name, at in (("old", NOON.replace(day=1)), ("new", NOON)):
            store.save_call(replace(call(name, at), number="601 234 567"))
    wanted = ("--from", "2026-11-10", "--until", "2026-11-30", "--format", "csv")
    answer = command(home, "export", "calls", "--to", str(tmp_path), *wanted)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout == f"1 call is in {tmp_path / 'calls.csv'}.\n"
    with (tmp_path / "calls.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["call"] == "call/Office/new"
    assert not (tmp_path / "calls.json").exists()


def test_a_settings_file_that_is_broken_keeps_nobody_from_their_calls(tmp_path: Path) -> None:
    home = make_home(tmp_path, "country = \n")
    with closing(SqliteDeskStore(home / "desk.db")) as store:
        store.save_call(call())
    answer = command(home, "export", "calls", "--to", str(tmp_path))
    assert answer.returncode == 0
    assert "settings.toml" in answer.stderr
    assert answer.stdout.startswith("1 call is in ")
