"""A batch of messages on its way into mail.db: what is new, what only moved, what lies twice."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from supportdesk.adapters.storage.mail_rows import PLACE_COLUMNS, from_microseconds, is_sent_copy
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import Mailer
from supportdesk.protocols.imap_bulk import ANSWERED, DATED, SEEN, PlaceRow
from supportdesk.protocols.imap_envelope import fingerprint, id_among_same

SELECT_PLACES = f"SELECT {PLACE_COLUMNS} FROM places"  # noqa: S608 - only our own column names
IN_MAILBOX = "account = ? AND mailbox = ? AND uidvalidity = ?"
FLAG_BITS = SEEN | ANSWERED
CHUNK = 500
# Not `<>`, which would walk through the whole mailbox.
_STALE = "account = ?1 AND mailbox = ?2 AND (uidvalidity < ?3 OR uidvalidity > ?3)"
_OTHER_ID = f"<{'?' * 16}.*"
_One = TypeVar("_One")
_INSERT_PLACE = f"INSERT INTO places ({PLACE_COLUMNS}) VALUES ({','.join('?' * 16)})"  # noqa: S608
_MOVE_PLACE = (
    f"UPDATE places SET uidvalidity = ?, uid = ?, flags = ? WHERE {IN_MAILBOX} AND uid = ?"  # noqa: S608
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxKey:
    """One mailbox under one uidvalidity."""

    account: SourceName
    mailbox: str
    uidvalidity: int

    @property
    def values(self) -> tuple[str, str, int]:
        return self.account, self.mailbox, self.uidvalidity


class MessageBatch:
    """Messages of one mailbox on their way into the cache, within a transaction.

    Nearly all of a first synchronisation is new under an id of its own: that goes in at once.
    Whatever shares its Message-ID with another is looked at by itself: who wrote it and when says
    whether it is the same message.

    Attributes:
        uids: Those the mailbox did not have in the cache.
        renumbered: Those of them that it had under an earlier uidvalidity.
        arrived: Messages the cache did not have, in ascending uid order.
        changed: Known messages with a new address.
    """

    def __init__(self, connection: sqlite3.Connection, key: MailboxKey) -> None:
        self.uids: set[int] = set()
        self.renumbered: set[int] = set()
        self.arrived: list[PlaceRow] = []
        self.changed: list[PlaceRow] = []
        self._connection = connection
        self._key = key
        self._places: dict[str, list[PlaceRow]] = {}
        self._counts: Counter[str] = Counter()

    def keep(self, rows: Iterable[PlaceRow]) -> None:
        """Keep all that the mailbox does not have yet; an address that is known stays as it is."""
        by_uid = {row[3]: row for row in rows}
        for uid in self._known_uids(by_uid):
            del by_uid[uid]
        ordered = self._under_known_ids([by_uid[uid] for uid in sorted(by_uid)])
        self._counts = Counter(row[4] for row in ordered)
        shared = self._shared_ids()
        alone = [row for row in ordered if row[4] not in shared]
        self._connection.executemany(_INSERT_PLACE, alone)
        self.uids.update(row[3] for row in alone)
        self._load(shared)
        for row in ordered:
            if row[4] in shared:
                self._add(row)
            else:
                self.arrived.append(row)

    def _known_uids(self, by_uid: dict[int, PlaceRow]) -> list[int]:
        if not by_uid:
            return []
        found = self._connection.execute(
            f"SELECT uid FROM places WHERE {IN_MAILBOX} AND uid BETWEEN ? AND ?",  # noqa: S608
            (*self._key.values, min(by_uid), max(by_uid)),
        )
        return [uid for (uid,) in found if uid in by_uid]

    def _under_known_ids(self, rows: list[PlaceRow]) -> list[PlaceRow]:
        """Under a new uidvalidity, give each message the other id that it had (see below)."""
        if not self._has_stale:
            return rows
        others = {row[3]: _other_id(row) for row in rows}
        known = self._known_ids(list(others.values()))
        return [_renamed(row, others[row[3]]) if others[row[3]] in known else row for row in rows]

    def _shared_ids(self) -> set[str]:
        """Return the Message-IDs that the cache knows, or that come more than once here."""
        shared = {message_id for message_id, count in self._counts.items() if count > 1}
        return shared | self._known_ids(list(self._counts))

    def _known_ids(self, wanted: Sequence[str]) -> set[str]:
        known: set[str] = set()
        for ids in chunks(wanted):
            found = self._connection.execute(
                f"SELECT message_id FROM places WHERE account = ? AND message_id IN ({marks(ids)})",  # noqa: S608
                (self._key.account, *ids),
            )
            known.update(message_id for (message_id,) in found)
        return known

    def _add(self, row: PlaceRow) -> None:
        places = self._places[row[4]]
        same = [one for one in places if _is_same(one, row)] or self._undated(row)
        stale = next((one for one in same if self._is_stale(one)), None)
        if places and not same:
            self._add_under_another_id(row)
        elif stale is not None:
            self._move(stale, row)
        elif not places:
            self._insert(row)
            self.arrived.append(row)
        elif is_sent_copy(row) and not any(is_sent_copy(one) for one in places):
            # Wherever else it lies: that it lies in Sent says that one of us wrote it.
            self._connection.execute(
                "UPDATE places SET is_main = 0 WHERE account = ? AND message_id = ?",
                (row[0], row[4]),
            )
            self._insert(row)
            note_changes(self._connection, [row])
            self.changed.append(row)
        else:
            self._insert(_as_copy(row))

    def _load(self, ids: Iterable[str]) -> None:
        for some in chunks(list(ids)):
            for one in some:
                self._places.setdefault(one, [])
            found = self._connection.execute(
                f"{SELECT_PLACES} WHERE account = ? AND message_id IN ({marks(some)})",
                (self._key.account, *some),
            )
            for row in found:
                self._places[row[4]].append(row)

    def _is_stale(self, row: PlaceRow) -> bool:
        return row[1] == self._key.mailbox and row[2] != self._key.uidvalidity

    def _undated(self, row: PlaceRow) -> list[PlaceRow]:
        """Return the stale place of a message without a date, if no other could be meant.

        The time of such a message is that of its arrival, which a mailbox made anew may have lost.
        """
        stale = [one for one in self._places[row[4]] if self._is_stale(one)]
        if len(stale) != 1 or self._counts[row[4]] > 1 or not _may_be_same(stale[0], row):
            return []
        return [] if row[4].removeprefix("<") in self._ids_of_many else stale

    @cached_property
    def _ids_of_many(self) -> set[str]:
        """Message-IDs, without their bracket, that several messages of this mailbox had before."""
        found = self._connection.execute(
            f"SELECT message_id FROM places WHERE {_STALE} AND message_id GLOB '{_OTHER_ID}'",  # noqa: S608
            self._key.values,
        )
        return {message_id.partition(".")[2] for (message_id,) in found}

    @cached_property
    def _has_stale(self) -> bool:
        # On either side of the present one: "not equal" would walk through the whole mailbox.
        account, mailbox, uidvalidity = self._key.values
        return any(
            self._connection.execute(
                f"SELECT 1 FROM places WHERE account = ? AND mailbox = ?"  # noqa: S608
                f" AND uidvalidity {side} ? LIMIT 1",
                (account, mailbox, uidvalidity),
            ).fetchone()
            for side in "<>"
        )

    def _add_under_another_id(self, row: PlaceRow) -> None:
        """Some senders give every message the same Message-ID; none of them may be lost."""
        other = _other_id(row)
        if other not in self._places:
            self._load([other])
        self._add(_renamed(row, other))

    def _move(self, stale: PlaceRow, row: PlaceRow) -> None:
        """The same message under a new uidvalidity; what reading it taught is kept."""
        self.uids.add(row[3])
        self.renumbered.add(row[3])
        flags = row[14] & FLAG_BITS | stale[14] & ~FLAG_BITS
        self._connection.execute(_MOVE_PLACE, (row[2], row[3], flags, *stale[:4]))
        moved = (*stale[:2], row[2], row[3], *stale[4:14], flags, stale[15])
        places = self._places[row[4]]
        places[places.index(stale)] = moved
        if stale[5]:
            self.changed.append(moved)

    def _insert(self, row: PlaceRow) -> None:
        self.uids.add(row[3])
        self._connection.execute(_INSERT_PLACE, row)
        self._places[row[4]].append(row)


def note_changes(connection: sqlite3.Connection, rows: Iterable[PlaceRow]) -> None:
    """Tell whoever keeps an index that these read differently now (see `mail_schema`)."""
    connection.executemany(
        "INSERT INTO text_changes (account, message_id) VALUES (?, ?)",
        [(row[0], row[4]) for row in rows],
    )


def chunks(values: Sequence[_One]) -> Iterator[Sequence[_One]]:
    """As many as one query may name."""
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]


def marks(values: Sequence[object]) -> str:
    """Question marks for these values."""
    return ",".join("?" * len(values))


def _as_copy(row: PlaceRow) -> PlaceRow:
    return (*row[:5], 0, *row[6:])


def _renamed(row: PlaceRow, message_id: str) -> PlaceRow:
    return (*row[:4], message_id, *row[5:])


def _other_id(row: PlaceRow) -> str:
    return id_among_same(row[4], _fingerprint(row))


def _fingerprint(row: PlaceRow) -> str:
    # A time that was found by reading is none that the mailbox tells of another place.
    sent_at = row[12] if row[14] & DATED else row[11]
    return fingerprint(Mailer(name="", email=row[7]), from_microseconds(sent_at))


def _is_same(known: PlaceRow, row: PlaceRow) -> bool:
    return _fingerprint(known) == _fingerprint(row)


def is_without_date(row: PlaceRow) -> bool:
    """Tell whether the envelope had no date that can be believed."""
    return row[11] == row[12] or bool(row[14] & DATED)


def _may_be_same(known: PlaceRow, row: PlaceRow) -> bool:
    """Tell it by writer and size, where neither has a date but that of its arrival."""
    is_undated = is_without_date(known) and is_without_date(row)
    return is_undated and known[7].lower() == row[7].lower() and known[15] == row[15]
