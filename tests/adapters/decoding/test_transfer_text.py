"""Text in base64 is decoded in pieces: whole or broken, to what it would be all at once."""

import base64
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from supportdesk.adapters.mail.transfer_text import PIECE_BYTES, decoded_text
from supportdesk.protocols.mail_headers import decode_base64

_FOOTER = re.compile(rb"\n(?=[ \t]*(?:[-_*=]{5,}[ \t]*\r?\n|[^\s=]+ [^\s=]+ [^\s=]+))")
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=\r\n\t \0"
# What a part in base64 may be made of, whole lines of it and things that break them.
_BROKEN = st.lists(
    st.one_of(
        st.binary(max_size=60).map(base64.encodebytes),
        st.binary(max_size=20).map(base64.urlsafe_b64encode),
        st.sampled_from(
            [
                *(b"Q", b"QQ", b"QUJ", b"=", b"==", b"=====\n", b"\n", b"\r\n", b" ", b"\t", b"\0"),
                *(b"\n-----\r\n", b"\n  _____ \n", b"\nthe list footer\n", b"\n a b", b"a b c"),
                *(b"-", b"_", b"\n=\n", b"\xe4\xe4\xe4", b"!", b"unsubscribe here, please. "),
            ]
        ),
        st.binary(max_size=6),
    ),
    max_size=14,
).map(b"".join)


def at_once(body: bytes) -> bytes:
    """The rule in its plainest form, over the whole."""
    foreign = len(body.translate(None, _LETTERS)) + body.count(b" ")
    footer = _FOOTER.search(body)
    is_base64 = foreign <= len(body) // 12 or foreign <= 3
    if not is_base64 and (footer is None or footer.start() < len(body) // 10):
        return body
    if footer is not None:
        return decode_base64(body[: footer.start()]) + b"\n" + body[footer.end() :]
    return decode_base64(body)


@given(body=_BROKEN, piece_bytes=st.integers(1, 40))
@example(body=b"QQ=Q", piece_bytes=3)
@example(body=b"QUJDRA==\nQQ==\n\n-----\nthe list", piece_bytes=1)
@example(body=b"QUJD\n-----\n", piece_bytes=5)
def test_pieces_change_nothing(body: bytes, piece_bytes: int) -> None:
    assert decoded_text(body, "base64", piece_bytes=piece_bytes) == at_once(body)


@pytest.mark.parametrize(
    "body",
    [
        base64.encodebytes(bytes(range(256)) * 4000),
        base64.encodebytes(b"x" * 1_000_000).replace(b"\n", b"\r\n")
        + b"_____\r\nthe list footer\r\n",
        base64.b64encode(b"x" * 1_000_000),
        base64.b64encode(b"x" * 700_001)[:-3],
        b"QQ==\n" * 150_000,
        b"QQ" + b"=" * (2 * PIECE_BYTES) + b"QUJD",
        b"a few plain words of a letter\n" * 20_000,
    ],
    ids=["lines", "with a footer", "one line", "torn", "many runs", "much padding", "no base64"],
)
def test_long_bodies_are_the_same(body: bytes) -> None:
    assert len(body) > PIECE_BYTES
    assert decoded_text(body, "base64") == at_once(body)
