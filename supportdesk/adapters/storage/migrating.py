"""Numbered migrations of a database that nobody can make again.

The schema has a version `major.minor`, kept in PRAGMA user_version. A new minor only adds: an
older program of the same major goes on working with it. A new major does not allow that, so an
older program refuses the file in plain words. Each file in the migrations folder is one step:

    001_first.sql, whose first line is   -- schema 1.0

Rules for adding one: a new file with the next number; never change an old file; store a database
as it was before in tests/adapters/old_desks (a test fails without it).
"""

import glob
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from supportdesk.domain.errors import StoreError

_FILE_NAME = re.compile(r"(\d{3})_\w+\.sql")
_SCHEMA_LINE = re.compile(r"-- schema (\d+)\.(\d+)\n")
_EMPTY = 0
_SPAN_TRIGGERS = "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'span'"


class NewerDatabase(StoreError):
    """A database of a newer version, which this one cannot read."""


@dataclass(frozen=True, slots=True, order=True)
class SchemaVersion:
    """A version of the schema; in PRAGMA user_version the major is in the high half."""

    major: int
    minor: int

    @classmethod
    def of(cls, connection: sqlite3.Connection) -> "SchemaVersion":
        (number,) = connection.execute("PRAGMA user_version").fetchone()
        return cls(number >> 16, number & 0xFFFF)

    @property
    def number(self) -> int:
        return self.major << 16 | self.minor

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One step to a version."""

    name: str
    version: SchemaVersion
    statements: tuple[str, ...]


def migrations_in(folder: Path) -> list[Migration]:
    """All steps in order. A gap or a version that does not grow is our bug: ValueError."""
    migrations: list[Migration] = []
    for number, path in enumerate(sorted(folder.glob("*.sql")), start=1):
        text = path.read_text(encoding="utf-8")
        name, schema = _FILE_NAME.fullmatch(path.name), _SCHEMA_LINE.match(text)
        if name is None or int(name[1]) != number or schema is None:
            raise ValueError(f"{path.name} is not migration number {number}")
        version = SchemaVersion(int(schema[1]), int(schema[2]))
        if migrations and version <= migrations[-1].version:
            raise ValueError(f"{path.name} does not raise the schema version")
        statements = tuple(_statements(text))
        migrations.append(Migration(name=path.name, version=version, statements=statements))
    return migrations


def refuse_newer(connection: sqlite3.Connection, path: Path, migrations: list[Migration]) -> None:
    """Raise NewerDatabase for a schema that this program does not know; writes nothing."""
    if SchemaVersion.of(connection).major > migrations[-1].version.major:
        raise _too_new(path)


def migrate(connection: sqlite3.Connection, path: Path, migrations: list[Migration]) -> None:
    """Bring the database to the newest schema; a copy of what was there is kept beside it.

    Another process may do the same at the same moment: the write lock lets one of them work,
    and the other finds it done.
    """
    newest = migrations[-1].version
    present = SchemaVersion.of(connection)
    refuse_newer(connection, path, migrations)
    if present >= newest:
        return
    if present.number != _EMPTY:
        _copy(connection, path.with_name(f"{path.name}.before-{newest}"))
    connection.execute("BEGIN IMMEDIATE")
    try:
        present = SchemaVersion.of(connection)
        for migration in migrations:
            if migration.version > present:
                for statement in migration.statements:
                    connection.execute(statement)
        if present < newest:
            connection.execute(f"PRAGMA user_version = {newest.number}")
    except BaseException:
        roll_back(connection)
        raise
    connection.execute("COMMIT")


def empty_copies(path: Path) -> None:
    """Take the reading log out of the copies that migrations left beside the database.

    What else they hold stays. One that cannot be written as a database any more, and a copy that
    was never finished, goes as a whole, since the log may be in it. Raises StoreError.
    """
    for copy in sorted(path.parent.glob(f"{glob.escape(path.name)}.before-*")):
        try:
            if copy.suffix == ".part" or not _emptied(copy):
                copy.unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(
                f"{copy.name} still holds the reading log: {error.strerror}",
                f"Delete {copy} yourself; the log in {path.name} is deleted.",
            ) from error


def roll_back(connection: sqlite3.Connection) -> None:
    """Give a transaction up. After some errors (a full disk) SQLite has done so already."""
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def _too_new(path: Path) -> NewerDatabase:
    return NewerDatabase(
        f"{path.name} was written by a newer supportdesk, which this one cannot read",
        f"Install the newer version again, or start with another home folder. {path} is untouched.",
    )


def _copy(connection: sqlite3.Connection, target: Path) -> None:
    """A whole and consistent copy, for this user alone; an unfinished one is never left behind."""
    unfinished = target.with_name(f"{target.name}.part")
    unfinished.unlink(missing_ok=True)
    os.close(os.open(unfinished, os.O_CREAT | os.O_WRONLY, 0o600))
    copy = sqlite3.connect(unfinished)
    try:
        connection.backup(copy)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    finally:
        copy.close()
    unfinished.replace(target)


def _emptied(copy: Path) -> bool:
    """False when SQLite cannot do it."""
    try:
        with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE").fetchall()
            connection.execute("PRAGMA secure_delete = ON").fetchall()
            connection.execute("BEGIN IMMEDIATE")
            for (name,) in connection.execute(_SPAN_TRIGGERS).fetchall():
                connection.execute(f'DROP TRIGGER "{name}"')
            connection.execute("DELETE FROM span")
            connection.execute("COMMIT")
    except sqlite3.Error:
        return False
    return True


def _statements(text: str) -> Iterator[str]:
    """Single statements: executescript would commit in the middle of a migration."""
    statement = ""
    for line in text.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement.strip()
            statement = ""
    if re.sub(r"--[^\n]*", "", statement).strip():
        raise ValueError(f"a statement has no end: {statement.strip()[:60]}")
