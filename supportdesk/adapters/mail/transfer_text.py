"""Content-Transfer-Encoding of a part whose text is to be read, also where the label lies.

Attachments come down in pieces and are decoded on the way; this is for what is read at once. It too
goes piece by piece: a call on megabytes would hold the interpreter, and the window with it.
"""

import binascii
import re
from collections.abc import Iterator

from supportdesk.protocols.transfer_decoding import Base64Decoder

MAX_ENCODED = 8_000_000
PIECE_BYTES = 256 * 1024

_NAME = re.compile(r"\s*\"?(?:x-)?([a-z0-9]+(?:[-/_ ][a-z]+)?)")
_NAMES = {
    "base64": "base64",
    "base 64": "base64",
    "b": "base64",
    "quoted-printable": "quoted-printable",
    "quoted/printable": "quoted-printable",
    "quoted_printable": "quoted-printable",
    "quoted printable": "quoted-printable",
    "qp": "quoted-printable",
    "uuencode": "uuencode",
    "uue": "uuencode",
    "uuencoded": "uuencode",
    "7bit": "7bit",
    "7-bit": "7bit",
    "8bit": "8bit",
    "8-bit": "8bit",
    "binary": "binary",
}
_BASE64_CHARACTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=\r\n\t \0"
# What a mailing list wrote below: words, or a rule.
_RULE = rb"[ \t]*[-_*=]{5,}[ \t]*\r?\n"
_RULED = re.compile(rb"\n(?=%s)" % _RULE)
_FOOTER = re.compile(rb"\n(?=%s|[ \t]*[^\s=]++ [^\s=]++ [^\s=])" % _RULE)
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_AT_THE_END = b"= \t\r\n\0"
_UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} [^\n]*\n", re.MULTILINE)


def encoding_name(raw: bytes) -> str:
    """Return the encoding by its standard name; as it is written when it is none."""
    text = raw[:200].decode("ascii", "replace").strip().lower()
    found = _NAME.match(text)
    return _NAMES.get(found[1], found[1]) if found else ""


def decoded_text(body: bytes, encoding: str, *, piece_bytes: int = PIECE_BYTES) -> bytes:
    """Decode the body of a part of text; how large the pieces are changes nothing of it."""
    body = body[:MAX_ENCODED]
    if encoding == "base64":
        return _from_base64(body, piece_bytes)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(body)
    if encoding == "uuencode":
        return from_uuencode(body)
    return body


def decoded_size(body: bytes, encoding: str) -> int:
    """Return the size once decoded, exactly where that is cheap."""
    if encoding == "base64":
        letters = len(body) - sum(body.count(other) for other in (b"\n", b"\r", b"=", b" "))
        return letters * 3 // 4
    if encoding == "quoted-printable":
        breaks = body.count(b"=\r\n") * 3 + body.count(b"=\n") * 2
        return max(
            0,
            len(body) - breaks - 2 * (body.count(b"=") - body.count(b"=\n") - body.count(b"=\r\n")),
        )
    if encoding == "uuencode":
        return len(body) * 3 // 4
    return len(body)


def _from_base64(body: bytes, piece_bytes: int) -> bytes:
    foreign = len(body.translate(None, _BASE64_CHARACTERS))
    odd = foreign + body.count(b" ")
    footer = _footer(body, piece_bytes)
    has_letters_before = footer is not None and footer.start() >= len(body) // 10
    if odd > max(3, len(body) // 12) and not has_letters_before:
        # It is no base64 at all.
        return body
    if footer is not None:
        return _letters_decoded(body[: footer.start()], piece_bytes) + b"\n" + body[footer.end() :]
    return _letters_decoded(body, piece_bytes)


def _footer(body: bytes, piece_bytes: int) -> re.Match[bytes] | None:
    for start, end in _whole_lines(body, piece_bytes):
        # Without a space there are no words to look for, which takes the longest.
        sign = _FOOTER if body.find(b" ", start, end) >= 0 else _RULED
        if found := sign.search(body, start, end):
            return found
    return None


def _whole_lines(body: bytes, piece_bytes: int) -> Iterator[tuple[int, int]]:
    """Cut where a line ends; that end begins the next piece as well, as a footer does."""
    start = 0
    while start < len(body):
        end = body.find(b"\n", start + piece_bytes)
        if end < 0:
            yield start, len(body)
            return
        yield start, end + 1
        start = end


def _letters_decoded(text: bytes, piece_bytes: int) -> bytes:
    """Base64 of either alphabet; padding ends a run only where another run may follow."""
    is_padded_within = b"=" in text[:-2].rstrip(_AT_THE_END)
    passed_over = b"" if is_padded_within else b"="
    decoder = Base64Decoder()
    pieces = [
        decoder.feed(text[at : at + piece_bytes].translate(_URL_SAFE, passed_over))
        for at in range(0, len(text), piece_bytes)
    ]
    return b"".join((*pieces, decoder.close()))


def from_uuencode(body: bytes) -> bytes:
    """Decode the lines between `begin` and `end`; those that are broken are left out."""
    begin = _UU_BEGIN.search(body)
    out = bytearray()
    for line in body[begin.end() if begin else 0 :].split(b"\n"):
        if line.strip() in (b"end", b"`"):
            break
        out += _uu_line(line.rstrip(b"\r"))
    return bytes(out)


def _uu_line(line: bytes) -> bytes:
    if not line:
        return b""
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        # Some encoders put one letter too many at the end of each line.
        size = (((line[0] - 32) & 63) * 4 + 5) // 3
        try:
            return binascii.a2b_uu(line[:size])
        except binascii.Error:
            return b""
