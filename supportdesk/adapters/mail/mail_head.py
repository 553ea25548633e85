"""The head of a message that we send, in ASCII and in bounded lines.

The standard library's policy writes Message-IDs of more than 75 letters as encoded words, which no
mail program finds again, leaves IDN domains as they are and passes NUL on. What comes in here is a
stranger's as often as ours: it is cleaned first, so that nothing in it ends a line.
"""

import base64
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from email.utils import format_datetime

from supportdesk.domain.errors import SupportDeskError
from supportdesk.domain.mail import Mailer, MessageId
from supportdesk.domain.mail_addresses import wire_address
from supportdesk.protocols.header_text import clean_text

MAX_SUBJECT = 2000
MAX_NAME = 120
LINE = 76
HARD_LINE = 998
"""RFC 5322, 2.1.1, without the line end."""
_MAX_WORD = 75
_MAX_ENCODED_BYTES = 45
_PLAIN = re.compile(r"[!-~]{1,70}(?: [!-~]{1,70})*")
_PHRASE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_TO_ESCAPE = re.compile(r'(["\\])')
_Q_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")
_ID = re.compile(r"<[!-;=?-~]{1,990}>")
_NOBODY = "undisclosed-recipients:;"


def text_field(name: str, text: str) -> bytes:
    """A field of free words, as Subject."""
    clean = clean_text(text, MAX_SUBJECT)
    if _needs_encoding(clean):
        return _folded(name, encoded_words(clean))
    return _folded(name, clean.split(" "))


def people_field(name: str, people: Sequence[Mailer]) -> bytes:
    """From, To or Cc. Raises SupportDeskError for an address that cannot be written."""
    pieces: list[str] = []
    for place, person in enumerate(people, start=1):
        address = _address(person)
        words = _phrase(person.name)
        comma = "," if place < len(people) else ""
        # Some readers take a quoted local part for a name, unless brackets stand around it.
        is_bare = not words and not address.startswith('"')
        pieces += [f"{address}{comma}"] if is_bare else [*words, f"<{address}>{comma}"]
    return _folded(name, pieces or [_NOBODY])


def ids_field(name: str, ids: Iterable[MessageId]) -> bytes:
    """In-Reply-To, References or Message-ID; empty when none of them can be written as it is."""
    written = [one for one in ids if _ID.fullmatch(one)]
    return _folded(name, written) if written else b""


def date_field(at: datetime) -> bytes:
    return f"Date: {format_datetime(at)}\r\n".encode("ascii")


def envelope_addresses(people: Iterable[Mailer]) -> tuple[str, ...]:
    """What the server is told, each address once. Raises as `people_field`."""
    return tuple({address.casefold(): address for address in map(_address, people)}.values())


def encoded_words(text: str) -> list[str]:
    """RFC 2047: whole letters in each word, so that each can be decoded by itself."""
    raw = text.encode("utf-8", "replace")
    plain = sum(one in _Q_SAFE or one == ord(" ") for one in raw)
    return _q_words(text) if plain * 2 > len(raw) else _b_words(text)


def _q_words(text: str) -> list[str]:
    start, end = "=?utf-8?q?", "?="
    words = [""]
    for letter in text:
        written = "".join(map(_q_byte, letter.encode("utf-8", "replace")))
        if len(start) + len(words[-1]) + len(written) + len(end) > _MAX_WORD:
            words.append("")
        words[-1] += written
    return [f"{start}{word}{end}" for word in words]


def _q_byte(byte: int) -> str:
    if byte in _Q_SAFE:
        return chr(byte)
    return "_" if byte == ord(" ") else f"={byte:02X}"


def _b_words(text: str) -> list[str]:
    words = [b""]
    for letter in text:
        raw = letter.encode("utf-8", "replace")
        if len(words[-1]) + len(raw) > _MAX_ENCODED_BYTES:
            words.append(b"")
        words[-1] += raw
    return [f"=?utf-8?b?{base64.b64encode(word).decode('ascii')}?=" for word in words]


def _needs_encoding(text: str) -> bool:
    """Also what a reader would take for an encoded word."""
    return bool(text) and ("=?" in text or _PLAIN.fullmatch(text) is None)


def _phrase(name: str) -> list[str]:
    """The words before an address."""
    clean = clean_text(name, MAX_NAME).strip("'\" ")
    if not clean:
        return []
    if _needs_encoding(clean):
        return encoded_words(clean)
    if _PHRASE.fullmatch(clean):
        return clean.split(" ")
    escaped = _TO_ESCAPE.sub(r"\\\1", clean)
    return f'"{escaped}"'.split(" ")


def _address(person: Mailer) -> str:
    address = wire_address(person.email)
    if address is None:
        shown = clean_text(person.email, MAX_NAME) or clean_text(person.name, MAX_NAME) or "nobody"
        raise SupportDeskError(
            f"“{shown}” is no address that mail can be sent to",
            "Correct it or take it out. Before the @ only letters without accents can be sent.",
        )
    return address


def _folded(name: str, pieces: Sequence[str]) -> bytes:
    """Put as many pieces as fit into a line; a space stands between any two (RFC 5322, 2.2.3)."""
    lines: list[str] = []
    line = f"{name}:"
    for place, piece in enumerate(pieces):
        # A first line of nothing but the name is lawful and confuses some servers.
        room = HARD_LINE if place == 0 else LINE
        if len(line) + 1 + len(piece) > room:
            lines.append(line)
            line = ""
        line += f" {piece}"
    return "".join(f"{one}\r\n" for one in (*lines, line)).encode("ascii")
