"""The text of a message as SMTP carries it (RFC 5321, 4.5.2): whole lines, and no lone dot.

Every line ends in CR LF, whatever it ended in: of a bare CR or LF before a dot some servers make
the end of the message, and what follows it would be commands of somebody else.
"""

from collections.abc import Iterable, Iterator


def stuffed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces of a message for after DATA, without the dot that ends it."""
    is_line_start = True
    held = b""
    for piece in pieces:
        text = held + piece
        # The other half of this line's end may be the beginning of the next piece.
        held = b"\r" if text.endswith(b"\r") else b""
        text = text.removesuffix(b"\r")
        if text:
            yield _lines(text, is_line_start=is_line_start)
            is_line_start = text.endswith(b"\n")
    if held or not is_line_start:
        yield b"\r\n"


def _lines(text: bytes, *, is_line_start: bool) -> bytes:
    text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
    text = text.replace(b"\r\n.", b"\r\n..")
    return b"." + text if is_line_start and text.startswith(b".") else text
