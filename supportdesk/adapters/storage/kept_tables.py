"""What the tables beside the desk's own share: each change is a commit, or a StoreError."""

import logging
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from supportdesk.adapters.storage.desk_rows import Row
from supportdesk.adapters.storage.sqlite_errors import translated_errors

_log = logging.getLogger(__name__)
_Value = TypeVar("_Value")


class KeptTables:
    """Tables of desk.db with a store of their own; belongs to the thread that owns the connection.

    What is written inside a turn that has begun would be rolled back with it, and the services
    would not know: that is a mistake of ours and refused.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    def _replace(self, table: str, columns: str, row: Row) -> None:
        marks = ", ".join("?" * len(row))
        self._write(f"INSERT OR REPLACE INTO {table} ({columns}) VALUES ({marks})", row)  # noqa: S608 - names of ours

    def _write(self, sql: str, values: Row) -> None:
        if self._connection.in_transaction:
            raise ValueError("notes and marks are written before a turn begins, not inside it")
        with translated_errors(self._path):
            self._connection.execute(sql, values).fetchall()

    def _all(self, table: str, columns: str, read: Callable[[Row], _Value]) -> list[_Value]:
        return self._some(table, columns, read, "")

    def _some(
        self,
        table: str,
        columns: str,
        read: Callable[[Row], _Value],
        which: str,
        values: Row = (),
    ) -> list[_Value]:
        sql = f"SELECT {columns} FROM {table} {which}"  # noqa: S608 - names of ours
        with translated_errors(self._path):
            rows = self._connection.execute(sql, values).fetchall()
        try:
            return [read(row) for row in rows]
        except (ValueError, TypeError):
            return self._readable(table, read, rows)

    def _readable(
        self, table: str, read: Callable[[Row], _Value], rows: Iterable[Row]
    ) -> list[_Value]:
        found = []
        for row in rows:
            try:
                found.append(read(row))
            except (ValueError, TypeError) as error:
                _log.warning("A row of %s is left out: %s", table, error)
        return found


def has_rows(connection: sqlite3.Connection, path: Path, table: str) -> bool:
    """One question at the start: what has nothing to tell stays out of the memory."""
    with translated_errors(path):
        found = connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone()  # noqa: S608 - names of ours
    return found is not None


def typed(words: str) -> str:
    """A lone half of a surrogate pair cannot be stored; what is typed may hold one."""
    return words.encode("utf-8", "replace").decode()
