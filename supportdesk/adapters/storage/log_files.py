"""The reading log as files: written whole and for this user alone, read line by line.

What a file is, is seen from its first bytes, not from its name. Another desk.db is copied into a
throw-away folder first: it may be of an older form or lie where nothing can be written, and it
stays as it is, to the byte.
"""

import codecs
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TextIO

from supportdesk.adapters.storage.copied_open import was_copied_open
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.storage.exported_files import (
    ExportFormat,
    export_words,
    file_errors,
    write_exports,
)
from supportdesk.adapters.storage.migrating import NewerDatabase
from supportdesk.adapters.storage.promise_tables import PromiseTables
from supportdesk.adapters.storage.sqlite_errors import translated_errors
from supportdesk.adapters.storage.voice_tables import VoiceTables
from supportdesk.domain.errors import StoreError
from supportdesk.domain.reading import Span
from supportdesk.services.log_export import csv_lines, json_lines
from supportdesk.services.log_import import LogUnreadable, checked, read_csv, read_json
from supportdesk.services.log_rows import COLUMNS, FORMAT, ReadRow
from supportdesk.services.wording import count
from supportdesk.services.words_union import join_promises, join_words

_SQLITE = b"SQLite format 3\0"
_LOOKED_AT = 4096
_LONGEST_LINE = 1_000_000
COPIED_OPEN = (
    "It was copied while supportdesk had it open, without desk.db-wal beside it: what was written "
    "last may be missing. Quit supportdesk there and import it again; nothing is counted twice."
)


