"""Transcripts become values however they are split; garbage ends in one kind of error."""

import contextlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.domain.errors import PeerProtocolError
from supportdesk.protocols import imap_parser as imap
from supportdesk.protocols.imap_parser import ResponseFramer, parse_response, parse_tokens
from supportdesk.protocols.imap_responses import (
    Bye,
    Capability,
    Continuation,
    Exists,
    Expunge,
    Fetch,
    ListedMailbox,
    MailboxStatus,
    OtherResponse,
    Response,
    Search,
    TaggedStatus,
    UntaggedStatus,
    Vanished,
)

TRANSCRIPT: list[tuple[bytes, Response]] = [
    (b"+ idling", Continuation()),
    (b"* 23 EXISTS", Exists(count=23)),
    (b"* 4 expunge", Expunge(seq=4)),
    (b"* 1 RECENT", OtherResponse(line=b"* 1 RECENT")),
    (
        b"* OK [UIDNEXT 7] Predicted next UID",
        UntaggedStatus(status="OK", code="UIDNEXT 7", text="Predicted next UID"),
    ),
    (b"* OK Still here {5}", UntaggedStatus(status="OK", code="", text="Still here {5}")),
    (b"* BYE Too many connections", Bye(text="Too many connections")),
    (
        b"S1 OK [READ-ONLY] Done",
        TaggedStatus(tag="S1", status="OK", code="READ-ONLY", text="Done"),
    ),
    (b"S2 NO Nope {3}", TaggedStatus(tag="S2", status="NO", code="", text="Nope {3}")),
    (b"* VANISHED (EARLIER) 41,43:45", Vanished(ranges=((41, 41), (43, 45)), is_earlier=True)),
    (b"* VANISHED 9", Vanished(ranges=((9, 9),))),
    (b"* SEARCH 2 84 882", Search(uids=(2, 84, 882))),
    (b"* SEARCH 2 5 (MODSEQ 917)", Search(uids=(2, 5))),
    (b"* SEARCH 9 1 2 3", Search(uids=(9, 1, 2, 3))),
    (b"* SEARCH", Search()),
    (b'* ESEARCH (TAG "S4") UID ALL 4:1,7', Search(ranges=((1, 4), (7, 7)))),
    (b'* ESEARCH (TAG "S4") UID', Search()),
    (b"* CAPABILITY IMAP4rev1 Idle", Capability(names=frozenset({"IMAP4REV1", "IDLE"}))),
    (
        b'* LIST (\\HasNoChildren \\Sent) "/" "Sent Mail"',
        ListedMailbox(attributes=frozenset({"\\hasnochildren", "\\sent"}), name=b"Sent Mail"),
    ),
    (b"* LIST () NIL INBOX", ListedMailbox(attributes=frozenset(), name=b"INBOX")),
    (
        b'* LIST () "/" {5}\r\nA"B\\C',
        ListedMailbox(attributes=frozenset(), name=b'A"B\\C'),
    ),
    (
        b"* STATUS Sent (MESSAGES 3 UIDNEXT 9 UIDVALIDITY 2 HIGHESTMODSEQ 1)",
        MailboxStatus(messages=3, uidnext=9, uidvalidity=2, highestmodseq=1),
    ),
    (b"* STATUS Sent (MESSAGES 3)", MailboxStatus(messages=3)),
    (b"* FLAGS (\\Seen)", OtherResponse(line=b"* FLAGS (\\Seen)")),
    (b"", OtherResponse(line=b"")),
    (
        b"* 2 FETCH (FLAGS (\\Seen \\Answered))",
        Fetch(seq=2, flags=frozenset({"\\seen", "\\answered"})),
    ),
    (
        b'* 12 FETCH (UID 5 INTERNALDATE "21-Nov-2026 10:00:00 +0000" RFC822.SIZE 44 MODSEQ (7)'
        b' ENVELOPE ("d" "a \\"b\\"" NIL) BODY[HEADER.FIELDS (REFERENCES)] {4}\r\na)(b BODY[]<0>'
        b" {3}\r\n\r\n\x00)",
        Fetch(
            seq=12,
            uid=5,
            internaldate=b"21-Nov-2026 10:00:00 +0000",
            size=44,
            envelope=[b"d", b'a "b"', None],
            header=b"a)(b",
            body=b"\r\n\x00",
            sections=(("", b"\r\n\x00"),),
        ),
    ),
    (
        b"* 1 FETCH (BODY[] NIL ENVELOPE NIL INTERNALDATE NIL BODYSTRUCTURE NIL)",
        Fetch(seq=1, sections=(("", b""),)),
    ),
    (
        b'* 1 FETCH (BODYSTRUCTURE ("TEXT" NIL) BODY[1.MIME] "a" BODY[2.1]<262144> "b")',
        Fetch(
            seq=1,
            body=b"b",
            structure=[b"TEXT", None],
            sections=(("1.MIME", b"a"), ("2.1", b"b")),
        ),
    ),
]


@pytest.mark.parametrize(("raw", "expected"), TRANSCRIPT, ids=lambda value: repr(value)[:40])
def test_each_response_is_understood(raw: bytes, expected: Response) -> None:
    assert parse_response(raw) == expected


def test_tagged_status_knows_success() -> None:
    assert parse_response(b"S1 OK x") == TaggedStatus(tag="S1", status="OK", code="", text="x")
    assert TaggedStatus(tag="S1", status="OK", code="", text="").is_ok
    assert not TaggedStatus(tag="S1", status="NO", code="", text="").is_ok


WIRE = b"".join(raw + b"\r\n" for raw, _ in TRANSCRIPT)


