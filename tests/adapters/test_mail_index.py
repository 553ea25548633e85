"""The index is what mail.db is, whatever happened to either of them."""

import random
import sqlite3
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from supportdesk.adapters.storage import mail_index
from supportdesk.adapters.storage.mail_cache import MailCacheWriter
from supportdesk.adapters.storage.mail_index import MailIndex
from supportdesk.adapters.storage.search_database import SearchPaths, open_search
from supportdesk.adapters.storage.search_schema import parts_in
from supportdesk.domain.mail import Mailer, MessageSummary
from tests.adapters.mail_examples import (
    INBOX,
    NOW,
    SENT,
    fresh_index_of,
    index_of,
    keep_text,
    mail,
    store,
    text_of,
    work_off,
)

_WORDS = ("příliš", "žluťoučký", "kůň", "Straße", "refund", "order")


@pytest.fixture
def paths(tmp_path: Path) -> SearchPaths:
    return SearchPaths.beside(tmp_path / "mail.db")


@pytest.fixture
def writer(paths: SearchPaths) -> Iterator[MailCacheWriter]:
    cache = MailCacheWriter(paths.mail_db)
    yield cache
    cache.close()


@pytest.fixture
def index(paths: SearchPaths) -> Iterator[MailIndex]:
    found = MailIndex(paths)
    yield found
    found.close()


def rows_for(paths: SearchPaths, match: str) -> list[int]:
    connection = open_search(paths.search_db)
    assert connection is not None
    try:
        return [
            row
            for part in parts_in(connection)
            for (row,) in connection.execute(
                f"SELECT rowid FROM words_{part} WHERE words_{part} MATCH ? ORDER BY rowid DESC",
                (match,),
            )
        ]
    finally:
        connection.close()


def test_nothing_is_made_without_a_mail_cache(paths: SearchPaths, index: MailIndex) -> None:
    assert not index.work()
    assert not paths.search_db.exists()
    assert index.bytes_in_all() == 0
    assert index.waiting == 0


def test_it_is_private(paths: SearchPaths, writer: MailCacheWriter, index: MailIndex) -> None:
    work_off(index)
    assert stat.S_IMODE(paths.search_db.stat().st_mode) == 0o600
    assert index.bytes_in_all() > 0


def test_after_any_changes_it_is_as_if_made_anew(
    paths: SearchPaths, writer: MailCacheWriter, index: MailIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_index, "BATCH", 7)
    chance = random.Random(11)
    messages: dict[int, MessageSummary] = {}
    for step in range(300):
        _change_something(chance, writer, messages, step)
        if chance.random() < 0.3:
            index.work()
        if chance.random() < 0.02:
            index.close()
    work_off(index)
    assert index_of(paths.search_db) == fresh_index_of(paths)
    assert len(messages) > 20


def _change_something(
    chance: random.Random, writer: MailCacheWriter, messages: dict[int, MessageSummary], step: int
) -> None:
    def words() -> str:
        return " ".join(chance.choices(_WORDS, k=5))

    known = chance.choice(sorted(messages)) if messages else 0
    match chance.randrange(6) if messages else 0:
        case 0 | 1:
            new = mail(step + 1, subject=words(), references=(f"<{known}@x>",))
            messages[step + 1] = new
            store(writer, new)
        case 2:
            files = ("účet.pdf",) if chance.random() < 0.5 else ()
            keep_text(writer, text_of(messages[known], words(), quoted=words(), files=files))
        case 3:
            # When an undated mail was sent tells where in the index it belongs.
            sent_at = messages[known].arrived_at - timedelta(days=chance.randrange(900))
            better = replace(messages[known], subject=words(), preview=words(), sent_at=sent_at)
            writer.save_reading(better)
        case 4:
            writer.remove(INBOX, [known])
            del messages[known]
        case _:
            store(writer, replace(mail(step + 1, key=SENT), message_id=messages[known].message_id))


def test_what_a_worker_took_back_is_not_found(
    paths: SearchPaths, writer: MailCacheWriter, index: MailIndex
) -> None:
    store(writer, mail(1, subject="refund"), mail(2, subject="refund"))
    keep_text(writer, text_of(mail(1), "the parcel"))
    work_off(index)
    assert len(rows_for(paths, "refund")) == 2
    assert len(rows_for(paths, "parcel")) == 1
    writer.remove(INBOX, [1])
    work_off(index)
    assert len(rows_for(paths, "refund")) == 1
    assert rows_for(paths, "parcel") == []


