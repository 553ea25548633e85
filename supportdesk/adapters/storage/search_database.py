"""Opening search.db beside mail.db: for the indexer, which writes it, and for those who read."""

import contextlib
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from supportdesk.adapters.storage.mail_database import identity, is_unusable, version_of
from supportdesk.adapters.storage.mail_schema import VERSION as MAIL_VERSION
from supportdesk.adapters.storage.search_schema import SCHEMA, VERSION

_BUSY_SECONDS = 10.0
_CACHE_KIB = 32_768
# The pages of a large batch are written to the file once, not once a batch.
_CHECKPOINT_PAGES = 4_000
_PAGE_BYTES = 8_192


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPaths:
    """Where the mail and its index lie."""

    mail_db: Path
    search_db: Path

    @classmethod
    def beside(cls, mail_db: Path) -> "SearchPaths":
        return cls(mail_db=mail_db, search_db=mail_db.with_name("search.db"))

    def identity(self) -> tuple[object, object]:
        """Another one when either file was replaced."""
        return identity(self.mail_db), identity(self.search_db)


def open_mail(
    path: Path, *, is_read_only: bool, busy_seconds: float = _BUSY_SECONDS
) -> sqlite3.Connection | None:
    """mail.db as a worker made it; None when there is none, or one of another version."""
    if not path.exists():
        return None
    # Not mode=ro, which cannot read a WAL database that nobody else has open.
    connection = sqlite3.connect(
        _uri(path), uri=True, timeout=busy_seconds, isolation_level=None, check_same_thread=False
    )
    try:
        if is_read_only:
            connection.execute("PRAGMA query_only = ON")
        if version_of(connection) == MAIL_VERSION:
            return connection
    except BaseException:
        connection.close()
        raise
    connection.close()
    return None


def open_search(path: Path) -> sqlite3.Connection | None:
    """search.db for a look; None when there is none."""
    if not path.exists():
        return None
    return sqlite3.connect(_uri(path), uri=True, timeout=_BUSY_SECONDS, isolation_level=None)


def open_both(
    paths: SearchPaths, *, busy_seconds: float = _BUSY_SECONDS
) -> sqlite3.Connection | None:
    """Read mail.db, and its index as `search` once there is one; None without any mail."""
    connection = open_mail(paths.mail_db, is_read_only=True, busy_seconds=busy_seconds)
    if connection is not None and paths.search_db.exists():
        # A damaged index is made anew by the indexer; the mail itself is read all the same.
        with contextlib.suppress(sqlite3.Error):
            connection.execute("ATTACH ? AS search", (_uri(paths.search_db),))
            connection.execute(f"PRAGMA search.cache_size = -{_CACHE_KIB}")
    return connection


def mail_identity(mail: sqlite3.Connection) -> str:
    """The name of this mail.db, given to it by its first index; a new file has another."""
    found = mail.execute("SELECT 1 FROM sqlite_schema WHERE name = 'index_identity'").fetchone()
    if found is None:
        mail.execute("BEGIN IMMEDIATE")
        try:
            mail.execute("CREATE TABLE IF NOT EXISTS index_identity (name TEXT NOT NULL)")
            mail.execute("INSERT INTO index_identity VALUES (?)", (os.urandom(16).hex(),))
        finally:
            mail.execute("COMMIT")
    return str(mail.execute("SELECT name FROM index_identity").fetchone()[0])


def open_index(path: Path, mail_name: str) -> sqlite3.Connection:
    """search.db for writing, empty if it was of no use or of another mail.db."""
    try:
        return _open_index(path, mail_name)
    except sqlite3.Error as error:
        if not is_unusable(error):
            raise
    except _NotOurs:
        pass
    delete_index(path)
    return _open_index(path, mail_name)


def delete_index(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + suffix).unlink()


class _NotOurs(Exception):
    """The index is of another version, or of another mail.db."""


def _open_index(path: Path, mail_name: str) -> sqlite3.Connection:
    # As mail.db: private from the first moment, and one that is there keeps its locks.
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    connection = sqlite3.connect(
        path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    try:
        connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute("PRAGMA journal_mode = WAL")
        # A change is struck from the list in mail.db only once it is surely in the index.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
        connection.execute("PRAGMA journal_size_limit = 0")
        _ensure_schema(connection, mail_name)
    except BaseException:
        connection.close()
        raise
    return connection


def _ensure_schema(connection: sqlite3.Connection, mail_name: str) -> None:
    version = version_of(connection)
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if version == 0 and tables == 0:
        connection.execute("BEGIN IMMEDIATE")
        for statement in SCHEMA.split(";"):
            connection.execute(statement)
        connection.execute("INSERT INTO state VALUES (?, 0)", (mail_name,))
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    elif version != VERSION or _indexed(connection) != mail_name:
        raise _NotOurs


def _indexed(connection: sqlite3.Connection) -> str:
    return str(connection.execute("SELECT mail_db FROM state").fetchone()[0])


def used_bytes(connection: sqlite3.Connection) -> int:
    """Without the pages that are free to be used again."""
    pages, free, size = (
        int(connection.execute(f"PRAGMA {name}").fetchone()[0])
        for name in ("page_count", "freelist_count", "page_size")
    )
    return (pages - free) * size


def _uri(path: Path) -> str:
    return f"{path.absolute().as_uri()}?mode=rw"
