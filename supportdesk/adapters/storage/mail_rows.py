"""Rows of mail.db as values of the domain, and back."""

import json
from datetime import UTC, datetime, timedelta

from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import (
    Mailer,
    MessageAddress,
    MessageId,
    MessagePart,
    MessageSummary,
    MessageText,
)

PLACE_COLUMNS = (
    "account, mailbox, uidvalidity, uid, message_id, is_main, sender_name, sender_email,"
    " recipients, subject, preview, sent_at, arrived_at, ancestors, flags, size_bytes"
)
TEXT_COLUMNS = "account, message_id, text, quoted, html, parts, notices, words, images"

PlaceRow = tuple[str, str, int, int, str, int, str, str, str, str, str, int, int, str, int, int]
TextRow = tuple[str, str, str, str, str | None, str, str, int, int]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


# The bits of the `flags` column.
_SEEN, _ANSWERED, _ROBOT, _OURS, _SENT_COPY = (1 << bit for bit in range(5))


def to_microseconds(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def from_microseconds(number: int) -> datetime:
    return _EPOCH + timedelta(microseconds=number)


def flags_of(message: MessageSummary) -> int:
    # Plain numbers: a full synchronisation comes by here 100,000 times.
    return (
        _SEEN * message.is_seen
        + _ANSWERED * message.is_answered
        + _ROBOT * message.is_robot
        + _OURS * message.is_ours
        + _SENT_COPY * message.is_sent_copy
    )


def is_sent_copy(row: PlaceRow) -> bool:
    return bool(row[14] & _SENT_COPY)


def place_row(message: MessageSummary, *, is_main: bool) -> PlaceRow:
    people = [[one.name, one.email] for one in message.recipients]
    return (
        message.account,
        message.address.mailbox,
        message.address.uidvalidity,
        message.address.uid,
        message.message_id,
        int(is_main),
        message.sender.name,
        message.sender.email,
        json.dumps(people, ensure_ascii=False, separators=(",", ":")),
        message.subject,
        message.preview,
        to_microseconds(message.sent_at),
        to_microseconds(message.arrived_at),
        " ".join(message.references),
        flags_of(message),
        message.size_bytes,
    )


def summary_of_row(row: PlaceRow) -> MessageSummary:
    flags = row[14]
    return MessageSummary(
        account=SourceName(row[0]),
        address=MessageAddress(mailbox=row[1], uidvalidity=row[2], uid=row[3]),
        message_id=MessageId(row[4]),
        sender=Mailer(name=row[6], email=row[7]),
        recipients=tuple(Mailer(name=name, email=email) for name, email in json.loads(row[8])),
        subject=row[9],
        preview=row[10],
        sent_at=from_microseconds(row[11]),
        arrived_at=from_microseconds(row[12]),
        references=tuple(MessageId(one) for one in row[13].split()),
        is_seen=bool(flags & _SEEN),
        is_answered=bool(flags & _ANSWERED),
        is_robot=bool(flags & _ROBOT),
        is_ours=bool(flags & _OURS),
        is_sent_copy=bool(flags & _SENT_COPY),
        size_bytes=row[15],
    )


def text_row(text: MessageText) -> TextRow:
    parts = [[part.name, part.media_type, part.size_bytes] for part in text.parts]
    return (
        text.account,
        text.message_id,
        text.text,
        text.quoted,
        text.html,
        json.dumps(parts, ensure_ascii=False),
        json.dumps(text.notices, ensure_ascii=False),
        text.words,
        text.images,
    )


def text_of_row(row: TextRow) -> MessageText:
    return MessageText(
        account=SourceName(row[0]),
        message_id=MessageId(row[1]),
        text=row[2],
        quoted=row[3],
        html=row[4],
        parts=tuple(
            MessagePart(name=name, media_type=media_type, size_bytes=size_bytes)
            for name, media_type, size_bytes in json.loads(row[5])
        ),
        notices=tuple(json.loads(row[6])),
        words=row[7],
        images=row[8],
    )
