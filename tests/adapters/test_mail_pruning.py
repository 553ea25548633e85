"""Room is made from the least missed on: files, old texts, newer ones, those who wait."""

import contextlib
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from supportdesk.adapters.attachment_store import AttachmentStore
from supportdesk.adapters.storage.mail_cache import MailCacheWriter
from supportdesk.adapters.storage.mail_index import MailIndex
from supportdesk.adapters.storage.mail_pruning import (
    CacheSizes,
    Pruned,
    Pruning,
    cache_sizes,
    make_room,
)
from supportdesk.adapters.storage.search_database import SearchPaths
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId
from tests.adapters.mail_examples import NOW, SUPPORT, keep_text, mail, store, text_of, work_off


@pytest.fixture
def paths(tmp_path: Path) -> SearchPaths:
    return SearchPaths.beside(tmp_path / "mail.db")


@pytest.fixture
def writer(paths: SearchPaths) -> Iterator[MailCacheWriter]:
    cache = MailCacheWriter(paths.mail_db)
    yield cache
    cache.close()


def fill(writer: MailCacheWriter) -> None:
    """200 messages of 20 kB, a day apart, the newest today: 110 are older than 90 days."""
    for uid in range(1, 201):
        message = mail(uid, arrived_at=NOW - timedelta(days=200 - uid, minutes=1))
        store(writer, message)
        keep_text(writer, text_of(message, f"word{uid} " * 2500))


def kept(writer: MailCacheWriter) -> list[int]:
    return [
        uid for uid in range(1, 201) if writer.text(SUPPORT, MessageId(f"<{uid}@x>")) is not None
    ]


def pruning(limit: int, *waiting: int) -> Pruning:
    keys: set[tuple[SourceName, MessageId]] = {
        (SUPPORT, MessageId(f"<{uid}@x>")) for uid in waiting
    }
    return Pruning(limit_bytes=limit, waiting=keys, now=NOW)


def test_within_the_limit_nothing_goes(paths: SearchPaths, writer: MailCacheWriter) -> None:
    fill(writer)
    assert make_room(paths, pruning(10**9)) == Pruned(texts=0, file_bytes=0)
    assert len(kept(writer)) == 200


def test_the_oldest_go_first_and_no_more_than_needed(
    paths: SearchPaths, writer: MailCacheWriter
) -> None:
    fill(writer)
    total = cache_sizes(paths).total
    pruned = make_room(paths, pruning(int(total * 0.9)))
    left = kept(writer)
    assert 100 < len(left) < 200
    assert left == list(range(201 - len(left), 201))
    assert pruned.texts == 200 - len(left)
    assert pruned.newest == NOW - timedelta(days=len(left), minutes=1)
    assert cache_sizes(paths).total < total * 0.9


def test_the_file_shrinks_by_what_goes(paths: SearchPaths, writer: MailCacheWriter) -> None:
    def pages(pragma: str) -> int:
        with contextlib.closing(sqlite3.connect(paths.mail_db)) as connection:
            return int(connection.execute(f"PRAGMA {pragma}").fetchone()[0])

    fill(writer)
    before = pages("page_count")
    make_room(paths, pruning(cache_sizes(paths).total // 2))
    assert pages("page_count") < before * 0.6
    assert pages("freelist_count") == 0


def test_who_waits_goes_last(paths: SearchPaths, writer: MailCacheWriter) -> None:
    """Message 3 is the oldest but waits; those of the newest 90 days go before it, but late."""
    fill(writer)
    total = cache_sizes(paths).total
    make_room(paths, pruning(total // 4, 3))
    left = kept(writer)
    assert 3 in left
    assert len(left) < 90
    assert left[1:] == list(range(202 - len(left), 201))


def test_everything_may_go_but_the_envelopes(paths: SearchPaths, writer: MailCacheWriter) -> None:
    fill(writer)
    assert make_room(paths, pruning(1, 3)).texts == 200
    assert kept(writer) == []
    assert writer.summary(SUPPORT, MessageId("<1@x>")) is not None
    assert make_room(paths, pruning(1)) == Pruned(texts=0, file_bytes=0)


def test_files_go_before_texts(paths: SearchPaths, writer: MailCacheWriter) -> None:
    fill(writer)
    files = AttachmentStore.beside(paths.mail_db)
    files.coming(SUPPORT, MessageId("<1@x>"), "2").write_bytes(b"x" * 3_000_000)
    files.keep(SUPPORT, MessageId("<1@x>"), "2", "large.pdf")
    sizes = cache_sizes(paths)
    assert sizes.files == 3_000_000
    pruned = make_room(paths, pruning(sizes.total - 1_000_000))
    assert pruned == Pruned(texts=0, file_bytes=3_000_000)
    assert files.path_of(SUPPORT, MessageId("<1@x>"), "2") is None


def test_the_index_forgets_what_went(paths: SearchPaths, writer: MailCacheWriter) -> None:
    fill(writer)
    index = MailIndex(paths)
    work_off(index)
    before = cache_sizes(paths)
    make_room(paths, pruning(before.total // 2))
    index.compact()
    work_off(index)
    index.close()
    after = cache_sizes(paths)
    assert after.index < before.index
    assert after.texts < before.texts
    assert before.total * 0.3 < after.total < before.total * 0.6


def test_without_a_cache_there_is_nothing_to_measure(paths: SearchPaths) -> None:
    assert cache_sizes(paths) == CacheSizes(mail=0, texts=0, index=0, files=0)
    assert make_room(paths, pruning(1)) == Pruned(texts=0, file_bytes=0)
