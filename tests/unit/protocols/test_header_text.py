"""The text of headers: encoded words whole and broken, raw letters, one clean line."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.protocols.charsets import decode_charset
from supportdesk.protocols.header_text import clean_text, decode_base64, decode_words


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"plain", "plain"),
        (b"=?utf-8?B?R3LDtg==?= =?utf-8?B?w58=?= now", "Größ now"),
        (b"=?utf-8?Q?a=C3?= =?utf-8?Q?=A4?=", "aä"),
        (b"=?utf-8?Q?a?= b =?utf-8?Q?c?=", "a b c"),
        (b"=?iso-8859-1?Q?=E4?= =?utf-8?Q?=C3=A4?=", "ää"),
        (b"=?utf-8*en?Q?aa?=", "aa"),
        (b"=?x-nobody?Q?ab=E4?=", "abä"),
        (b"=?hex?Q?6161?=", "6161"),
        (b"=?windows-1252?Q?_=93x=94?=", " “x”"),
        (b"=?iso-8859-1?Q?=93x=94?=", "“x”"),
        (b"=?gb2312?B?xOO6ww==?=", "你好"),
        (b"=?iso-2022-jp?B?GyRCJDMbKEI=?=", "こ"),
        (b"=?utf-8?B?R3LDtg?=", "Grö"),
        (b"=?utf-8?Q?spaces are wrong?=", "spaces are wrong"),
        ("Größe".encode(), "Größe"),
        ("Größe".encode("latin-1"), "Größe"),
        (b"=?utf-8?B?R3LDtsO?= =?utf-8?B?fZQ==?=", "Größe"),
        (b"=?utf-8?B?R3LDtg?= =?utf-8?B?w59l?=", "Größe"),
        (b"=?utf-8?B?R3I?= =?utf-8?B?//8?=", "Gr\ufffd\ufffd"),
        (b"=?utf-8?B?Gr=C3=B6=C3=9Fe?=", "Größe"),
        (b"=?utf-8?Q?R3LDtsOfZQ==?=", "Größe"),
        (b"=?utf-8?b64?R3LDtsOfZQ==?=", "Größe"),
        (b"=?utf-8?Q?What?_Now?=", "What? Now"),
        (b"=??Q?a=C3=A4?=", "aä"),
        (b"=?utf-8?Q?a?==?utf-8?Q?b?=", "ab"),
        (b"x =?utf-8?Q?a?= y =?utf-8?Q?cut=20o", "x a y cut o"),
        (b"=?utf-8?Q?a?= =?utf-8?B?R3LDtg", "aGrö"),
        (b"=?utf-8?B?R3LDtsOfZQ", "Größe"),
        (b"=?not a word", "=?not a word"),
        (b"\x1b$B$3$l\x1b(B", "これ"),
        ("Привет".encode("koi8-r"), "Привет"),
        (b"=?utf-8?Q?a?= \xe4", "a ä"),
        (b"=?utf-8?Q??=a", "a"),
    ],
)
def test_encoded_words(raw: bytes, text: str) -> None:
    assert decode_words(raw) == text


def test_raw_letters_follow_the_charset_of_the_body() -> None:
    assert decode_words("Dotaz č. 1".encode("iso-8859-2"), "iso-8859-2") == "Dotaz č. 1"
    assert decode_words("Größe".encode(), "iso-8859-2") == "Größe"


@given(raw=st.binary(max_size=200), charset=st.one_of(st.none(), st.text(max_size=12)))
def test_decoding_never_raises(raw: bytes, charset: str | None) -> None:
    assert isinstance(decode_charset(raw, charset), str)
    assert clean_text(decode_words(raw, charset), 500).encode("utf-8") is not None


def test_text_is_made_one_harmless_line() -> None:
    assert clean_text("a\r\nBcc: x\t\u202eevil\u0007  b\ufeff", 80) == "a Bcc: x evil b"
    assert clean_text("a\ud800b", 80) == "ab"
    assert clean_text("x" * 100, 10) == "x" * 9 + "…"
    assert clean_text("x" * 10, 10) == "x" * 10


def test_base64_forgives() -> None:
    assert decode_base64(b"YW\r\nJj") == b"abc"
    assert decode_base64(b"YWJjZ") == b"abc"
    assert decode_base64(b"YWI") == b"ab"
    assert decode_base64(b"YQ==\r\nYg==\r\n") == b"ab"
    assert decode_base64(b"_-8") == b"\xff\xef"
    assert decode_base64(b"") == b""


@given(
    text=st.text(
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029"),
        min_size=1,
        max_size=60,
    ),
    size=st.integers(1, 45),
    is_base64=st.booleans(),
)
def test_no_letter_is_lost_wherever_a_sender_cuts(text: str, size: int, is_base64: bool) -> None:
    raw = text.encode()
    words = []
    for at in range(0, len(raw), size):
        piece = raw[at : at + size]
        if is_base64:
            words.append(b"=?UTF-8?B?" + base64.b64encode(piece) + b"?=")
        else:
            words.append(b"=?utf-8?q?" + b"".join(b"=%02X" % octet for octet in piece) + b"?=")
    assert decode_words(b"\r\n ".join(words)) == text.removeprefix("\ufeff")
