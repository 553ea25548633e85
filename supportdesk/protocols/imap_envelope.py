"""From a FETCH response with its ENVELOPE to the summary of a message (RFC 3501, 7.4.2)."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import (
    NO_MESSAGE_ID,
    Mailer,
    MessageAddress,
    MessageId,
    MessageSummary,
)
from supportdesk.protocols.imap_responses import Fetch, Token
from supportdesk.protocols.mail_headers import (
    MAX_SUBJECT,
    clean_text,
    decode_words,
    field_of,
    is_no_reply,
    is_robot,
    mailer,
    parse_date,
    parse_ids,
    parse_mailers,
    split_fields,
)

SUMMARY_HEADERS = "REFERENCES AUTO-SUBMITTED LIST-ID PRECEDENCE CONTENT-TYPE"
MAX_RECIPIENTS = 50

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EARLIEST = datetime(1985, 1, 1, tzinfo=UTC)
_CLOCK_SKEW = timedelta(days=1)
_ID_AMONG_SAME = re.compile(r"<[0-9a-f]{16}\.(.+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxRole:
    """What a message's place says about it."""

    account: SourceName
    mailbox: str
    uidvalidity: int
    own_addresses: frozenset[str]
    is_sent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderFacts:
    """The header of a message, decoded, from either an ENVELOPE or the header itself."""

    message_id: MessageId | None
    sender: Mailer
    reply_to: tuple[Mailer, ...]
    recipients: tuple[Mailer, ...]
    subject: str
    date: datetime | None
    references: tuple[MessageId, ...]
    fields: tuple[tuple[str, bytes], ...]


def facts_of_envelope(envelope: list[Token], header: bytes) -> HeaderFacts:
    """Read an ENVELOPE and the few extra header fields; what is missing stays empty."""
    fields = tuple(split_fields(header)) if len(header) > 2 else ()
    charset = _charset(fields)
    items = [*envelope[:10], *[None] * (10 - len(envelope[:10]))]
    senders = tuple(mailers_of(items[2], charset)) or tuple(mailers_of(items[3], charset))
    ids = parse_ids(_octets(items[9]))
    references = (*parse_ids(field_of(fields, "references")), *parse_ids(_octets(items[8])))
    recipients = [one for place in (5, 6, 7) for one in mailers_of(items[place], charset)]
    return HeaderFacts(
        message_id=ids[0] if ids else None,
        sender=senders[0] if senders else Mailer(name="", email=""),
        # Servers repeat the sender where there is no Reply-To.
        reply_to=senders if items[4] == items[2] else tuple(mailers_of(items[4], charset)),
        recipients=tuple(recipients[:MAX_RECIPIENTS]),
        subject=clean_text(decode_words(_octets(items[1]), charset), MAX_SUBJECT),
        date=parse_date(_octets(items[0])),
        references=tuple(dict.fromkeys(references)),
        fields=fields,
    )


def facts_of_header(header: bytes, charset: str | None = None) -> HeaderFacts:
    """Read a whole header; raw 8-bit letters in it are taken to be in the charset of the body."""
    fields = tuple(split_fields(header))
    charset = charset or _charset(fields)
    ids = parse_ids(field_of(fields, "message-id"))
    senders = parse_mailers(field_of(fields, "from"), charset)
    senders = senders or parse_mailers(field_of(fields, "sender"), charset)
    references = (
        *parse_ids(field_of(fields, "references")),
        *parse_ids(field_of(fields, "in-reply-to")),
    )
    recipients = [
        one
        for name in ("to", "cc", "bcc")
        for one in parse_mailers(field_of(fields, name), charset)
    ]
    received = field_of(fields, "received").rpartition(b";")[2]
    return HeaderFacts(
        message_id=ids[0] if ids else None,
        sender=senders[0] if senders else Mailer(name="", email=""),
        reply_to=parse_mailers(field_of(fields, "reply-to"), charset),
        recipients=tuple(recipients[:MAX_RECIPIENTS]),
        subject=clean_text(decode_words(field_of(fields, "subject"), charset), MAX_SUBJECT),
        date=parse_date(field_of(fields, "date")) or parse_date(received),
        references=tuple(dict.fromkeys(references)),
        fields=fields,
    )


