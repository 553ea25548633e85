"""`export log`, `import log` and `delete log` as a user calls them, beside the app and alone."""

import io
import json
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.storage.promise_tables import PromiseTables
from supportdesk.adapters.storage.voice_tables import VoiceTables
from supportdesk.cli import main
from supportdesk.domain.promises import Promise
from supportdesk.domain.reading import Span
from supportdesk.domain.voices import Lesson, Quote
from tests.adapters.desk_examples import span
from tests.adapters.test_desk_store import spoil
from tests.e2e.running import Watch, command, environment, make_home

MONDAY = datetime(2024, 11, 18, 12, tzinfo=UTC)
SETTINGS = '[reading]\nweek_starts = "monday"\n'


def spans(count: int, name: str = "span") -> list[Span]:
    return [
        replace(
            span(f"{name}-{number}", MONDAY + timedelta(minutes=number), counted=30.0),
            utc_offset=timedelta(),
        )
        for number in range(count)
    ]


def home_with(folder: Path, logged: list[Span]) -> Path:
    folder.mkdir()
    home = make_home(folder, SETTINGS)
    with closing(SqliteDeskStore(home / "desk.db")) as store:
        store.join_spans(logged)
    return home


def week(home: Path) -> dict[str, Any]:
    answer = command(home, "week", "--week", "2024-W47", "--json")
    assert answer.returncode == 0, answer.stderr
    told: dict[str, Any] = json.loads(answer.stdout)
    return told


def done(answer: "subprocess.CompletedProcess[str]") -> str:
    assert answer.returncode == 0, answer.stderr
    assert answer.stderr == ""
    return answer.stdout


@pytest.fixture
def laptop(tmp_path: Path) -> Path:
    return home_with(tmp_path / "laptop", spans(40, "laptop"))


@pytest.fixture
def desktop(tmp_path: Path) -> Path:
    return home_with(tmp_path / "desktop", spans(20, "desktop"))


def running(watch: Watch) -> None:
    watch.wait_for(lambda line: line["what"] == "state", seconds=60, what="the start")


