"""Somebody taken out of a desk.db, also out of a copy of an older form, or one with newer tables.

Rows about them go. The ledger keeps what says nothing of them: ids of messages and calls, so that
nothing is told twice. Spans keep their minutes and lose item and label. A table that is not known
here loses the rows that name them.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from supportdesk.adapters.storage.desk_rows import stored_instant
from supportdesk.adapters.storage.draft_erasure import TABLES, DraftErasure, DraftTraces
from supportdesk.adapters.storage.overwriting import overwriting
from supportdesk.adapters.storage.ritual_erasure import TABLES as RITUAL_TABLES
from supportdesk.adapters.storage.ritual_erasure import RitualErasure, RitualTraces
from supportdesk.domain.calls import CallId, Outcome, call_key
from supportdesk.domain.errors import StoreError
from supportdesk.domain.health import SourceName
from supportdesk.domain.reading import FORGOTTEN
from supportdesk.services.forgetting import Forgotten, Known, Mentions

_LONGEST_CALL = timedelta(hours=12)
_TRIGGERS = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'span'"
_TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
# What the founder has set, and what phones and mailboxes as a whole are known by.
_IMPERSONAL = frozenset(
    {
        "baseline",
        "gap",
        "keeps_sent",
        "last_heard",
        "pause",
        "person_address",
        "phone_memory",
        "phone_week",
        "remark",
    }
)
_OWN_WAYS = TABLES | RITUAL_TABLES | {"call", "call_note", "mail_note", "person", "span", "told"}
_GOING_ON = f"(outcome = '{Outcome.WAITING.name}' OR closed_at IS NULL AND outcome IN (%s))" % (
    ", ".join(f"'{one.name}'" for one in (Outcome.ANSWERED, Outcome.TAKEN, Outcome.CALLED))
)

Key = tuple[object, ...]


@dataclass(slots=True)
class DeskTraces:
    """What one desk.db has of somebody. Rows by their primary key.

    Attributes:
        keys: Ledger keys of their messages and calls.
        others: Of the calls of everybody else.
        rows: Those that go, by table.
        spans: Those that lose their name.
        blotted: Notes of others, as they will be.
        mail_notes: Internal notes on their mail.
        blotted_mail: Internal notes on the mail of others, as they will be.
    """

    keys: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)
    calls: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    rows: dict[str, list[Key]] = field(default_factory=dict)
    spans: list[str] = field(default_factory=list)
    seconds: float = 0.0
    blotted: list[tuple[str, str]] = field(default_factory=list)
    mail_notes: list[str] = field(default_factory=list)
    blotted_mail: list[tuple[str, str]] = field(default_factory=list)
    drafts: DraftTraces = field(default_factory=DraftTraces)
    ritual: RitualTraces = field(default_factory=RitualTraces)


class DeskErasure:
    """Belongs to one connection. Raises sqlite3.Error.

    Args of the constructor:
        connection: In autocommit; any form of desk.db.
        normalise: A number in its normal form.
    """

    def __init__(self, connection: sqlite3.Connection, normalise: Callable[[str], str]) -> None:
        self._connection = connection
        self._normalise = normalise
        self._tables = {str(name) for (name,) in connection.execute(_TABLES)}

    def names(self) -> Iterator[Known]:
        """What phones have called whoever has a number, and whose words were kept."""
        for name, number in self._select("call", "DISTINCT name, number"):
            yield Known(name=name, number=number)
        yield from RitualErasure(self._connection).names()

    def refuse_on_the_line(self, forgotten: Forgotten, now: datetime) -> None:
        """Raises StoreError while they are on the phone: what ends then would be written anew."""
        since = stored_instant(now - _LONGEST_CALL)
        for _, number in self._select(
            "call", "name, number", f"WHERE {_GOING_ON} AND started_at > ?", since
        ):
            if self._is_theirs(number, forgotten):
                raise StoreError(
                    f"{forgotten.label} is on the phone just now",
                    "Forget them when the call is over.",
                )

    def refuse_under_way(self, forgotten: Forgotten, traces: DeskTraces) -> None:
        """Raises StoreError while an answer that names them is on its way out."""
        DraftErasure(self._connection).refuse_under_way(forgotten, traces.drafts)

    def find(
        self, forgotten: Forgotten, mail_keys: set[str], is_of_others: Callable[[str], bool]
    ) -> DeskTraces:
        """Reads every row, and writes nothing.

        Args:
            forgotten: Who it is.
            mail_keys: Ledger keys of their messages.
            is_of_others: Whether a message of this key is there and is somebody else's.
        """
        mentions = Mentions(forgotten)
        found = DeskTraces(keys=set(mail_keys))
        for phone, call_id, number in self._select("call", "phone, call_id, number"):
            if self._is_theirs(number, forgotten) or mentions.are_in(call_id):
                found.calls.append((phone, call_id))
                found.keys.add(call_key(SourceName(phone), CallId(call_id)))
            else:
                found.others.add(call_key(SourceName(phone), CallId(call_id)))
        self._find_notes(forgotten, mentions, found)
        ways = {("email", one) for one in forgotten.emails}
        ways |= {("number", one) for one in forgotten.numbers}
        owners = self._select("person_address", "kind, value, person")
        found.people = list(
            dict.fromkeys(owner for kind, way, owner in owners if (kind, way) in ways)
        )
        self._find_spans(mentions, found)
        found.drafts = DraftErasure(self._connection).find(forgotten, mentions, found.keys)
        found.ritual = RitualErasure(self._connection).find(
            mentions, found.keys, lambda number: self._is_theirs(number, forgotten)
        )
        found.keys |= found.ritual.keys
        for (key,) in self._select("told", "key"):
            if mentions.are_in(key):
                found.rows.setdefault("told", []).append((key,))
        for table in sorted(self._tables - _IMPERSONAL - _OWN_WAYS):
            rows = list(self._rows_naming(table, mentions, found, is_of_others))
            if rows:
                found.rows[table] = rows
        return found

    def erase(self, traces: DeskTraces) -> None:
        """All of it or nothing; where it lay is overwritten."""
        with overwriting(self._connection):
            self._erase(traces)

    # --- inside ----------------------------------------------------------------------------

    def _find_notes(self, forgotten: Forgotten, mentions: Mentions, found: DeskTraces) -> None:
        for key, call, number, words in self._select("call_note", "key, call, number, words"):
            if call in found.keys or self._is_theirs(number, forgotten):
                found.notes.append(key)
            elif mentions.are_in(words):
                found.blotted.append((mentions.blotted(words), key))
        for key, item, about, words in self._select("mail_note", "key, item, about, words"):
            if item in found.keys or mentions.are_in(item) or mentions.are_in(about):
                found.mail_notes.append(key)
            elif mentions.are_in(words):
                found.blotted_mail.append((mentions.blotted(words), key))

    def _find_spans(self, mentions: Mentions, found: DeskTraces) -> None:
        columns = "span_id, item, label, reason, counted_seconds"
        for span_id, item, label, reason, seconds in self._select("span", columns):
            is_theirs = item in found.keys or mentions.are_in(item)
            if is_theirs or mentions.are_called(label) or mentions.are_in(reason):
                found.spans.append(span_id)
                found.seconds += float(seconds)

    def _rows_naming(
        self,
        table: str,
        mentions: Mentions,
        found: DeskTraces,
        is_of_others: Callable[[str], bool],
    ) -> Iterator[Key]:
        """Of a table of any form: rows that have a key of theirs, or name them.

        A name alone does not tell whom it means where a row is about a mail or call of another.
        """
        columns = self._connection.execute(f'PRAGMA table_info("{table}")').fetchall()
        primary = [place for place, column in enumerate(columns) if column[5]]
        for row in self._select(table, "*"):
            texts = [value for value in row if isinstance(value, str)]
            is_theirs = any(_has_key(text, found.keys) or mentions.are_in(text) for text in texts)
            if not is_theirs and any(mentions.names_are_in(text) for text in texts):
                is_theirs = not any(one in found.others or is_of_others(one) for one in texts)
            if is_theirs:
                yield tuple(row[place] for place in primary)

    def _erase(self, traces: DeskTraces) -> None:
        many = self._connection.executemany
        many("DELETE FROM call WHERE phone = ? AND call_id = ?", traces.calls)
        if traces.notes or traces.blotted:
            many("DELETE FROM call_note WHERE key = ?", [(key,) for key in traces.notes])
            many("UPDATE call_note SET words = ? WHERE key = ?", traces.blotted)
        if traces.mail_notes or traces.blotted_mail:
            many("DELETE FROM mail_note WHERE key = ?", [(key,) for key in traces.mail_notes])
            many("UPDATE mail_note SET words = ? WHERE key = ?", traces.blotted_mail)
        DraftErasure(self._connection).erase(traces.drafts)
        RitualErasure(self._connection).erase(traces.ritual)
        for key in traces.people:
            many("DELETE FROM person_address WHERE person = ?", [(key,)])
            many("DELETE FROM person WHERE key = ?", [(key,)])
        for table, rows in traces.rows.items():
            columns = self._connection.execute(f'PRAGMA table_info("{table}")').fetchall()
            which = " AND ".join(f'"{column[1]}" = ?' for column in columns if column[5])
            many(f'DELETE FROM "{table}" WHERE {which}', rows)  # noqa: S608 - names of its schema
        if traces.spans:
            self._strip_spans(traces.spans)

    def _strip_spans(self, spans: Sequence[str]) -> None:
        """A span is never changed but here: its triggers stand aside meanwhile."""
        triggers = self._connection.execute(_TRIGGERS).fetchall()
        for name, _ in triggers:
            self._connection.execute(f'DROP TRIGGER "{name}"')
        self._connection.executemany(
            "UPDATE span SET item = '', reason = '', label = ? WHERE span_id = ?",
            [(FORGOTTEN, one) for one in spans],
        )
        for _, sql in triggers:
            self._connection.execute(sql)

    def _is_theirs(self, number: str, forgotten: Forgotten) -> bool:
        if not number:
            return False
        if number in forgotten.numbers or number in forgotten.spellings:
            return True
        if number.casefold() in forgotten.emails:
            return True
        # The normal form is dear, and all forms of a number end alike.
        ends = {_end(one) for one in forgotten.numbers}
        return _end(number) in ends and self._normalise(number) in forgotten.numbers

    def _select(
        self, table: str, columns: str, which: str = "", *values: str
    ) -> list[tuple[str, ...]]:
        """Nothing of a table that this form does not have yet."""
        if table not in self._tables:
            return []
        sql = f'SELECT {columns} FROM "{table}" {which}'  # noqa: S608 - names of ours
        return self._connection.execute(sql, values).fetchall()


def _has_key(text: str, keys: set[str]) -> bool:
    """Also in a JSON list of them, and in what is made of one, as in call/Office/1#missed."""
    if text.startswith("["):
        return any(one in keys for one in json.loads(text) if isinstance(one, str))
    for kind in ("mail/", "call/"):
        key = text[text.find(kind) :] if kind in text else text
        if key in keys or key.rpartition("#")[0] in keys:
            return True
    return False


def _end(number: str) -> str:
    return "".join(sign for sign in number if sign.isalnum())[-4:].casefold()
