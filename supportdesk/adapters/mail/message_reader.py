"""From the bytes of a message to what the founder reads. Never raises, never takes long.

Each field is decoded on its own and guarded; a message that makes no sense is shown as the raw text
it is, with a notice, and stops nobody.
"""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from supportdesk.adapters.mail.calendar_cards import CALENDAR_TYPES, invitations
from supportdesk.adapters.mail.html_washer import HtmlWash, escape_text
from supportdesk.adapters.mail.message_body import (
    Section,
    body_parts,
    plain_text,
    read_sections,
    tidy,
)
from supportdesk.adapters.mail.mime_tree import MimeTree, Part, parse_mime
from supportdesk.adapters.mail.nested_messages import nested_messages
from supportdesk.adapters.mail.packed_message import Packed, unpack
from supportdesk.adapters.mail.part_list import attachments
from supportdesk.adapters.mail.quoted_history import SplitText, split_text
from supportdesk.adapters.mail.seals import open_armour, seals_of
from supportdesk.domain.cards import Card, Invitation, Seal, SealedPart
from supportdesk.domain.mail import (
    PART_BREAK,
    SIGNATURE_BREAK,
    Mailer,
    MessagePart,
    MessageSummary,
    MessageText,
)
from supportdesk.protocols.mail_dates import date_sent
from supportdesk.protocols.mail_headers import (
    MAX_SUBJECT,
    clean_text,
    decode_8bit,
    decode_words,
    field_of,
    is_robot,
    parse_mailers,
)

MAX_TEXT = 300_000
PREVIEW = 200
UNREADABLE_LETTERS = 3
MAX_RECIPIENTS = 50
_MAX_INVITATIONS = 5

_log = logging.getLogger(__name__)
_WORD = re.compile(r"\w+(?:['’.\-]\w+)*")
_HEADER_END = re.compile(rb"\r?\n\r?\n")
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageContent:
    """A message that was read; `summary` is the known one, better informed."""

    text: MessageText
    summary: MessageSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class _Content:
    """All that there is to read in a message."""

    sections: Sequence[Section]
    bodies: Sequence[Part]
    packed: Packed
    cards: tuple[Card, ...]
    shown: Sequence[Part]


def read_message(raw: bytes, known: MessageSummary, *, is_whole: bool = True) -> MessageContent:
    """Read a message, of which the end may be missing."""
    try:
        return _read(raw, known, is_whole=is_whole)
    except Exception:  # noqa: BLE001 - a mail that finds a mistake of ours must not stop the watcher
        _log.exception("Mistake while decoding a message; it is shown raw")
        return _raw_content(raw, known)


def _read(raw: bytes, known: MessageSummary, *, is_whole: bool) -> MessageContent:
    tree = parse_mime(raw)
    content = _content(tree.root)
    plain, armour = open_armour(plain_text(content.sections))
    wash = HtmlWash()
    html = _washed(content.sections, wash)
    summary = _better_summary(tree, known)
    split = split_text(plain[:MAX_TEXT], summary.sender.name)
    # HTML has its signature marked in itself; only with history is it read as its text.
    is_folded = html is None or bool(split.quoted)
    parts = _parts(tree.root, content)
    text = MessageText(
        account=known.account,
        message_id=known.message_id,
        text=split.new if is_folded else _with_signature(split),
        quoted=split.folded if is_folded else "",
        html=html,
        remote_images=wash.remote_images,
        cards=_with_armour(content.cards, armour),
        parts=parts,
        notices=(
            *_cut_notices(known, is_whole=is_whole),
            *_notices(tree, plain, content.packed),
        ),
        words=count_words(split.new),
        images=sum(_is_picture(part) for part in tree.root.walk()),
    )
    if is_whole and not (plain or html or parts or text.cards) and _has_body(raw):
        # Better what nobody can read than nothing: the founder sees that there is something.
        return replace(_raw_content(raw, known), summary=summary)
    summary = replace(
        summary,
        preview=preview_of(split.new),
        has_attachments=any(_is_for_saving(part) for part in parts),
    )
    return MessageContent(text=text, summary=summary)


def _content(root: Part) -> _Content:
    bodies = body_parts(root)
    sections = read_sections(root, bodies)
    packed = unpack(root, is_body_missing=not plain_text(sections).strip())
    nested, shown = nested_messages(root)
    inner_bodies: list[Part] = []
    for inner in packed.roots:
        found = body_parts(inner)
        inner_bodies += found
        sections = [*sections, *read_sections(inner, found)]
    sections = [*sections, *packed.sections]
    roots = (root, *packed.roots)
    cards: tuple[Card, ...] = (
        *dict.fromkeys(seal for one in roots for seal in seals_of(one)),
        *_invitations(roots),
        *nested,
        *packed.cards,
    )
    return _Content(
        sections=sections,
        bodies=[*bodies, *inner_bodies],
        packed=packed,
        cards=cards,
        shown=shown,
    )


def _invitations(roots: Sequence[Part]) -> tuple[Invitation, ...]:
    """Read the calendars of a message; many come twice, as a part and as a file."""
    calendars = [part for root in roots for part in root.walk() if _is_calendar(part)]
    found: dict[tuple[str, object], Invitation] = {}
    for part in calendars[:_MAX_INVITATIONS]:
        method = part.content_type.parameter("method")
        for one in invitations(part.decoded(), charset=part.charset, method=method):
            found.setdefault((one.summary, one.starts_at), one)
    return tuple(found.values())[:_MAX_INVITATIONS]


