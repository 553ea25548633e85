"""BODYSTRUCTURE: whole, odd, hostile."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.protocols.body_structure import (
    MAX_DEPTH,
    MAX_PARTS,
    BodyPart,
    BodyStructure,
    parse_structure,
)
from supportdesk.protocols.imap_parser import parse_tokens
from supportdesk.protocols.imap_responses import Token


def structure(text: bytes) -> BodyStructure:
    (tokens,) = parse_tokens(text)
    assert isinstance(tokens, list)
    return parse_structure(tokens)


PLAIN = b'("text" "plain" ("charset" "utf-8") NIL NIL "7bit" 120 4 NIL NIL NIL NIL)'
PDF = (
    b'("APPLICATION" "PDF" ("name" "a.pdf") "<x@y>" NIL "BASE64" 7800 NIL '
    b'("ATTACHMENT" ("filename" "a.pdf")) NIL NIL)'
)


def test_a_message_of_one_part_is_section_one() -> None:
    found = structure(PLAIN)
    assert found.root == BodyPart(
        section="1",
        media_type="text/plain",
        parameters=((b"charset", b"utf-8"),),
        encoding="7bit",
        size_bytes=120,
    )
    assert found.part("1") is found.root
    assert found.part("2") is None
    assert not found.root.is_attachment
    assert found.root.decoded_bytes == 120


def test_parts_have_their_numbers() -> None:
    found = structure(
        b"((" + PLAIN + PLAIN + b' "alternative" ("boundary" "b"))' + PDF + b' "MIXED" '
        b'("boundary" "a") ("inline" ("x" "y")) NIL)'
    )
    assert [one.section for one in found.root.walk()] == ["", "1", "1.1", "1.2", "2"]
    root = found.root
    assert root.is_multipart
    assert (root.media_type, root.parameters) == ("multipart/mixed", ((b"boundary", b"a"),))
    assert (root.disposition, root.disposition_parameters) == ("inline", ((b"x", b"y"),))
    pdf = found.part("2")
    assert pdf is not None
    assert pdf.is_attachment
    assert pdf.disposition_parameters == ((b"filename", b"a.pdf"),)
    assert pdf.content_id == b"x@y"
    assert (pdf.size_bytes, pdf.decoded_bytes) == (7800, 5700)
    assert found.part("") is None


ENVELOPE = b"(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)"


def test_the_parts_of_a_nested_message_count_on() -> None:
    single = b'("message" "rfc822" NIL NIL NIL "7bit" 900 ' + ENVELOPE + PLAIN + b" 20)"
    several = (
        b'("message" "rfc822" NIL NIL NIL "7bit" 900 '
        + ENVELOPE
        + b"("
        + PLAIN
        + PDF
        + b' "mixed")'
        b' 20 NIL ("attachment" NIL))'
    )
    found = structure(b"(" + PLAIN + single + several + b' "mixed")')
    sections = [one.section for one in found.root.walk()]
    assert sections == ["", "1", "2", "2.1", "3", "3", "3.1", "3.2"]
    nested = found.part("3")
    assert nested is not None
    assert nested.is_message
    assert nested.is_attachment


def test_a_nested_message_that_the_server_does_not_describe() -> None:
    found = structure(b'("message" "rfc822" NIL NIL NIL "7bit" 900 NIL ("attachment" ("a" "b")))')
    assert found.root.children == ()
    assert found.root.is_attachment
    short = structure(b'("message" "rfc822" NIL NIL NIL "7bit" 900)')
    assert short.root.size_bytes == 900


@pytest.mark.parametrize(
    "text",
    [b"()", b"(NIL)", b'("text")', b"(() ())", b'("a" NIL 3 (4) (5) (6) (7))', b'((NIL) NIL "x")'],
)
def test_nonsense_is_a_part_of_unknown_type(text: bytes) -> None:
    found = structure(text)
    assert {one.media_type for one in found.root.walk()} <= {
        "application/octet-stream",
        "multipart/mixed",
    }


def test_a_disposition_that_is_one_string() -> None:
    found = structure(b'("image" "png" NIL NIL NIL "base64" 9 NIL "Attachment; filename=a" NIL)')
    assert found.root.is_attachment


def test_a_size_that_is_none_is_nothing() -> None:
    found = structure(b'("text" "plain" NIL NIL NIL "7bit" "many")')
    assert found.root.size_bytes == 0
    endless = structure(b'("text" "plain" NIL NIL NIL "7bit" ' + b"9" * 400 + b")")
    assert endless.root.size_bytes == 0


def test_too_deep_is_cut() -> None:
    text = PLAIN
    for _ in range(MAX_DEPTH + 5):
        text = b"(" + text + b' "mixed")'
    found = structure(text)
    assert found.is_cut
    assert sum(1 for _ in found.root.walk()) == MAX_DEPTH + 1


def test_nested_messages_without_end_are_cut() -> None:
    text = PLAIN
    for _ in range(MAX_DEPTH + 5):
        text = b'("message" "rfc822" NIL NIL NIL "7bit" 9 ' + ENVELOPE + text + b" 1)"
    assert structure(text).is_cut


def test_too_many_are_cut() -> None:
    found = structure(b"(" + PLAIN * (MAX_PARTS + 50) + b' "mixed")')
    assert found.is_cut
    assert len(found.root.children) == MAX_PARTS - 1


TOKENS: st.SearchStrategy[Token] = st.recursive(
    st.none() | st.sampled_from([b"text", b"message", b"rfc822", b"9", b"\xff"]),
    lambda inner: st.lists(inner, max_size=12),
    max_leaves=40,
)


@given(st.lists(TOKENS, max_size=12))
def test_whatever_the_server_says_is_no_error(tokens: list[Token]) -> None:
    assert parse_structure(tokens).root.section in ("", "1")
