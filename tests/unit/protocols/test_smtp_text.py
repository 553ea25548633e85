"""What a server takes for the text of a message, however it comes out of the file."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.protocols.smtp_text import stuffed


def carried(text: bytes, cuts: int = 0) -> bytes:
    """What goes over the wire, of a file that is read in pieces of this size; 0: at once."""
    size = cuts or len(text) or 1
    return b"".join(stuffed(text[at : at + size] for at in range(0, len(text), size)))


@pytest.mark.parametrize(
    ("text", "wire"),
    [
        (b"", b""),
        (b"one", b"one\r\n"),
        (b"one\r\n", b"one\r\n"),
        (b"one\ntwo\n", b"one\r\ntwo\r\n"),
        (b"one\rtwo\r", b"one\r\ntwo\r\n"),
        (b".\r\n", b"..\r\n"),
        (b"a\r\n.\r\nb", b"a\r\n..\r\nb\r\n"),
        (b"a\n.\nb", b"a\r\n..\r\nb\r\n"),
        (b"a\r.\rb", b"a\r\n..\r\nb\r\n"),
        (b"a\r\n..\r\n", b"a\r\n...\r\n"),
        (b"a.b\r\n", b"a.b\r\n"),
        (b"\r\n\r\n.", b"\r\n\r\n..\r\n"),
        (b"\r", b"\r\n"),
    ],
)
@pytest.mark.parametrize("cuts", [0, 1, 2])
def test_lines_end_and_dots_are_doubled(text: bytes, wire: bytes, cuts: int) -> None:
    assert carried(text, cuts) == wire


@given(
    text=st.lists(st.sampled_from([b"\r", b"\n", b".", b"x", b"\xff", b"\r\n.\r\n"])).map(b"".join),
    cuts=st.integers(0, 4),
)
def test_nothing_in_a_message_ends_it(text: bytes, cuts: int) -> None:
    wire = carried(text, cuts)
    assert re.search(rb"\r(?!\n)|(?<!\r)\n", wire) is None
    lines = wire.split(b"\r\n")
    assert b"." not in lines
    unstuffed = [line.removeprefix(b".") if line.startswith(b"..") else line for line in lines]
    meant = re.sub(rb"\r\n|\r|\n", b"\r\n", text)
    assert b"\r\n".join(unstuffed) == meant + (
        b"" if meant.endswith(b"\r\n") or not meant else b"\r\n"
    )
