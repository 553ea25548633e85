"""mail.db, the cache of the mailboxes: written by the mail workers, read by the GUI thread.

Everything that one answer of the server brings is one transaction, committed before anybody is
told: whatever dies in between, the next start finds it here. A message is found by its Message-ID;
its address (mailbox, uidvalidity, uid) may change under it.

Long, because every write goes through the one transaction at its end, which watches over the file;
what a batch, a departure or a row means is in `mail_batch`, `mail_leaving` and `mail_rows`.
"""

import contextlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from supportdesk.adapters.storage.mail_batch import (
    FLAG_BITS,
    IN_MAILBOX,
    SELECT_PLACES,
    MailboxKey,
    MessageBatch,
    chunks,
    is_without_date,
    marks,
    note_changes,
)
from supportdesk.adapters.storage.mail_database import (
    identity,
    is_unusable,
    open_for_writing,
    set_aside,
    translated_errors,
)
from supportdesk.adapters.storage.mail_leaving import Leaving
from supportdesk.adapters.storage.mail_news import NEWEST_TOLD, NewsRule
from supportdesk.adapters.storage.mail_rows import (
    SELECT_TEXT,
    TEXT_COLUMNS,
    place_row,
    summary_of_row,
    text_of_row,
    text_row,
    to_microseconds,
)
from supportdesk.domain.errors import StoreError
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId, MessageSummary, MessageText
from supportdesk.protocols.imap_bulk import ANSWERED, DATED, SEEN, SENT_COPY, PlaceRow
from supportdesk.protocols.imap_responses import UidRange
from supportdesk.protocols.mailbox_sync import MAX_UID, KnownMailbox
from supportdesk.services.ports import Baseline

_REMOVED_AT_ONCE = 2_000
_INSERT_TEXT = f"INSERT OR REPLACE INTO texts ({TEXT_COLUMNS}) VALUES ({','.join('?' * 11)})"  # noqa: S608
_NEWEST_PLACES = f"{SELECT_PLACES} WHERE {IN_MAILBOX} ORDER BY uid DESC LIMIT ?"
_SELECT_WITHOUT_TEXT = (
    f"SELECT * FROM ({_NEWEST_PLACES}) AS p WHERE is_main AND preview = ''"  # noqa: S608
    " AND NOT EXISTS (SELECT 1 FROM texts AS t"
    " WHERE t.account = p.account AND t.message_id = p.message_id)"
)
_UNTOLD = (
    f"{SELECT_PLACES} WHERE account = ?1 AND mailbox = ?2 AND is_main"  # noqa: S608
    " AND id > coalesce((SELECT place_id FROM told WHERE account = ?1), 0)"
    " AND iif(uidvalidity = ?3, uid >= ?4, arrived_at >= ?5) ORDER BY id"
)
_SINCE = (
    f"{SELECT_PLACES} AS p"  # noqa: S608 - only our own column names
    " WHERE account = ? AND mailbox = ? AND is_main AND arrived_at >= ? AND preview = ''"
    " AND NOT EXISTS (SELECT 1 FROM texts AS t"
    " WHERE t.account = p.account AND t.message_id = p.message_id)"
    " ORDER BY arrived_at DESC, uid DESC LIMIT ?"
)


