"""The head of what we send, read back by our own reader and by the standard library's."""

import email
import email.policy
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from supportdesk.adapters.mail.mail_head import (
    HARD_LINE,
    MAX_NAME,
    date_field,
    envelope_addresses,
    ids_field,
    people_field,
    text_field,
)
from supportdesk.domain.errors import SupportDeskError
from supportdesk.domain.mail import Mailer, MessageId
from supportdesk.domain.mail_addresses import wire_address
from supportdesk.protocols.header_text import clean_text, decode_words
from supportdesk.protocols.mail_headers import parse_ids, parse_mailers, split_fields

NASTY = (
    "\r\nBcc: eve@example.com",
    "\nX: y",
    "\r",
    "\x00",
    "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029",
    "\udc80",
    "\u202egpj.exe\u202c",
    "=?utf-8?q?not_ours?=",
    "=?",
    '"',
    "\\",
    "<>",
    ", ",
    "(a)",
    "مرحبا بالعالم",
    "👩‍👩‍👧",
    "a" * 200,
)
TEXTS = st.lists(st.one_of(st.sampled_from(NASTY), st.text(max_size=30)), max_size=6).map("".join)
IDS = st.from_regex(r"<[!-;=?-~]{1,400}>", fullmatch=True).map(MessageId)
EMAILS = st.builds(
    "{}@{}".format,
    st.one_of(
        st.from_regex(r"[a-z0-9.+'-]{1,20}", fullmatch=True),
        st.sampled_from(['"a b"', '"a,b"', '"a@b"', '"a:b"', '"a\\"b"']),
    ),
    st.sampled_from(["example.com", "müller.example", "faß.example", "[192.0.2.1]"]),
)
PEOPLE = st.builds(lambda name, email: Mailer(name=name, email=email), TEXTS, EMAILS)


def one_field(raw: bytes) -> bytes:
    """The value of the only field in it, of bounded lines."""
    assert raw.endswith(b"\r\n")
    lines = raw[:-2].split(b"\r\n")
    assert all(len(line) <= HARD_LINE and line.isascii() for line in lines)
    assert all(line.startswith(b" ") and line.strip() for line in lines[1:])
    assert not any(sign in line for line in lines for sign in (b"\r", b"\n", b"\0"))
    fields = split_fields(raw)
    assert len(fields) == 1
    return fields[0][1]


def by_library(raw: bytes, name: str) -> str:
    message = email.message_from_bytes(raw + b"\r\n", policy=email.policy.default)
    assert list(message.keys()) == [name]
    return str(message[name])


def _joined(name: str) -> str:
    return name.replace(" ", "")


@given(TEXTS)
@example("=?utf-8?q?x?=")
@example("Re: " + "Příliš žluťoučký kůň " * 8)
@example("😀" * 60)
@example("one two  three\tfour")
def test_a_subject_is_read_back(text: str) -> None:
    raw = text_field("Subject", text)
    clean = clean_text(text, 2000)
    assert decode_words(one_field(raw)) == clean
    assert by_library(raw, "Subject") == clean


@given(st.lists(PEOPLE, min_size=1, max_size=5))
@example([Mailer(name='O\'Brien, "Bob" \\', email="ann@example.com")])
@example([Mailer(name="Ann (Sales); <eve@example.com>", email="ann@example.com")])
@example([Mailer(name="", email="ann@example.com"), Mailer(name="Bob", email="bob@example.com")])
def test_people_are_read_back(people: list[Mailer]) -> None:
    raw = people_field("To", people)
    expected = [
        Mailer(
            name=clean_text(one.name, MAX_NAME).strip("'\" "), email=wire_address(one.email) or ""
        )
        for one in people
    ]
    assert list(parse_mailers(one_field(raw))) == expected
    message = email.message_from_bytes(raw + b"\r\n", policy=email.policy.default)
    found = [(one.display_name, one.addr_spec) for one in message["To"].addresses]
    assert [wire_address(address) for _, address in found] == [one.email for one in expected]
    # The library puts a space between adjacent encoded words of a name (python/cpython#128110).
    assert [_joined(name) for name, _ in found] == [_joined(one.name) for one in expected]


