"""mail.db on a real disk: what is new, what moved, what is gone; broken files are no obstacle."""

import contextlib
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from supportdesk.adapters.storage.mail_batch import MailboxKey
from supportdesk.adapters.storage.mail_cache import MailCacheWriter
from supportdesk.adapters.storage.mail_cache_reader import MailCacheReader
from supportdesk.adapters.storage.mail_database import translated_errors
from supportdesk.domain.errors import StoreError
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import (
    Mailer,
    MessageAddress,
    MessageId,
    MessagePart,
    MessageSummary,
    MessageText,
)
from supportdesk.protocols.imap_bulk import ANSWERED, SEEN
from supportdesk.protocols.mailbox_sync import KnownMailbox
from tests.adapters.mail_examples import keep_text, store_in

SUPPORT = SourceName("Support")
INBOX = MailboxKey(account=SUPPORT, mailbox="INBOX", uidvalidity=1)
LIFTED = MailboxKey(account=SUPPORT, mailbox="Lifted", uidvalidity=1)
SENT = MailboxKey(account=SUPPORT, mailbox="Sent", uidvalidity=9)
NOW = datetime(2026, 11, 21, 10, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "mail.db"


@pytest.fixture
def writer(path: Path) -> Iterator[MailCacheWriter]:
    cache = MailCacheWriter(path)
    yield cache
    cache.close()


@pytest.fixture
def reader(path: Path) -> Iterator[MailCacheReader]:
    cache = MailCacheReader(path)
    yield cache
    cache.close()


def message(
    uid: int, key: MailboxKey = INBOX, *, message_id: str = "", email: str = "ann@example.org"
) -> MessageSummary:
    return MessageSummary(
        account=key.account,
        message_id=MessageId(message_id or f"<{uid}@x>"),
        address=MessageAddress(mailbox=key.mailbox, uidvalidity=key.uidvalidity, uid=uid),
        sender=Mailer(name='Ann "ß" O’Hara', email=email),
        recipients=(Mailer(name="Us, all", email="support@lab.test"), Mailer(name="", email="b@c")),
        subject="Where is my order?",
        sent_at=NOW,
        arrived_at=NOW + timedelta(seconds=uid),
        references=(MessageId("<r1@x>"), MessageId("<r2@x>")),
        is_robot=True,
        is_ours=True,
        is_sent_copy=key.mailbox == "Sent",
        is_seen=True,
        size_bytes=1234,
    )


def all_uids(writer: MailCacheWriter, key: MailboxKey) -> set[int]:
    return set(writer.uids_in(key, [(1, 2**64)]))


def text_for(summary: MessageSummary) -> MessageText:
    return MessageText(
        account=summary.account,
        message_id=summary.message_id,
        text="hello",
        quoted="> old",
        html="<p>hello</p>",
        parts=(MessagePart(name="ä.pdf", media_type="application/pdf", size_bytes=7),),
        notices=("It was long.",),
        words=1,
        images=2,
    )


def test_what_is_stored_is_read_back(writer: MailCacheWriter, reader: MailCacheReader) -> None:
    stored = store_in(writer, INBOX, [message(2), message(1)], uidnext=3)
    assert stored.arrived == (message(1), message(2))
    assert stored.changed == ()
    assert stored.uids == {1, 2}
    assert reader.newest(SUPPORT, 10) == [message(2), message(1)]
    assert reader.newest(SUPPORT, 1) == [message(2)]
    assert reader.newest(SourceName("Other"), 10) == []
    assert writer.known_mailbox(INBOX) == KnownMailbox(
        uidvalidity=1, uidnext=3, highestmodseq=0, count=2
    )
    assert all_uids(writer, INBOX) == {1, 2}
    assert writer.known_mailbox(LIFTED) is None


def test_storing_twice_brings_nothing_new(writer: MailCacheWriter) -> None:
    store_in(writer, INBOX, [message(1)], uidnext=2)
    again = store_in(writer, INBOX, [message(1), message(2)], uidnext=3)
    assert again.arrived == (message(2),)
    assert again.uids == {2}


def test_other_accounts_are_other_messages(writer: MailCacheWriter) -> None:
    store_in(writer, INBOX, [message(1)], uidnext=2)
    billing = MailboxKey(account=SourceName("Billing"), mailbox="INBOX", uidvalidity=1)
    assert store_in(writer, billing, [message(1, billing)], uidnext=2).arrived


def test_more_messages_than_one_query_takes(
    writer: MailCacheWriter, reader: MailCacheReader
) -> None:
    many = [message(uid) for uid in range(1, 1300)]
    assert len(store_in(writer, INBOX, many, uidnext=1300).arrived) == 1299
    assert len(store_in(writer, INBOX, many, uidnext=1300).arrived) == 0
    assert len(reader.newest(SUPPORT, 5000)) == 1299


def test_a_new_uidvalidity_moves_what_is_known(
    writer: MailCacheWriter, reader: MailCacheReader
) -> None:
    store_in(writer, INBOX, [message(1), message(2), message(3)], uidnext=4)
    writer.save_modseq(INBOX, 77)
    renumbered = replace(INBOX, uidvalidity=2)
    moved = message(11, renumbered, message_id="<1@x>")
    stored = store_in(writer, renumbered, [moved, message(12, renumbered)], uidnext=13)
    assert stored.changed == (replace(message(1), address=moved.address),)
    assert stored.arrived == (message(12, renumbered),)
    assert stored.uids == {11, 12}
    assert stored.renumbered == {11}
    assert stored.first_seen == {12}
    known = writer.known_mailbox(renumbered)
    assert known is not None
    assert known.highestmodseq == 0
    assert writer.known_mailbox(INBOX) is None
    removed = writer.remove_stale(renumbered)
    assert removed is not None
    assert writer.remove_stale(renumbered) is None
    assert [one.message_id for one in removed.gone] == ["<2@x>", "<3@x>"]
    assert {one.address.uid for one in reader.newest(SUPPORT, 9)} == {11, 12}


def test_a_preview_survives_a_new_uidvalidity(
    writer: MailCacheWriter, reader: MailCacheReader
) -> None:
    store_in(writer, INBOX, [message(1)], uidnext=2)
    writer.save_reading(replace(message(1), preview="first words"))
    renumbered = replace(INBOX, uidvalidity=2)
    store_in(writer, renumbered, [message(5, renumbered, message_id="<1@x>")], uidnext=6)
    assert reader.newest(SUPPORT, 1)[0].preview == "first words"


def test_a_message_in_two_mailboxes_is_one_message(
    writer: MailCacheWriter, reader: MailCacheReader
) -> None:
    store_in(writer, INBOX, [message(1)], uidnext=2)
    copy = message(7, LIFTED, message_id="<1@x>")
    stored = store_in(writer, LIFTED, [copy], uidnext=8)
    assert (stored.arrived, stored.changed, stored.uids) == ((), (), frozenset({7}))
    assert reader.newest(SUPPORT, 9) == [message(1)]
    removed = writer.remove(INBOX, [1])
    assert removed.gone == ()
    assert removed.changed == (copy,)
    assert reader.newest(SUPPORT, 9) == [copy]
    assert writer.remove(LIFTED, [7]).gone == (copy,)
    assert reader.newest(SUPPORT, 9) == []


def test_a_copy_that_leaves_changes_nothing(writer: MailCacheWriter) -> None:
    store_in(writer, INBOX, [message(1)], uidnext=2)
    store_in(writer, LIFTED, [message(7, LIFTED, message_id="<1@x>")], uidnext=8)
    removed = writer.remove(LIFTED, [7])
    assert (removed.gone, removed.changed) == ((), ())


def test_the_copy_in_sent_speaks_for_an_answer(
    writer: MailCacheWriter, reader: MailCacheReader
) -> None:
    store_in(writer, INBOX, [message(1)], uidnext=2)
    copy = message(7, SENT, message_id="<1@x>")
    assert store_in(writer, SENT, [copy], uidnext=8).changed == (copy,)
    again = message(8, SENT, message_id="<1@x>")
    assert store_in(writer, SENT, [again], uidnext=9).changed == ()
    assert reader.newest(SUPPORT, 9) == [copy]


def test_one_message_id_for_many_messages_loses_none(
    writer: MailCacheWriter, reader: MailCacheReader
) -> None:
    first = message(1, message_id="<form@site>")
    second = message(2, message_id="<form@site>", email="bob@example.org")
    third = replace(message(3, message_id="<form@site>"), sent_at=NOW + timedelta(hours=1))
    arrived = store_in(writer, INBOX, [first, second], uidnext=3).arrived
    arrived += store_in(writer, INBOX, [third], uidnext=4).arrived
    ids = [one.message_id for one in arrived]
    assert ids[0] == "<form@site>"
    assert len(set(ids)) == 3
    assert all(one.endswith(".form@site>") for one in ids[1:])
    assert len(reader.newest(SUPPORT, 9)) == 3
    renumbered = replace(INBOX, uidvalidity=2)
    addresses = [
        replace(one, address=replace(one.address, uidvalidity=2)) for one in (first, second, third)
    ]
    assert store_in(writer, renumbered, addresses, uidnext=4).arrived == ()


PAIR = (
    message(1, message_id="<form@site>"),
    replace(message(2, message_id="<form@site>"), sent_at=NOW + timedelta(hours=1)),
)


def _renumbered(one: MessageSummary, uid: int) -> MessageSummary:
    return replace(one, address=replace(one.address, uidvalidity=2, uid=uid))


@pytest.mark.parametrize("first_uids", [(1, 2), (2, 1)])
@pytest.mark.parametrize("batches", [((12, 11),), ((12,), (11,)), ((11,), (12,))])
def test_a_pair_of_one_message_id_is_not_swapped_by_a_new_uidvalidity(
    writer: MailCacheWriter,
    reader: MailCacheReader,
    first_uids: tuple[int, int],
    batches: tuple[tuple[int, ...], ...],
) -> None:
    """Newest first the two may come in different batches."""
    by_uid = {1: PAIR[0], 2: PAIR[1]}
    for uid in first_uids:
        store_in(writer, INBOX, [by_uid[uid]], uidnext=3)
    before = {one.message_id: one for one in reader.newest(SUPPORT, 9)}
    again = {11: _renumbered(PAIR[0], 11), 12: _renumbered(PAIR[1], 12)}
    key = replace(INBOX, uidvalidity=2)
    stored = [store_in(writer, key, [again[uid] for uid in some], uidnext=13) for some in batches]
    assert [one.arrived for one in stored] == [()] * len(batches)
    assert writer.remove_stale(key) is None
    after = {one.message_id: one for one in reader.newest(SUPPORT, 9)}
    assert after.keys() == before.keys()
    for message_id, one in after.items():
        known = before[message_id]
        assert one == replace(known, address=again[known.address.uid + 10].address)


@pytest.mark.parametrize("gone", [1, 2])
def test_what_is_left_of_a_pair_is_known_under_a_new_uidvalidity(
    writer: MailCacheWriter, reader: MailCacheReader, gone: int
) -> None:
    store_in(writer, INBOX, PAIR, uidnext=3)
    writer.remove(INBOX, [gone])
    (left,) = reader.newest(SUPPORT, 9)
    key = replace(INBOX, uidvalidity=2)
    again = _renumbered(PAIR[2 - gone], 11)
    assert store_in(writer, key, [again], uidnext=12).arrived == ()
    assert writer.remove_stale(key) is None
    assert reader.newest(SUPPORT, 9) == [replace(left, address=again.address)]


def test_a_second_mail_of_one_message_id_is_new_under_a_new_uidvalidity(
    writer: MailCacheWriter, reader: MailCacheReader
) -> None:
    store_in(writer, INBOX, [PAIR[0]], uidnext=2)
    key = replace(INBOX, uidvalidity=2)
    assert len(store_in(writer, key, [_renumbered(PAIR[1], 12)], uidnext=13).arrived) == 1
    assert store_in(writer, key, [_renumbered(PAIR[0], 11)], uidnext=13).arrived == ()
    assert len(reader.newest(SUPPORT, 9)) == 2


def _undated(one: MessageSummary, arrived_at: datetime) -> MessageSummary:
    return replace(one, sent_at=arrived_at, arrived_at=arrived_at)


def test_a_mail_without_a_date_is_known_when_its_arrival_was_lost(
    writer: MailCacheWriter, reader: MailCacheReader
) -> None:
    before = _undated(message(1), NOW)
    store_in(writer, INBOX, [before], uidnext=2)
    key = replace(INBOX, uidvalidity=2)
    again = _renumbered(_undated(message(1), NOW + timedelta(days=9)), 11)
    assert store_in(writer, key, [again], uidnext=12).arrived == ()
    assert reader.newest(SUPPORT, 9) == [replace(before, address=again.address)]


@pytest.mark.parametrize("batches", [((12, 11),), ((12,), (11,))])
def test_several_without_a_date_under_one_id_are_all_kept(
    writer: MailCacheWriter, reader: MailCacheReader, batches: tuple[tuple[int, ...], ...]
) -> None:
    """Which of them is which cannot be told any more: none of them takes the other's place."""
    former = [_undated(one, NOW + timedelta(hours=uid)) for uid, one in enumerate(PAIR)]
    store_in(writer, INBOX, former, uidnext=3)
    key = replace(INBOX, uidvalidity=2)
    for some in batches:
        lost = [
            _renumbered(_undated(PAIR[uid - 11], NOW + timedelta(days=uid)), uid) for uid in some
        ]
        assert store_in(writer, key, lost, uidnext=13).uids == set(some)
    while writer.remove_stale(key):
        pass
    assert {one.address.uid for one in reader.newest(SUPPORT, 9)} == {11, 12}


def test_the_workers_of_all_accounts_may_make_it_at_once(tmp_path: Path) -> None:
    def make(path: Path) -> None:
        start.wait()
        MailCacheWriter(path).close()

    for number in range(10):
        start = threading.Barrier(6)
        with ThreadPoolExecutor(6) as pool:
            made = [pool.submit(make, tmp_path / str(number) / "mail.db") for _ in range(6)]
        for one in made:
            one.result()


def test_flags(writer: MailCacheWriter, reader: MailCacheReader) -> None:
    store_in(writer, INBOX, [message(1), message(2)], uidnext=3)
    store_in(writer, LIFTED, [message(5, LIFTED, message_id="<1@x>")], uidnext=6)
    changed = writer.save_flags(
        INBOX,
        {1: SEEN | ANSWERED, 2: SEEN, 99: SEEN},
    )
    assert changed.changed == (replace(message(1), is_answered=True),)
    assert reader.newest(SUPPORT, 9)[1] == changed.changed[0]
    assert writer.save_flags(LIFTED, {5: ANSWERED}).changed == ()
    assert writer.flagged(INBOX, 1) == ({1, 2}, {1, 2}, {1})
    assert writer.flagged(INBOX, 2) == ({2}, {2}, set())


def test_texts(writer: MailCacheWriter, reader: MailCacheReader) -> None:
    one = message(1)
    keep_text(writer, text_for(one))
    assert reader.text(SUPPORT, one.message_id) is None
    assert writer.save_reading(one, text_for(one)).changed == ()
    store_in(writer, INBOX, [one, message(2)], uidnext=3)
    assert [found.address.uid for found in writer.without_text(INBOX, 9)] == [2, 1]
    assert [found.address.uid for found in writer.without_text(INBOX, 1)] == [2]
    keep_text(writer, text_for(one))
    assert [found.address.uid for found in writer.without_text(INBOX, 9)] == [2]
    assert reader.text(SUPPORT, one.message_id) == text_for(one)
    assert writer.text(SUPPORT, one.message_id) == text_for(one)
    assert writer.text(SUPPORT, MessageId("<none>")) is None
    assert writer.summary(SUPPORT, one.message_id) == one
    assert writer.summary(SUPPORT, MessageId("<none>")) is None
    writer.remove(INBOX, [1])
    assert reader.text(SUPPORT, one.message_id) is None


def test_what_reading_taught(writer: MailCacheWriter, reader: MailCacheReader) -> None:
    one = message(1)
    store_in(writer, INBOX, [one], uidnext=2)
    better = replace(
        one, preview="words", subject="Ä", sender=Mailer(name="Änn", email="x@y"), is_robot=False
    )
    (changed,) = writer.save_reading(better).changed
    assert changed == replace(better, sender=Mailer(name="Änn", email="ann@example.org"))
    assert reader.newest(SUPPORT, 1) == [changed]
    assert writer.save_reading(better).changed == ()
    assert writer.without_text(INBOX, 9) == []


LATE = NOW - timedelta(days=700)


def test_who_and_when_are_kept_as_reading_found_them(
    writer: MailCacheWriter, reader: MailCacheReader
) -> None:
    """A date that no envelope has, found on the way that the mail came; names without a charset."""
    one = _undated(message(1), NOW)
    store_in(writer, INBOX, [one], uidnext=2)
    better = replace(one, recipients=(Mailer(name="Änn", email="b@c"),), sent_at=LATE)
    assert writer.save_reading(better).changed == (better,)
    assert reader.newest(SUPPORT, 1) == [better]
    cut = replace(better, recipients=(), sent_at=one.arrived_at)
    for again in (better, cut):
        assert writer.save_reading(again, text_for(one)).changed == ()
    assert reader.newest(SUPPORT, 1) == [better]


def test_a_date_of_the_envelope_stays(writer: MailCacheWriter, reader: MailCacheReader) -> None:
    store_in(writer, INBOX, [message(1)], uidnext=2)
    assert writer.save_reading(replace(message(1), sent_at=LATE)).changed == ()
    assert reader.newest(SUPPORT, 1) == [message(1)]


@pytest.mark.parametrize("arrived_at", [NOW, NOW + timedelta(days=9)])
def test_a_mail_that_was_dated_by_reading_is_known_under_a_new_uidvalidity(
    writer: MailCacheWriter, reader: MailCacheReader, arrived_at: datetime
) -> None:
    before = _undated(message(1), NOW)
    store_in(writer, INBOX, [before], uidnext=2)
    writer.save_reading(replace(before, sent_at=LATE))
    store_in(writer, LIFTED, [_undated(message(7, LIFTED, message_id="<1@x>"), NOW)], uidnext=8)
    key = replace(INBOX, uidvalidity=2)
    again = _renumbered(_undated(message(1), arrived_at), 11)
    assert store_in(writer, key, [again], uidnext=12).arrived == ()
    assert reader.newest(SUPPORT, 9) == [replace(before, address=again.address, sent_at=LATE)]


def changes_noted(path: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT message_id FROM text_changes ORDER BY id").fetchall()
        connection.execute("DELETE FROM text_changes")
        connection.commit()
    return [message_id for (message_id,) in found]


def test_an_index_is_told_what_reads_differently(writer: MailCacheWriter, path: Path) -> None:
    store_in(writer, INBOX, [message(1), message(2)], uidnext=3)
    assert changes_noted(path) == []
    keep_text(writer, text_for(message(1)))
    assert changes_noted(path) == ["<1@x>"]
    writer.save_reading(replace(message(1), has_attachments=True))
    assert changes_noted(path) == ["<1@x>"]
    writer.save_flags(INBOX, {2: ANSWERED})
    assert changes_noted(path) == []
    store_in(writer, SENT, [message(7, SENT, message_id="<2@x>")], uidnext=8)
    assert changes_noted(path) == ["<2@x>"]
    writer.remove(INBOX, [1])
    writer.remove(SENT, [7])
    assert changes_noted(path) == ["<1@x>", "<2@x>"]


def test_the_number_of_a_place_is_never_used_again(writer: MailCacheWriter, path: Path) -> None:
    store_in(writer, INBOX, [message(1)], uidnext=2)
    writer.remove(INBOX, [1])
    store_in(writer, INBOX, [message(2)], uidnext=3)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT id FROM places").fetchall() == [(2,)]


def test_mailboxes_that_are_not_watched_any_more(writer: MailCacheWriter) -> None:
    store_in(writer, INBOX, [message(1)], uidnext=2)
    store_in(writer, LIFTED, [message(7, LIFTED)], uidnext=8)
    removed = writer.remove_unwatched(SUPPORT, ["INBOX", "Sent"])
    assert removed is not None
    assert writer.remove_unwatched(SUPPORT, ["INBOX", "Sent"]) is None
    assert [one.message_id for one in removed.gone] == ["<7@x>"]
    assert writer.known_mailbox(LIFTED) is None
    assert writer.known_mailbox(INBOX) is not None


def test_only_its_user_can_read_it(writer: MailCacheWriter, path: Path) -> None:
    store_in(writer, INBOX, [message(1)], uidnext=2)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    for name in ("mail.db", "mail.db-wal", "mail.db-shm"):
        assert stat.S_IMODE((path.parent / name).stat().st_mode) == 0o600
    assert writer.known_mailbox(INBOX)


def test_a_reader_without_a_cache_reads_nothing(path: Path, reader: MailCacheReader) -> None:
    assert reader.newest(SUPPORT, 9) == []
    assert reader.text(SUPPORT, MessageId("<1@x>")) is None
    assert not path.exists()
    writer = MailCacheWriter(path)
    store_in(writer, INBOX, [message(1)], uidnext=2)
    assert len(reader.newest(SUPPORT, 9)) == 1
    writer.close()
    assert len(MailCacheReader(path).newest(SUPPORT, 9)) == 1


def test_a_reader_follows_a_replaced_cache(path: Path, reader: MailCacheReader) -> None:
    writer = MailCacheWriter(path)
    store_in(writer, INBOX, [message(1)], uidnext=2)
    assert len(reader.newest(SUPPORT, 9)) == 1
    writer.close()
    path.unlink()
    assert reader.newest(SUPPORT, 9) == []
    writer = MailCacheWriter(path)
    store_in(writer, INBOX, [message(2), message(3)], uidnext=4)
    assert len(reader.newest(SUPPORT, 9)) == 2
    writer.close()


@pytest.mark.parametrize("content", [b"no database at all " * 100, b"SQLite format 3\0broken"])
def test_a_broken_file_is_set_aside(path: Path, content: bytes, reader: MailCacheReader) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    assert reader.newest(SUPPORT, 9) == []
    writer = MailCacheWriter(path)
    store_in(writer, INBOX, [message(1)], uidnext=2)
    assert path.with_name("mail.db.set-aside").read_bytes() == content
    assert len(reader.newest(SUPPORT, 9)) == 1
    writer.close()


@pytest.mark.parametrize("version", [0, 99])
def test_another_version_is_set_aside(path: Path, version: int, reader: MailCacheReader) -> None:
    path.parent.mkdir()
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE places (nonsense)")
    other.execute(f"PRAGMA user_version = {version}")
    other.close()
    assert reader.newest(SUPPORT, 9) == []
    writer = MailCacheWriter(path)
    assert store_in(writer, INBOX, [message(1)], uidnext=2).arrived
    assert path.with_name("mail.db.set-aside").exists()
    assert len(reader.newest(SUPPORT, 9)) == 1
    writer.close()


def test_damage_while_in_use_is_set_aside(path: Path) -> None:
    writer = MailCacheWriter(path)
    store_in(writer, INBOX, [message(uid) for uid in range(1, 3000)], uidnext=3000)
    writer.close()
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * (size - 8192))
    writer = MailCacheWriter(path)
    with pytest.raises(StoreError, match="damaged"):
        store_in(writer, INBOX, [message(uid) for uid in range(1, 3000)], uidnext=3000)
    writer.close()
    assert path.with_name("mail.db.set-aside").exists()
    writer = MailCacheWriter(path)
    assert writer.known_mailbox(INBOX) is None
    writer.close()


def test_a_cache_that_was_deleted_in_use_is_noticed(path: Path, writer: MailCacheWriter) -> None:
    store_in(writer, INBOX, [message(1)], uidnext=2)
    path.unlink()
    with pytest.raises(StoreError, match="deleted or replaced"):
        store_in(writer, INBOX, [message(2)], uidnext=3)


def test_two_accounts_write_at_once(path: Path, writer: MailCacheWriter) -> None:
    other = MailCacheWriter(path)
    billing = MailboxKey(account=SourceName("Billing"), mailbox="INBOX", uidvalidity=1)
    for uid in range(1, 20):
        store_in(writer, INBOX, [message(uid)], uidnext=uid + 1)
        store_in(other, billing, [message(uid, billing)], uidnext=uid + 1)
    assert all_uids(writer, INBOX) == all_uids(other, billing)
    other.close()


def test_a_second_account_takes_no_lock_from_the_first(path: Path, writer: MailCacheWriter) -> None:
    """Closing a file drops all locks of the process on it; a stranger would then end the log."""
    count = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]);" + (
        "print(c.execute('SELECT count(*) FROM places').fetchone()[0]); c.close()"
    )

    def stranger_counts() -> int:
        command = [sys.executable, "-c", count, str(path)]
        return int(subprocess.run(command, check=True, capture_output=True).stdout)

    store_in(writer, INBOX, [message(1)], uidnext=2)
    other = MailCacheWriter(path)
    assert stranger_counts() == 1
    store_in(writer, INBOX, [message(2)], uidnext=3)
    assert stranger_counts() == 2
    other.close()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="cannot be opened"):
        MailCacheWriter(tmp_path / "file" / "mail.db")


def test_a_full_disk_is_named(path: Path) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE t (x)")
    connection.execute("PRAGMA max_page_count = 2")
    with pytest.raises(StoreError, match="is full"), translated_errors(path):
        connection.executemany("INSERT INTO t VALUES (?)", [("x" * 1000,)] * 100)
    connection.close()


def test_other_database_errors_are_named(path: Path) -> None:
    connection = sqlite3.connect(":memory:")
    with pytest.raises(StoreError, match="cannot be used"), translated_errors(path):
        connection.execute("SELECT * FROM nowhere")
    connection.close()


def test_a_failed_batch_leaves_nothing_behind(path: Path, writer: MailCacheWriter) -> None:
    broken = replace(message(2), subject="\udcff")
    with pytest.raises(UnicodeEncodeError):
        store_in(writer, INBOX, [message(1), broken], uidnext=3)
    assert all_uids(writer, INBOX) == set()
    assert path.exists()
