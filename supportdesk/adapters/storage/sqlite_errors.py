"""SQLite's errors in the founder's words. What is our bug stays what it is and is logged."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from supportdesk.domain.errors import StoreError

_RESTORE = (
    "Quit supportdesk, put the file aside and put back a copy from a backup. "
    "Nothing in it was changed."
)


@contextmanager
def translated_errors(path: Path) -> Iterator[None]:
    """Raise StoreError for all that the disk, its rights or the file itself are to blame for."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        translated = store_error(error, path)
        if translated is None:
            raise
        raise translated from error


def damaged(path: Path) -> StoreError:
    return StoreError(f"{path.name} is damaged and cannot be read", f"It is {path}. {_RESTORE}")


def store_error(error: sqlite3.DatabaseError, path: Path) -> StoreError | None:
    """None when the error is neither the disk's nor the file's."""
    # Extended result codes keep the primary code in their low byte (sqlite.org/rescode.html).
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF
    name = path.name
    match code:
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return damaged(path)
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StoreError(
                f"{name} is held by another program",
                f"Close what has {path} open: a database viewer, or a backup or sync program.",
            )
        case sqlite3.SQLITE_FULL:
            return StoreError(
                f"The disk is full, so {name} cannot be written",
                f"Make room on the disk of {path.parent}; then go on as before.",
            )
        case sqlite3.SQLITE_READONLY:
            return StoreError(
                f"{name} may not be written",
                f"Give this user the right to write {path} and its folder.",
            )
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            return StoreError(
                f"{name} cannot be opened",
                f"Give this user the right to read and write {path} and its folder.",
            )
        case sqlite3.SQLITE_IOERR:
            return StoreError(
                f"The disk failed while {name} was read or written",
                f"Look at the disk of {path}: is it still there, and is it healthy?",
            )
        case _:
            return None
