"""Header fields as the founder reads them: split, decoded, robots told from people. Never raises.

Input is raw bytes as they came, often against the standard: 8-bit letters without a charset, words
in unknown charsets, line ends inside names, dates of two-digit years. Every function here and in
the modules it stands for gives the best reading, or nothing; none lets control or
direction-override characters through.
"""

import re
from collections.abc import Iterable

from supportdesk.domain.mail import Mailer, MessageId, is_no_reply
from supportdesk.protocols.charsets import decode_8bit, decode_charset
from supportdesk.protocols.header_text import (
    clean_text,
    decode_base64,
    decode_between,
    decode_words,
)
from supportdesk.protocols.mail_dates import parse_date
from supportdesk.protocols.mail_people import mailer, parse_mailers

__all__ = [
    "MAX_REFERENCES",
    "MAX_SUBJECT",
    "clean_text",
    "decode_8bit",
    "decode_base64",
    "decode_charset",
    "decode_words",
    "field_of",
    "is_no_reply",
    "is_robot",
    "mailer",
    "parse_date",
    "parse_ids",
    "parse_mailers",
    "split_fields",
]

MAX_SUBJECT = 500
MAX_REFERENCES = 100

_IDS = re.compile(rb"<[^<>\s]{1,990}>")


def parse_ids(raw: bytes) -> tuple[MessageId, ...]:
    """Return the Message-IDs in a References, In-Reply-To or Message-ID field, the last ones."""
    if not raw:
        return ()
    found = _IDS.findall(raw)[-MAX_REFERENCES:]
    return tuple(MessageId(clean_text(decode_between(one, None), 1000)) for one in found)


_ROBOT_PRECEDENCE = re.compile(r"bulk|junk|list|auto", re.IGNORECASE)


def is_robot(sender: Mailer, fields: Iterable[tuple[str, bytes]]) -> bool:
    """Tell mail of machines by Auto-Submitted, List-Id, Precedence or its sender (F57)."""
    for name, value in fields:
        text = decode_between(value, None).strip()
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
    for line in unfolded.split(b"\n"):
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
