"""Keeps search.db true to mail.db: what is new, what reads differently, what is gone.

Works in batches. A batch is one transaction of search.db; only when it is surely on disk are the
changes that it took in struck from the list in mail.db. Whatever dies in between, the next run
does that batch again, and does it to the same effect.
"""

import contextlib
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from supportdesk.adapters.attachment_store import AttachmentStore
from supportdesk.adapters.storage.mail_database import is_unusable
from supportdesk.adapters.storage.search_database import (
    SearchPaths,
    delete_index,
    mail_identity,
    open_index,
    open_mail,
    used_bytes,
)
from supportdesk.adapters.storage.search_schema import (
    COLUMNS,
    LONGEST_TEXT,
    SELECT_INDEXED,
    Document,
    IndexedRow,
    create_part,
    document,
    indexed_row,
    key_of,
    part_name,
    part_of,
    parts_in,
    place_of,
    row_of,
    unpacked,
)

# Half a second's work on a slow machine. Messages of all sizes: so many bytes of them at once.
BATCH = 1_000
_BATCH_CHANGES = 250
_BATCH_BYTES = 50_000_000

_VALUES = ",".join("?" * (len(COLUMNS) + 1))
_INSERT = f"INSERT INTO {{0}} (rowid, {', '.join(COLUMNS)}) VALUES ({_VALUES})"  # noqa: S608
_DELETE = f"INSERT INTO {{0}} ({{0}}, rowid, {', '.join(COLUMNS)}) VALUES ('delete', {_VALUES})"  # noqa: S608
_NEW_PLACES = "SELECT id, sent_at, arrived_at FROM places WHERE id > ? AND is_main"
_CHANGES = "SELECT id, account, message_id FROM text_changes ORDER BY id LIMIT ?"
_MERGE = "INSERT INTO {0} ({0}, rank) VALUES ('merge', ?)"
_MERGE_PAGES = 2_000
# Every search reads all pieces of the index; each batch adds one.
_MOST_PIECES = 8

_Change = tuple[int, str, str]
_Wanted = dict[int, IndexedRow | None]


