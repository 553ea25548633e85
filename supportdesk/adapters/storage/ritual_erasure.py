"""Somebody taken out of what the ritual keeps: quotes, lessons, what was typed, promises, lifts.

What is theirs goes. Of others' rows that name an address or number of theirs the words are blotted.
The place in the morning scroll is let go of when it is a mail or call of theirs.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field

from supportdesk.services.forgetting import Known, Mentions

_WORDS = {
    "quote": ("words", "note"),
    "lesson": ("words",),
    "typed_line": ("words",),
    "promise": ("words",),
    "lift": ("why",),
}
"""What may be said of anybody, by table. Each row has a key, an item and a contact, too."""
_WHO = ("quote", "lesson", "typed_line", "promise")
TABLES = frozenset({*_WORDS, "scroll"})


@dataclass(slots=True)
class RitualTraces:
    """What there is of somebody.

    Attributes:
        gone: Keys of the rows that go, by table.
        blotted: Words of others' rows, as they will be: table, column, words, key.
        is_at_theirs: The scroll stands at a mail or call of theirs.
    """

    gone: dict[str, list[str]] = field(default_factory=dict)
    blotted: list[tuple[str, str, str, str]] = field(default_factory=list)
    is_at_theirs: bool = False

    def count(self, table: str) -> int:
        return len(self.gone.get(table, ()))

    @property
    def keys(self) -> set[str]:
        """Of all rows that go: other rows may name them."""
        return {key for keys in self.gone.values() for key in keys}


class RitualErasure:
    """Belongs to one connection in autocommit, of any form of desk.db. Raises sqlite3.Error."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        self._tables = {str(name) for (name,) in tables} & TABLES

    def names(self) -> list[Known]:
        """Whose words were kept, as they were called then."""
        found: list[Known] = []
        for table in _WHO:
            for who, contact in self._select(table, "DISTINCT who, contact"):
                if "@" in contact:
                    found.append(Known(name=who, email=contact))
                elif contact:
                    found.append(Known(name=who, number=contact))
        return found

    def find(
        self, mentions: Mentions, keys: set[str], is_their_number: Callable[[str], bool]
    ) -> RitualTraces:
        """Reads every row, and writes nothing; `keys` are ledger keys of their mail and calls."""
        found = RitualTraces()

        def is_theirs(item: str, contact: str, who: str) -> bool:
            if item in keys or mentions.are_in(item) or mentions.are_in(contact):
                return True
            # Typed, of no mail and no call: the name is all that there is.
            return is_their_number(contact) or (not contact and mentions.are_called(who))

        for table, columns in _WORDS.items():
            also = "who" if table in _WHO else "carrier"
            rows = self._select(table, f"key, item, contact, {also}, {', '.join(columns)}")
            for key, item, contact, other, *texts in rows:
                is_carried = table == "lift" and other in keys
                if is_carried or is_theirs(item, contact, "" if table == "lift" else other):
                    found.gone.setdefault(table, []).append(key)
                    continue
                for column, text in zip(columns, texts, strict=True):
                    if mentions.are_in(text):
                        found.blotted.append((table, column, mentions.blotted(text), key))
        found.is_at_theirs = any(place in keys for (place,) in self._select("scroll", "place"))
        return found

    def erase(self, traces: RitualTraces) -> None:
        for table, keys in traces.gone.items():
            self._connection.executemany(
                f"DELETE FROM {table} WHERE key = ?",  # noqa: S608 - names of ours
                [(key,) for key in keys],
            )
        for table, column, words, key in traces.blotted:
            self._connection.execute(
                f"UPDATE {table} SET {column} = ? WHERE key = ?",  # noqa: S608 - names of ours
                (words, key),
            )
        if traces.is_at_theirs:
            self._connection.execute("UPDATE scroll SET place = ''")

    def _select(self, table: str, columns: str) -> list[tuple[str, ...]]:
        """Nothing of a table that this form does not have yet."""
        if table not in self._tables:
            return []
        return self._connection.execute(f"SELECT {columns} FROM {table}").fetchall()  # noqa: S608 - names of ours
