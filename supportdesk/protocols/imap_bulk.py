"""The common shape of a FETCH answer, read fast into one flat row; whatever is odd is left alone.

A first synchronisation brings 100,000 of these lines, and the general way (tokens, facts, summary,
row) takes ten times as long. One regular expression takes a line apart; what repeats from message
to message (people, flags, days) is read once by the general way and remembered. A line that does
not fit, down to the first letter outside ASCII, is None here and goes the general way: both give
the same row, and the tests hold them against each other.
"""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, TypeVar

from supportdesk.domain.mail import Mailer
from supportdesk.protocols.imap_envelope import MailboxRole, is_mixed, mailers_of, writer
from supportdesk.protocols.imap_parser import parse_tokens
from supportdesk.protocols.imap_responses import Token
from supportdesk.protocols.mail_headers import (
    MAX_REFERENCES,
    MAX_SUBJECT,
    clean_text,
    decode_words,
    field_of,
    is_no_reply,
    is_robot,
    parse_date,
    split_fields,
)
from supportdesk.protocols.mailbox_sync import MAX_UID

PlaceRow = tuple[str, str, int, int, str, int, str, str, str, str, str, int, int, str, int, int]
"""account, mailbox, uidvalidity, uid, message_id, is_main, sender_name, sender_email, recipients,
subject, preview, sent_at, arrived_at, ancestors, flags, size_bytes: a message as `mail.db` keeps
it; times are microseconds since 1970 UTC."""

# The bits of a row's flags.
SEEN, ANSWERED, ROBOT, OURS, SENT_COPY, ATTACHMENTS, DATED = (1 << bit for bit in range(7))

_REMEMBERED = 5_000
_MAX_RECIPIENTS = 50

_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_NSTRING = rb"(?:NIL|" + _STRING + rb")"
_ONE = rb"\(" + _NSTRING + rb" " + _NSTRING + rb" " + _NSTRING + rb" " + _NSTRING + rb"\)"
_PEOPLE = rb"(NIL|\((?:" + _ONE + rb" ?)++\))"
_COMMON = re.compile(
    rb"\* \d{1,10} FETCH \(UID (\d{1,10}) FLAGS \(([^()]*+)\)(?: MODSEQ \(\d+\))?"
    rb' INTERNALDATE "([ \d]\d-[A-Z][a-z]{2}-\d{4}) (\d\d:\d\d):([0-5]\d) ([+-]\d{4})"'
    rb" RFC822\.SIZE (\d{1,15}) ENVELOPE \("
    rb'(?:"(?:[A-Z][a-z]{2}, )?(\d{1,2} [A-Z][a-z]{2} \d{4}) (\d\d:\d\d):([0-5]\d) ([+-]\d{4})"'
    rb'|"([^"\\]*+)"|NIL) (NIL|'
    + _STRING
    + rb") "
    # From, Sender, Reply-To, To, Cc, Bcc
    + rb" ".join([_PEOPLE] * 6)
    + rb' (NIL|"[^"\\]*+") "(<[^<>\s"\\]{1,990}>)"\)'
    rb" BODY\[HEADER\.FIELDS \([^()]*\)\] \{(\d{1,7})\}\r\n",
    re.DOTALL,
)
_REFERENCES = re.compile(rb"(?:\A|\n)references[ \t]*:([^\n]*+(?:\n[ \t][^\n]*+)*+)")
_ID = re.compile(rb"<[^<>\s]{1,990}>")
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
_MIXED = b"multipart/mixed"
_ESCAPE = b"\x1b"  # begins another alphabet in ISO 2022

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SECOND = 1_000_000
_DAY = 86_400 * _SECOND
_EARLIEST = (datetime(1985, 1, 1, tzinfo=UTC) - _EPOCH) // _MICROSECOND


class _Sender(NamedTuple):
    name: str
    email: str
    flags: int


_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class _Remembered(dict[_Key, _Value]):
    """What was worked out once; forgets all when there is too much of it."""

    def __init__(self, work_out: Callable[[_Key], _Value]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, key: _Key) -> _Value:
        if len(self) >= _REMEMBERED:
            self.clear()
        value = self[key] = self._work_out(key)
        return value


