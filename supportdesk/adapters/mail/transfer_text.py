"""Content-Transfer-Encoding of a part whose text is to be read, also where the label lies.

Attachments come down in pieces and are decoded on the way; this is for what is read at once.
"""

import binascii
import re

from supportdesk.protocols.mail_headers import decode_base64

MAX_ENCODED = 8_000_000

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
_FOOTER = re.compile(rb"\n(?=[ \t]*(?:[-_*=]{5,}[ \t]*\r?\n|[^\s=]+ [^\s=]+ [^\s=]+))")
_UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} [^\n]*\n", re.MULTILINE)


def encoding_name(raw: bytes) -> str:
    """Return the encoding by its standard name; as it is written when it is none."""
    text = raw[:200].decode("ascii", "replace").strip().lower()
    found = _NAME.match(text)
    return _NAMES.get(found[1], found[1]) if found else ""


def decoded_text(body: bytes, encoding: str) -> bytes:
    """Decode the body of a part of text."""
    body = body[:MAX_ENCODED]
    if encoding == "base64":
        return _from_base64(body)
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


def _from_base64(body: bytes) -> bytes:
    foreign = len(body.translate(None, _BASE64_CHARACTERS))
    words = body.count(b" ")
    if foreign + words > len(body) // 12 and foreign + words > 3:
        footer = _FOOTER.search(body)
        if footer is None or footer.start() < len(body) // 10:
            # It is no base64 at all.
            return body
    footer = _FOOTER.search(body)
    if footer is not None:
        return decode_base64(body[: footer.start()]) + b"\n" + body[footer.end() :]
    return decode_base64(body)


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
