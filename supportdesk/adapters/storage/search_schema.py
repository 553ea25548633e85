"""search.db, the full-text index over mail.db: its tables, and what of a message is in them.

It is a file of its own, so that the mail workers never wait for the index: writing one batch of it
takes longer than a worker may stand still. Like mail.db it may be deleted at any time.

`words_N` are contentless FTS5 tables, an index without the texts, one for each year or so: a search
goes back from the newest and stops at its first fifty, and the beginning of a common word, which
FTS5 gathers whole before it hands out the first row, is gathered for that year alone. The rowid is
the moment a message came, then its place, so newest first is the order of the rows. To take a
message out again exactly as it went in, `messages` keeps what went in, packed; a text that is gone
from mail.db is not asked for. `marks` holds words that nobody types.
"""

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b

from supportdesk.domain.folding import fold
from supportdesk.protocols.imap_bulk import ATTACHMENTS

# Also of the folding: what was folded in another way is indexed anew.
VERSION = 2

COLUMNS = ("subject", "sender", "recipients", "text", "files", "marks")
SCHEMA = """
CREATE TABLE messages (
    row INTEGER PRIMARY KEY,
    key INTEGER NOT NULL,
    packed BLOB NOT NULL
);
CREATE UNIQUE INDEX messages_by_key ON messages (key);
CREATE TABLE state (
    mail_db TEXT NOT NULL,
    places_done INTEGER NOT NULL
);
"""

_WORDS = (
    f"CREATE VIRTUAL TABLE %s USING fts5({', '.join(COLUMNS)}, content='', columnsize=0,"
    " tokenize='unicode61 remove_diacritics 2', prefix='2 3')"
)
# A batch is one piece of the index, and pieces are put together once nothing waits: FTS5's own
# ways take half of the time while an index grows.
_FTS_CONFIG = {"hashsize": 16_000_000, "automerge": 0, "crisismerge": 256, "pgsz": 8_100}
_PART_NAMES = (
    "SELECT name FROM %s.sqlite_schema WHERE name GLOB 'words_[0-9]*' AND name NOT GLOB 'words_*_*'"
)

EVERY_MARK = "\ue000"
FILES_MARK = "\ue001"
_ANCESTOR_MARK = "\ue002"

_PLACE_BITS = 28
_PART_BITS = _PLACE_BITS + 25
_PLACE_MASK = (1 << _PLACE_BITS) - 1
_LAST_SECOND = (1 << 34) - 1
_MICROSECONDS = 1_000_000
_DAY = 86_400 * _MICROSECONDS

# A bound for one message: an index of a 50 MB log file helps nobody.
LONGEST_TEXT = 200_000
_MOST_ANCESTORS = 20
_INLINE = 6

# The place, then its text (NULL where there is none): what `document` reads.
SELECT_INDEXED = (
    "SELECT p.id, p.account, p.message_id, p.sender_name, p.sender_email, p.recipients, p.subject,"
    " p.preview, p.sent_at, p.arrived_at, p.ancestors, p.flags, t.text, t.quoted, t.cards, t.parts"
    " FROM places AS p LEFT JOIN texts AS t"
    " ON t.account = p.account AND t.message_id = p.message_id"
)
IndexedRow = tuple[
    int, str, str, str, str, str, str, str, int, int, str, int,
    str | None, str | None, str | None, str | None,
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A message as the index knows it; `values` in the order of COLUMNS."""

    row: int
    key: int
    values: tuple[str, ...]

    def packed(self) -> bytes:
        return zlib.compress("\0".join(self.values).encode(), 1)


def unpacked(packed: bytes) -> tuple[str, ...]:
    return tuple(zlib.decompress(packed).decode().split("\0"))


def row_of(place_id: int, sent_at: int, arrived_at: int) -> int:
    """Times in microseconds. Ids stay far below 2**28: a new mail.db begins at 1."""
    # When it counts as having come, as `domain.waiting.moment` has it.
    moment = arrived_at if arrived_at - sent_at < _DAY else sent_at
    return first_row(moment // _MICROSECONDS) | place_id & _PLACE_MASK


def first_row(seconds: float) -> int:
    """The least row of that moment."""
    return min(max(int(seconds), 0), _LAST_SECOND) << _PLACE_BITS


def place_of(row: int) -> int:
    return row & _PLACE_MASK


def part_of(row: int) -> int:
    """The table a row is in: some 388 days each."""
    return row >> _PART_BITS


def part_name(part: int) -> str:
    return f"words_{part}"


def parts_in(connection: sqlite3.Connection, database: str = "main") -> list[int]:
    """The tables there are, newest first."""
    names = connection.execute(_PART_NAMES % database).fetchall()
    return sorted((int(name.removeprefix("words_")) for (name,) in names), reverse=True)


def create_part(connection: sqlite3.Connection, part: int) -> None:
    name = part_name(part)
    connection.execute(_WORDS % name)
    for option, value in _FTS_CONFIG.items():
        connection.execute(f"INSERT INTO {name} ({name}, rank) VALUES (?, ?)", (option, value))  # noqa: S608


# The same in SQL, of a row of `places`.
MOMENT_SECONDS = f"iif(arrived_at - sent_at < {_DAY}, arrived_at, sent_at) / {_MICROSECONDS}"


def key_of(account: str, message_id: str) -> int:
    digest = blake2b(f"{account}\0{message_id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def indexed_row(found: IndexedRow) -> int:
    """Where in the index it belongs."""
    return row_of(found[0], found[8], found[9])


def document(found: IndexedRow) -> Document:
    (place_id, account, message_id, name, email, recipients, subject) = found[:7]
    (preview, sent_at, arrived_at, ancestors, flags) = found[7:12]
    text, quoted, cards, parts = found[12:]
    files = [part[0] for part in json.loads(parts) if not part[_INLINE]] if parts else []
    has_files = bool(files) if parts is not None else bool(flags & ATTACHMENTS)
    if text is None:
        content = preview
    else:
        content = "\n".join((text[:LONGEST_TEXT], (quoted or "")[:LONGEST_TEXT], _words(cards)))
    values = (
        fold(subject),
        fold(f"{name} {email}"),
        fold(" ".join(word for person in json.loads(recipients) for word in person)),
        fold(content or preview),
        fold("\n".join(files)),
        " ".join((EVERY_MARK, *((FILES_MARK,) if has_files else ()), *_ancestor_marks(ancestors))),
    )
    return Document(
        row=row_of(place_id, sent_at, arrived_at),
        key=key_of(account, message_id),
        values=tuple(value.replace("\0", " ") for value in values),
    )


def ancestor_mark(message_id: str) -> str:
    return _ANCESTOR_MARK + blake2b(message_id.encode(), digest_size=6).hexdigest()


def _ancestor_marks(ancestors: str) -> Iterable[str]:
    """The first ancestor is the beginning of the thread; of the others the nearest count."""
    ids = ancestors.split()
    if len(ids) > _MOST_ANCESTORS:
        ids = [ids[0], *ids[1 - _MOST_ANCESTORS :]]
    return (ancestor_mark(one) for one in dict.fromkeys(ids))


def _words(cards: str | None) -> str:
    if cards is None or cards == "[]":
        return ""
    return "\n".join(_texts(json.loads(cards)))[:LONGEST_TEXT]


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
