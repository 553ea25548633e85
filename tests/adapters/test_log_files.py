"""The log as files: what goes out comes back, and whatever a file is, a sentence says so."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
import tracemalloc
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.storage.log_files import (
    COPIED_OPEN,
    LogFormat,
    caution_about,
    export_log,
    read_log,
    refuse_same,
)
from supportdesk.domain.errors import StoreError, SupportDeskError
from supportdesk.domain.reading import Edit, Span
from supportdesk.services.log_import import LogImport, LogImported, LogUnreadable
from tests.adapters.desk_examples import later, span
from tests.adapters.test_desk_store import spoil
from tests.adapters.test_migrating import OLD_DESKS, more_migrations

NOW = later(100_000)
MANY = 8_000
SPANS = [
    span("a"),
    replace(span("b", later(60)), label="=HYPERLINK(1)", clock="run"),
    replace(span("c", later(60), counted=1.0), corrects="b", edit=Edit.CUT, reason="1,5\nno"),
]


@contextmanager
def log_of(path: Path, spans: Iterable[Span] = ()) -> Iterator[SqliteDeskStore]:
    with closing(SqliteDeskStore(path)) as store:
        store.join_spans(list(spans))
        yield store


def export(folder: Path, spans: Iterable[Span], *formats: LogFormat) -> tuple[Path, ...]:
    return export_log(folder, formats or LogFormat, lambda: spans).paths


def imported(store: SqliteDeskStore, path: Path) -> LogImported:
    importing = LogImport(store.join_spans)
    importing.take(read_log(path, NOW))
    return importing.result()


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.mark.parametrize("name", ["reading-log.csv", "reading-log.json", "desk.db"])
def test_a_log_goes_from_one_computer_to_another(tmp_path: Path, name: str) -> None:
    there = tmp_path / "there"
    there.mkdir()
    with log_of(there / "desk.db", SPANS) as store:
        export_log(there, LogFormat, store.all_spans)
    with log_of(tmp_path / "here.db", [span("mine", later(5))]) as here:
        for known in (0, 3):
            told = imported(here, there / name)
            assert (told.new, told.known, told.refused) == (3 - known, known, ())
        assert sorted(here.all_spans(), key=lambda one: one.span_id) == [
            *SPANS,
            span("mine", later(5)),
        ]


def test_the_files_are_private_whole_and_the_same_each_time(tmp_path: Path) -> None:
    paths = export(tmp_path, SPANS)
    first = contents(tmp_path)
    assert set(first) == {"reading-log.csv", "reading-log.json"}
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in paths)
    told = export_log(tmp_path, LogFormat, lambda: SPANS)
    assert contents(tmp_path) == first
    assert told.words == (
        f"3 rows of the log are in {paths[0]} and {paths[1]}. "
        "An earlier export was replaced: reading-log.csv and reading-log.json."
    )


def test_one_format_alone(tmp_path: Path) -> None:
    told = export_log(tmp_path, [LogFormat.CSV], lambda: SPANS[:1])
    assert told.words == f"1 row of the log is in {tmp_path / 'reading-log.csv'}."


def test_a_file_of_somebody_else_is_not_overwritten(tmp_path: Path) -> None:
    theirs = tmp_path / "reading-log.json"
    theirs.write_text('{"books": []}')
    with pytest.raises(StoreError, match="supportdesk has not written it"):
        export(tmp_path, SPANS)
    assert contents(tmp_path) == {"reading-log.json": b'{"books": []}'}
    theirs.write_text("")
    export(tmp_path, SPANS)


def test_a_failure_leaves_the_old_export(tmp_path: Path) -> None:
    export(tmp_path, SPANS)
    before = contents(tmp_path)

    def broken() -> Iterator[Span]:
        yield SPANS[0]
        raise StoreError("The disk failed", "Look at it.")

    with pytest.raises(StoreError, match="disk failed"):
        export_log(tmp_path, LogFormat, broken)
    assert contents(tmp_path) == before


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        export(tmp_path / "nowhere", SPANS)
    assert caught.value.title.startswith("reading-log.csv cannot be written: No such file")
    assert str(tmp_path / "nowhere") in caught.value.advice


_AS_ANOTHER_USER = """
import os, sys
from pathlib import Path
from supportdesk.adapters.storage.log_files import LogFormat, export_log
from supportdesk.domain.errors import StoreError
os.setgid(65534)
os.setuid(65534)
try:
    export_log(Path(sys.argv[1]), LogFormat, lambda: [])