class BulkReader:
    """Reads the answers of one mailbox."""

    def __init__(self, role: MailboxRole) -> None:
        self._key = (str(role.account), role.mailbox, role.uidvalidity)
        self._own_addresses = role.own_addresses
        self._place_flags = SENT_COPY * role.is_sent
        self._senders = _Remembered(self._sender)
        self._recipients = _Remembered(_recipients)
        self._flags = _Remembered(_flags)
        self._days = _Remembered(_day)
        self._minutes = _Remembered(_minute)
        self._offsets = _Remembered(_offset)

    def read(self, raw: bytes) -> PlaceRow | None:
        """Read a whole response; None if it has to be read the general way."""
        if not raw.isascii() or _ESCAPE in raw:
            return None
        found = _COMMON.match(raw)
        if found is None:
            return None
        (
            uid,
            flags,
            day,
            minute,
            second,
            offset,
            size,
            sent_day,
            sent_minute,
            sent_second,
            sent_offset,
            odd_date,
            subject,
            froms,
            senders,
            reply_to,
            to,
            cc,
            bcc,
            in_reply_to,
            message_id,
            length,
        ) = found.groups()
        start = found.end()
        end = start + int(length)
        try:
            arrived_at = self._instant(day, minute, second, offset)
            sent_at = (
                self._instant(sent_day, sent_minute, sent_second, sent_offset)
                if sent_day
                else _parsed(odd_date)
            )
        except ValueError:
            return None
        if raw[end:] != b")":
            return None
        header = raw[start:end]
        lowered = header.lower()
        sender = self._senders[froms, senders, reply_to]
        ancestors = _ancestors(header, lowered, in_reply_to)
        name = message_id.decode("ascii")
        number = int(uid)
        if ancestors is None or not name.isprintable() or not 0 < number <= MAX_UID:
            return None
        return (
            *self._key,
            number,
            name,
            1,
            sender.name,
            sender.email,
            self._recipients[to, cc, bcc],
            _subject(subject),
            "",
            # As in `summary_of`: an absurd date is the arrival.
            sent_at if _EARLIEST < sent_at < arrived_at + _DAY else arrived_at,
            arrived_at,
            ancestors,
            self._flags[flags] | self._place_flags | sender.flags | _header_flags(header, lowered),
            int(size),
        )

    def _instant(self, day: bytes, minute: bytes, second: bytes, offset: bytes) -> int:
        return (
            self._days[day] + self._minutes[minute] + int(second) * _SECOND - self._offsets[offset]
        )

    def _sender(self, people: tuple[bytes, bytes, bytes]) -> _Sender:
        froms, senders, reply_to = (_people(one) for one in people)
        authors = tuple(mailers_of(froms)) or tuple(mailers_of(senders))
        answers = authors if reply_to == froms else tuple(mailers_of(reply_to))
        found = writer(authors, answers, self._own_addresses)
        is_ours = found.email.lower() in self._own_addresses
        return _Sender(found.name, found.email, OURS * is_ours + ROBOT * is_no_reply(found.email))


def flag_bits(flags: frozenset[str]) -> int:
    """Return what a row keeps of the flags that a server told."""
    return SEEN * ("\\seen" in flags) + ANSWERED * ("\\answered" in flags)


def _people(raw: bytes) -> Token:
    return parse_tokens(raw)[0]


def _recipients(places: tuple[bytes, bytes, bytes]) -> str:
    people = [one for place in places for one in mailers_of(_people(place))]
    return recipients_json([(one.name, one.email) for one in people[:_MAX_RECIPIENTS]])


def recipients_json(people: list[tuple[str, str]]) -> str:
    """Write names and addresses as the cache keeps them."""
    return json.dumps(people, ensure_ascii=False, separators=(",", ":"))


def _flags(raw: bytes) -> int:
    names = raw.lower().split()
    return SEEN * (b"\\seen" in names) + ANSWERED * (b"\\answered" in names)


def _day(text: bytes) -> int:
    """Return the midnight of a day; raise ValueError when there is none."""
    parsed = parse_date(text + b" 00:00:00 +0000")
    if parsed is None:
        raise ValueError(text)
    return (parsed - _EPOCH) // _MICROSECOND


def _minute(text: bytes) -> int:
    hour, minute = int(text[:2]), int(text[3:])
    if hour > 23 or minute > 59:
        raise ValueError(text)
    return (hour * 3600 + minute * 60) * _SECOND


def _offset(text: bytes) -> int:
    microseconds = (int(text[1:3]) * 3600 + int(text[3:5]) * 60) * _SECOND
    return -microseconds if text.startswith(b"-") else microseconds


def _parsed(date: bytes | None) -> int:
    parsed = parse_date(date) if date else None
    return 0 if parsed is None else (parsed - _EPOCH) // _MICROSECOND


def _subject(raw: bytes) -> str:
    if raw == b"NIL":
        return ""
    text = raw[1:-1]
    if b"=?" not in text and b"\\" not in text:
        return clean_text(text.decode("ascii"), MAX_SUBJECT)
    if b"\\" in text:
        text = _ESCAPED.sub(rb"\1", text)
    return clean_text(decode_words(text), MAX_SUBJECT)


def _ancestors(header: bytes, lowered: bytes, in_reply_to: bytes) -> str | None:
    """Return References and then In-Reply-To, each id once; None for what needs a closer look."""
    if header.count(b"\r") != header.count(b"\n"):
        return None
    field = _REFERENCES.search(lowered) if b"references" in lowered else None
    if field is None and in_reply_to == b"NIL":
        return ""
    known = _ID.findall(header, *field.span(1))[-MAX_REFERENCES:] if field else []
    ids = dict.fromkeys((*known, *_ID.findall(in_reply_to)[-MAX_REFERENCES:]))
    text = b" ".join(ids).decode("ascii")
    return text if text.isprintable() else None


def _header_flags(header: bytes, lowered: bytes) -> int:
    flags = 0
    if b"auto-submitted" in lowered or b"list-id" in lowered or b"precedence" in lowered:
        fields = split_fields(header)
        flags = ROBOT * is_robot(Mailer(name="", email=""), fields)
    if _MIXED in lowered:
        flags |= ATTACHMENTS * is_mixed(field_of(split_fields(header), "content-type"))
    return flags
