"""Drafts and outgoing messages in desk.db: each call is a commit, or a StoreError."""

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from supportdesk.adapters.storage.answer_rows import (
    DRAFT_COLUMNS,
    FILE_COLUMNS,
    OUTGOING_COLUMNS,
    VERSION_COLUMNS,
    draft_of,
    draft_row,
    file_row,
    outgoing_of,
    outgoing_row,
    stored_text,
    version_of,
)
from supportdesk.adapters.storage.desk_rows import Row, instant, stored_instant
from supportdesk.adapters.storage.migrating import roll_back
from supportdesk.adapters.storage.sqlite_errors import translated_errors
from supportdesk.domain.answers import Draft, DraftId, DraftVersion
from supportdesk.domain.health import SourceName
from supportdesk.domain.sending import Outgoing

_log = logging.getLogger(__name__)
_Value = TypeVar("_Value")

VERSIONS = 20
VERSION_EVERY = timedelta(minutes=1)
LOST_LETTERS = 100
"""So many letters less at once: what was there before is kept, whatever the time."""

_NAMES = [name.strip() for name in OUTGOING_COLUMNS.split(",")]
_UPSERT_OUTGOING = (
    f"INSERT INTO outgoing ({OUTGOING_COLUMNS}) VALUES ({', '.join('?' * len(_NAMES))})"  # noqa: S608 - names of ours
    f" ON CONFLICT (id) DO UPDATE SET {', '.join(f'{one} = excluded.{one}' for one in _NAMES)}"
)
_DONE = "SELECT id FROM outgoing WHERE state = 'DONE'"
_OF_A_DRAFT = (("draft", "id"), ("draft_version", "draft"), ("draft_file", "draft"))


