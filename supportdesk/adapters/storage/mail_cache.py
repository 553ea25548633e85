"""mail.db, the cache of the mailboxes: written by the mail workers, read by the GUI thread.

Everything that one answer of the server brings is one transaction, committed before anybody is
told: whatever dies in between, the next start finds it here. A message is found by its Message-ID;
its address (mailbox, uidvalidity, uid) may change under it.
"""

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from supportdesk.adapters.storage.mail_batch import (
    IN_MAILBOX,
    SELECT_PLACES,
    MailboxKey,
    MessageBatch,
    note_change,
)
from supportdesk.adapters.storage.mail_database import (
    identity,
    is_unusable,
    open_for_writing,
    set_aside,
    translated_errors,
)
from supportdesk.adapters.storage.mail_rows import (
    SELECT_TEXT,
    TEXT_COLUMNS,
    PlaceRow,
    place_row,
    summary_of_row,
    text_of_row,
    text_row,
)
from supportdesk.domain.errors import StoreError
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId, MessageSummary, MessageText
from supportdesk.protocols.mailbox_sync import KnownMailbox

_INSERT_TEXT = f"INSERT OR REPLACE INTO texts ({TEXT_COLUMNS}) VALUES ({','.join('?' * 11)})"  # noqa: S608
_NEWEST_PLACES = f"{SELECT_PLACES} WHERE {IN_MAILBOX} ORDER BY uid DESC LIMIT ?"
_SELECT_WITHOUT_TEXT = (
    f"SELECT * FROM ({_NEWEST_PLACES}) AS p WHERE is_main AND preview = ''"  # noqa: S608
    " AND NOT EXISTS (SELECT 1 FROM texts AS t"
    " WHERE t.account = p.account AND t.message_id = p.message_id)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagsSeen:
    """The flags of one uid, as the server told them."""

    uid: int
    is_seen: bool
    is_answered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What was new in a batch of messages.

    Attributes:
        uids: Those the mailbox did not have in the cache.
        arrived: Messages the cache did not have, in ascending uid order.
        changed: Known messages with a new address.
    """

    uids: frozenset[int]
    arrived: tuple[MessageSummary, ...]
    changed: tuple[MessageSummary, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """What became of messages that left a mailbox.

    Attributes:
        gone: They lie nowhere any more.
        changed: They still lie in another watched mailbox.
    """

    gone: tuple[MessageSummary, ...]
    changed: tuple[MessageSummary, ...]


class MailCacheWriter:
    """The writing connection of one mail worker; belongs to the thread that made it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with translated_errors(path):
            self._connection = open_for_writing(path)
            self._identity = identity(path)

    def close(self) -> None:
        self._connection.close()

    def known_mailbox(self, key: MailboxKey) -> KnownMailbox | None:
        """Return what is known under this uidvalidity; None when nothing is."""
        with self._transaction():
            row = self._connection.execute(
                f"SELECT uidnext, highestmodseq FROM mailboxes WHERE {IN_MAILBOX}",  # noqa: S608
                key.values,
            ).fetchone()
            if row is None:
                return None
            count = self._connection.execute(
                f"SELECT count(*) FROM places WHERE {IN_MAILBOX}",  # noqa: S608
                key.values,
            ).fetchone()[0]
        return KnownMailbox(
            uidvalidity=key.uidvalidity, uidnext=row[0], highestmodseq=row[1], count=count
        )

    def uids(self, key: MailboxKey) -> set[int]:
        with self._transaction():
            rows = self._connection.execute(
                f"SELECT uid FROM places WHERE {IN_MAILBOX}",  # noqa: S608
                key.values,
            )
            return {uid for (uid,) in rows}

    def store(self, key: MailboxKey, messages: Sequence[MessageSummary], *, uidnext: int) -> Stored:
        """Keep messages of one mailbox and how far its uids have been asked for."""
        with self._transaction():
            batch = MessageBatch(self._connection, key, messages)
            for message in sorted(messages, key=lambda one: one.address.uid):
                batch.add(message)
            self._connection.execute(
                "INSERT INTO mailboxes VALUES (?, ?, ?, ?, 0) ON CONFLICT DO UPDATE SET"
                " highestmodseq = iif(uidvalidity = excluded.uidvalidity, highestmodseq, 0),"
                " uidvalidity = excluded.uidvalidity, uidnext = excluded.uidnext",
                (*key.values, uidnext),
            )
        return Stored(
            uids=frozenset(batch.uids),
            arrived=tuple(batch.arrived),
            changed=tuple(batch.changed),
        )

    def save_modseq(self, key: MailboxKey, highestmodseq: int) -> None:
        """Note that all flag changes up to here are in the cache."""
        with self._transaction():
            self._connection.execute(
                f"UPDATE mailboxes SET highestmodseq = ? WHERE {IN_MAILBOX}",  # noqa: S608
                (highestmodseq, *key.values),
            )

    def save_flags(self, key: MailboxKey, seen: Iterable[FlagsSeen]) -> list[MessageSummary]:
        """Keep flags; return the messages for which something is different now."""
        changed: list[MessageSummary] = []
        with self._transaction():
            for one in seen:
                row = self._connection.execute(
                    f"{SELECT_PLACES} WHERE {IN_MAILBOX} AND uid = ?", (*key.values, one.uid)
                ).fetchone()
                if row is None:
                    continue
                before = summary_of_row(row)
                after = replace(before, is_seen=one.is_seen, is_answered=one.is_answered)
                if after == before:
                    continue
                self._update_flags(after)
                if row[5]:
                    changed.append(after)
        return changed

    def remove(self, key: MailboxKey, uids: Iterable[int]) -> Removed:
        """Forget messages that are no longer in the mailbox."""
        with self._transaction():
            rows = [
                row
                for uid in uids
                for row in self._connection.execute(
                    f"{SELECT_PLACES} WHERE {IN_MAILBOX} AND uid = ?", (*key.values, uid)
                )
            ]
            return self._remove(rows)

    def remove_stale(self, key: MailboxKey) -> Removed:
        """Forget messages that only an earlier uidvalidity of this mailbox had."""
        with self._transaction():
            rows = self._connection.execute(
                # Not `<>`, which would walk through the whole mailbox.
                f"{SELECT_PLACES} WHERE account = ?1 AND mailbox = ?2"
                " AND (uidvalidity < ?3 OR uidvalidity > ?3)",
                key.values,
            ).fetchall()
            return self._remove(rows)

    def remove_unwatched(self, account: SourceName, watched: Sequence[str]) -> Removed:
        """Forget mailboxes of an account that are not watched any more."""
        marks = ",".join("?" * len(watched))
        elsewhere = f"account = ? AND mailbox NOT IN ({marks})"
        with self._transaction():
            self._connection.execute(
                f"DELETE FROM mailboxes WHERE {elsewhere}",  # noqa: S608 - question marks only
                (account, *watched),
            )
            rows = self._connection.execute(
                f"{SELECT_PLACES} WHERE {elsewhere}", (account, *watched)
            ).fetchall()
            return self._remove(rows)

    def summary(self, account: SourceName, message_id: MessageId) -> MessageSummary | None:
        with self._transaction():
            return _main_summary(self._connection, account, message_id)

    def without_text(self, key: MailboxKey, limit: int) -> list[MessageSummary]:
        """Return those of the newest messages whose text is not known, newest first."""
        with self._transaction():
            rows = self._connection.execute(_SELECT_WITHOUT_TEXT, (*key.values, limit))
            return [summary_of_row(row) for row in rows]

    def text(self, account: SourceName, message_id: MessageId) -> MessageText | None:
        with self._transaction():
            row = self._connection.execute(SELECT_TEXT, (account, message_id)).fetchone()
        return text_of_row(row) if row else None

    def save_text(self, text: MessageText) -> None:
        """Keep a text, if the message is still here."""
        with self._transaction():
            if _main_summary(self._connection, text.account, text.message_id) is not None:
                self._connection.execute(_INSERT_TEXT, text_row(text))
                note_change(self._connection, text.account, text.message_id)

    def save_reading(self, reading: MessageSummary) -> MessageSummary | None:
        """Keep what reading the body taught: preview, better decoded names, robot or not.

        Returns the message if it is different now.
        """
        with self._transaction():
            before = _main_summary(self._connection, reading.account, reading.message_id)
            if before is None:
                return None
            known = before.sender
            after = replace(
                before,
                preview=reading.preview or before.preview,
                subject=reading.subject or before.subject,
                sender=replace(known, name=reading.sender.name or known.name),
                is_robot=reading.is_robot,
                has_attachments=reading.has_attachments,
            )
            if after == before:
                return None
            row = place_row(after, is_main=True)
            self._connection.execute(
                "UPDATE places SET sender_name = ?, subject = ?, preview = ?, flags = ?"
                " WHERE account = ? AND message_id = ? AND is_main",
                (row[6], row[9], row[10], row[14], row[0], row[4]),
            )
            note_change(self._connection, after.account, after.message_id)
        return after

    def _update_flags(self, message: MessageSummary) -> None:
        row = place_row(message, is_main=True)
        self._connection.execute(
            f"UPDATE places SET flags = ? WHERE {IN_MAILBOX} AND uid = ?",  # noqa: S608
            (row[14], *row[:4]),
        )

    def _remove(self, rows: Iterable[PlaceRow]) -> Removed:
        gone: list[MessageSummary] = []
        changed: list[MessageSummary] = []
        for row in rows:
            summary = summary_of_row(row)
            self._connection.execute(
                f"DELETE FROM places WHERE {IN_MAILBOX} AND uid = ?",  # noqa: S608
                row[:4],
            )
            if not row[5]:
                continue
            note_change(self._connection, summary.account, summary.message_id)
            heir = _promote_another(self._connection, summary)
            if heir is not None:
                changed.append(heir)
                continue
            gone.append(summary)
            self._connection.execute(
                "DELETE FROM texts WHERE account = ? AND message_id = ?",
                (summary.account, summary.message_id),
            )
        return Removed(gone=tuple(gone), changed=tuple(changed))

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        with translated_errors(self._path):
            if identity(self._path) != self._identity:
                # What is written to a file without a name is lost; the worker starts over.
                raise StoreError(
                    "The mail cache was deleted or replaced while it was in use",
                    "It is filled again from the mail server by itself.",
                )
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                try:
                    yield
                except BaseException:
                    self._connection.execute("ROLLBACK")
                    raise
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                if is_unusable(error):
                    self._connection.close()
                    set_aside(self._path)
                raise


def _main_summary(
    connection: sqlite3.Connection, account: SourceName, message_id: MessageId
) -> MessageSummary | None:
    row = connection.execute(
        f"{SELECT_PLACES} WHERE account = ? AND message_id = ? AND is_main", (account, message_id)
    ).fetchone()
    return summary_of_row(row) if row else None


def _promote_another(
    connection: sqlite3.Connection, message: MessageSummary
) -> MessageSummary | None:
    """Let another place speak for a message, if it lies anywhere else."""
    row = connection.execute(
        f"{SELECT_PLACES} WHERE account = ? AND message_id = ? ORDER BY id LIMIT 1",
        (message.account, message.message_id),
    ).fetchone()
    if row is None:
        return None
    connection.execute(
        f"UPDATE places SET is_main = 1 WHERE {IN_MAILBOX} AND uid = ?",  # noqa: S608
        row[:4],
    )
    return replace(summary_of_row(row), preview=row[10] or message.preview)
