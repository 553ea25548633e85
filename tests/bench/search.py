"""Search over 100,000 messages as the window does it, beside the bare index of the same run."""

import random
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from supportdesk.adapters.storage.mail_cache_reader import MailCacheReader
from supportdesk.adapters.storage.mail_history import Held, list_old_mail
from supportdesk.adapters.storage.mail_index import BATCH, MailIndex
from supportdesk.adapters.storage.mail_pruning import cache_sizes
from supportdesk.adapters.storage.mail_search import MailSearch, found_rows
from supportdesk.adapters.storage.search_database import SearchPaths, open_both
from supportdesk.adapters.storage.search_schema import (
    COLUMNS,
    SELECT_INDEXED,
    create_part,
    document,
)
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId
from supportdesk.domain.search import OldMail
from supportdesk.services.search_query import read_query
from tests.bench.figures import Figure, median_seconds, percentile
from tests.bench.search_mail import Letter, fill

MESSAGES = 100_000
QUERIES = 200
LIMIT = 50
_SUPPORT = SourceName("Support")
_MB = 1_000_000


def run(messages: int = MESSAGES) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        paths = SearchPaths.beside(Path(folder) / "mail.db")
        sys.stderr.write(f"  writing {messages} messages …\n")
        letters = fill(paths.mail_db, messages)
        sys.stderr.write("  making the index …\n")
        return [
            *_build(paths, messages),
            *_search(paths, letters),
            *_pages(paths),
        ]


def _build(paths: SearchPaths, messages: int) -> list[Figure]:
    alone = _Worker(paths)
    alone.write_for(seconds=1.0)
    index, worker = MailIndex(paths), _Worker(paths)
    worker.start()
    start, cpu_start = time.perf_counter(), time.thread_time()
    index.work()
    while index.waiting:
        index.work()
    seconds, cpu_seconds = time.perf_counter() - start, time.thread_time() - cpu_start
    worker.stop()
    start = time.perf_counter()
    while index.work():
        pass
    tidy_seconds = time.perf_counter() - start
    index.close()
    sizes = cache_sizes(paths)
    return [
        Figure(
            what=f"index built in {seconds:.0f} s; by CPU time",
            unit="messages/s",
            ours=messages / cpu_seconds,
            floor=_bare_rate(paths, min(messages, 10_000)),
            wanted="at least 3000",
            floor_is="bare FTS5 inserts, nothing read, kept or synced",
        ),
        Figure(what="then put together", unit="s", ours=tidy_seconds, floor=None),
        Figure(
            what="index size",
            unit="MB",
            ours=sizes.index / _MB,
            floor=sizes.texts / _MB,
            floor_is=f"the texts in mail.db, of {sizes.mail / _MB:.0f} MB",
        ),
        Figure(
            what=f"a worker's write meanwhile, p99 (max {max(worker.taken) * 1000:.0f} ms)",
            unit="ms",
            ours=percentile(worker.taken, 0.99) * 1000,
            floor=percentile(alone.taken, 0.99) * 1000,
            wanted="30 ms more at most",
            floor_is="while no index is made",
        ),
    ]


class _Worker:
    """Writes a little to mail.db, again and again, as a mail worker does."""

    def __init__(self, paths: SearchPaths) -> None:
        self.taken: list[float] = []
        self._path = paths.mail_db
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._write, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._is_over.set()
        self._thread.join()

    def write_for(self, *, seconds: float) -> None:
        self.start()
        self._is_over.wait(seconds)
        self.stop()

    def _write(self) -> None:
        connection = sqlite3.connect(self._path, isolation_level=None, timeout=10)
        while not self._is_over.wait(0.005):
            start = time.perf_counter()
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("UPDATE places SET flags = flags WHERE id = 1")
            connection.execute("COMMIT")
            self.taken.append(time.perf_counter() - start)
        connection.close()


def _bare_rate(paths: SearchPaths, count: int) -> float:
    with sqlite3.connect(paths.mail_db) as mail:
        rows = mail.execute(f"{SELECT_INDEXED} ORDER BY p.id DESC LIMIT ?", (count,)).fetchall()
    mail.close()
    documents = sorted((document(row) for row in rows), key=lambda one: one.row)
    path = paths.mail_db.with_name("bare.db")
    bare = sqlite3.connect(path, isolation_level=None)
    bare.execute("PRAGMA journal_mode = WAL")
    create_part(bare, 0)
    insert = f"INSERT INTO words_0 (rowid, {', '.join(COLUMNS)}) VALUES ({','.join('?' * 7)})"
    start = time.thread_time()
    for first in range(0, count, BATCH):
        bare.execute("BEGIN")
        bare.executemany(
            insert, ((one.row, *one.values) for one in documents[first : first + BATCH])
        )
        bare.execute("COMMIT")
    seconds = time.thread_time() - start
    bare.close()
    return count / seconds


