"""The text of header fields: encoded words (RFC 2047), raw letters, and one clean line of it.

Encoded words come broken in every way: cut inside a letter or inside a base64 group, with spaces,
with the wrong letter for their encoding, without an end. Each is read as what it can only mean.
"""

import base64
import binascii
import re

from supportdesk.protocols.charsets import charset_name, decode_8bit, decode_charset

# Nothing but what stands before "?=" can match the repeated part, so it need not be possessive:
# Python before 3.11.5 finds no word at all then (gh-106052).
_ENCODED_WORD = re.compile(
    rb"=\?([^?\s=]{0,64})\?([A-Za-z0-9]{1,3})\?((?:[^?=]|=(?!\?[^=])|\?(?!=))*)\?="
)
# The last word of a field that was cut off somewhere on the way.
_CUT_WORD = re.compile(rb"=\?([^?\s=]{1,64})\?([bBqQ])\?([^?\s]{1,998})\??$")
_CONTROLS = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)
_SPACES = re.compile(r"\s+")


def clean_text(text: str, limit: int) -> str:
    """Make one line of it: no control or direction characters, single spaces, clipped."""
    if len(text) <= limit and text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    # Only as much as can be shown is cleaned: a header may be megabytes long.
    line = _SPACES.sub(" ", _CONTROLS.sub("", text[: limit * 4])).strip()
    if len(line) > limit:
        return f"{line[: limit - 1].rstrip()}…"
    return line


def decode_words(raw: bytes, charset: str | None = None) -> str:
    """Decode the encoded words of a header (RFC 2047) and raw 8-bit letters between them."""
    if b"=?" not in raw:
        return decode_between(raw, charset)
    pieces: list[str] = []
    words: list[tuple[bytes, bytes]] = []
    pending_charset = b""
    position = 0
    for word in _ENCODED_WORD.finditer(raw):
        start = word.start()
        is_adjacent = bool(position) and (start == position or not raw[position:start].strip())
        name, encoding, text = word.groups()
        if words and not (is_adjacent and name == pending_charset):
            pieces.append(_joined(words, pending_charset))
            words = []
        if start and not is_adjacent:
            pieces.append(decode_between(raw[position:start], charset))
        pending_charset = name
        words.append((encoding, text))
        position = word.end()
    if words:
        pieces.append(_joined(words, pending_charset))
    if position < len(raw):
        pieces.append(_decode_rest(raw[position:], charset, is_adjacent=bool(position)))
    return "".join(pieces)


def _decode_rest(rest: bytes, charset: str | None, *, is_adjacent: bool) -> str:
    """Decode what follows the last whole word; maybe one more that was cut."""
    cut = _CUT_WORD.search(rest[-1100:]) if b"=?" in rest else None
    if cut is None:
        return decode_between(rest, charset)
    between = rest[: len(rest) - len(cut[0])]
    before = "" if is_adjacent and not between.strip() else decode_between(between, charset)
    return before + _joined([(cut[2], cut[3])], cut[1])


def decode_between(raw: bytes, charset: str | None) -> str:
    """Decode what stands outside of encoded words: UTF-8, else the body's charset, else a guess."""
    if raw.isascii():
        return decode_8bit(raw) if b"\x1b$" in raw else raw.decode("ascii")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return decode_charset(raw, charset)


def _joined(words: list[tuple[bytes, bytes]], name: bytes) -> str:
    """Decode adjacent words of one charset: they are joined as bytes, since many cut letters."""
    # RFC 2231 adds a language after an asterisk.
    charset = name.split(b"*", 1)[0].decode("ascii", "replace")
    if len(words) == 1:
        return decode_charset(_decode_word(*words[0]), charset)
    apart = b"".join(_decode_word(encoding, text) for encoding, text in words)
    if not _is_cut_inside_group(words):
        return decode_charset(apart, charset)
    # Either each word lacks its padding, or one group of four letters was cut in two.
    together = decode_base64(b"".join(text for _, text in words))
    for raw in (apart, together):
        try:
            return raw.decode(charset_name(charset) or "utf-8")
        except ValueError:
            continue
    return decode_charset(apart, charset)


def _is_cut_inside_group(words: list[tuple[bytes, bytes]]) -> bool:
    return all(encoding in b"bB" for encoding, _ in words) and any(
        b"=" not in text and len(_NOT_BASE64.sub(b"", text)) % 4 for _, text in words[:-1]
    )


_HEX = re.compile(rb"=[0-9A-Fa-f]{2}")
_IS_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/]{4}){2,}={0,2}|[A-Za-z0-9+/]{2,}={1,2}")


def _decode_word(encoding: bytes, text: bytes) -> bytes:
    """Decode a word, also one whose encoding is named wrongly."""
    is_base64 = encoding[:1] in b"bB"
    is_odd = b"_" in text and len(text) % 4 > 0
    if is_base64 and (is_odd or (b"=" in text[:-2] and _HEX.search(text))):
        is_base64 = False
    elif not is_base64 and text.endswith(b"=") and _IS_BASE64.fullmatch(text):
        is_base64 = True
    if is_base64:
        return decode_base64(text)
    return binascii.a2b_qp(text.replace(b" ", b"_"), header=True)


_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")


def decode_base64(text: bytes) -> bytes:
    """Decode base64 with missing padding, line ends and foreign letters.

    Several encoded pieces one after the other, each with its padding, are all read.
    """
    if b"=" not in text[:-2].rstrip(b"= \t\r\n\0"):
        return _decode_base64(text)
    return b"".join(_decode_base64(piece) for piece in _PADDING.split(text))


_PADDING = re.compile(rb"=[=\s]*")


def _decode_base64(text: bytes) -> bytes:
    letters = text.translate(_URL_SAFE, _NO_LETTERS)
    # A single left-over letter carries six bits: not a byte.
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    return base64.b64decode(letters + b"=" * (-len(letters) % 4))


_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"
_NO_LETTERS = bytes(set(range(256)) - set(_LETTERS))