LogFormat = ExportFormat
_LINES: dict[LogFormat, Callable[[Iterable[Span]], Iterator[str]]] = {
    LogFormat.CSV: csv_lines,
    LogFormat.JSON: json_lines,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LogExported:
    """What an export came to."""

    count: int
    paths: tuple[Path, ...]
    replaced: tuple[Path, ...] = ()

    @property
    def words(self) -> str:
        """What a notice says."""
        told = count(self.count, "row of the log is", "rows of the log are")
        return export_words(told, self.paths, self.replaced)


def export_log(
    folder: Path, formats: Iterable[LogFormat], all_spans: Callable[[], Iterable[Span]]
) -> LogExported:
    """Write reading-log.csv and reading-log.json there. Raises StoreError."""
    passing = {one: _Counted(all_spans) for one in formats}
    wanted = {one: partial(_lines_of, one, spans) for one, spans in passing.items()}
    paths, replaced = write_exports(folder, "reading-log", wanted, _is_ours)
    written = next((spans.count for spans in passing.values()), 0)
    return LogExported(count=written, paths=paths, replaced=replaced)


def read_log(path: Path, now: datetime) -> Iterator[ReadRow]:
    """The rows of a reading log of any of our kinds. Raises StoreError and LogUnreadable."""
    with file_errors(path, "read"):
        if not path.is_file():
            raise StoreError(
                f"{path.name or path.resolve()} is no file",
                f"There is nothing to import at {path.resolve()}.",
            )
        with path.open("rb") as file:
            beginning = file.read(_LOOKED_AT)
    if beginning.startswith(_SQLITE):
        yield from _read_database(path, now)
        return
    encoding, errors = _encoding(beginning)
    read = read_json if _begins_json(beginning.decode(encoding, errors)) else read_csv
    with (
        file_errors(path, "read"),
        path.open(encoding=encoding, errors=errors, newline="") as text,
    ):
        yield from read(_lines(text), now)


def refuse_same(path: Path, desk_db: Path) -> None:
    """Raises LogUnreadable for the very log that a file would be joined to."""
    with file_errors(path, "read"):
        if path.exists() and desk_db.exists() and path.samefile(desk_db):
            raise LogUnreadable(
                f"{path} is the log of this home itself",
                "There is nothing to import. Choose the file of another computer.",
            )


def caution_about(path: Path) -> str:
    """A sentence about a file that may lack what it should hold; empty when there is none."""
    with file_errors(path, "read"):
        return COPIED_OPEN if was_copied_open(path) else ""


def import_words(path: Path, desk_db: Path) -> str:
    """Join kept words and promises of another desk.db to those in `desk_db`.

    Returns what a notice says: nothing of a file that is no desk.db, or has none.
    Raises StoreError and LogUnreadable.
    """
    with file_errors(path, "read"), path.open("rb") as file:
        if file.read(len(_SQLITE)) != _SQLITE:
            return ""
    with _opened_copy(path) as theirs, closing(SqliteDeskStore(desk_db)) as ours:
        there = VoiceTables(theirs.connection, path)
        here = VoiceTables(ours.connection, desk_db)
        words = join_words(here, there.quotes(), there.lessons())
        promised = PromiseTables(theirs.connection, path).promises()
        return join_promises(PromiseTables(ours.connection, desk_db), promised, words).words


def deleted_words(rows: int) -> str:
    """What a notice says after the deletion."""
    if not rows:
        return "There was nothing in the log."
    return (
        f"{count(rows, 'row', 'rows')} of the log deleted, here and in the copies that updates of "
        "supportdesk made of desk.db. Backups and exports of your own are yours to delete."
    )


# --- inside --------------------------------------------------------------------------------------


class _Counted:
    """Counts what passes."""

    def __init__(self, all_spans: Callable[[], Iterable[Span]]) -> None:
        self._all_spans = all_spans
        self.count = 0

    def __iter__(self) -> Iterator[Span]:
        self.count = 0
        for span in self._all_spans():
            self.count += 1
            yield span


def _lines_of(wanted: LogFormat, spans: Iterable[Span]) -> Iterator[str]:
    return _LINES[wanted](spans)


def _is_ours(beginning: str) -> bool:
    return COLUMNS[0] in beginning.partition("\n")[0] or FORMAT in beginning


def _encoding(beginning: bytes) -> tuple[str, str]:
    """Ours is UTF-8; a spreadsheet may save "Unicode text", which is UTF-16 and says so."""
    if beginning.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", "replace"
    # A byte that is no UTF-8 spoils its own row, not the file.
    return "utf-8", "surrogateescape"


def _begins_json(beginning: str) -> bool:
    return beginning.removeprefix("\ufeff").lstrip()[:1] == "{"


def _lines(file: TextIO) -> Iterator[str]:
    """A line without end is cut, so that it is a broken row and not all of the memory."""
    while line := file.readline(_LONGEST_LINE):
        yield line
        rest = line
        while not rest.endswith(("\n", "\r")) and (rest := file.readline(_LONGEST_LINE)):
            pass


def _read_database(path: Path, now: datetime) -> Iterator[ReadRow]:
    with _opened_copy(path) as store:
        for number, (span, why) in enumerate(store.all_span_rows(), start=1):
            row = ReadRow(place=f"Row {number}", span=span, why=why)
            yield checked(row, now)


@contextmanager
def _opened_copy(path: Path) -> Iterator[SqliteDeskStore]:
    with tempfile.TemporaryDirectory(prefix="supportdesk-") as folder:
        copy = Path(folder) / path.name
        with file_errors(path, "read"), translated_errors(path):
            _copy(path, copy)
        with _about(path, copy), closing(SqliteDeskStore(copy, is_looked_through=True)) as store:
            yield store


@contextmanager
def _about(path: Path, copy: Path) -> Iterator[None]:
    """Raise LogUnreadable in words about the file itself, not about our copy of it."""
    try:
        yield
    except NewerDatabase as error:
        advice = f"Update supportdesk on this computer, then import it again. {path} is untouched."
        raise LogUnreadable(error.title, advice) from error
    except StoreError as error:
        advice = error.advice.replace(str(copy), str(path))
        raise LogUnreadable(error.title, advice) from error
    except sqlite3.Error as error:
        # Our own version, and yet tables are missing, or texts are none.
        raise LogUnreadable(
            f"{path.name} is no whole desk.db ({error})", f"Try another copy of {path}."
        ) from error


def _copy(path: Path, copy: Path) -> None:
    """A consistent one: through SQLite while a program works with it, else with its journal."""
    if Path(f"{path}-shm").exists():
        uri = f"{path.absolute().as_uri()}?mode=ro"
        with (
            suppress(sqlite3.OperationalError),  # where not even a journal may be opened
            closing(sqlite3.connect(uri, uri=True)) as there,
            closing(sqlite3.connect(copy)) as here,
        ):
            there.backup(here)
            return
    for suffix in ("", "-wal", "-journal"):
        beside = Path(f"{path}{suffix}")
        if beside.exists():
            shutil.copyfile(beside, f"{copy}{suffix}")
