"""From the head of a message to the lines of it that an answer is made of."""

from collections.abc import Iterator, Sequence

from supportdesk.domain.answers import ReplyHead
from supportdesk.protocols.imap_envelope import facts_of_header
from supportdesk.protocols.mail_headers import field_of, parse_mailers, split_fields

# By which addresses it came here; each kind of server has its own way to say so.
_DELIVERED = ("delivered-to", "x-original-to", "envelope-to", "x-delivered-to")
_MOST_PEOPLE = 1000
_Fields = Sequence[tuple[str, bytes]]


def read_head(header: bytes, charset: str | None = None) -> ReplyHead:
    """Read a whole header; what is missing stays empty."""
    facts = facts_of_header(header, charset)
    fields = tuple(split_fields(header))
    return ReplyHead(
        message_id=facts.message_id,
        sender=facts.sender,
        reply_to=facts.reply_to,
        to=parse_mailers(field_of(fields, "to"), charset, limit=_MOST_PEOPLE),
        cc=parse_mailers(field_of(fields, "cc"), charset, limit=_MOST_PEOPLE),
        delivered_to=tuple(dict.fromkeys(_delivered_to(fields, charset))),
        subject=facts.subject,
        references=tuple(one for one in facts.references if one != facts.message_id),
        date=facts.date,
    )


def _delivered_to(fields: _Fields, charset: str | None) -> Iterator[str]:
    for name, value in fields:
        if name in _DELIVERED:
            yield from (one.email for one in parse_mailers(value, charset) if "@" in one.email)
