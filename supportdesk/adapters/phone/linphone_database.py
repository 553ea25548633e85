"""Reads the newest rows of Linphone's call history, and leaves no trace in it.

Linphone does not wait for locks: a reader that holds one while a call ends costs it that row. So
the files are read without any (`immutable`), and read again when they changed meanwhile or a
journal says that somebody is writing. Only in WAL mode, where readers hold up nobody, and the
newest rows lie beside the file, SQLite's own way is gone.
"""

import os
import sqlite3
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from supportdesk.domain.settings import PhoneSettings
from supportdesk.protocols.linphone_rows import NEW_QUERY, OLD_QUERY, HistoryRow, parse_row

OLD_NAME: Final = "call-history.db"
NEW_NAME: Final = "linphone.db"
_TABLES: Final = {OLD_NAME: ("call_history", OLD_QUERY), NEW_NAME: ("conference_call", NEW_QUERY)}
_NEWEST: Final = 300
_BUSY_SECONDS: Final = 0.2
_Row = tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadHistory:
    """What was found. `is_live`: rows appear while it rings."""

    rows: tuple[HistoryRow, ...]
    is_live: bool


class HistoryMissing(Exception):  # a state of the disk, not a fault
    """There is no history in that folder yet."""


class HistoryUnsettled(Exception):  # a state of the disk, not a fault
    """Somebody writes it now, or it is damaged: to be read again. The text says which."""


def history_folder(settings: PhoneSettings) -> Path:
    """Where Linphone keeps its data: as the settings say, else where it does on this system."""
    return Path(settings.folder) if settings.folder else _usual_folder()


def watched_files(folder: Path) -> list[Path]:
    """Those of the files that are there; SQLite's own come and go."""
    names = [name + end for name in (OLD_NAME, NEW_NAME) for end in ("", "-wal", "-journal")]
    return [folder / name for name in names if (folder / name).exists()]


def read_history(folder: Path, *, is_patient: bool = True) -> ReadHistory:
    """Read both files, since an upgrade leaves the old one behind.

    Raises HistoryMissing, or HistoryUnsettled. Not patient, it reads past a journal that stays.
    """
    rows: dict[str, HistoryRow] = {}
    found: list[str] = []
    for name, (table, query) in _TABLES.items():
        values = _read(folder / name, table, query, is_patient=is_patient)
        if values is not None:
            found.append(name)
            parsed = [row for row in map(parse_row, values) if row is not None]
            rows |= {row.call_id: row for row in parsed}
    if not found:
        raise HistoryMissing
    return ReadHistory(rows=tuple(rows.values()), is_live=NEW_NAME in found)


def _usual_folder() -> Path:
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local")) / "linphone"
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "linphone"
    plain = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "linphone"
    flatpak = home / ".var" / "app" / "com.belledonnecommunications.linphone" / "data" / "linphone"
    return flatpak if flatpak.is_dir() and not plain.is_dir() else plain


def _read(path: Path, table: str, query: str, *, is_patient: bool) -> list[_Row] | None:
    """None where there is no such file or table."""
    try:
        before = _fingerprint(path)
        if before is None:
            return None
        if is_patient and _is_filled(path.with_name(f"{path.name}-journal")):
            raise HistoryUnsettled("it is being written")
        mode = "mode=ro" if _is_filled(path.with_name(f"{path.name}-wal")) else "immutable=1"
        uri = f"{path.absolute().as_uri()}?{mode}"
        with closing(sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS)) as database:
            known = database.execute(
                "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)
            ).fetchone()
            values = database.execute(query, (_NEWEST,)).fetchall() if known else None
        if _fingerprint(path) != before:
            raise HistoryUnsettled("it is being written")
    except (sqlite3.Error, OSError) as error:
        raise HistoryUnsettled(str(error)) from error
    return values


def _fingerprint(path: Path) -> tuple[int, int, int] | None:
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return (stat.st_ino, stat.st_mtime_ns, stat.st_size)


def _is_filled(path: Path) -> bool:
    """An empty or zeroed journal is one that is done with."""
    try:
        with path.open("rb") as file:
            return any(file.read(8))
    except FileNotFoundError:
        return False
