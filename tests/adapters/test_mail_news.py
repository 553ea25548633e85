"""Who is told one by one: the newest, and whatever can be news. The rest is told as a heap."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from supportdesk.adapters.mail.baselines import Baselines
from supportdesk.adapters.storage.mail_batch import MailboxKey
from supportdesk.adapters.storage.mail_cache import MailCacheWriter
from supportdesk.adapters.storage.mail_rows import place_row
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import Mailer, MessageAddress, MessageId, MessageSummary
from supportdesk.domain.settings import MailSettings
from supportdesk.protocols.imap_bulk import ANSWERED, PlaceRow
from supportdesk.protocols.mailbox_sync import OpenedMailbox
from supportdesk.services.ports import Baseline
from tests.adapters.mail_examples import store_in

SUPPORT = SourceName("Support")
INBOX = MailboxKey(account=SUPPORT, mailbox="INBOX", uidvalidity=1)
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[MailCacheWriter]:
    cache = MailCacheWriter(tmp_path / "mail.db")
    yield cache
    cache.close()


def baseline(**changes: object) -> Baseline:
    known = Baseline(account=SUPPORT, mailbox="INBOX", uidvalidity=1, uidnext=101, at=NOW)
    return replace(known, **changes)  # type: ignore[arg-type]  # any field of it


def message(uid: int, *, uidvalidity: int = 1, hours: float | None = None) -> MessageSummary:
    at = NOW + timedelta(hours=uid - 101 if hours is None else hours)
    return MessageSummary(
        account=SUPPORT,
        message_id=MessageId(f"<{uid}@x>"),
        address=MessageAddress(mailbox="INBOX", uidvalidity=uidvalidity, uid=uid),
        sender=Mailer(name="", email="ann@example.org"),
        sent_at=at,
        arrived_at=at,
    )


def rows(*messages: MessageSummary) -> list[PlaceRow]:
    return [place_row(one, is_main=True) for one in messages]


def uids(messages: tuple[MessageSummary, ...]) -> list[int]:
    return [one.address.uid for one in messages]


def test_the_newest_are_told_and_the_rest_is_a_heap(writer: MailCacheWriter) -> None:
    first = rows(*(message(uid) for uid in range(91, 101)))
    stored = writer.store_rows(INBOX, first, uidnext=101, baseline=baseline(), told_newest=10)
    assert uids(stored.arrived) == list(range(91, 101))
    assert not stored.has_history
    older = rows(*(message(uid) for uid in range(81, 91)))
    stored = writer.store_rows(INBOX, older, uidnext=101, baseline=baseline(), told_newest=10)
    assert stored.arrived == ()
    assert stored.has_history
    assert stored.uids == set(range(81, 91))


def test_whatever_can_be_news_is_told_however_much_of_it_there_is(
    writer: MailCacheWriter,
) -> None:
    """As after an absence, also when mail.db was deleted meanwhile."""
    news = rows(*(message(uid) for uid in range(51, 151)))
    stored = writer.store_rows(INBOX, news, uidnext=151, baseline=baseline(), told_newest=3)
    assert uids(stored.arrived) == list(range(101, 151))
    assert stored.has_history


def test_under_another_uidvalidity_the_arrival_decides(writer: MailCacheWriter) -> None:
    key = replace(INBOX, uidvalidity=2)
    before, after = message(500, uidvalidity=2, hours=-1), message(3, uidvalidity=2, hours=1)
    newest = message(900, uidvalidity=2, hours=2)
    stored = writer.store_rows(
        key, rows(before, after, newest), uidnext=901, baseline=baseline(), told_newest=1
    )
    assert uids(stored.arrived) == [3, 900]


def test_without_a_baseline_all_but_the_newest_is_history(writer: MailCacheWriter) -> None:
    stored = writer.store_rows(INBOX, rows(message(1), message(2)), uidnext=3, told_newest=1)
    assert uids(stored.arrived) == [2]


def test_what_arrived_last_is_told_wherever_its_uid_is(writer: MailCacheWriter) -> None:
    """A mailbox that was copied in any order: the window keeps the newest by arrival."""
    odd = message(1, hours=50)
    stored = writer.store_rows(INBOX, rows(odd, message(2), message(3)), uidnext=4, told_newest=1)
    assert uids(stored.arrived) == [1, 3]


def test_old_flags_and_losses_are_a_heap_too(writer: MailCacheWriter) -> None:
    everything = [message(uid) for uid in range(1, 2003)]
    writer.store_rows(INBOX, rows(*everything), uidnext=2003, baseline=baseline(uidnext=2003))
    history = baseline(uidnext=2003)
    reflagged = writer.save_flags(INBOX, {1: ANSWERED, 2002: ANSWERED}, history)
    assert uids(reflagged.changed) == [2002]
    assert reflagged.has_history
    assert not writer.save_flags(INBOX, {1: ANSWERED}, history).has_history
    removed = writer.remove(INBOX, [1, 2], history)
    assert removed.gone == ()
    assert removed.has_history
    reading = replace(everything[5], preview="first words")
    assert writer.save_reading(reading, baseline=baseline(uidnext=2003)).changed == (reading,)


def test_what_a_run_that_died_may_not_have_told(writer: MailCacheWriter) -> None:
    store_in(writer, INBOX, [message(99), message(100), message(101)], uidnext=102)
    assert uids(tuple(writer.untold(baseline()))) == [101]
    writer.save_told(SUPPORT, writer.last_place())
    assert writer.untold(baseline()) == []
    store_in(writer, INBOX, [message(102)], uidnext=103)
    assert uids(tuple(writer.untold(baseline()))) == [102]
    assert uids(tuple(writer.untold(baseline(uidvalidity=9, at=NOW + timedelta(days=9))))) == []


SETTINGS = MailSettings(name=SUPPORT, address="s@x", host="mail.x", user="s@x")
OPENED = OpenedMailbox(uidvalidity=1, uidnext=42, highestmodseq=0, exists=9)


def test_the_first_look_makes_all_that_lies_there_history() -> None:
    baselines = Baselines(SETTINGS)
    assert baselines.of("INBOX") is None
    made = baselines.opened("INBOX", OPENED, NOW)
    assert (made.uidvalidity, made.uidnext, made.at) == (1, 42, NOW)
    assert baselines.opened("INBOX", replace(OPENED, uidnext=50), NOW) == made
    assert baselines.of("INBOX") == made
    assert baselines.take_kept() == []


def test_a_baseline_of_the_desk_holds_for_the_same_user_only() -> None:
    baselines = Baselines(SETTINGS, [baseline(user="s@x"), baseline(mailbox="Sent", user="other")])
    assert baselines.opened("INBOX", OPENED, NOW).uidnext == 101
    assert baselines.opened("Sent", OPENED, NOW).uidnext == 42
    assert [one.mailbox for one in baselines.take_kept()] == ["INBOX", "Sent"]
    assert baselines.take_kept() == []