def summary_of(facts: HeaderFacts, fetch: Fetch, role: MailboxRole) -> MessageSummary:
    """Join the header with what the mailbox knows of the message."""
    arrived_at = parse_date(fetch.internaldate or b"") or facts.date or _EPOCH
    sent_at = facts.date
    if sent_at is None or not _EARLIEST < sent_at < arrived_at + _CLOCK_SKEW:
        sent_at = arrived_at
    size = fetch.size or 0
    flags = fetch.flags or frozenset()
    sender = writer((facts.sender,), facts.reply_to, role.own_addresses)
    return MessageSummary(
        account=role.account,
        message_id=facts.message_id or _made_up_id(facts, sent_at, size),
        address=MessageAddress(
            mailbox=role.mailbox, uidvalidity=role.uidvalidity, uid=fetch.uid or 0
        ),
        sender=sender,
        recipients=facts.recipients,
        subject=facts.subject,
        sent_at=sent_at,
        arrived_at=arrived_at,
        references=facts.references,
        is_robot=is_robot(sender, facts.fields),
        is_ours=sender.email.lower() in role.own_addresses,
        is_sent_copy=role.is_sent,
        is_answered="\\answered" in flags,
        is_seen="\\seen" in flags,
        has_attachments=is_mixed(field_of(facts.fields, "content-type")),
        size_bytes=size,
    )


def is_mixed(content_type: bytes) -> bool:
    """Tell whether a message of this type is likely to have attachments."""
    return content_type[:15].lower() == b"multipart/mixed"


def fingerprint(sender: Mailer, sent_at: datetime) -> str:
    """Tell apart different messages that bear the same Message-ID."""
    seconds = int(sent_at.timestamp())
    return hashlib.sha256(f"{sender.email.lower()}\n{seconds}".encode()).hexdigest()[:16]


def id_among_same(message_id: str, mark: str) -> MessageId:
    """What one of several messages with the same Message-ID is called here.

    Args:
        message_id: Of all of them.
        mark: The `fingerprint` of the one.
    """
    return MessageId(f"<{mark}.{message_id.removeprefix('<')}")


def id_of_all(message_id: MessageId) -> MessageId | None:
    """The Message-ID that several have, of what one of them is called here; None if it is none."""
    found = _ID_AMONG_SAME.fullmatch(message_id)
    return None if found is None else MessageId(f"<{found[1]}")


def writer(
    authors: Sequence[Mailer], reply_to: Iterable[Mailer], own_addresses: frozenset[str]
) -> Mailer:
    """Return who wrote it: a contact form names the customer in Reply-To alone."""
    sender = authors[0] if authors else Mailer(name="", email="")
    if not (sender.email.lower() in own_addresses or is_no_reply(sender.email)):
        return sender
    for other in reply_to:
        if "@" in other.email and not (
            other.email.lower() in own_addresses or is_no_reply(other.email)
        ):
            return other
    return sender


def _made_up_id(facts: HeaderFacts, sent_at: datetime, size: int) -> MessageId:
    # Not of the uid: the id must survive a move and a new UIDVALIDITY.
    text = f"{int(sent_at.timestamp())}\n{facts.sender.email}\n{facts.subject}\n{size}"
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
    return MessageId(f"<{digest}{NO_MESSAGE_ID}")


def mailers_of(value: Token, charset: str | None = None) -> Iterator[Mailer]:
    """Read an address list of an ENVELOPE."""
    if not isinstance(value, list):
        return
    for address in value[:MAX_RECIPIENTS]:
        # (name route mailbox host); a group begins and ends with host NIL.
        match address:
            case [name, _, bytes() as local, bytes() as host]:
                yield mailer(_octets(name), local, host, charset)
            case _:
                continue


def _charset(fields: tuple[tuple[str, bytes], ...]) -> str | None:
    _, found, rest = field_of(fields, "content-type").lower().partition(b"charset=")
    if not found:
        return None
    return rest.split(b";", 1)[0].strip(b"\"' ").decode("ascii", "replace")


def _octets(value: Token) -> bytes:
    return value if isinstance(value, bytes) else b""
