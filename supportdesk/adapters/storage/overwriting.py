"""Deleting so that nothing of it stays in the file."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def overwriting(connection: sqlite3.Connection) -> Iterator[None]:
    """All of it or nothing; where it lay is overwritten. For a connection in autocommit."""
    connection.execute("PRAGMA secure_delete = ON").fetchall()
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