def _is_calendar(part: Part) -> bool:
    return part.media_type in CALENDAR_TYPES or part.file_name.lower().endswith(".ics")


def _with_armour(cards: tuple[Card, ...], armour: Seal | None) -> tuple[Card, ...]:
    if armour is None or SealedPart(seal=armour) in cards:
        return cards
    return (SealedPart(seal=armour), *cards)


def _parts(root: Part, content: _Content) -> tuple[MessagePart, ...]:
    read = {id(part) for part in (*content.bodies, *content.shown)}
    source = "".join(section.html or "" for section in content.sections)
    inner = [part for one in content.packed.roots for part in attachments(one, read, source)]
    in_text = [
        MessagePart(name=one.name, media_type="application/octet-stream", size_bytes=one.size_bytes)
        for section in content.sections
        for one in section.files
    ]
    return (*attachments(root, read, source), *inner, *content.packed.parts, *in_text)


def _with_signature(split: SplitText) -> str:
    return "\n\n".join(part for part in (split.new, split.signature) if part)


def _is_for_saving(part: MessagePart) -> bool:
    """A picture in the HTML and a signature are no attachments to anybody."""
    return not (part.is_inline or part.media_type.endswith("-signature"))


def _washed(sections: Sequence[Section], wash: HtmlWash) -> str | None:
    if not any(section.html for section in sections):
        return None
    washed = [
        wash.wash(section.html) if section.html else escape_text(tidy(section.plain or ""))
        for section in sections
    ]
    pieces = [piece for piece in washed if piece]
    # Where more follows, it is not the end of the message.
    above = [piece.replace(SIGNATURE_BREAK, PART_BREAK) for piece in pieces[:-1]]
    return PART_BREAK.join([*above, *pieces[-1:]])


def _is_picture(part: Part) -> bool:
    return part.media_type.startswith("image/") and not part.is_attachment


def _has_body(raw: bytes) -> bool:
    """Is there anything but white space after the header?"""
    parts = _HEADER_END.split(raw, maxsplit=1)
    return len(parts) > 1 and bool(parts[1].strip())


def _raw_content(raw: bytes, known: MessageSummary) -> MessageContent:
    shown = tidy(decode_8bit(raw[:MAX_TEXT]))
    text = MessageText(
        account=known.account,
        message_id=known.message_id,
        text=shown,
        notices=("This message could not be decoded. It is shown as it came.",),
        words=count_words(shown),
    )
    return MessageContent(text=text, summary=known)


def _cut_notices(known: MessageSummary, *, is_whole: bool) -> list[str]:
    if is_whole:
        return []
    megabytes = known.size_bytes / 1_000_000
    return [f"This message is {megabytes:.1f} MB; only its beginning was read."]


def _notices(tree: MimeTree, plain: str, packed: Packed) -> list[str]:
    notices: list[str] = []
    if tree.is_cut:
        notices.append("This message has too many parts to show them all.")
    if len(plain) > MAX_TEXT:
        notices.append("This message is very long; only its beginning is shown.")
    if plain.count("\ufffd") >= UNREADABLE_LETTERS:
        notices.append(
            "Some letters of this message could not be decoded; they are shown as \ufffd."
        )
    if packed.has_unreadable_tnef:
        notices.append("winmail.dat could not be opened; only Outlook can read it.")
    return notices


def _better_summary(tree: MimeTree, known: MessageSummary) -> MessageSummary:
    """Decode the header again, now with the charset of the body at hand."""
    fields = tree.root.fields
    charset = next((part.charset for part in tree.root.walk() if part.charset), None)
    senders = parse_mailers(field_of(fields, "from"), charset)
    senders = senders or parse_mailers(field_of(fields, "sender"), charset)
    sender = _better_sender(known.sender, senders)
    recipients = tuple(
        one
        for name in ("to", "cc", "bcc")
        for value in (value for known_name, value in fields if known_name == name)
        for one in parse_mailers(value, charset, limit=MAX_RECIPIENTS)
    )
    subject = clean_text(decode_words(field_of(fields, "subject"), charset), MAX_SUBJECT)
    received = [value for name, value in fields if name == "received"]
    return replace(
        known,
        subject=subject or known.subject,
        sender=sender,
        recipients=recipients[:MAX_RECIPIENTS] or known.recipients,
        sent_at=date_sent(field_of(fields, "date"), received, known.arrived_at),
        is_robot=known.is_robot or is_robot(sender, fields),
    )


def _better_sender(known: Mailer, senders: Sequence[Mailer]) -> Mailer:
    """The address stays: for a web form it is that of the customer, from Reply-To."""
    if not senders:
        return known
    if not known.email:
        return senders[0]
    name = senders[0].name if senders[0].email.lower() == known.email.lower() else ""
    return replace(known, name=name or known.name)


def preview_of(text: str) -> str:
    """Return the first words, without the signature."""
    body = _SIGNATURE.split(text[:5000], maxsplit=1)[0]
    return clean_text(body, PREVIEW) or clean_text(text, PREVIEW)


def count_words(text: str) -> int:
    return sum(1 for _ in _WORD.finditer(text))