def _search(paths: SearchPaths, letters: Sequence[Letter]) -> list[Figure]:
    queries = _queries(letters)
    searching, bare = MailSearch(paths), open_both(paths)
    assert bare is not None
    # The first search of a run opens the files and makes what it needs.
    searching.answer("refund", LIMIT, _never)
    figures = [_search_figure("search, all kinds", queries, searching, bare, "at most 10 ms")]
    for kind in dict.fromkeys(query.kind for query in queries):
        some = [query for query in queries if query.kind == kind]
        figures.append(_search_figure(f"  {kind}", some, searching, bare, ""))
    found = sum(bool(searching.answer(one.typed, 1, _never).hits) for one in queries)
    bare.close()
    searching.close()
    return [*figures, Figure(what="  of them with a hit", unit="", ours=found, floor=QUERIES)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Query:
    kind: str
    typed: str


def _search_figure(
    what: str,
    queries: Sequence[_Query],
    searching: MailSearch,
    bare: sqlite3.Connection,
    wanted: str,
) -> Figure:
    """CPU time: what else the machine does meanwhile is not the search's."""
    ours, floors = [], []
    for one in queries:
        start = time.thread_time()
        searching.answer(one.typed, LIMIT, _never)
        ours.append(time.thread_time() - start)
        query = read_query(one.typed)
        start = time.thread_time()
        found_rows(bare, query, LIMIT + 1)
        floors.append(time.thread_time() - start)
    median = percentile(ours, 0.5) * 1000
    return Figure(
        what=f"{what}, p95 of {len(queries)} (median {median:.2f} ms)",
        unit="ms",
        ours=percentile(ours, 0.95) * 1000,
        floor=percentile(floors, 0.95) * 1000,
        wanted=wanted,
        floor_is="the rows by MATCH alone: no message, no snippet",
    )


def _never() -> bool:
    return False


def _queries(letters: Sequence[Letter]) -> list[_Query]:
    """Of words that letters have, so that most of them find something."""
    chance = random.Random(5)
    makers: dict[str, Callable[[Letter], str]] = {
        "words": lambda letter: " ".join(_some(chance, letter, chance.randint(1, 3))) + " ",
        "as typed": lambda letter: _begun(chance, _some(chance, letter, chance.randint(1, 2))),
        "phrase": lambda letter: f'"{_phrase(chance, letter)}"',
        "fields": lambda letter: _fields(chance, letter),
    }
    kinds = list(makers)
    return [
        _Query(kind=kind, typed=makers[kind](chance.choice(letters)))
        for kind in (kinds[at % len(kinds)] for at in range(QUERIES))
    ]


def _some(chance: random.Random, letter: Letter, count: int) -> list[str]:
    words = [word.strip(".") for word in letter.text.split() if len(word) > 3]
    return chance.sample(words, count)


def _begun(chance: random.Random, words: list[str]) -> str:
    return " ".join((*words[:-1], words[-1][: chance.randint(2, 5)]))


def _phrase(chance: random.Random, letter: Letter) -> str:
    words = letter.text.replace(".", "").split()
    place = chance.randrange(len(words) - 3)
    return " ".join(words[place : place + chance.randint(2, 3)])


def _fields(chance: random.Random, letter: Letter) -> str:
    word = _some(chance, letter, 1)[0]
    day = time.strftime("%Y-%m-%d", time.gmtime(letter.at))
    return chance.choice(
        (
            f"from:{letter.sender.split()[0]} {word} ",
            f'from:"{letter.sender}" ',
            f"subject:{letter.subject.split()[0]} ",
            f"before:{day} {word} ",
            f"after:{day} -{word} ",
            f"has:attachment {word} ",
        )
    )


def _pages(paths: SearchPaths) -> list[Figure]:
    searching, reader = MailSearch(paths), MailCacheReader(paths.mail_db)
    held = Held(accounts=[_SUPPORT], messages=[])
    start = time.perf_counter()
    old = searching.run(lambda mail: list_old_mail(mail, held), _never) or OldMail()
    listed = time.perf_counter() - start
    chance = random.Random(3)

    def page() -> object:
        first = chance.randrange(len(old.ids) - LIMIT)
        return reader.messages_by_id(old.ids[first : first + LIMIT])

    def conversation() -> object:
        name = MessageId(f"<{chance.randrange(1, len(old.ids))}@mail.example>")
        return reader.conversation(_SUPPORT, name)

    figures = [
        Figure(what="old mail listed, in its thread", unit="ms", ours=listed * 1000, floor=None),
        Figure(
            what="old mail in memory",
            unit="MB",
            ours=(old.ids.itemsize + old.times.itemsize) * len(old.ids) / _MB,
            floor=None,
            wanted="under 2 MB",
        ),
        Figure(
            what="a page of 50, on the GUI thread",
            unit="ms",
            ours=median_seconds(page, times=200) * 1000,
            floor=None,
            wanted="under 2 ms",
        ),
        Figure(
            what="a conversation, on the GUI thread",
            unit="ms",
            ours=median_seconds(conversation, times=200) * 1000,
            floor=None,
            wanted="under 8 ms",
        ),
    ]
    reader.close()
    searching.close()
    return figures
