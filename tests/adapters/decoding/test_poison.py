"""Poison takes bounded work and memory, says what is wrong, and stops nothing."""

import time
import tracemalloc

import pytest

from supportdesk.adapters.mail.message_reader import MAX_TEXT, MessageContent, read_message
from supportdesk.adapters.mail.part_list import MAX_PARTS_SHOWN
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import Mailer, MessageAddress, MessageId, MessageSummary
from tests.adapters.decoding.case import ARRIVED, mail, plain
from tests.adapters.decoding.poison import MEGABYTE, POISON

_TIMES_THE_FLOOR = 150
_LARGE = ("an RTF that explodes", "a winmail that lies", "20,000 parts", "1,000 nested messages")


def read(raw: bytes) -> MessageContent:
    known = MessageSummary(
        account=SourceName("Support"),
        message_id=MessageId("<poison@example.org>"),
        address=MessageAddress(mailbox="INBOX", uidvalidity=1, uid=1),
        sender=Mailer(name="", email="ann@example.org"),
        sent_at=ARRIVED,
        arrived_at=ARRIVED,
        size_bytes=len(raw),
    )
    return read_message(raw, known)


def work_of(raw: bytes) -> float:
    begun = time.process_time()
    read(raw)
    return time.process_time() - begun


@pytest.fixture(scope="module")
def floor() -> float:
    """The work for ordinary words of a megabyte, on this machine as it is now."""
    ordinary = mail(plain(b"These are ordinary words, one line after the other.\n" * 20_000))
    return max(work_of(ordinary) for _ in range(3))


@pytest.mark.parametrize("name", list(POISON))
def test_poison_takes_bounded_work(name: str, floor: float) -> None:
    raw = POISON[name]()
    assert work_of(raw) < _TIMES_THE_FLOOR * floor
    text = read(raw).text
    assert len(text.text) <= MAX_TEXT
    assert len(text.parts) <= MAX_PARTS_SHOWN * 4
    assert len(text.cards) <= 60
    for card in text.cards:
        assert len(repr(card)) < 100_000


@pytest.mark.parametrize("name", _LARGE)
def test_poison_takes_bounded_memory(name: str) -> None:
    raw = POISON[name]()
    tracemalloc.start()
    try:
        read(raw)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4 * len(raw) + 60 * MEGABYTE


@pytest.mark.parametrize(
    ("name", "notice"),
    [
        ("1,000 nested messages", "too many parts"),
        ("1,000 nested multiparts", "too many parts"),
        ("20,000 parts", "too many parts"),
        ("an unbroken word of 1 MB", "very long"),
        ("5 MB of quotes", "very long"),
        ("letters of no charset", "could not be decoded"),
        ("NULs in the body", "could not be decoded"),
        ("broken base64", "could not be decoded"),
    ],
)
def test_poison_says_what_is_wrong(name: str, notice: str) -> None:
    assert any(notice in one for one in read(POISON[name]()).text.notices)


def test_what_is_ordinary_in_poison_is_read() -> None:
    assert read(POISON["an attachment of 50 MB"]()).text.text == "Hello"
    assert read(POISON["100,000 header fields"]()).text.text == "body"
    assert read(POISON["a header line of 10 MB"]()).text.text == "body"
    assert len(read(POISON["100,000 recipients"]()).summary.recipients) == 50
    for name in ("a winmail that lies", "a winmail in a winmail, 30 deep"):
        content = read(POISON[name]())
        assert content.text.text == "Hello"
        assert content.summary.subject == "Question"
