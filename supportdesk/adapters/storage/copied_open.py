"""Whether a desk.db was copied while it was open, and so lacks what its journal held.

While it is open the newest writes lie in desk.db-wal. Whoever closes it last puts them into the
file and takes it out of WAL mode, which SQLite notes in the file's header. So a file in WAL mode
that has no -wal beside it was copied without it, or lost it. Not even a kill looks like that: it
leaves the -wal, and the next one to open the file finds everything.

Before schema 1.8 files stayed in WAL mode for good; of those nothing can be said.
"""

import sqlite3
from contextlib import suppress
from pathlib import Path

from supportdesk.domain.errors import Problem

# "SDsk": tells our file from any other SQLite database that somebody put in its place.
APPLICATION_ID = 0x5344736B
_SINCE = 1 << 16 | 8
_REMARK = "copied while open"

# https://www.sqlite.org/fileformat.html#the_database_header
_HEADER_BYTES = 100
_READ_VERSION = 19
_USER_VERSION = slice(60, 64)
_APPLICATION = slice(68, 72)
_WAL = 2


def was_copied_open(path: Path) -> bool:
    """To be asked before SQLite opens it. Raises OSError.

    Twice, for another program may be about to open or to close it. With a -wal beside it the file
    is not touched: closing it would drop the POSIX locks of a connection that this process has.
    """
    wal = Path(f"{path}-wal")
    return all(not wal.exists() and _says_open(path) for _ in range(2))


def copied_open_problem(path: Path) -> Problem:
    """What the founder is told when the program opens such a file."""
    return Problem(
        title=f"{path.name} was copied while supportdesk had it open",
        advice=f"What was written last may be missing: it lay in {path.name}-wal, which was not "
        "copied. Where the original still is, quit supportdesk there and run here: supportdesk "
        f"import log ORIGINAL/{path.name}. Nothing is counted twice.",
        is_for_founder=True,
    )


def remark(connection: sqlite3.Connection) -> None:
    """Note it in the file, for whoever opens it next sees no trace of it any more."""
    connection.execute("INSERT OR IGNORE INTO remark VALUES (?)", (_REMARK,))


def is_remarked(connection: sqlite3.Connection) -> bool:
    rows = connection.execute("SELECT 1 FROM remark WHERE key = ?", (_REMARK,)).fetchall()
    return bool(rows)


def take_remark(connection: sqlite3.Connection) -> None:
    """It has been said."""
    connection.execute("DELETE FROM remark WHERE key = ?", (_REMARK,))


def close_whole(connection: sqlite3.Connection) -> None:
    """Close it; the last one to do so takes the file out of WAL mode.

    Where that does not go, since others have it open or the disk is full, the -wal stays.
    """
    with suppress(sqlite3.Error):
        connection.execute("PRAGMA busy_timeout = 0").fetchall()
        connection.execute("PRAGMA journal_mode = DELETE").fetchall()
    connection.close()


def _says_open(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        header = file.read(_HEADER_BYTES)
    return (
        len(header) == _HEADER_BYTES
        and header[_READ_VERSION] == _WAL
        and int.from_bytes(header[_APPLICATION]) == APPLICATION_ID
        and int.from_bytes(header[_USER_VERSION]) >= _SINCE
    )
