"""Header fields as the founder reads them: decoded words, people, dates, ids. Never raises.

Input is raw bytes as they came, often against the standard: 8-bit letters without a charset, words
in unknown charsets, line ends inside names, dates of two-digit years. Every function here gives
the best reading, or nothing; none lets control or direction-override characters through.
"""

import base64
import binascii
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone

from supportdesk.domain.mail import Mailer, MessageId

MAX_SUBJECT = 500
MAX_NAME = 120
MAX_EMAIL = 254
MAX_REFERENCES = 100

_ENCODED_WORD = re.compile(rb"=\?([^?\s]{1,64})\?([bBqQ])\?([^?]*)\?=")
_GAP = re.compile(rb"\s*")
_CONTROLS = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)
_SPACES = re.compile(r"\s+")
_IDS = re.compile(rb"<[^<>\s]{1,990}>")
_CHARSET_ALIASES = {
    "unicode-1-1-utf-7": "utf-7",
    "x-gbk": "gbk",
    "x-sjis": "shift_jis",
    "ansi_x3.110-1983": "latin-1",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6",
    "cp-850": "cp850",
    "x-unknown": "utf-8",
    "unknown-8bit": "utf-8",
    "windows-874": "cp874",
    # What senders call ASCII or Latin-1 is Windows-1252 wherever the two differ (WHATWG Encoding).
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    # The mainland standards are subsets of this one.
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
}
# Codecs of Python that are no charsets: decoding with them would give bytes or run for ever.
_TEXT_CHARSET = re.compile(
    r"utf|iso|windows|cp|gb|big5|euc|shift|koi|mac|latin|tis|hz|ks_c|johab|ptcp|viscii|kz|ascii"
)


def decode_charset(raw: bytes, charset: str | None) -> str:
    """Decode by the named charset; by a guess when that is unknown or does not fit."""
    name = (charset or "").strip("\"' ").lower()
    name = _CHARSET_ALIASES.get(name, name)
    if name and _TEXT_CHARSET.match(name):
        try:
            if name != "cp1252":
                return raw.decode(name)
            return decode_8bit(raw)
        except (LookupError, ValueError):
            pass
    return decode_8bit(raw, partial_charset=name)


def decode_8bit(raw: bytes, *, partial_charset: str = "") -> str:
    """Decode letters of an unnamed charset: UTF-8 if it fits, otherwise Windows-1252.

    Attributes:
        partial_charset: A charset that fits most of the bytes; its lost ones become U+FFFD.
    """
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if partial_charset.startswith("utf"):
        return raw.decode("utf-8", "replace")
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


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
        return _decode_between(raw, charset)
    pieces: list[str] = []
    pending = b""
    pending_charset = ""
    position = 0
    for word in _ENCODED_WORD.finditer(raw):
        between = raw[position : word.start()]
        # RFC 2231 adds a language after an asterisk.
        word_charset = word[1].decode("ascii", "replace").split("*", 1)[0].lower()
        is_adjacent = position > 0 and _GAP.fullmatch(between) is not None
        if pending and not (is_adjacent and word_charset == pending_charset):
            pieces.append(decode_charset(pending, pending_charset))
            pending = b""
        if not is_adjacent:
            pieces.append(_decode_between(between, charset))
        # Adjacent words are joined as bytes: many senders cut a letter in two.
        pending += _decode_word(word[2], word[3])
        pending_charset = word_charset
        position = word.end()
    if pending:
        pieces.append(decode_charset(pending, pending_charset))
    pieces.append(_decode_between(raw[position:], charset))
    return "".join(pieces)


def _decode_between(raw: bytes, charset: str | None) -> str:
    if raw.isascii():
        return raw.decode("ascii")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return decode_charset(raw, charset)


def _decode_word(encoding: bytes, text: bytes) -> bytes:
    if encoding in b"bB":
        return decode_base64(text)
    return binascii.a2b_qp(text.replace(b" ", b"_"), header=True)


_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")


def decode_base64(text: bytes) -> bytes:
    """Decode base64 with missing padding, line ends and foreign letters."""
    letters = _NOT_BASE64.sub(b"", text)
    # A single left-over letter carries six bits: not a byte.
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    return base64.b64decode(letters + b"=" * (-len(letters) % 4))