def test_newest_first_whatever_was_fetched_first(
    paths: SearchPaths, writer: MailCacheWriter, index: MailIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_index, "BATCH", 2)
    store(writer, mail(9), mail(8))
    store(writer, *(mail(uid) for uid in range(1, 6)))
    assert index.work()
    assert len(rows_for(paths, "order")) == 2
    first = rows_for(paths, "order")
    store(writer, mail(20))
    assert index.work()
    assert rows_for(paths, "order")[0] > first[0]
    assert index.waiting == 4
    work_off(index)
    found = rows_for(paths, "order")
    assert found == sorted(found, reverse=True)
    assert len(found) == 8


def test_large_messages_are_taken_in_by_the_bytes(
    paths: SearchPaths, writer: MailCacheWriter, index: MailIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_index, "_BATCH_BYTES", 2_500)
    store(writer, *(mail(uid) for uid in range(1, 6)))
    assert index.work()
    assert len(rows_for(paths, "order")) == 2
    monkeypatch.setattr(mail_index, "_BATCH_BYTES", 1)
    assert index.work()
    assert len(rows_for(paths, "order")) == 3
    work_off(index)
    assert len(rows_for(paths, "order")) == 5


def test_a_moved_mailbox_with_one_arrival_time_keeps_the_order_of_its_dates(
    paths: SearchPaths, writer: MailCacheWriter, index: MailIndex
) -> None:
    old = replace(mail(1, subject="one"), arrived_at=NOW, sent_at=NOW - timedelta(days=900))
    new = replace(mail(2, subject="two"), arrived_at=NOW, sent_at=NOW - timedelta(days=2))
    store(writer, replace(old, address=mail(5).address), new)
    work_off(index)
    assert rows_for(paths, "two") > rows_for(paths, "one")


def test_a_run_that_died_goes_on_where_it_was(
    paths: SearchPaths, writer: MailCacheWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_index, "BATCH", 3)
    store(writer, *(mail(uid) for uid in range(1, 11)))
    keep_text(writer, text_of(mail(4), "parcel"))
    first = MailIndex(paths)
    first.work()
    # It dies here, with neither a word nor a close: the files are as they are now.
    second = MailIndex(paths)
    assert second.work()
    assert second.waiting < 7
    work_off(second)
    assert index_of(paths.search_db) == fresh_index_of(paths)
    second.close()
    first.close()


def test_a_change_struck_off_too_late_is_done_twice_to_the_same_effect(
    paths: SearchPaths, writer: MailCacheWriter, index: MailIndex
) -> None:
    store(writer, mail(1))
    keep_text(writer, text_of(mail(1), "parcel"))
    work_off(index)
    before = index_of(paths.search_db)
    with sqlite3.connect(paths.mail_db) as connection:
        connection.execute("INSERT INTO text_changes VALUES (1, 'Support', '<1@x>')")
    connection.close()
    work_off(index)
    assert index_of(paths.search_db) == before


@pytest.mark.parametrize("damage", [b"no database at all", b""])
def test_a_damaged_index_is_made_anew(
    paths: SearchPaths, writer: MailCacheWriter, damage: bytes
) -> None:
    store(writer, mail(1))
    first = MailIndex(paths)
    work_off(first)
    first.close()
    paths.search_db.write_bytes(damage)
    second = MailIndex(paths)
    work_off(second)
    second.close()
    assert len(rows_for(paths, "order")) == 1


