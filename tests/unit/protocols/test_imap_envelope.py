"""FETCH answers become message summaries."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import Mailer, MessageAddress, MessageId, MessageSummary
from supportdesk.protocols.imap_envelope import (
    MAX_RECIPIENTS,
    MailboxRole,
    facts_of_envelope,
    facts_of_header,
    fingerprint,
    id_among_same,
    id_of_all,
    summary_of,
)
from supportdesk.protocols.imap_responses import Fetch, Token

ROLE = MailboxRole(
    account=SourceName("Support"),
    mailbox="INBOX",
    uidvalidity=7,
    own_addresses=frozenset({"support@lab.test"}),
    is_sent=False,
)
ANN: Token = [b"=?utf-8?q?Ann_=C3=9F?=", None, b"ann", b"example.org"]
US: Token = [None, None, b"Support", b"lab.test"]
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


def envelope(
    *,
    date: bytes | None = b"Sat, 21 Nov 2026 09:00:00 +0000",
    subject: bytes | None = b"Where is\r\n my order",
    sender: Token = None,
    reply_to: Token = None,
    in_reply_to: bytes | None = None,
    message_id: bytes | None = b"<1@example.org>",
) -> list[Token]:
    people: Token = [ANN] if sender is None else sender
    return [date, subject, people, people, reply_to, [US], None, None, in_reply_to, message_id]


def summary(
    items: list[Token], header: bytes = b"", *, flags: frozenset[str] = frozenset()
) -> MessageSummary:
    fetch = Fetch(seq=1, uid=5, flags=flags, internaldate=b"21-Nov-2026 10:00:00 +0000", size=1234)
    return summary_of(facts_of_envelope(items, header), fetch, ROLE)


def test_an_ordinary_message() -> None:
    header = b"References: <r1@x> <r2@x>\r\nAuto-Submitted: no\r\n\r\n"
    found = summary(envelope(in_reply_to=b"<r2@x>"), header, flags=frozenset({"\\seen"}))
    assert found == MessageSummary(
        account=SourceName("Support"),
        message_id=found.message_id,
        address=MessageAddress(mailbox="INBOX", uidvalidity=7, uid=5),
        sender=Mailer(name="Ann ß", email="ann@example.org"),
        recipients=(Mailer(name="", email="Support@lab.test"),),
        subject="Where is my order",
        sent_at=datetime(2026, 11, 21, 9, 0, tzinfo=UTC),
        arrived_at=NOW,
        references=found.references,
        is_seen=True,
        size_bytes=1234,
    )
    assert found.message_id == "<1@example.org>"
    assert found.references == ("<r1@x>", "<r2@x>")


def test_flags_robots_and_our_own() -> None:
    found = summary(envelope(sender=[US]), b"List-Id: <x>\r\n\r\n", flags=frozenset({"\\answered"}))
    assert found.is_ours
    assert found.is_robot
    assert found.is_answered
    assert not found.is_seen


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [(b'Multipart/Mixed; boundary="b"', True), (b"multipart/alternative", False), (b"", False)],
)
def test_a_mixed_message_is_likely_to_have_attachments(content_type: bytes, expected: bool) -> None:
    header = b"Content-Type: " + content_type + b"\r\n\r\n"
    assert summary(envelope(), header).has_attachments is expected


@pytest.mark.parametrize(
    "date", [None, b"nonsense", b"1 Jan 1904 00:00:00 +0000", b"1 Jan 2099 0:00"]
)
def test_a_missing_or_absurd_date_is_the_arrival(date: bytes | None) -> None:
    assert summary(envelope(date=date)).sent_at == NOW


def test_without_any_date_there_still_is_one() -> None:
    found = summary_of(facts_of_envelope([], b""), Fetch(seq=1), ROLE)
    assert found.sent_at == found.arrived_at == datetime(1970, 1, 1, tzinfo=UTC)
    assert found.address.uid == 0
    assert found.sender == Mailer(name="", email="")


def test_without_message_id_one_is_made_that_survives_a_move() -> None:
    first = summary(envelope(message_id=None))
    moved = Fetch(seq=9, uid=99, internaldate=b"21-Nov-2026 10:00:00 +0000", size=1234)
    facts = facts_of_envelope(envelope(message_id=None), b"")
    assert summary_of(facts, moved, ROLE).message_id == first.message_id
    assert summary(envelope(message_id=None, subject=b"other")).message_id != first.message_id
    assert first.message_id.endswith("@without-message-id.invalid>")


@pytest.mark.parametrize(
    ("reply_to", "expected"),
    [
        ([ANN], Mailer(name="Ann ß", email="ann@example.org")),
        ([US, ANN], Mailer(name="Ann ß", email="ann@example.org")),
        ([US], Mailer(name="", email="Support@lab.test")),
        ([[None, None, b"noreply", b"x"]], Mailer(name="", email="Support@lab.test")),
        ([[b"No address", None, b"", b""]], Mailer(name="", email="Support@lab.test")),
        (None, Mailer(name="", email="Support@lab.test")),
    ],
)
def test_a_contact_form_names_the_customer_in_reply_to(reply_to: Token, expected: Mailer) -> None:
    found = summary(envelope(sender=[US], reply_to=reply_to))
    assert found.sender == expected
    assert found.is_ours == (expected.email == "Support@lab.test")


def test_reply_to_of_an_ordinary_sender_changes_nothing() -> None:
    assert summary(envelope(reply_to=[US])).sender.email == "ann@example.org"


def test_odd_address_lists() -> None:
    group: Token = [[None, None, b"team", None], ANN, [None, None, None, None], b"x", [b"short"]]
    assert summary(envelope(sender=group)).sender.email == "ann@example.org"
    crowd: Token = [[None, None, b"p%d" % number, b"x"] for number in range(200)]
    items = envelope()
    items[5] = crowd
    items[6] = crowd
    assert len(summary(items).recipients) == MAX_RECIPIENTS


def test_sender_line_stands_in_for_a_missing_from() -> None:
    items = envelope(sender=[])
    items[3] = [ANN]
    assert summary(items).sender.email == "ann@example.org"


def test_raw_letters_in_the_subject_follow_the_body() -> None:
    header = b'Content-Type: text/plain; charset="ISO-8859-2"; x=y\r\n\r\n'
    assert summary(envelope(subject="Dotaz č.".encode("iso-8859-2")), header).subject == "Dotaz č."
    assert summary(envelope(), b"Content-Type: text/plain\r\n\r\n").subject == "Where is my order"


HEADER = b"""Received: from x by y; Sat, 21 Nov 2026 08:00:00 +0000
From: Ann <ann@example.org>
Reply-To: <other@example.org>
To: support@lab.test
Cc: bob@example.org
Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=
Message-ID: <7@example.org>
References: <r1@x>
In-Reply-To: <r1@x>
"""


def test_a_whole_header() -> None:
    facts = facts_of_header(HEADER)
    assert facts.message_id == "<7@example.org>"
    assert facts.sender == Mailer(name="Ann", email="ann@example.org")
    assert [one.email for one in facts.recipients] == ["support@lab.test", "bob@example.org"]
    assert facts.reply_to[0].email == "other@example.org"
    assert facts.subject == "Grüße"
    assert facts.references == ("<r1@x>",)
    assert facts.date == datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def test_an_empty_header() -> None:
    facts = facts_of_header(b"Sender: Bob <bob@x>\n")
    assert facts.message_id is None
    assert facts.sender.email == "bob@x"
    assert facts_of_header(b"").sender == Mailer(name="", email="")
    assert facts_of_header(b"").date is None


def test_fingerprints_tell_messages_apart() -> None:
    ann = Mailer(name="Ann", email="Ann@x")
    assert fingerprint(ann, NOW) == fingerprint(Mailer(name="", email="ann@X"), NOW)
    assert fingerprint(ann, NOW) != fingerprint(ann, NOW.replace(second=1))


def test_one_of_several_with_the_same_id_has_a_name_of_its_own() -> None:
    name = id_among_same("<1@shop>", fingerprint(Mailer(name="", email="ann@x"), NOW))
    assert re.fullmatch(r"<[0-9a-f]{16}\.1@shop>", name)
    assert id_of_all(name) == "<1@shop>"
    assert id_of_all(MessageId("<1@shop>")) is None


tokens: st.SearchStrategy[Token] = st.recursive(
    st.one_of(st.none(), st.binary(max_size=20)),
    lambda inner: st.lists(inner, max_size=4),
    max_leaves=20,
)


@given(items=st.lists(tokens, max_size=14), header=st.binary(max_size=80))
def test_any_envelope_gives_a_summary(items: list[Token], header: bytes) -> None:
    found = summary(items, header)
    assert found.key.startswith("mail/Support/")