def parse_ids(raw: bytes) -> tuple[MessageId, ...]:
    """Return the Message-IDs in a References, In-Reply-To or Message-ID field, the last ones."""
    if not raw:
        return ()
    found = _IDS.findall(raw)[-MAX_REFERENCES:]
    return tuple(MessageId(clean_text(_decode_between(one, None), 1000)) for one in found)


def mailer(
    name: bytes | None, local: bytes | None, host: bytes | None, charset: str | None = None
) -> Mailer:
    """Make a person of the parts of an address; parts may be missing or encoded."""
    address = (local or b"") + (b"@" + host if host else b"")
    email = clean_text(_decode_between(address, None), MAX_EMAIL).replace(" ", "")
    if not name:
        return Mailer(name="", email=email)
    label = clean_text(decode_words(name, charset), MAX_NAME).strip("'\" ")
    return Mailer(name=label, email=email)


_ADDRESS_TOKEN = re.compile(
    rb'\s*+(?:"((?:[^"\\]|\\.)*+)"?|\(((?:[^()\\]|\\.)*+)\)?|<([^>]*)>?|([,;:])|([^\s",;:<>()]++)|(.))',
    re.DOTALL,
)


def parse_mailers(
    raw: bytes, charset: str | None = None, *, limit: int = 100
) -> tuple[Mailer, ...]:
    """Parse a From, To, Cc or Reply-To field as people; groups are flattened."""
    reader = _MailerReader(charset)
    for token in _ADDRESS_TOKEN.finditer(raw[:100_000]):
        reader.take(token)
        if len(reader.mailers) >= limit:
            break
    else:
        reader.end()
    return tuple(reader.mailers)


class _MailerReader:
    """Collects the words before each comma of an address list."""

    def __init__(self, charset: str | None) -> None:
        self._charset = charset
        self.mailers: list[Mailer] = []
        self._words: list[bytes] = []
        self._comment = b""
        self._angle: bytes | None = None

    def take(self, token: re.Match[bytes]) -> None:
        quoted, comment, angle, separator, word = token.groups()[:5]
        if quoted is not None:
            self._words.append(re.sub(rb"\\(.)", rb"\1", quoted))
        elif comment is not None:
            self._comment = comment
        elif angle is not None:
            self._angle = angle.strip()
        elif separator == b":":
            self._words.clear()  # the name of a group
        elif separator is not None:
            self.end()
        elif word is not None:
            self._words.append(word)

    def end(self) -> None:
        """A comma, the end of a group or of the field: somebody is complete."""
        phrase = b" ".join(self._words)
        if self._angle is not None:
            self.mailers.append(self._person(phrase or self._comment, self._angle))
        elif b"@" in phrase:
            self.mailers.append(self._person(self._comment, phrase.replace(b" ", b"")))
        elif phrase:
            self.mailers.append(self._person(phrase, b""))
        self._words.clear()
        self._comment = b""
        self._angle = None

    def _person(self, name: bytes, address: bytes) -> Mailer:
        # A route ("@relay:user@host") is obsolete; the address follows its colon.
        local, _, host = address.rpartition(b":")[2].rpartition(b"@")
        if local:
            return mailer(name, local, host, self._charset)
        return mailer(name, host, None, self._charset)


_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_DATE = re.compile(
    rb"(\d{1,2})[ \-/]+([A-Za-z]{3})[A-Za-z.]*[ \-/,]+(\d{2,4})[ ,T]+(\d{1,2})[:.](\d{2})"
    rb"(?:[:.](\d{2}))?(?:[.,]\d+)?\s*(?:([+-]\d{2}):?(\d{2})|([A-Za-z]+))?"
)
_ISO_DATE = re.compile(
    rb"(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?\s*"
    rb"(?:([+-]\d{2}):?(\d{2})|([A-Za-z]+))?"
)
_ASCTIME = re.compile(
    rb"([A-Za-z]{3}) +(\d{1,2}),? +(\d{2}):(\d{2})(?::(\d{2}))?(?: +([A-Z]{2,4}))? +(\d{4})"
)
_COMMENT = re.compile(rb"\([^()]*\)")
_ZONES = {
    "EDT": -4,
    "EST": -5,
    "CDT": -5,
    "CST": -6,
    "MDT": -6,
    "MST": -7,
    "PDT": -7,
    "PST": -8,
    "BST": 1,
    "CET": 1,
    "MET": 1,
    "CEST": 2,
    "MEST": 2,
    "EET": 2,
    "EEST": 3,
    "MSK": 3,
    "JST": 9,
}