class MailIndex:
    """Used by one thread. Opens what is there, begins anew with what is damaged or replaced."""

    def __init__(self, paths: SearchPaths) -> None:
        self._paths = paths
        self._identity: object = None
        self._open: _OpenIndex | None = None

    @property
    def waiting(self) -> int:
        """How many new messages cannot be found yet; any thread may ask."""
        opened = self._open
        return 0 if opened is None else len(opened.backlog)

    def work(self) -> bool:
        """Do one batch; True while there may be more to do. Raises sqlite3.Error, OSError."""
        try:
            opened = self._current()
            return opened is not None and opened.work()
        except sqlite3.Error as error:
            self.close()
            if is_unusable(error):
                delete_index(self._paths.search_db)
            raise
        except zlib.error as error:
            self.close()
            delete_index(self._paths.search_db)
            raise sqlite3.DatabaseError("a message in search.db is damaged") from error

    def bytes_in_all(self) -> int:
        """What mail.db, the index and fetched files take; 0 while nothing is open."""
        if self._open is None:
            return 0
        files = AttachmentStore.beside(self._paths.mail_db).size_bytes()
        return self._open.bytes_used() + files

    def compact(self) -> None:
        """Much was taken out: once nothing waits, give back what that took."""
        if self._open is not None:
            self._open.compact()

    def interrupt(self) -> None:
        """Called by another thread: give up the batch at hand, which is then done anew."""
        opened = self._open
        if opened is not None:
            opened.interrupt()

    def close(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None

    def _current(self) -> "_OpenIndex | None":
        if self._open is not None and self._paths.identity() == self._identity:
            return self._open
        self.close()
        mail = open_mail(self._paths.mail_db, is_read_only=False)
        if mail is None:
            return None
        try:
            self._open = _OpenIndex(mail, open_index(self._paths.search_db, mail_identity(mail)))
        except BaseException:
            mail.close()
            raise
        self._identity = self._paths.identity()
        return self._open


class _OpenIndex:
    """One mail.db and its index."""

    def __init__(self, mail: sqlite3.Connection, index: sqlite3.Connection) -> None:
        self._mail = mail
        self._index = index
        self._seen_place: int = index.execute("SELECT places_done FROM state").fetchone()[0]
        # How many pieces each part has more than when it was last put together, at least.
        self._pieces = dict.fromkeys(parts_in(index), _MOST_PIECES)
        self._to_compact: set[int] = set()
        # Rows of new messages, newest last. What an earlier run did is not done again.
        done = {row for (row,) in index.execute("SELECT row FROM messages")}
        self.backlog: list[int] = [row for row in self._new_rows() if row not in done]

    def work(self) -> bool:
        self._take_in_new()
        changes = self._mail.execute(_CHANGES, (_BATCH_CHANGES,)).fetchall()
        new = self._bounded(self.backlog[-BATCH:])
        if not changes and not new:
            return self._tidy()
        wanted: _Wanted = {key_of(account, message_id): None for _, account, message_id in changes}
        wanted |= {key_of(*one[1:3]): one for one in self._rows(new, changes)}
        self._store(wanted)
        if new:
            del self.backlog[-len(new) :]
        if not self.backlog:
            # Places count as done once no earlier one waits.
            self._index.execute("UPDATE state SET places_done = ?", (self._seen_place,))
        if changes:
            self._mail.execute("DELETE FROM text_changes WHERE id <= ?", (changes[-1][0],))
        return True

    def bytes_used(self) -> int:
        return used_bytes(self._mail) + used_bytes(self._index)

    def compact(self) -> None:
        self._to_compact = set(self._pieces)

    def interrupt(self) -> None:
        # It may be closed this very moment, and then there is nothing to interrupt.
        with contextlib.suppress(sqlite3.ProgrammingError):
            self._index.interrupt()

    def close(self) -> None:
        self._mail.close()
        self._index.close()

    def _take_in_new(self) -> None:
        """New mail goes before what waits."""
        rows = self._new_rows()
        if rows:
            self.backlog = sorted((*self.backlog, *rows))

    def _new_rows(self) -> list[int]:
        """Rows of messages that came since the last look, oldest first."""
        places = self._mail.execute(_NEW_PLACES, (self._seen_place,)).fetchall()
        if places:
            self._seen_place = max(place[0] for place in places)
        return sorted(row_of(*place) for place in places)

    def _bounded(self, rows: list[int]) -> list[int]:
        """The newest of these, as many as may be in memory at the same time."""
        marks = ",".join("?" * len(rows))
        places = [place_of(row) for row in rows]
        select = f"SELECT id, size_bytes FROM places WHERE id IN ({marks})"  # noqa: S608
        sizes = dict(self._mail.execute(select, places).fetchall())
        total, count = 0, 0
        for place in reversed(places):
            # More than that of one message is not indexed.
            total += min(sizes.get(place, 0), 2 * LONGEST_TEXT)
            if total > _BATCH_BYTES and count:
                break
            count += 1
        return rows[len(rows) - count :]

    def _rows(self, rows: Sequence[int], changes: Sequence[_Change]) -> list[IndexedRow]:
        marks = ",".join("?" * len(rows))
        found = self._mail.execute(
            f"{SELECT_INDEXED} WHERE p.is_main AND p.id IN ({marks})",
            [place_of(row) for row in rows],
        ).fetchall()
        for _, account, message_id in changes:
            found += self._mail.execute(
                f"{SELECT_INDEXED} WHERE p.account = ? AND p.message_id = ? AND p.is_main",
                (account, message_id),
            )
        return found

    def _store(self, wanted: _Wanted) -> None:
        """Bring the index to this: a message that is None is gone."""
        index = self._index
        index.execute("BEGIN IMMEDIATE")
        try:
            # In the order of rows: FTS5 writes out what it has each time when it has to go back.
            gone = sorted(self._outdated(wanted))
            for part, some in groupby(gone, key=lambda one: part_of(one[0])):
                delete = _DELETE.format(part_name(part))
                index.executemany(delete, ((row, *unpacked(packed)) for row, packed in some))
            index.executemany("DELETE FROM messages WHERE row = ?", ((row,) for row, _ in gone))
            there = sorted((one for one in wanted.values() if one), key=indexed_row)
            kept: list[tuple[int, int, bytes]] = []
            parts: list[int] = []
            for part, rows in groupby(there, key=lambda one: part_of(indexed_row(one))):
                parts.append(part)
                self._make_part(part)
                index.executemany(_INSERT.format(part_name(part)), _one_by_one(rows, kept))
            index.executemany("INSERT INTO messages VALUES (?, ?, ?)", kept)
            index.execute("COMMIT")
        except BaseException:
            if index.in_transaction:
                index.execute("ROLLBACK")
            raise
        for part in {*parts, *(part_of(row) for row, _ in gone)}:
            self._pieces[part] = self._pieces.get(part, 0) + 1

    def _make_part(self, part: int) -> None:
        if part not in self._pieces:
            create_part(self._index, part)

    def _outdated(self, wanted: _Wanted) -> list[tuple[int, bytes]]:
        """What the index has of these messages; what is right already is taken off the list."""
        marks = ",".join("?" * len(wanted))
        rows = self._index.execute(
            f"SELECT key, row, packed FROM messages WHERE key IN ({marks})",  # noqa: S608
            tuple(wanted),
        ).fetchall()
        found = []
        for key, row, packed in rows:
            current = wanted[key]
            if current is not None and _is_as(document(current), row, packed):
                del wanted[key]
            else:
                found.append((row, packed))
        return found

    def _tidy(self) -> bool:
        """Nothing waits: put pieces of the index together, a bit at a time."""
        untidy = [
            part
            for part, pieces in self._pieces.items()
            if pieces >= _MOST_PIECES or part in self._to_compact
        ]
        if not untidy:
            return False
        part = max(untidy)
        # Below zero all pieces are merged into one (sqlite.org/fts5.html, "The 'merge' Command").
        pages = -_MERGE_PAGES if part in self._to_compact else _MERGE_PAGES
        self._to_compact.discard(part)
        before = self._index.total_changes
        self._index.execute(_MERGE.format(part_name(part)), (pages,))
        # One change is the command itself.
        is_done = self._index.total_changes - before < 2
        self._pieces[part] = 0 if is_done else _MOST_PIECES
        if is_done and untidy == [part]:
            # Not `execute`, which takes the first of the pages alone.
            self._index.executescript("PRAGMA incremental_vacuum")
        return True


def _one_by_one(
    rows: Iterable[IndexedRow], kept: list[tuple[int, int, bytes]]
) -> Iterator[tuple[int | str, ...]]:
    """Make each document as it is asked for.

    SQLite lets other threads go on while it takes one in: none waits for a whole batch of them.
    """
    for one in rows:
        made = document(one)
        kept.append((made.row, made.key, made.packed()))
        yield (made.row, *made.values)


def _is_as(made: Document, row: int, packed: bytes) -> bool:
    return (row, packed) == (made.row, made.packed())
