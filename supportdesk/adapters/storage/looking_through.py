"""Whether all of a database can be read, asked beside whoever has it open; nothing is written."""

import sqlite3
from contextlib import closing
from pathlib import Path

from supportdesk.adapters.storage.sqlite_errors import damaged, translated_errors
from supportdesk.domain.errors import StoreError

QUICK_CHECK = "PRAGMA quick_check(1)"
WHOLE_CHECK = "PRAGMA integrity_check(10)"


def refuse_damaged(path: Path) -> None:
    """Look whether all of it can be read, before anything is written to it.

    Raises StoreError for a damage. What else keeps it from being opened is said when it is.
    """
    if not path.exists():
        return
    is_damaged = damaged(path).title
    try:
        found = _looked_through(path, QUICK_CHECK)
    except StoreError as error:
        found = "ok" if error.title != is_damaged else is_damaged
    if found != "ok":
        raise damaged(path)


def checked_whole(path: Path) -> str:
    """As `integrity_check`, of a file that another thread or process has open."""
    try:
        return _looked_through(path, WHOLE_CHECK)
    except StoreError as error:
        return error.title


def _looked_through(path: Path, pragma: str) -> str:
    with (
        translated_errors(path),
        closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection,
    ):
        return "\n".join(str(line) for (line,) in connection.execute(pragma))
