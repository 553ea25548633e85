"""Keeps what is cached of the mail within its limit: files go first, then the oldest texts.

Envelopes stay, so every message remains in the list and can be opened; its text is then fetched
again. What is let go was not written here: it all lies on the mail server.
"""

import contextlib
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from supportdesk.adapters.attachment_store import AttachmentStore
from supportdesk.adapters.storage.mail_rows import from_microseconds, to_microseconds
from supportdesk.adapters.storage.search_database import (
    SearchPaths,
    open_mail,
    open_search,
    used_bytes,
)
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId

MEGABYTE = 1_000_000
NEWEST_DAYS = 90

# Room is made for a while, not for the next message alone.
_DOWN_TO = 0.9
# So long that a mail worker never waits for it: some milliseconds.
_AT_ONCE = 20
# The most that the index of a text, with the copy that takes it out again, is larger than the text:
# what is over belongs to the envelopes, which stay.
_MOST_INDEX = 4.0
_VACUUM_PAGES = 100
_INCREMENTAL = 2

_TEXTS_BY_AGE = (
    "SELECT p.account, p.message_id, p.arrived_at FROM places AS p WHERE p.is_main AND EXISTS"
    " (SELECT 1 FROM texts AS t WHERE t.account = p.account AND t.message_id = p.message_id)"
    " ORDER BY p.arrived_at"
)
_LENGTHS = (
    "SELECT length(text) + length(quoted),"
    " ifnull(length(html), 0) + length(remote_images) + length(cards) + length(parts)"
    " FROM texts WHERE account = ? AND message_id = ?"
)
_FORGET = "DELETE FROM texts WHERE account = ? AND message_id = ?"
_TELL_INDEX = "INSERT INTO text_changes (account, message_id) VALUES (?, ?)"
_ALL_INDEXED = "SELECT sum(length(text) + length(quoted)) FROM texts"
_ALL_TEXTS = "SELECT sum(length(text) + length(quoted) + ifnull(length(html), 0)) FROM texts"

_Aged = tuple[SourceName, MessageId, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheSizes:
    """What the caches take on the disk, in bytes; `texts` is a part of `mail`."""

    mail: int
    texts: int
    index: int
    files: int

    @property
    def total(self) -> int:
        return self.mail + self.index + self.files


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruning:
    """What to go by.

    Attributes:
        waiting: Messages that wait for an answer: the last that go.
    """

    limit_bytes: int
    waiting: Collection[tuple[SourceName, MessageId]]
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """What was let go; `newest` is the arrival of the newest of the texts."""

    texts: int
    file_bytes: int
    newest: datetime | None = None


def cache_sizes(paths: SearchPaths) -> CacheSizes:
    """Measure. Reads every text, which takes a while: not on the GUI thread."""
    mail, texts = 0, 0
    connection = open_mail(paths.mail_db, is_read_only=True)
    if connection is not None:
        with contextlib.closing(connection):
            mail = used_bytes(connection)
            texts = connection.execute(_ALL_TEXTS).fetchone()[0] or 0
    return CacheSizes(mail=mail, texts=texts, index=_index_bytes(paths), files=_files_bytes(paths))


def make_room(paths: SearchPaths, pruning: Pruning) -> Pruned:
    """Let go of what is over the limit, with some to spare. Raises sqlite3.Error."""
    connection = open_mail(paths.mail_db, is_read_only=False)
    if connection is None:
        return Pruned(texts=0, file_bytes=0)
    with contextlib.closing(connection):
        return _make_room(connection, paths, pruning)


def _make_room(mail: sqlite3.Connection, paths: SearchPaths, pruning: Pruning) -> Pruned:
    index_bytes = _index_bytes(paths)
    total = used_bytes(mail) + index_bytes + _files_bytes(paths)
    if total <= pruning.limit_bytes:
        return Pruned(texts=0, file_bytes=0)
    excess = total - int(pruning.limit_bytes * _DOWN_TO)
    indexed = mail.execute(_ALL_INDEXED).fetchone()[0] or 1
    index_share = min(index_bytes / indexed, _MOST_INDEX)
    store = AttachmentStore.beside(paths.mail_db)
    file_bytes = store.prune(max(0, store.size_bytes() - excess))
    excess -= file_bytes
    texts, newest = 0, 0
    for some in _in_order(mail, pruning):
        if excess <= 0:
            break
        excess -= _forget(mail, some, index_share)
        texts += len(some)
        newest = max(newest, *(arrived_at for _, _, arrived_at in some))
    _give_back(mail)
    return Pruned(
        texts=texts, file_bytes=file_bytes, newest=from_microseconds(newest) if texts else None
    )


def _in_order(mail: sqlite3.Connection, pruning: Pruning) -> Iterator[list[_Aged]]:
    """Oldest first, some at a time; those of the newest days later, those who wait last."""
    recent = to_microseconds(pruning.now - timedelta(days=NEWEST_DAYS))

    def turn(one: _Aged) -> int:
        if one[:2] in pruning.waiting:
            return 2
        return 1 if one[2] >= recent else 0

    ordered = sorted(mail.execute(_TEXTS_BY_AGE).fetchall(), key=turn)
    for start in range(0, len(ordered), _AT_ONCE):
        yield ordered[start : start + _AT_ONCE]


def _forget(mail: sqlite3.Connection, some: Iterable[_Aged], index_share: float) -> int:
    """Return about how many bytes that makes free, in mail.db and in its index."""
    freed = 0.0
    mail.execute("BEGIN IMMEDIATE")
    try:
        for account, message_id, _ in some:
            found = mail.execute(_LENGTHS, (account, message_id)).fetchone()
            if found is not None:
                freed += found[0] * (1 + index_share) + found[1]
                mail.execute(_FORGET, (account, message_id))
                mail.execute(_TELL_INDEX, (account, message_id))
    finally:
        mail.execute("COMMIT")
    return int(freed)


def _give_back(mail: sqlite3.Connection) -> None:
    """Free pages to the disk, where the file was made for that; else they are used again."""
    if mail.execute("PRAGMA auto_vacuum").fetchone()[0] != _INCREMENTAL:
        return
    before = -1
    while (free := int(mail.execute("PRAGMA freelist_count").fetchone()[0])) not in (0, before):
        before = free
        # Not `execute`, which takes the first of the pages alone.
        mail.executescript(f"PRAGMA incremental_vacuum({_VACUUM_PAGES})")


def _index_bytes(paths: SearchPaths) -> int:
    connection = open_search(paths.search_db)
    if connection is None:
        return 0
    with contextlib.closing(connection):
        return used_bytes(connection)


def _files_bytes(paths: SearchPaths) -> int:
    return AttachmentStore.beside(paths.mail_db).size_bytes()