@given(st.lists(IDS, min_size=1, max_size=30))
@example([MessageId("<" + "x" * 990 + ">")])
def test_ids_stay_to_the_letter(ids: list[MessageId]) -> None:
    for name in ("References", "In-Reply-To", "Message-ID"):
        raw = ids_field(name, ids)
        assert parse_ids(one_field(raw)) == tuple(ids)
        assert all(one.encode() in raw for one in ids)


def test_ids_that_cannot_be_written_are_left_out() -> None:
    ids = map(
        MessageId, ("<é@example.com>", "<a b@c>", "<a@b>\r\nBcc: x", "", "plain", "<ok@here>")
    )
    assert ids_field("References", ids) == b"References: <ok@here>\r\n"
    assert ids_field("In-Reply-To", [MessageId("<é@example.com>")]) == b""


def test_a_short_head_looks_as_one_would_write_it() -> None:
    assert text_field("Subject", "Re: Bread") == b"Subject: Re: Bread\r\n"
    assert text_field("Subject", "") == b"Subject: \r\n"
    ann = Mailer(name="Ann Smith", email="ann@example.com")
    assert people_field("To", [ann]) == b"To: Ann Smith <ann@example.com>\r\n"
    bob = Mailer(name="Smith, Bob", email="bob@example.com")
    assert people_field("Cc", [bob]) == b'Cc: "Smith, Bob" <bob@example.com>\r\n'
    joerg = Mailer(name="Jörg", email="info@müller.example")
    assert people_field("To", [joerg]) == (
        b"To: =?utf-8?q?J=C3=B6rg?= <info@xn--mller-kva.example>\r\n"
    )
    assert people_field("To", []) == b"To: undisclosed-recipients:;\r\n"


def test_long_subjects_are_folded_at_spaces_and_nothing_is_added() -> None:
    subject = " ".join(["answer"] * 40)
    raw = text_field("Subject", subject)
    assert max(map(len, raw.split(b"\r\n"))) <= 76
    assert b"=?" not in raw
    assert decode_words(one_field(raw)) == subject


def test_a_thousand_people() -> None:
    people = [Mailer(name=f"Žofie {n}", email=f"u{n}@example.org") for n in range(1000)]
    raw = people_field("To", people)
    assert len(parse_mailers(one_field(raw), limit=2000)) == 1000
    assert max(map(len, raw.split(b"\r\n"))) <= 76
    assert len(envelope_addresses(people)) == 1000


@pytest.mark.parametrize("address", ["jörg@example.com", "ann", "a@b\r\nBcc: eve@example.com", ""])
@pytest.mark.parametrize(
    "wired",
    [lambda people: people_field("To", people), lambda people: envelope_addresses(people)],
    ids=["head", "envelope"],
)
def test_an_address_that_cannot_be_written_is_named(
    address: str, wired: Callable[[list[Mailer]], object]
) -> None:
    with pytest.raises(SupportDeskError) as caught:
        wired([Mailer(name="Jörg", email=address)])
    assert "no address that mail can be sent to" in caught.value.title
    assert caught.value.title.isprintable()


def test_everybody_is_told_to_the_server_once() -> None:
    people = [
        Mailer(name="A", email="ann@example.com"),
        Mailer(name="B", email="Ann@Example.com"),
        Mailer(name="C", email='"a b"@müller.example'),
    ]
    assert envelope_addresses(people) == ("Ann@Example.com", '"a b"@xn--mller-kva.example')


def test_the_date_carries_its_zone() -> None:
    at = datetime(2026, 11, 22, 9, 5, 7, tzinfo=timezone(timedelta(hours=1)))
    assert date_field(at) == b"Date: Sun, 22 Nov 2026 09:05:07 +0100\r\n"
    assert date_field(at.astimezone(UTC)).endswith(b"08:05:07 +0000\r\n")