except StoreError as error:
    print(error.title)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_a_folder_that_may_not_be_written() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        answer = subprocess.run(
            [sys.executable, "-c", _AS_ANOTHER_USER, folder],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert answer.stdout == "reading-log.csv cannot be written: Permission denied\n", answer.stderr


def test_the_rows_of_many_years_are_not_held_in_memory(tmp_path: Path) -> None:
    def many() -> Iterator[Span]:
        return (span(f"{number}", later(-number)) for number in range(MANY))

    tracemalloc.start()
    try:
        export(tmp_path, many(), LogFormat.CSV)
        export_log(tmp_path, [LogFormat.JSON], many)
        for name in ("reading-log.csv", "reading-log.json"):
            assert sum(row.span is not None for row in read_log(tmp_path / name, NOW)) == MANY
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (tmp_path / "reading-log.csv").stat().st_size > 1_000_000
    assert peak < 1_500_000


def refusal(path: Path) -> SupportDeskError:
    with pytest.raises((StoreError, LogUnreadable)) as caught:
        list(read_log(path, NOW))
    return caught.value


def test_what_is_no_log(tmp_path: Path) -> None:
    path = tmp_path / "file"
    assert refusal(path).title == "file is no file"
    assert refusal(tmp_path).title == f"{tmp_path.name} is no file"
    assert refusal(Path()).title == f"{Path.cwd()} is no file"
    for content in (b"", b"\xff\xfes\0p\0a\0n\0", b"{", b"{}", os.urandom(5000), b"a,b\n1,2\n"):
        path.write_bytes(content)
        assert refusal(path).title == "That is no reading log of supportdesk"


def test_one_byte_that_is_no_utf8_spoils_one_row(tmp_path: Path) -> None:
    (path,) = export(tmp_path, SPANS, LogFormat.CSV)
    path.write_bytes(path.read_bytes().replace(b"Anna", b"An\xffna", 1))
    rows = list(read_log(path, NOW))
    assert [row.why for row in rows] == ["its label is not UTF-8", "", ""]


@pytest.mark.parametrize("form", LogFormat)
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_unicode_text_of_a_spreadsheet(tmp_path: Path, form: LogFormat, encoding: str) -> None:
    (path,) = export(tmp_path, [replace(SPANS[0], label="Grüße, 客户 😀"), *SPANS[1:]], form)
    bom = "\ufeff" if encoding == "utf-16-be" else ""
    path.write_bytes((bom + path.read_text(encoding="utf-8")).encode(encoding))
    rows = list(read_log(path, NOW))
    assert [row.span for row in rows] == [replace(SPANS[0], label="Grüße, 客户 😀"), *SPANS[1:]]
    path.write_bytes(path.read_bytes()[:-1])
    assert len(list(read_log(path, NOW))) >= len(SPANS)


def test_a_line_without_an_end_is_a_broken_row(tmp_path: Path) -> None:
    (path,) = export(tmp_path, SPANS, LogFormat.CSV)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:2], b"x" * 5_000_000 + b"\n", *lines[2:]]))
    rows = list(read_log(path, NOW))
    assert [(row.place, row.span is not None) for row in rows] == [
        ("Line 2", True),
        ("Line 3", False),
        ("Line 4", True),
        ("Line 5", True),
    ]


# --- another desk.db ---------------------------------------------------------------------------


@pytest.mark.parametrize("old", sorted(OLD_DESKS.iterdir()), ids=lambda path: path.name)
def test_a_desk_of_any_age_is_read_and_not_changed(old: Path, tmp_path: Path) -> None:
    folder = tmp_path / "there"
    folder.mkdir()
    shutil.copy(old, folder / "desk.db")
    before = contents(folder)
    with closing(sqlite3.connect(old)) as beside:
        tables = {name for (name,) in beside.execute("SELECT name FROM sqlite_schema")}
        spans = beside.execute("SELECT count(*) FROM span").fetchone()[0] if "span" in tables else 0
    rows = list(read_log(folder / "desk.db", NOW))
    assert len(rows) == spans
    assert contents(folder) == before