def parse_date(raw: bytes) -> datetime | None:
    """Parse a Date header or an INTERNALDATE as a UTC instant; None when it is no date."""
    text = _COMMENT.sub(b" ", raw[:200]) if b"(" in raw else raw[:200]
    if found := _DATE.search(text):
        month = _MONTHS.get(found[2].decode("ascii").lower(), 0)
        clock = (found[4], found[5], found[6])
        return _instant(_year(found[3]), month, found[1], clock, _offset(*found.groups()[6:9]))
    if found := _ISO_DATE.search(text):
        clock = (found[4], found[5], found[6])
        month = int(found[2])
        return _instant(int(found[1]), month, found[3], clock, _offset(*found.groups()[6:9]))
    if found := _ASCTIME.search(text):
        month = _MONTHS.get(found[1].decode("ascii").lower(), 0)
        clock = (found[3], found[4], found[5])
        return _instant(int(found[7]), month, found[2], clock, _offset(None, None, found[6]))
    return None


def _year(digits: bytes) -> int:
    """Apply RFC 5322, 4.3: two digits from 50 and all three digits are of the last century."""
    year = int(digits)
    if len(digits) == 2:
        return year + (2000 if year < 50 else 1900)
    return year + 1900 if len(digits) == 3 else year


def _offset(hours: bytes | None, minutes: bytes | None, name: bytes | None) -> timedelta:
    if hours and minutes:
        size = timedelta(hours=int(hours[1:]), minutes=int(minutes))
        return -size if hours.startswith(b"-") else size
    # Unknown zones and the military letters mean UTC (RFC 5322, 4.3).
    return timedelta(hours=_ZONES.get((name or b"").decode("ascii").upper(), 0))


def _instant(
    year: int,
    month: int,
    day: bytes,
    clock: tuple[bytes, bytes, bytes | None],
    offset: timedelta,
) -> datetime | None:
    hour, minute, second = (int(part or 0) for part in clock)
    try:
        zone = UTC if not offset else timezone(offset)
        # A leap second has no datetime of its own.
        there = datetime(year, month, int(day), hour, minute, min(second, 59), tzinfo=zone)
        return there.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


_NO_REPLY = re.compile(
    r"(?:^|[._+-])(?:no|do[._-]?not|not)[._-]?reply|^mailer-daemon$|^bounces?(?:[+-]|$)"
)
_ROBOT_PRECEDENCE = re.compile(r"bulk|junk|list|auto", re.IGNORECASE)


def is_no_reply(email: str) -> bool:
    """Tell whether nobody reads what is sent to this address."""
    return _NO_REPLY.search(email.rpartition("@")[0].lower()) is not None


def is_robot(sender: Mailer, fields: Iterable[tuple[str, bytes]]) -> bool:
    """Tell mail of machines by Auto-Submitted, List-Id, Precedence or its sender (F57)."""
    for name, value in fields:
        text = _decode_between(value, None).strip()
        if name == "auto-submitted" and text and not text.lower().startswith("no"):
            return True
        if name == "list-id" and text:
            return True
        if name == "precedence" and _ROBOT_PRECEDENCE.match(text):
            return True
    return is_no_reply(sender.email)


_FOLD = re.compile(rb"\r?\n[ \t]+")
_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:[ \t]*(.*)", re.DOTALL)


def split_fields(raw: bytes, *, limit: int = 1000) -> list[tuple[str, bytes]]:
    """Split a header into (name in lower case, unfolded raw value); skip what is no field."""
    unfolded = _FOLD.sub(b" ", raw)
    fields: list[tuple[str, bytes]] = []
    for line in unfolded.splitlines():
        if found := _FIELD.match(line):
            fields.append((found[1].decode("ascii").lower(), found[2].strip()))
            if len(fields) >= limit:
                break
    return fields


def field_of(fields: Iterable[tuple[str, bytes]], name: str) -> bytes:
    """Return the first value of a field; empty when there is none."""
    for known, value in fields:
        if known == name:
            return value
    return b""
