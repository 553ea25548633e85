"""Rows of mail.db as values of the domain, and back."""

import json
from dataclasses import astuple, fields
from datetime import UTC, datetime, timedelta
from typing import Any

from supportdesk.adapters.storage.card_rows import cards_from_json, cards_to_json
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import (
    Mailer,
    MessageAddress,
    MessageId,
    MessagePart,
    MessageSummary,
    MessageText,
)
from supportdesk.protocols.imap_bulk import (
    ANSWERED,
    OURS,
    ROBOT,
    SEEN,
    SENT_COPY,
    PlaceRow,
    recipients_json,
)
from supportdesk.protocols.imap_bulk import (
    ATTACHMENTS as ATTACHMENTS,
)

PLACE_COLUMNS = (
    "account, mailbox, uidvalidity, uid, message_id, is_main, sender_name, sender_email,"
    " recipients, subject, preview, sent_at, arrived_at, ancestors, flags, size_bytes"
)
TEXT_COLUMNS = (
    "account, message_id, text, quoted, html, remote_images, cards, parts, notices, words, images"
)
SELECT_TEXT = f"SELECT {TEXT_COLUMNS} FROM texts WHERE account = ? AND message_id = ?"  # noqa: S608

TextRow = tuple[str, str, str, str, str | None, str, str, str, str, int, int]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_microseconds(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def from_microseconds(number: int) -> datetime:
    return _EPOCH + timedelta(microseconds=number)


def flags_of(message: MessageSummary) -> int:
    # Plain numbers: a full synchronisation comes by here 100,000 times.
    return (
        SEEN * message.is_seen
        + ANSWERED * message.is_answered
        + ROBOT * message.is_robot
        + OURS * message.is_ours
        + SENT_COPY * message.is_sent_copy
        + ATTACHMENTS * message.has_attachments
    )


def is_sent_copy(row: PlaceRow) -> bool:
    return bool(row[14] & SENT_COPY)


def place_row(message: MessageSummary, *, is_main: bool) -> PlaceRow:
    people = [(one.name, one.email) for one in message.recipients]
    return (
        message.account,
        message.address.mailbox,
        message.address.uidvalidity,
        message.address.uid,
        message.message_id,
        int(is_main),
        message.sender.name,
        message.sender.email,
        recipients_json(people),
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
        is_seen=bool(flags & SEEN),
        is_answered=bool(flags & ANSWERED),
        is_robot=bool(flags & ROBOT),
        is_ours=bool(flags & OURS),
        is_sent_copy=bool(flags & SENT_COPY),
        has_attachments=bool(flags & ATTACHMENTS),
        size_bytes=row[15],
    )


def text_row(text: MessageText) -> TextRow:
    parts = [astuple(part) for part in text.parts]
    return (
        text.account,
        text.message_id,
        text.text,
        text.quoted,
        text.html,
        json.dumps(text.remote_images, ensure_ascii=False),
        cards_to_json(text.cards),
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
        remote_images=tuple(json.loads(row[5])),
        cards=cards_from_json(row[6]),
        parts=tuple(_part(values) for values in json.loads(row[7])),
        notices=tuple(json.loads(row[8])),
        words=row[9],
        images=row[10],
    )


def _part(values: list[Any]) -> MessagePart:
    names = (one.name for one in fields(MessagePart))
    return MessagePart(**dict(zip(names, values, strict=True)))