def test_one_byte_at_a_time() -> None:
    framer = ResponseFramer()
    found = [raw for index in range(len(WIRE)) for raw in framer.receive(WIRE[index : index + 1])]
    assert found == [raw for raw, _ in TRANSCRIPT]


@given(cuts=st.lists(st.integers(0, len(WIRE)), max_size=30))
def test_any_split_gives_the_same(cuts: list[int]) -> None:
    framer = ResponseFramer()
    edges = [0, *sorted(cuts), len(WIRE)]
    found = [raw for start, end in pairwise(edges) for raw in framer.receive(WIRE[start:end])]
    assert found == [raw for raw, _ in TRANSCRIPT]


def test_a_bare_line_feed_ends_a_line() -> None:
    assert ResponseFramer().receive(b"* 1 EXISTS\n* 2 EXISTS\r\n") == [b"* 1 EXISTS", b"* 2 EXISTS"]


GARBAGE = st.one_of(
    st.binary(max_size=200),
    st.lists(
        st.sampled_from(
            [
                *[
                    b"* ",
                    b"1 ",
                    b"FETCH ",
                    b"(",
                    b")",
                    b'"',
                    b"\\",
                    b"{3}\r\n",
                    b"{99}\r\n",
                    b"NIL",
                ],
                *[b"UID ", b"ENVELOPE ", b"LIST ", b"STATUS ", b"ESEARCH ", b"VANISHED ", b"OK "],
                *[b"BODY[", b"]", b" ", b"\r\n", b"\xff", b"FLAGS ", b"ALL ", b"1:9 ", b"SEARCH "],
            ]
        ),
        max_size=40,
    ).map(b"".join),
)


@given(garbage=GARBAGE)
def test_garbage_raises_one_kind_of_error(garbage: bytes) -> None:
    framer = ResponseFramer()
    with contextlib.suppress(PeerProtocolError):
        for raw in framer.receive(garbage):
            parse_response(raw)
    with contextlib.suppress(PeerProtocolError):
        parse_response(garbage)


@pytest.mark.parametrize(
    "raw",
    [
        b"* 1 FETCH (UID 5",
        b"* 1 FETCH UID 5)",
        b"* 1 FETCH (UID)",
        b"* 1 FETCH (UID 5) (UID 6)",
        b"* 1 FETCH (UID x)",
        b"* 1 FETCH (UID " + b"9" * 30 + b")",
        b"* 1 FETCH ((UID) 5)",
        b"* 1 FETCH (FLAGS 5)",
        b'* 1 FETCH (BODY[] "unclosed)',
        b"* 1 FETCH (BODY[] {50}\r\nshort)",
        b"* 1 FETCH " + b"(" * 100,
        b"* LIST x",
        b"* STATUS x",
        b"* VANISHED",
        b"* VANISHED " + b"1," * 9,
        b"* ESEARCH UID ALL (1)",
        b"* SEARCH 1 x",
        b"* SEARCH " + b"9" * 30,
    ],
)
def test_broken_responses_are_refused(raw: bytes) -> None:
    with pytest.raises(PeerProtocolError):
        parse_response(raw)


def test_a_set_of_too_many_ranges_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap, "MAX_RANGES", 3)
    assert len(imap.parse_ranges(b"1,3,5")) == 3
    with pytest.raises(PeerProtocolError, match="endless"):
        imap.parse_ranges(b"1,3,5,7")


def test_a_huge_range_costs_nothing() -> None:
    assert parse_response(b"* VANISHED 1:4294967295") == Vanished(ranges=((1, 4294967295),))


def test_an_endless_line_is_read_once() -> None:
    """What was searched for a line end is not searched again with each piece that comes."""
    framer = ResponseFramer()
    assert framer.receive(b"* OK " + b"x" * 100_000) == []
    assert framer.receive(b"y\r\n* 1 FETCH (BODY[] {3}") == [b"* OK " + b"x" * 100_000 + b"y"]
    assert framer.receive(b"\r\na\nb)\n") == [b"* 1 FETCH (BODY[] {3}\r\na\nb)"]


def test_deep_nesting_is_refused_before_it_hurts() -> None:
    with pytest.raises(PeerProtocolError, match="nested"):
        parse_tokens(b"(" * (imap.MAX_DEPTH + 1))


def test_a_literal_without_end_is_refused() -> None:
    with pytest.raises(PeerProtocolError, match="string without end"):
        ResponseFramer().receive(b"* 1 FETCH (BODY[] {9999999999}\r\n")


@pytest.mark.parametrize("begin", [b"* OK ", b"* bye ", b"A1 NO [ALERT] ", b"+ "])
def test_a_status_is_short(begin: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap, "MAX_STATUS_BYTES", 100)
    framer = ResponseFramer()
    assert framer.receive(begin + b"x" * 80) == []
    with pytest.raises(PeerProtocolError, match="response without end"):
        framer.receive(b"x" * 20)


def test_a_line_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap, "MAX_RESPONSE_BYTES", 100)
    framer = ResponseFramer()
    assert framer.receive(b"* " + b"x" * 90) == []
    with pytest.raises(PeerProtocolError, match="response without end"):
        framer.receive(b"x" * 20)


@given(st.sets(st.integers(1, 60), max_size=40))
def test_neighbouring_uids_are_joined(uids: set[int]) -> None:
    ranges = imap.uid_ranges(uids)
    assert [uid for low, high in ranges for uid in range(low, high + 1)] == sorted(uids)
    assert all(high + 1 < low for (_, high), (low, _) in pairwise(ranges))