@pytest.mark.parametrize(
    "arguments",
    [
        ("export",),
        ("export", "everything"),
        ("export", "log", "--format", "xml"),
        ("export", "log", "--from", "2026-01-01"),
        ("export", "calls", "--until", "Christmas"),
        ("import", "log"),
        ("delete", "everything"),
    ],
)
def test_wrong_usage(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    assert command(make_home(tmp_path, ""), *arguments).returncode == 2


def test_two_machines_have_the_same_weeks_whatever_is_imported_where(
    laptop: Path, desktop: Path, tmp_path: Path
) -> None:
    files = tmp_path / "files"
    files.mkdir()
    told = done(command(laptop, "export", "log", "--to", str(files), "--format", "csv"))
    assert told == f"40 rows of the log are in {files / 'reading-log.csv'}.\n"
    words = done(command(desktop, "import", "log", str(files / "reading-log.csv")))
    assert words == (
        "40 new spans, 0 known already. 20 spans lie over time that is logged already: your weeks "
        "count that time once.\n"
    )
    assert done(command(laptop, "import", "log", str(desktop / "desk.db"))).startswith(
        "20 new spans, 40 known already."
    )
    for _ in range(2):
        command(desktop, "import", "log", str(laptop / "desk.db"))
    assert week(laptop) == week(desktop)
    assert week(laptop)["read_seconds"] == 40 * 30.0


def keep(home: Path, *keys: str) -> None:
    with closing(SqliteDeskStore(home / "desk.db")) as store:
        voices = VoiceTables(store.connection, store.path)
        for key in keys:
            words = f"Words of {key}"
            voices.save_quote(
                Quote(key=f"quote/{key}", words=words, who="Eva", said_at=MONDAY, kept_at=MONDAY)
            )
            voices.save_lesson(Lesson(key=f"lesson/{key}", words=words, at=MONDAY))
            PromiseTables(store.connection, store.path).save_promise(
                Promise(
                    key=f"promise/{key}",
                    item=f"mail/Support/<{key}@x>",
                    words=words,
                    who="Eva",
                    contact="",
                    made_at=MONDAY,
                    due=MONDAY,
                )
            )


def test_kept_words_of_another_machine_come_along_also_beside_the_app(
    laptop: Path, desktop: Path
) -> None:
    keep(laptop, "both", "laptop")
    keep(desktop, "both", "desktop", "more")
    told = done(command(laptop, "import", "log", str(desktop / "desk.db")))
    assert told.endswith("\n2 new quotes, 2 new lessons and 2 new promises, 3 known already.\n")
    with Watch(desktop) as watch:
        running(watch)
        told = done(command(desktop, "import", "log", str(laptop / "desk.db")))
        assert told.endswith("\n1 new quote, 1 new lesson and 1 new promise, 9 known already.\n")
    with (
        closing(SqliteDeskStore(laptop / "desk.db")) as one,
        closing(SqliteDeskStore(desktop / "desk.db")) as other,
    ):
        voices = [VoiceTables(store.connection, store.path) for store in (one, other)]
        assert voices[0].quotes() == voices[1].quotes()
        assert voices[0].lessons() == voices[1].lessons()
        promises = [PromiseTables(store.connection, store.path) for store in (one, other)]
        items = [sorted(one.item for one in table.promises()) for table in promises]
        assert items[0] == items[1]
        assert len(items[0]) == 4
        assert len(voices[0].quotes()) == 4


@pytest.mark.parametrize("name", ["reading-log.csv", "reading-log.json"])
def test_an_export_into_an_empty_log_is_the_same_weeks(
    laptop: Path, tmp_path: Path, name: str
) -> None:
    empty = make_home(tmp_path, SETTINGS)
    done(command(laptop, "export", "log", "--to", str(tmp_path)))
    done(command(empty, "import", "log", str(tmp_path / name)))
    assert week(empty) == week(laptop)
    done(command(empty, "export", "log", "--to", str(empty)))
    assert (empty / name).read_bytes() == (tmp_path / name).read_bytes()


def test_each_broken_row_is_named_and_the_rest_is_taken(laptop: Path, tmp_path: Path) -> None:
    done(command(laptop, "export", "log", "--to", str(tmp_path), "--format", "csv"))
    file = tmp_path / "reading-log.csv"
    lines = file.read_text().splitlines()
    lines[3] = lines[3].replace(",30,", ",-30,")
    lines[5] = lines[5].replace("2024-11-18", "2096-11-18")
    lines[7] = "nonsense"
    file.write_text("\n".join(lines))
    empty = make_home(tmp_path, SETTINGS)
    answer = command(empty, "import", "log", str(file))
    assert answer.returncode == 1
    assert answer.stdout == "37 new spans, 0 known already. 3 rows were left out.\n"
    assert answer.stderr.splitlines() == [
        "supportdesk: Line 4 is left out: it counts -30.0 seconds.",
        "supportdesk: Line 6 is left out: it lies in the future (2096-11-18).",
        "supportdesk: Line 8 is left out: it has 1 cells instead of 13.",
    ]
    assert week(empty)["read_seconds"] == 37 * 30.0


def test_what_cannot_be_imported_is_said(laptop: Path, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Anna,\n")
    newer = tmp_path / "newer.json"
    newer.write_text('{"format": "supportdesk reading log", "version": 99, "spans": []}')
    for path, words in (
        (tmp_path / "letter.txt", "That is no reading log of supportdesk"),
        (newer, "was written by a newer supportdesk"),
        (tmp_path / "nowhere.csv", "nowhere.csv is no file"),
        (laptop / "desk.db", "is the log of this home itself"),
    ):
        answer = command(laptop, "import", "log", str(path))
        assert (answer.returncode, answer.stdout) == (1, "")
        assert words in answer.stderr
        assert "Traceback" not in answer.stderr


def test_a_desk_that_was_copied_while_open(desktop: Path, tmp_path: Path) -> None:
    with closing(SqliteDeskStore(tmp_path / "original.db")) as original:
        original.join_spans(spans(40, "laptop"))
        shutil.copy(tmp_path / "original.db", tmp_path / "copy.db")
        told = done(command(desktop, "import", "log", str(tmp_path / "copy.db")))
    assert "It was copied while supportdesk had it open" in told
    told = done(command(desktop, "import", "log", str(tmp_path / "original.db")))
    assert told.startswith("40 new spans")
    assert "copied" not in told


def test_with_an_app_that_runs_everything_goes_through_it(
    laptop: Path, desktop: Path, tmp_path: Path
) -> None:
    with Watch(laptop) as watch:
        running(watch)
        done(command(laptop, "export", "log", "--to", str(tmp_path)))
        told = done(command(laptop, "import", "log", str(desktop / "desk.db")))
        assert told.startswith("20 new spans, 0 known already.")
        assert week(laptop)["read_seconds"] == 40 * 30.0
        told = done(command(laptop, "import", "log", str(tmp_path / "reading-log.json")))
        assert told == "0 new spans, 40 known already.\n"
        contradicting = (tmp_path / "reading-log.csv").read_text().replace("mail/", "post/")
        (tmp_path / "reading-log.csv").write_text(contradicting)
        answer = command(laptop, "import", "log", str(tmp_path / "reading-log.csv"))
        assert answer.returncode == 1
        assert len(answer.stderr.splitlines()) == 40
        assert "Line 41 is left out: it is about another message or call" in answer.stderr
        assert done(command(laptop, "delete", "log", "--yes")).startswith("60 rows of the log")
        assert week(laptop)["read_seconds"] == 0
        assert watch.stop() == 0
        assert watch.errors() == ""


def test_long_texts_go_through_the_running_app_too(laptop: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with closing(SqliteDeskStore(other)) as store:
        store.join_spans([replace(one, label="ž" * 4000) for one in spans(30, "long")])
    with Watch(laptop) as watch:
        running(watch)
        assert done(command(laptop, "import", "log", str(other))).startswith("30 new spans")
        assert watch.stop() == 0


def test_nothing_is_deleted_where_nobody_can_be_asked(laptop: Path) -> None:
    answer = command(laptop, "delete", "log", stdin="delete\n")
    assert (answer.returncode, answer.stdout) == (1, "")
    assert "There is nobody here to ask" in answer.stderr
    assert week(laptop)["read_seconds"] == 40 * 30.0
    assert done(command(laptop, "delete", "log", "--yes")).startswith("40 rows of the log deleted")
    assert done(command(laptop, "delete", "log", "--yes")) == "There was nothing in the log.\n"
    assert b"Where is my order" not in (laptop / "desk.db").read_bytes()


class _Terminal(io.StringIO):
    """Somebody at a keyboard. A bare machine may have no pseudo-terminals to lend."""

    def isatty(self) -> bool:
        return True


@pytest.mark.usefixtures("qapp")  # the command would make a smaller one, of no use to other tests
@pytest.mark.parametrize(("typed", "left"), [("no\n", 40), ("", 40), ("Delete\n", 0)])
def test_the_second_question_is_a_word_to_be_typed(
    laptop: Path,
    typed: str,
    left: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in environment(laptop).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdin", _Terminal(typed))
    assert main(["delete", "log"]) == (1 if left else 0)
    said = capsys.readouterr().out
    assert "This deletes all 40 rows of your reading log" in said
    assert ("Nothing was deleted." in said) is (left > 0)
    assert week(laptop)["read_seconds"] == left * 30.0


def test_damaged_rows_are_left_out_of_an_export_and_that_is_said(
    laptop: Path, tmp_path: Path
) -> None:
    spoil(laptop / "desk.db", "laptop-3", "counted_seconds", -1.0)
    answer = command(laptop, "export", "log", "--to", str(tmp_path))
    assert answer.returncode == 0
    assert answer.stdout.startswith("39 rows of the log are in")
    assert "1 damaged row is not in it: `supportdesk doctor` names them." in answer.stderr


def test_a_damaged_desk_is_said_by_each(laptop: Path, tmp_path: Path) -> None:
    (laptop / "desk.db").write_bytes(os.urandom(100_000))
    for arguments in (
        ("export", "log", "--to", str(tmp_path)),
        ("import", "log", str(tmp_path / "reading-log.csv")),
        ("delete", "log", "--yes"),
    ):
        answer = command(laptop, *arguments)
        assert (answer.returncode, answer.stdout) == (1, "")
        assert "Traceback" not in answer.stderr


def test_a_log_that_another_program_holds_is_said(laptop: Path) -> None:
    with closing(sqlite3.connect(laptop / "desk.db", isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        answer = command(laptop, "delete", "log", "--yes")
    assert answer.returncode == 1
    assert "desk.db is held by another program" in answer.stderr


def test_the_doctor_names_rows_that_are_left_out(laptop: Path) -> None:
    good = json.loads(command(laptop, "doctor", "--json").stdout)["parts"]
    assert next(part for part in good if part["name"] == "Reading log")["ok"]
    spoil(laptop / "desk.db", "laptop-3", "counted_seconds", -1.0)
    spoil(laptop / "desk.db", "laptop-5", "kind", "SANG")
    answer = command(laptop, "doctor", "--json")
    assert answer.returncode == 1
    parts = {part["name"]: part for part in json.loads(answer.stdout)["parts"]}
    assert parts["desk.db"]["ok"]
    assert parts["Reading log"]["words"] == (
        "2 rows are left out: it says -1.0 s (span laptop-3); "
        "it is of no known kind (SANG) (span laptop-5)"
    )
    assert "backup" in parts["Reading log"]["advice"]


def test_a_copied_desk_is_said_by_week_and_doctor_until_the_app_has_said_it(
    tmp_path: Path,
) -> None:
    home = make_home(tmp_path, "")
    with closing(SqliteDeskStore(tmp_path / "original.db")):
        shutil.copy(tmp_path / "original.db", home / "desk.db")
    for _ in range(2):
        assert "was copied while supportdesk had it open" in command(home, "week").stderr
    answer = command(home, "doctor")
    assert answer.returncode == 1
    assert "desk.db was copied while supportdesk had it open" in answer.stdout
    with Watch(home) as watch:
        running(watch)
        words = done(command(home, "status"))
        assert "copied desk.db: desk.db was copied while supportdesk had it open" in words
    assert command(home, "week").stderr == ""