def test_a_desk_that_is_open_now_is_read_with_its_newest_rows(tmp_path: Path) -> None:
    there = tmp_path / "there" / "desk.db"
    there.parent.mkdir()
    with log_of(there, SPANS):
        assert caution_about(there) == ""
        assert [row.span for row in read_log(there, NOW)] == SPANS


def test_a_desk_that_was_copied_with_its_journal_is_whole(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    with log_of(tmp_path / "desk.db", SPANS):
        shutil.copy(tmp_path / "desk.db", copy)
        shutil.copy(tmp_path / "desk.db-wal", copy)
    before = contents(copy)
    assert caution_about(copy / "desk.db") == ""
    assert [row.span for row in read_log(copy / "desk.db", NOW)] == SPANS
    assert contents(copy) == before


def test_a_desk_that_was_copied_without_its_journal_says_so(tmp_path: Path) -> None:
    with log_of(tmp_path / "desk.db", SPANS):
        shutil.copy(tmp_path / "desk.db", tmp_path / "copy.db")
    assert caution_about(tmp_path / "copy.db") == COPIED_OPEN
    assert len(list(read_log(tmp_path / "copy.db", NOW))) < len(SPANS)


def test_a_newer_desk_is_refused_and_left_alone(tmp_path: Path) -> None:
    there = tmp_path / "desk.db"
    folder = more_migrations(tmp_path, "-- schema 2.0\nDROP TABLE read_here;\n")
    SqliteDeskStore(there, migrations=folder).close()
    error = refusal(there)
    assert error.title == "desk.db was written by a newer supportdesk, which this one cannot read"
    assert error.advice == (
        f"Update supportdesk on this computer, then import it again. {there} is untouched."
    )


def test_a_database_that_is_no_desk_or_damaged(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE recipes (x)")
    assert refusal(path).title == "other.db is a database of another program"
    with log_of(tmp_path / "desk.db", [span(f"{number}") for number in range(999)]):
        pass
    content = bytearray((tmp_path / "desk.db").read_bytes())
    content[40_000:90_000] = os.urandom(50_000)
    (tmp_path / "desk.db").write_bytes(content)
    assert "damaged" in refusal(tmp_path / "desk.db").title


def test_a_desk_without_its_tables(tmp_path: Path) -> None:
    bare = tmp_path / "bare.db"
    shutil.copy(OLD_DESKS / "before_009.db", bare)
    with closing(sqlite3.connect(bare)) as other:
        other.execute("DROP TABLE span")
    assert refusal(bare).title == "bare.db is no whole desk.db (no such table: span)"


def test_a_pipe_in_the_place_of_an_export_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "reading-log.csv")
    with pytest.raises(StoreError, match="supportdesk has not written it"):
        export(tmp_path, SPANS)


def test_rows_of_another_desk_that_cannot_be_true(tmp_path: Path) -> None:
    there = tmp_path / "desk.db"
    with log_of(there, [*SPANS, span("later", NOW + timedelta(days=1))]):
        pass
    spoil(there, "a", "counted_seconds", -5.0)
    rows = list(read_log(there, NOW))
    assert [(row.place, row.why) for row in rows if row.span is None] == [
        ("Row 1", "it says -5.0 s (span a)"),
        ("Row 4", "it lies in the future (2026-11-23T19:31)"),
    ]
    assert [row.span for row in rows if row.span is not None] == SPANS[1:]


def test_the_log_itself_is_not_imported(tmp_path: Path) -> None:
    with log_of(tmp_path / "desk.db", SPANS):
        pass
    (tmp_path / "link.db").symlink_to(tmp_path / "desk.db")
    for name in ("desk.db", "link.db"):
        with pytest.raises(LogUnreadable, match="the log of this home itself"):
            refuse_same(tmp_path / name, tmp_path / "desk.db")
    refuse_same(tmp_path / "nowhere.db", tmp_path / "desk.db")
