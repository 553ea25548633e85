"""mail.db as the GUI thread sees it: read only, and never an obstacle."""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from supportdesk.adapters.storage.mail_batch import SELECT_PLACES
from supportdesk.adapters.storage.mail_rows import (
    PLACE_COLUMNS,
    SELECT_TEXT,
    summary_of_row,
    text_of_row,
)
from supportdesk.adapters.storage.search_database import SearchPaths, open_both
from supportdesk.adapters.storage.search_schema import ancestor_mark, part_name, parts_in, place_of
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId, MessageSummary, MessageText
from supportdesk.domain.waiting import in_order

_BUSY_SECONDS = 1.0

# Bounds of a conversation, so that one with 10,000 answers is opened as fast as any other.
_LONGEST_CONVERSATION = 100
_MOST_NAMES = 200
_GENERATIONS = 4
_SELECT_CHILDREN = "SELECT rowid FROM search.{0} WHERE {0} MATCH ? ORDER BY rowid DESC LIMIT ?"


class MailCacheReader:
    """Read access on the GUI thread; an absent or unreadable cache is an empty one."""

    def __init__(self, path: Path) -> None:
        self._paths = SearchPaths.beside(path)
        self._connection: sqlite3.Connection | None = None
        self._identity: object = None

    def newest(self, account: SourceName, limit: int) -> list[MessageSummary]:
        rows = self._rows(
            f"{SELECT_PLACES} WHERE account = ? AND is_main"
            " ORDER BY arrived_at DESC, uid DESC LIMIT ?",
            (account, limit),
        )
        return [summary_of_row(row) for row in rows]

    def messages_by_id(self, ids: Sequence[int]) -> list[MessageSummary | None]:
        """A page of messages by their place in the cache; None for what is gone."""
        marks = ",".join("?" * len(ids))
        rows = self._rows(f"SELECT id, {PLACE_COLUMNS} FROM places WHERE id IN ({marks})", ids)  # noqa: S608
        found = {row[0]: summary_of_row(row[1:]) for row in rows}
        return [found.get(one) for one in ids]

    def message(self, account: SourceName, message_id: MessageId) -> MessageSummary | None:
        rows = self._rows(
            f"{SELECT_PLACES} WHERE account = ? AND message_id = ? AND is_main",
            (account, message_id),
        )
        return summary_of_row(rows[0]) if rows else None

    def conversation(
        self, account: SourceName, message_id: MessageId
    ) -> tuple[MessageSummary, ...]:
        """The messages that refer to each other around this one, oldest first; bounded.

        Those that came before are found by name, those that came after by the search index.
        """
        first = self.message(account, message_id)
        if first is None:
            return ()
        found = {first.message_id: first}
        asked: set[MessageId] = set()
        for _ in range(_GENERATIONS):
            names = {one.message_id for one in found.values()}
            names.update(name for one in found.values() for name in one.references)
            new = sorted(names - asked)[:_MOST_NAMES]
            if not new or len(found) >= _LONGEST_CONVERSATION:
                break
            asked.update(new)
            for one in (*self._named(account, new), *self._children(account, new)):
                found.setdefault(one.message_id, one)
        return tuple(sorted(found.values(), key=in_order)[-_LONGEST_CONVERSATION:])

    def _named(self, account: SourceName, names: Sequence[MessageId]) -> Iterator[MessageSummary]:
        marks = ",".join("?" * len(names))
        rows = self._rows(
            f"{SELECT_PLACES} WHERE account = ? AND message_id IN ({marks}) AND is_main",
            (account, *names),
        )
        return map(summary_of_row, rows)

    def _children(
        self, account: SourceName, names: Sequence[MessageId]
    ) -> Iterator[MessageSummary]:
        either = " OR ".join(f'"{ancestor_mark(name)}"' for name in names)
        places: list[int] = []
        for part in self._parts():
            wanted = (f"marks : ({either})", _LONGEST_CONVERSATION - len(places))
            rows = self._rows(_SELECT_CHILDREN.format(part_name(part)), wanted)
            places += [place_of(row) for (row,) in rows]
            if len(places) >= _LONGEST_CONVERSATION:
                break
        found = self.messages_by_id(places)
        return (one for one in found if one is not None and one.account == account)

    def _parts(self) -> list[int]:
        """The parts of the search index; none while there is no index."""
        try:
            connection = self._current()
            return [] if connection is None else parts_in(connection, "search")
        except sqlite3.Error:
            return []

    def text(self, account: SourceName, message_id: MessageId) -> MessageText | None:
        rows = self._rows(SELECT_TEXT, (account, message_id))
        return text_of_row(rows[0]) if rows else None

    def words(self, messages: Sequence[MessageSummary]) -> dict[str, int]:
        """How many words these have, by key, as far as their texts have been read."""
        found: dict[str, int] = {}
        for message in messages:
            select = "SELECT words FROM texts WHERE account = ? AND message_id = ?"
            for (words,) in self._rows(select, (message.account, message.message_id)):
                found[message.key] = words
        return found

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _rows(self, query: str, values: Sequence[str | int]) -> list[tuple[Any, ...]]:
        try:
            connection = self._current()
            return connection.execute(query, values).fetchall() if connection else []
        except sqlite3.Error:
            # The worker sets a broken cache aside; until then there is nothing to show.
            self.close()
            return []

    def _current(self) -> sqlite3.Connection | None:
        found = self._paths.identity()
        if found != self._identity:
            self.close()
        if self._connection is None and self._paths.mail_db.exists():
            self._connection = open_both(self._paths, busy_seconds=_BUSY_SECONDS)
            self._identity = found
        return self._connection