class Flagged(NamedTuple):
    """Uids of one mailbox: all of them, and those of messages that are seen or answered."""

    there: set[int]
    seen: set[int]
    answered: set[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What was new in a batch of messages.

    Attributes:
        uids: Those the mailbox did not have in the cache.
        first_seen: Those of them whose messages the cache had nowhere, whether they matter or not.
        renumbered: Those of them that the mailbox had under an earlier uidvalidity.
        arrived: Messages the cache did not have, in ascending uid order, as far as they matter.
        changed: Known messages with a new address, as far as they matter.
        has_history: There are others, which nobody has to be told of one by one.
    """

    uids: frozenset[int]
    arrived: tuple[MessageSummary, ...]
    changed: tuple[MessageSummary, ...]
    has_history: bool = False
    first_seen: frozenset[int] = frozenset()
    renumbered: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reflagged:
    """Messages whose flags are different now, as far as they matter, and whether others are."""

    changed: tuple[MessageSummary, ...]
    has_history: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """What became of messages that left a mailbox.

    Attributes:
        gone: They lie nowhere any more; those that matter.
        changed: They still lie in another watched mailbox; those that matter.
        has_history: There are others.
    """

    gone: tuple[MessageSummary, ...]
    changed: tuple[MessageSummary, ...]
    has_history: bool = False


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
        known = self.last_known(key.account, key.mailbox)
        return known if known and known.uidvalidity == key.uidvalidity else None

    def last_known(self, account: SourceName, mailbox: str) -> KnownMailbox | None:
        """Return what is known under the latest uidvalidity; None when nothing is."""
        with self._transaction():
            row = self._connection.execute(
                "SELECT uidvalidity, uidnext, highestmodseq FROM mailboxes"
                " WHERE account = ? AND mailbox = ?",
                (account, mailbox),
            ).fetchone()
            if row is None:
                return None
            count = self._connection.execute(
                f"SELECT count(*) FROM places WHERE {IN_MAILBOX}",  # noqa: S608
                (account, mailbox, row[0]),
            ).fetchone()[0]
        return KnownMailbox(uidvalidity=row[0], uidnext=row[1], highestmodseq=row[2], count=count)

    def uids_in(self, key: MailboxKey, ranges: Iterable[UidRange]) -> list[int]:
        """Return those of the uids in these ranges that the cache has."""
        with self._transaction():
            return [
                uid
                for low, high in ranges
                for (uid,) in self._connection.execute(
                    f"SELECT uid FROM places WHERE {IN_MAILBOX} AND uid BETWEEN ? AND ?",  # noqa: S608
                    (*key.values, low, min(high, MAX_UID)),
                )
            ]

    def flagged(self, key: MailboxKey, first_uid: int) -> Flagged:
        """Say which messages there are from this uid on, and which are seen and answered."""
        with self._transaction():
            # As text: 100,000 rows one by one take three times as long.
            columns = (
                "uid",
                f"CASE WHEN flags & {SEEN} THEN uid END",
                f"CASE WHEN flags & {ANSWERED} THEN uid END",
            )
            lists = self._connection.execute(
                f"SELECT {', '.join(f'group_concat({one})' for one in columns)}"  # noqa: S608 - ours
                f" FROM places WHERE {IN_MAILBOX} AND uid >= ?",
                (*key.values, first_uid),
            ).fetchone()
        return Flagged(*(set(map(int, uids.split(","))) if uids else set() for uids in lists))

    def store_rows(
        self,
        key: MailboxKey,
        rows: Iterable[PlaceRow],
        *,
        uidnext: int,
        baseline: Baseline | None = None,
        told_newest: int = NEWEST_TOLD,
    ) -> Stored:
        """Keep messages of one mailbox and how far its uids have been asked for."""
        with self._transaction():
            batch = MessageBatch(self._connection, key)
            batch.keep(rows)
            self._connection.execute(
                "INSERT INTO mailboxes VALUES (?, ?, ?, ?, 0) ON CONFLICT DO UPDATE SET"
                " highestmodseq = iif(uidvalidity = excluded.uidvalidity, highestmodseq, 0),"
                " uidvalidity = excluded.uidvalidity, uidnext = excluded.uidnext",
                (*key.values, uidnext),
            )
            rule = NewsRule(self._connection, key.values, baseline, told_newest)
            arrived = _summaries(rule, batch.arrived)
            changed = _summaries(rule, batch.changed)
        told = len(arrived) + len(changed)
        return Stored(
            uids=frozenset(batch.uids),
            arrived=arrived,
            changed=changed,
            has_history=told < len(batch.arrived) + len(batch.changed),
            first_seen=frozenset(row[3] for row in batch.arrived),
            renumbered=frozenset(batch.renumbered),
        )

    def save_modseq(self, key: MailboxKey, highestmodseq: int) -> None:
        """Note that all flag changes up to here are in the cache."""
        with self._transaction():
            self._connection.execute(
                f"UPDATE mailboxes SET highestmodseq = ? WHERE {IN_MAILBOX}",  # noqa: S608
                (highestmodseq, *key.values),
            )

    def save_flags(
        self, key: MailboxKey, flags: Mapping[int, int], baseline: Baseline | None = None
    ) -> Reflagged:
        """Keep flags, as SEEN and ANSWERED by uid."""
        updates: list[tuple[int, str, str, int, int]] = []
        changed: list[PlaceRow] = []
        with self._transaction():
            for uids in chunks(list(flags)):
                found = self._connection.execute(
                    f"{SELECT_PLACES} WHERE {IN_MAILBOX} AND uid IN ({marks(uids)})",
                    (*key.values, *uids),
                )
                for row in found:
                    bits = row[14] & ~FLAG_BITS | flags[row[3]]
                    if bits != row[14]:
                        updates.append((bits, *row[:4]))
                        changed.append((*row[:14], bits, row[15]))
            self._connection.executemany(
                f"UPDATE places SET flags = ? WHERE {IN_MAILBOX} AND uid = ?",  # noqa: S608
                updates,
            )
            mains = [row for row in changed if row[5]]
            told = _summaries(NewsRule(self._connection, key.values, baseline), mains)
        return Reflagged(changed=told, has_history=len(told) < len(mains))

    def remove(
        self, key: MailboxKey, uids: Iterable[int], baseline: Baseline | None = None
    ) -> Removed:
        """Forget messages that are no longer in the mailbox."""

        def found() -> list[PlaceRow]:
            return [
                row
                for some in chunks(list(uids))
                for row in self._connection.execute(
                    f"{SELECT_PLACES} WHERE {IN_MAILBOX} AND uid IN ({marks(some)})",
                    (*key.values, *some),
                )
            ]

        return self._remove(key.values, baseline, found)

    def remove_stale(self, key: MailboxKey, baseline: Baseline | None = None) -> Removed | None:
        """Forget some of what only an earlier uidvalidity of this mailbox had; None at the end."""

        def found() -> list[PlaceRow]:
            return self._connection.execute(
                # Not `<>`, which would walk through the whole mailbox.
                f"{SELECT_PLACES} WHERE account = ?1 AND mailbox = ?2"
                f" AND (uidvalidity < ?3 OR uidvalidity > ?3) LIMIT {_REMOVED_AT_ONCE}",
                key.values,
            ).fetchall()

        return self._remove_or_none(key.values, baseline, found)

    def remove_unwatched(self, account: SourceName, watched: Sequence[str]) -> Removed | None:
        """Forget some of the mailboxes that are not watched any more; None at the end."""
        elsewhere = f"account = ? AND mailbox NOT IN ({marks(watched)})"

        def found() -> list[PlaceRow]:
            self._connection.execute(
                f"DELETE FROM mailboxes WHERE {elsewhere}",  # noqa: S608 - question marks only
                (account, *watched),
            )
            return self._connection.execute(
                f"{SELECT_PLACES} WHERE {elsewhere} LIMIT {_REMOVED_AT_ONCE}", (account, *watched)
            ).fetchall()

        return self._remove_or_none((account, "", 0), None, found)

    def last_sent(self, account: SourceName, others: Sequence[str]) -> str:
        """Return the mailbox with what we sent, as it was known last, beside these others."""
        with self._transaction():
            found = self._connection.execute(
                f"SELECT mailbox FROM mailboxes AS m WHERE account = ? AND mailbox NOT IN"  # noqa: S608
                f" ({marks(others)}) AND EXISTS (SELECT 1 FROM places AS p WHERE"
                f" p.account = m.account AND p.mailbox = m.mailbox AND p.flags & {SENT_COPY})",
                (account, *others),
            ).fetchone()
        return found[0] if found else ""

    def summary(self, account: SourceName, message_id: MessageId) -> MessageSummary | None:
        with self._transaction():
            return _main_summary(self._connection, account, message_id)

    def last_place(self) -> int:
        """Return the number of the newest place."""
        with self._transaction():
            found = self._connection.execute("SELECT max(id) FROM places").fetchone()
            return found[0] or 0

    def save_told(self, account: SourceName, place_id: int) -> None:
        """The desk has heard of all new mail up to this place."""
        with self._transaction():
            self._connection.execute(
                "INSERT OR REPLACE INTO told VALUES (?, ?)", (account, place_id)
            )

    def untold(self, baseline: Baseline) -> list[MessageSummary]:
        """Return what can be news in a mailbox, and of which the desk may not have heard."""
        with self._transaction():
            rows = self._connection.execute(
                _UNTOLD,
                (
                    baseline.account,
                    baseline.mailbox,
                    baseline.uidvalidity,
                    baseline.uidnext,
                    to_microseconds(baseline.at),
                ),
            )
            return [summary_of_row(row) for row in rows]

    def without_text(self, key: MailboxKey, limit: int) -> list[MessageSummary]:
        """Return those of the newest messages whose text is not known, newest first."""
        with self._transaction():
            rows = self._connection.execute(_SELECT_WITHOUT_TEXT, (*key.values, limit))
            return [summary_of_row(row) for row in rows]

    def without_text_since(
        self, account: SourceName, mailbox: str, since: datetime, limit: int
    ) -> list[MessageSummary]:
        """Return those that arrived since then and whose text is not known, newest first."""
        with self._transaction():
            values = (account, mailbox, to_microseconds(since), limit)
            return [summary_of_row(row) for row in self._connection.execute(_SINCE, values)]

    def text(self, account: SourceName, message_id: MessageId) -> MessageText | None:
        with self._transaction():
            row = self._connection.execute(SELECT_TEXT, (account, message_id)).fetchone()
        return text_of_row(row) if row else None

    def save_reading(
        self,
        reading: MessageSummary,
        text: MessageText | None = None,
        baseline: Baseline | None = None,
    ) -> Reflagged:
        """Keep what reading taught: preview, better decoded names, robot or not, a time."""
        with self._transaction():
            before = _main_row(self._connection, reading.account, reading.message_id)
            if before is None:
                return Reflagged(changed=())
            if text is not None:
                self._keep_text(text, before)
            row = _with_reading(before, reading)
            if row == before:
                return Reflagged(changed=())
            self._connection.execute(
                "UPDATE places SET sender_name = ?, recipients = ?, subject = ?, preview = ?,"
                " sent_at = ?, flags = ? WHERE account = ? AND message_id = ? AND is_main",
                (row[6], *row[8:12], row[14], row[0], row[4]),
            )
            if text is None:
                note_changes(self._connection, [row])
            told = _summaries(NewsRule(self._connection, row[:3], baseline), [row])
        return Reflagged(changed=told, has_history=not told)

    def _keep_text(self, text: MessageText, place: PlaceRow) -> None:
        self._connection.execute(_INSERT_TEXT, text_row(text))
        note_changes(self._connection, [place])

    def _remove_or_none(
        self,
        place: tuple[str, str, int],
        baseline: Baseline | None,
        find: Callable[[], list[PlaceRow]],
    ) -> Removed | None:
        rows: list[PlaceRow] = []

        def found() -> list[PlaceRow]:
            rows.extend(find())
            return rows

        removed = self._remove(place, baseline, found)
        return removed if rows else None

    def _remove(
        self,
        place: tuple[str, str, int],
        baseline: Baseline | None,
        find: Callable[[], list[PlaceRow]],
    ) -> Removed:
        with self._transaction():
            rule = NewsRule(self._connection, place, baseline)
            leaving = Leaving(self._connection)
            leaving.remove(find())
            gone = _summaries(rule, leaving.gone)
            changed = _summaries(rule, leaving.changed)
        told = len(gone) + len(changed)
        has_history = told < len(leaving.gone) + len(leaving.changed)
        return Removed(gone=gone, changed=changed, has_history=has_history)

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
    row = _main_row(connection, account, message_id)
    return summary_of_row(row) if row else None


def _main_row(
    connection: sqlite3.Connection, account: SourceName, message_id: MessageId
) -> PlaceRow | None:
    found: PlaceRow | None = connection.execute(
        f"{SELECT_PLACES} WHERE account = ? AND message_id = ? AND is_main", (account, message_id)
    ).fetchone()
    return found


def _with_reading(known: PlaceRow, reading: MessageSummary) -> PlaceRow:
    before = summary_of_row(known)
    after = replace(
        before,
        preview=reading.preview or before.preview,
        subject=reading.subject or before.subject,
        sender=replace(before.sender, name=reading.sender.name or before.sender.name),
        recipients=reading.recipients or before.recipients,
        is_robot=reading.is_robot,
        has_attachments=reading.has_attachments,
    )
    row = place_row(after, is_main=True)
    if not is_without_date(known) or reading.sent_at == reading.arrived_at:
        return (*row[:14], row[14] | known[14] & DATED, row[15])
    # Only the fields of the way that it came tell when it was sent.
    return (*row[:11], to_microseconds(reading.sent_at), *row[12:14], row[14] | DATED, row[15])


def _summaries(rule: NewsRule, rows: Iterable[PlaceRow]) -> tuple[MessageSummary, ...]:
    return tuple(summary_of_row(row) for row in rows if rule.matters(row))
