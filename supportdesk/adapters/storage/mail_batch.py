"""A batch of messages on its way into mail.db: what is new, what only moved, what lies twice."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace

from supportdesk.adapters.storage.mail_rows import (
    PLACE_COLUMNS,
    PlaceRow,
    from_microseconds,
    is_sent_copy,
    place_row,
)
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import Mailer, MessageAddress, MessageId, MessageSummary
from supportdesk.protocols.imap_envelope import fingerprint

SELECT_PLACES = f"SELECT {PLACE_COLUMNS} FROM places"  # noqa: S608 - only our own column names
IN_MAILBOX = "account = ? AND mailbox = ? AND uidvalidity = ?"
_INSERT_PLACE = f"INSERT INTO places ({PLACE_COLUMNS}) VALUES ({','.join('?' * 16)})"  # noqa: S608
_CHUNK = 500


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
    """Messages of one mailbox on their way into the cache, within a transaction."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        key: MailboxKey,
        messages: Sequence[MessageSummary],
    ) -> None:
        self.uids: set[int] = set()
        self.arrived: list[MessageSummary] = []
        self.changed: list[MessageSummary] = []
        self._connection = connection
        self._key = key
        self._places: dict[str, list[PlaceRow]] = {}
        ids = [message.message_id for message in messages]
        for start in range(0, len(ids), _CHUNK):
            self._load(ids[start : start + _CHUNK])

    def add(self, message: MessageSummary) -> None:
        places = self._places[message.message_id]
        if any(_address(row) == message.address for row in places):
            return
        stale = next((row for row in places if self._is_stale(row)), None)
        if stale is None and places and not any(_is_same(row, message) for row in places):
            self.add(self._under_another_id(message))
        elif stale is not None:
            self._move(stale, message)
        elif not places:
            self._insert(message, is_main=True)
            self.arrived.append(message)
        elif message.is_sent_copy and not any(is_sent_copy(row) for row in places):
            # Wherever else it lies: that it lies in Sent says that one of us wrote it.
            self._connection.execute(
                "UPDATE places SET is_main = 0 WHERE account = ? AND message_id = ?",
                (message.account, message.message_id),
            )
            self._insert(message, is_main=True)
            note_change(self._connection, message.account, message.message_id)
            self.changed.append(message)
        else:
            self._insert(message, is_main=False)

    def _load(self, ids: Sequence[str]) -> None:
        marks = ",".join("?" * len(ids))
        rows = self._connection.execute(
            f"{SELECT_PLACES} WHERE account = ? AND message_id IN ({marks})",
            (self._key.account, *ids),
        )
        for one in ids:
            self._places.setdefault(one, [])
        for row in rows:
            self._places[row[4]].append(row)

    def _is_stale(self, row: PlaceRow) -> bool:
        return row[1] == self._key.mailbox and row[2] != self._key.uidvalidity

    def _under_another_id(self, message: MessageSummary) -> MessageSummary:
        """Some senders give every message the same Message-ID; none of them may be lost."""
        mark = fingerprint(message.sender, message.sent_at)
        other = MessageId(f"<{mark}.{message.message_id.removeprefix('<')}")
        if other not in self._places:
            self._load([other])
        return replace(message, message_id=other)

    def _move(self, stale: PlaceRow, message: MessageSummary) -> None:
        self.uids.add(message.address.uid)
        moved = replace(message, preview=stale[10])
        row = place_row(moved, is_main=bool(stale[5]))
        self._connection.execute(
            f"UPDATE places SET uidvalidity = ?, uid = ?, flags = ? WHERE {IN_MAILBOX} AND uid = ?",  # noqa: S608
            (row[2], row[3], row[14], *stale[:4]),
        )
        places = self._places[message.message_id]
        places[places.index(stale)] = row
        if stale[5]:
            self.changed.append(moved)

    def _insert(self, message: MessageSummary, *, is_main: bool) -> None:
        self.uids.add(message.address.uid)
        row = place_row(message, is_main=is_main)
        self._connection.execute(_INSERT_PLACE, row)
        self._places[message.message_id].append(row)


def note_change(connection: sqlite3.Connection, account: SourceName, message_id: MessageId) -> None:
    """Tell whoever keeps an index that this message reads differently now (see `mail_schema`)."""
    connection.execute(
        "INSERT INTO text_changes (account, message_id) VALUES (?, ?)", (account, message_id)
    )


def _address(row: PlaceRow) -> MessageAddress:
    return MessageAddress(mailbox=row[1], uidvalidity=row[2], uid=row[3])


def _is_same(row: PlaceRow, message: MessageSummary) -> bool:
    sender = Mailer(name=row[6], email=row[7])
    return fingerprint(sender, from_microseconds(row[11])) == fingerprint(
        message.sender, message.sent_at
    )
