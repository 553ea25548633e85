"""The fast way and the general way give the same row, or the fast way leaves the line alone."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.domain.health import SourceName
from supportdesk.protocols import imap_bulk
from supportdesk.protocols.imap_bulk import (
    ANSWERED,
    ATTACHMENTS,
    OURS,
    ROBOT,
    SEEN,
    SENT_COPY,
    BulkReader,
    PlaceRow,
    flag_bits,
)
from supportdesk.protocols.imap_envelope import MailboxRole, facts_of_envelope, summary_of
from supportdesk.protocols.imap_parser import parse_response
from supportdesk.protocols.imap_responses import Fetch

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ANN = b'(("Ann =?utf-8?q?=C3=9F?=" NIL "ann" "example.org"))'
US = b'(("Support" NIL "Support" "lab.test"))'


def role(*, is_sent: bool = False) -> MailboxRole:
    return MailboxRole(
        account=SourceName("Support"),
        mailbox="INBOX",
        uidvalidity=7,
        own_addresses=frozenset({"support@lab.test"}),
        is_sent=is_sent,
    )


def line(
    header: bytes = b"Content-Type: text/plain\r\n\r\n",
    *,
    uid: bytes = b"5",
    flags: bytes = b"\\Seen",
    arrival: bytes = b"21-Nov-2026 10:00:00 +0100",
    date: bytes = b'"Sat, 21 Nov 2026 08:59:58 +0000"',
    subject: bytes = b'"Where is my order"',
    sender: bytes = ANN,
    reply_to: bytes = ANN,
    to: bytes = US,
    in_reply_to: bytes = b"NIL",
    message_id: bytes = b'"<1@example.org>"',
) -> bytes:
    people = b" ".join([sender, sender, reply_to, to, b"NIL", b"NIL"])
    return (
        b"* 1 FETCH (UID " + uid + b" FLAGS (" + flags + b') INTERNALDATE "' + arrival + b'"'
        b" RFC822.SIZE 1234 ENVELOPE (" + date + b" " + subject + b" " + people + b" "
        + in_reply_to + b" " + message_id + b")"
        b" BODY[HEADER.FIELDS (REFERENCES CONTENT-TYPE)] {%d}\r\n" % len(header) + header + b")"
    )  # fmt: skip


def general(raw: bytes) -> PlaceRow:
    fetch = parse_response(raw)
    assert isinstance(fetch, Fetch)
    message = summary_of(
        facts_of_envelope(fetch.envelope or [], fetch.header or b""), fetch, role()
    )
    return (
        "Support",
        "INBOX",
        7,
        message.address.uid,
        message.message_id,
        1,
        message.sender.name,
        message.sender.email,
        json.dumps(
            [[one.name, one.email] for one in message.recipients],
            ensure_ascii=False,
            separators=(",", ":"),
        ),
        message.subject,
        "",
        (message.sent_at - _EPOCH) // timedelta(microseconds=1),
        (message.arrived_at - _EPOCH) // timedelta(microseconds=1),
        " ".join(message.references),
        SEEN * message.is_seen
        + ANSWERED * message.is_answered
        + ROBOT * message.is_robot
        + OURS * message.is_ours
        + ATTACHMENTS * message.has_attachments,
        message.size_bytes,
    )


COMMON = [
    line(),
    line(flags=b"\\Answered \\SEEN $label"),
    line(flags=b""),
    line(flags=b"\\Seen) MODSEQ (77"),
    line(b"References: <a@x>\r\n <b@x>\tjunk <c d>\r\nContent-Type: Multipart/Mixed; b=c\r\n\r\n"),
    line(b"references:<a@x> <b@x> <a@x>\r\n\r\n", in_reply_to=b'"<b@x> <d@x> (a comment)"'),
    line(b"\r\n", in_reply_to=b'"<b@x>"'),
    line(b"X: y\r\nReferences: " + b" ".join(b"<%d@x>" % n for n in range(150)) + b"\r\n\r\n"),
    line(b"Auto-Submitted: auto-replied\r\n\r\n"),
    line(b"Auto-Submitted: no\r\nPrecedence: first-class\r\n\r\n"),
    line(b"List-Id: <x>\r\nContent-Type: text/plain; x=multipart/mixed\r\n\r\n"),
    line(b"Precedence: bulk\r\n\r\n"),
    line(subject=b"NIL"),
    line(subject=b'"=?utf-8?b?w4TDpA==?= a\\"b\\\\  c"'),
    line(subject=b'"=?utf-8?q?Gr=C3=BC=C3=9Fe?="'),
    line(subject=b'"' + b"long " * 200 + b'"'),
    line(arrival=b" 1-Nov-2026 23:59:59 -0930"),
    line(arrival=b"01-Nov-2026 00:00:00 +0000"),
    line(date=b"NIL"),
    line(date=b'""'),
    line(date=b'"1 Jan 1904 00:00:00 +0000"'),
    line(date=b'"Fri, 1 Jan 2099 00:00:00 +0000"'),
    line(date=b'"Sat, 21 Nov 2026 08:59:58 +0100 (CET)"'),
    line(date=b'"21 Nov 26 8:59 GMT"'),
    line(date=b'"yesterday"'),
    line(sender=US, reply_to=ANN),
    line(sender=b'((NIL NIL "no-reply" "shop.example"))', reply_to=ANN),
    line(sender=b'((NIL NIL "no-reply" "shop.example"))', reply_to=US),
    line(sender=b"NIL", reply_to=b"NIL", to=b"NIL"),
    line(to=b'((NIL NIL "friends" NIL)("A, B" NIL "a" "x") ("C\\"" NIL "c" "x")(NIL NIL NIL NIL))'),
    line(to=b"(" + b'("A" NIL "a" "x")' * 60 + b")"),
]


@pytest.mark.parametrize("raw", COMMON)
def test_both_ways_give_the_same_row(raw: bytes) -> None:
    reader = BulkReader(role())
    assert reader.read(raw) == general(raw)
    assert reader.read(raw) == general(raw)


ODD = [
    b"* 1 FETCH (UID 5 FLAGS (\\Seen))",
    b"* 1 EXISTS",
    line(subject=b'"\xc3\xa4"'),
    line(subject=b'"\x1b$B$3$s$K$A$O\x1b(B"'),
    line(subject=b"{2}\r\nab"),
    line(message_id=b"NIL"),
    line(message_id=b'"1@example.org"'),
    line(message_id=b'"<1\x7f@example.org>"'),
    line(uid=b"0"),
    line(uid=b"9999999999"),
    line(arrival=b"21-Nov-2026 10:00:60 +0100"),
    line(arrival=b"21-Nov-2026 24:00:00 +0100"),
    line(arrival=b"21-Nov-2026 10:60:00 +0100"),
    line(arrival=b"31-Feb-2026 10:00:00 +0100"),
    line(date=b'"Sat, 21 Nov 2026 25:59:58 +0100"'),
    line(date=b'"31 Feb 2026 08:59:58 +0100"'),
    line(b"References: <a\x7fb@x>\r\n\r\n"),
    line(b"References: <a@x>\rX: <b@x>\r\n\r\n"),
    line()[:-1],
    line() + b")",
]


@pytest.mark.parametrize("raw", ODD)
def test_what_is_odd_is_left_to_the_general_way(raw: bytes) -> None:
    assert BulkReader(role()).read(raw) is None


def test_the_copy_in_sent_is_marked() -> None:
    row = BulkReader(role(is_sent=True)).read(line(sender=US, reply_to=US))
    assert row is not None
    assert row[14] == SEEN | OURS | SENT_COPY


def test_the_flags_that_a_row_keeps() -> None:
    assert flag_bits(frozenset({"\\seen", "\\flagged"})) == SEEN
    assert flag_bits(frozenset({"\\answered"})) == ANSWERED


def test_people_are_not_remembered_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap_bulk, "_REMEMBERED", 3)
    reader = BulkReader(role())
    for number in range(10):
        raw = line(sender=b'((NIL NIL "p%d" "x"))' % number)
        assert reader.read(raw) == general(raw)


_TEXT = st.text(
    alphabet=st.characters(min_codepoint=32, max_codepoint=126, exclude_characters='"\\'),
    max_size=60,
).map(lambda text: text.encode("ascii"))


@given(
    subject=_TEXT,
    name=_TEXT,
    date=_TEXT,
    answered=_TEXT,
    header=st.text(alphabet="<>@ ab:\r\nReferncsContentTypmulix/-", max_size=80),
)
def test_whatever_is_read_fast_is_read_alike(
    subject: bytes, name: bytes, date: bytes, answered: bytes, header: str
) -> None:
    raw = line(
        header.encode("ascii"),
        subject=b'"' + subject + b'"',
        sender=b'(("' + name + b'" NIL "ann" "example.org"))',
        date=b'"' + date + b'"',
        in_reply_to=b'"' + answered + b'"',
    )
    row = BulkReader(role()).read(raw)
    assert row is None or row == general(raw)