def test_damage_that_shows_late_costs_one_failure(
    paths: SearchPaths, writer: MailCacheWriter, index: MailIndex
) -> None:
    store(writer, *(mail(uid, subject=f"word{uid} " * 20) for uid in range(1, 400)))
    work_off(index)
    index.close()
    data = bytearray(paths.search_db.read_bytes())
    data[len(data) // 2 :] = b"\xff" * (len(data) - len(data) // 2)
    paths.search_db.write_bytes(data)
    writer.remove(INBOX, range(1, 400))
    with pytest.raises(sqlite3.DatabaseError):
        work_off(index)
    store(writer, mail(900))
    work_off(index)
    assert len(rows_for(paths, "order")) == 1


def test_a_damaged_copy_of_a_message_makes_the_index_anew(
    paths: SearchPaths, writer: MailCacheWriter, index: MailIndex
) -> None:
    store(writer, mail(1), mail(2))
    work_off(index)
    index.close()
    with sqlite3.connect(paths.search_db) as connection:
        connection.execute("UPDATE messages SET packed = x'00'")
    connection.close()
    writer.remove(INBOX, [1])
    with pytest.raises(sqlite3.DatabaseError):
        work_off(index)
    work_off(index)
    assert len(rows_for(paths, "order")) == 1


def test_the_index_of_another_mail_cache_is_not_used(
    paths: SearchPaths, writer: MailCacheWriter
) -> None:
    store(writer, mail(1, subject="refund"))
    first = MailIndex(paths)
    work_off(first)
    first.close()
    writer.close()
    for path in paths.mail_db.parent.glob("mail.db*"):
        path.unlink()
    again = MailCacheWriter(paths.mail_db)
    store(again, mail(1, subject="parcel"))
    second = MailIndex(paths)
    work_off(second)
    second.close()
    again.close()
    assert rows_for(paths, "refund") == []
    assert len(rows_for(paths, "parcel")) == 1


def test_a_cache_replaced_under_a_running_index_is_followed(
    paths: SearchPaths, writer: MailCacheWriter, index: MailIndex
) -> None:
    store(writer, mail(1, subject="refund"))
    work_off(index)
    writer.close()
    for path in paths.mail_db.parent.glob("mail.db*"):
        path.rename(path.with_name(path.name + ".set-aside"))
    again = MailCacheWriter(paths.mail_db)
    store(again, mail(1, subject="parcel"))
    work_off(index)
    again.close()
    assert rows_for(paths, "refund") == []
    assert len(rows_for(paths, "parcel")) == 1


def test_a_cache_of_another_version_is_left_alone(paths: SearchPaths, index: MailIndex) -> None:
    with sqlite3.connect(paths.mail_db) as connection:
        connection.execute("PRAGMA user_version = 1")
    connection.close()
    assert not index.work()
    assert not paths.search_db.exists()


def test_odd_messages_are_indexed(
    paths: SearchPaths, writer: MailCacheWriter, index: MailIndex
) -> None:
    """A word of a megabyte, NULs, dates before 1970 and after the last: none stops the index."""
    odd = replace(mail(1), arrived_at=NOW.replace(year=1901), sent_at=NOW.replace(year=1901))
    late = replace(mail(2), arrived_at=NOW.replace(year=9999), sent_at=NOW.replace(year=9999))
    many = mail(3, references=tuple(f"<{number}@y>" for number in range(60)))
    store(writer, odd, late, many)
    keep_text(writer, text_of(odd, "x" * 1_000_000))
    keep_text(writer, text_of(late, "before\0behind \ue000 \ue001"))
    writer.save_reading(replace(many, sender=Mailer(name="\0", email="")))
    work_off(index)
    assert len(rows_for(paths, "behind")) == 1
    assert len(rows_for(paths, "order")) == 3
    assert len(rows_for(paths, 'marks : "\ue001"')) == 0


def test_after_much_was_taken_out_the_disk_gets_it_back(
    paths: SearchPaths, writer: MailCacheWriter, index: MailIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_index, "BATCH", 20)
    chance = random.Random(5)
    for uid in range(1, 400):
        store(writer, mail(uid))
        words = " ".join(f"{chance.randrange(10**9):x}" for _ in range(200))
        keep_text(writer, text_of(mail(uid), words))
    work_off(index)
    index.close()
    size = paths.search_db.stat().st_size
    index.work()
    large = index.bytes_in_all()
    writer.remove(INBOX, range(1, 390))
    index.compact()
    work_off(index)
    index.close()
    assert paths.search_db.stat().st_size < size / 4
    index.work()
    assert index.bytes_in_all() < large / 3
    assert index_of(paths.search_db) == fresh_index_of(paths)


def test_a_batch_that_is_interrupted_is_done_anew(
    paths: SearchPaths, writer: MailCacheWriter, index: MailIndex
) -> None:
    index.interrupt()
    store(writer, mail(1))
    index.work()
    index.interrupt()
    store(writer, mail(2))
    work_off(index)
    assert len(rows_for(paths, "order")) == 2
    index.close()
    index.interrupt()
