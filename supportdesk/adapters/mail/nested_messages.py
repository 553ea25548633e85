"""Forwarded messages as cards of their own: their words never mix with those around them."""

from datetime import UTC, datetime

from supportdesk.adapters.mail.message_body import body_parts, plain_text, read_sections
from supportdesk.adapters.mail.mime_tree import Part
from supportdesk.domain.cards import NestedMessage
from supportdesk.domain.mail import Mailer
from supportdesk.protocols.mail_headers import (
    MAX_SUBJECT,
    clean_text,
    decode_words,
    field_of,
    parse_date,
    parse_mailers,
    split_fields,
)

MAX_NESTED = 20
MAX_NESTED_TEXT = 20_000
MAX_NESTED_HTML = 60_000
_EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)


def nested_messages(root: Part) -> tuple[list[NestedMessage], list[Part]]:
    """Return a card for each nested message, and the parts that the cards show."""
    cards: list[NestedMessage] = []
    shown: list[Part] = []
    for part in root.walk_all():
        if len(cards) >= MAX_NESTED:
            break
        if part.message is not None:
            bodies = body_parts(part.message)
            sections = read_sections(part.message, bodies)
            for section in sections:
                section.html = section.html and section.html[:MAX_NESTED_HTML]
            text = plain_text(sections)
            cards.append(_card(part.message, text[:MAX_NESTED_TEXT], part.section))
            shown += bodies
        elif part.media_type == "text/rfc822-headers":
            head = Part(
                fields=split_fields(part.decoded()[:200_000]),
                content_type=part.content_type,
                disposition=part.disposition,
                encoding="",
                body=memoryview(b""),
            )
            cards.append(_card(head, "", part.section))
    return cards, shown


def _card(message: Part, text: str, section: str) -> NestedMessage:
    charset = next((one.charset for one in message.walk() if one.charset), None)
    senders = parse_mailers(field_of(message.fields, "from"), charset, limit=1)
    sent_at = parse_date(field_of(message.fields, "date"))
    return NestedMessage(
        sender=_label(senders[0]) if senders else "",
        subject=clean_text(decode_words(field_of(message.fields, "subject"), charset), MAX_SUBJECT),
        sent_at=sent_at if sent_at is not None and sent_at > _EARLIEST else None,
        text=text,
        section=section,
    )


def _label(sender: Mailer) -> str:
    if sender.name and sender.email:
        return f"{sender.name} <{sender.email}>"
    return sender.label