class AnswerTable:
    """AnswerStore port on the connection of desk.db; belongs to the thread that owns that.

    Args of the constructor:
        connection: Of desk.db, migrated, in autocommit mode.
        path: Where desk.db lies, for what is said when the disk fails.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._left_out: set[str] = set()

    def save_draft(self, draft: Draft, at: datetime) -> None:
        with self._whole():
            self._keep_version(draft, at)
            self._replace("draft", DRAFT_COLUMNS, draft_row(draft, at))
            self._run("DELETE FROM draft_file WHERE draft = ?", (draft.draft_id,))
            for place, file in enumerate(draft.files):
                self._replace("draft_file", FILE_COLUMNS, file_row(draft.draft_id, place, file))

    def draft(self, draft_id: DraftId) -> Draft | None:
        found = self._drafts("WHERE id = ?", (draft_id,))
        return found[0] if found else None

    def drafts(self) -> list[Draft]:
        return self._drafts("ORDER BY changed_at DESC, id", ())

    def versions(self, draft_id: DraftId) -> list[DraftVersion]:
        which = "WHERE draft = ? ORDER BY number DESC"
        rows = self._run(_select("draft_version", VERSION_COLUMNS, which), (draft_id,))
        return [version_of(row) for row in rows]

    def remove_draft(self, draft_id: DraftId) -> None:
        with self._whole():
            for table, column in _OF_A_DRAFT:
                self._run(f"DELETE FROM {table} WHERE {column} = ?", (draft_id,))  # noqa: S608 - names of ours

    def save_outgoing(self, outgoing: Outgoing) -> None:
        with self._on_the_disk(), self._whole():
            # Not OR REPLACE: by one Message-ID it would take another row away.
            self._run(_UPSERT_OUTGOING, outgoing_row(outgoing))

    def outgoing(self) -> list[Outgoing]:
        which = "WHERE state <> 'DONE' ORDER BY since, id"
        rows = self._run(_select("outgoing", OUTGOING_COLUMNS, which))
        read = [self._readable("outgoing message", row, outgoing_of) for row in rows]
        return [one for one in read if one is not None]

    def clear_done(self, before: datetime) -> None:
        with self._whole():
            for table, column in _OF_A_DRAFT:
                self._run(f"DELETE FROM {table} WHERE {column} IN ({_DONE})")  # noqa: S608 - names of ours
            self._run(
                "DELETE FROM outgoing WHERE state = 'DONE' AND coalesce(sent_at, since) < ?",
                (stored_instant(before),),
            )

    def remove_outgoing(self, draft_id: DraftId) -> None:
        with self._whole():
            self._run("DELETE FROM outgoing WHERE id = ?", (draft_id,))

    def learn_keeps_sent(self, account: SourceName, at: datetime, *, keeps: bool) -> None:
        with self._whole():
            row = (account, int(keeps), stored_instant(at))
            self._replace("keeps_sent", "account, keeps, at", row)

    def keeps_sent(self, account: SourceName) -> bool | None:
        for (keeps,) in self._run("SELECT keeps FROM keeps_sent WHERE account = ?", (account,)):
            return bool(keeps)
        return None

    # --- inside ----------------------------------------------------------------------------

    def _drafts(self, which: str, values: Row) -> list[Draft]:
        rows = self._run(_select("draft", DRAFT_COLUMNS, which), values)
        read = [self._readable("draft", row, self._with_files) for row in rows]
        return [one for one in read if one is not None]

    def _with_files(self, row: Row) -> Draft:
        which = "WHERE draft = ? ORDER BY place"
        return draft_of(row, self._run(_select("draft_file", FILE_COLUMNS, which), (row[0],)))

    def _keep_version(self, draft: Draft, at: datetime) -> None:
        """What the text was until now, if that was worth keeping."""
        rows = self._run("SELECT body, changed_at FROM draft WHERE id = ?", (draft.draft_id,))
        newest = self._run(
            "SELECT max(number), max(at) FROM draft_version WHERE draft = ?", (draft.draft_id,)
        )
        for body, changed_at in rows:
            before, (number, last_at) = str(body), newest[0]
            is_shorter = len(before) - len(draft.body) >= LOST_LETTERS
            # A clock that was set back is no reason to keep nothing until it has caught up.
            is_time = last_at is None or not (timedelta() <= at - instant(last_at) < VERSION_EVERY)
            if before in ("", stored_text(draft.body)) or not (is_shorter or is_time):
                continue
            row = (draft.draft_id, int(number or 0) + 1, before, str(changed_at))
            self._replace("draft_version", VERSION_COLUMNS, row)
            oldest = int(number or 0) + 1 - VERSIONS
            self._run(
                "DELETE FROM draft_version WHERE draft = ? AND number <= ?",
                (draft.draft_id, oldest),
            )

    def _readable(self, what: str, row: Row, of: Callable[[Row], _Value]) -> _Value | None:
        """One row that another program has spoilt does not take the others along."""
        try:
            return of(row)
        except (ValueError, TypeError, KeyError) as error:
            name = str(row[0])
            if name not in self._left_out:
                self._left_out.add(name)
                _log.warning("The %s %s is left out: %r", what, name, error)
            return None

    @contextmanager
    def _on_the_disk(self) -> Iterator[None]:
        """With a commit that survives a power cut: half a millisecond more, for few rows."""
        self._refuse_turns()
        self._run("PRAGMA synchronous = FULL")
        try:
            yield
        finally:
            self._run("PRAGMA synchronous = NORMAL")

    @contextmanager
    def _whole(self) -> Iterator[None]:
        self._refuse_turns()
        self._run("BEGIN IMMEDIATE")
        try:
            yield
            self._run("COMMIT")
        except BaseException:
            with translated_errors(self._path):
                roll_back(self._connection)
            raise

    def _refuse_turns(self) -> None:
        if self._connection.in_transaction:
            raise RuntimeError("answers are kept outside of turns: a turn may be given up")

    def _replace(self, table: str, columns: str, row: Row) -> None:
        marks = ", ".join("?" * len(row))
        self._run(f"INSERT OR REPLACE INTO {table} ({columns}) VALUES ({marks})", row)  # noqa: S608 - names of ours

    def _run(self, sql: str, values: Row = ()) -> list[Row]:
        with translated_errors(self._path):
            return self._connection.execute(sql, values).fetchall()


def _select(table: str, columns: str, which: str) -> str:
    return f"SELECT {columns} FROM {table} {which}"  # noqa: S608 - names of ours
