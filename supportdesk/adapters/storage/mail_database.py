"""Opening mail.db: private to its user, in WAL, and set aside when it is of no use.

It is a cache, so a broken file or one of another version is never an obstacle: it is moved to
`mail.db.set-aside`, and a new one is filled from the server.
"""

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

from supportdesk.adapters.storage.mail_schema import SCHEMA, VERSION
from supportdesk.domain.errors import StoreError

_BUSY_SECONDS = 10.0
# The workers of all accounts start at once, and SQLite does not wait to change to WAL.
_one_at_a_time = threading.Lock()
_UNUSABLE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


@contextlib.contextmanager
def translated_errors(path: Path) -> Iterator[None]:
    """Turn errors of SQLite and of the file system into StoreError."""
    try:
        yield
    except sqlite3.Error as error:
        if is_unusable(error):
            raise StoreError(
                "The mail cache on this computer was damaged",
                f"{path.name} is made anew from the mail server by itself.",
            ) from error
        if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL:
            raise StoreError(
                f"The disk with {path.parent} is full, so new mail cannot be kept",
                "Free some space. supportdesk goes on by itself.",
            ) from error
        raise StoreError(
            f"The mail cache {path} cannot be used ({error})",
            "Check that the folder belongs to you and can be written to.",
        ) from error
    except OSError as error:
        raise StoreError(
            f"The mail cache {path} cannot be opened ({error.strerror or error})",
            "Check that the folder belongs to you and can be written to.",
        ) from error


def is_unusable(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _UNUSABLE


def open_for_writing(path: Path) -> sqlite3.Connection:
    """Open or create the database. Raises sqlite3.Error or OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _one_at_a_time:
        try:
            return _open(path)
        except _NotOurs:
            set_aside(path)
        except sqlite3.Error as error:
            if not is_unusable(error):
                raise
            set_aside(path)
        return _open(path)


class _NotOurs(Exception):
    """The file is of another version."""


def _open(path: Path) -> sqlite3.Connection:
    # The file exists before SQLite opens it, so that it never was readable for others. One that
    # is there is not touched: closing it would drop the locks that another connection of this
    # process holds on it, and whoever looks at it from outside would take the log for abandoned.
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    # Autocommit: transactions are begun by name.
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
    try:
        if not connection.execute("PRAGMA page_count").fetchone()[0]:
            # Later it does nothing: what is let go of makes room on the disk, not only in the file.
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute("PRAGMA journal_mode = WAL")
        # In WAL this loses nothing when the process dies, and a cache may lose power.
        connection.execute("PRAGMA synchronous = NORMAL")
        _ensure_schema(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _ensure_schema(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = version_of(connection)
        tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        if version == 0 and tables == 0:
            for statement in SCHEMA.split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {VERSION}")
        elif version != VERSION:
            raise _NotOurs
        else:
            # The first write of a connection begins the log on the disk, which may take long on
            # some: now, rather than when new mail comes.
            connection.execute(f"PRAGMA user_version = {VERSION}")
    finally:
        connection.execute("COMMIT")


def version_of(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def set_aside(path: Path) -> None:
    """Move the file away, over an earlier one that was set aside."""
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    with contextlib.suppress(FileNotFoundError):
        path.replace(path.with_name(f"{path.name}.set-aside"))


def identity(path: Path) -> tuple[int, int] | None:
    """Tell one file from another that took its name; None when there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
