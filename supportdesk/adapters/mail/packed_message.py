"""What is packed inside a part: winmail.dat and opaque signatures; it is read as if unpacked."""

from dataclasses import dataclass, field

from supportdesk.adapters.mail.message_body import Section
from supportdesk.adapters.mail.mime_tree import Part, parse_mime
from supportdesk.adapters.mail.mime_values import safe_file_name
from supportdesk.adapters.mail.seals import PKCS7_TYPES, unwrapped
from supportdesk.adapters.mail.tnef import TNEF_TYPES, TnefMessage, read_tnef
from supportdesk.domain.cards import NestedMessage
from supportdesk.domain.mail import MessagePart

MAX_PACKED = 5
_MAX_NESTED_TEXT = 20_000


@dataclass(slots=True, kw_only=True)
class Packed:
    """What was found inside.

    Attributes:
        parts: They cannot be fetched by themselves: their section is empty.
        roots: Messages that a signature was wrapped around.
    """

    sections: list[Section] = field(default_factory=list)
    parts: list[MessagePart] = field(default_factory=list)
    cards: list[NestedMessage] = field(default_factory=list)
    roots: list[Part] = field(default_factory=list)
    opened: set[int] = field(default_factory=set)
    has_unreadable_tnef: bool = False


def unpack(root: Part, *, is_body_missing: bool) -> Packed:
    """Open what is packed in a message; at most a few of them."""
    packed = Packed()
    leaves = [part for part in root.walk() if not part.children]
    found = [one for one in leaves if _is_packed(one) and not _was_left_out(one)]
    for part in found[:MAX_PACKED]:
        if part.media_type in PKCS7_TYPES:
            _unpack_signed(part, packed)
        else:
            _unpack_tnef(part, packed, is_body_missing=is_body_missing)
    return packed


def _is_packed(part: Part) -> bool:
    if part.media_type in (*TNEF_TYPES, *PKCS7_TYPES):
        return True
    return part.file_name.lower() == "winmail.dat"


def _was_left_out(part: Part) -> bool:
    """A large message is read without its large parts: they are there, but empty."""
    return not part.body


def _unpack_signed(part: Part, packed: Packed) -> None:
    inner = unwrapped(part)
    if not inner:
        return
    root = parse_mime(inner).root
    for one in root.walk_all():
        one.section = ""
    packed.roots.append(root)
    packed.opened.add(id(part))


def _unpack_tnef(part: Part, packed: Packed, *, is_body_missing: bool) -> None:
    message = read_tnef(part.decoded())
    if message is None:
        packed.has_unreadable_tnef = True
        return
    packed.opened.add(id(part))
    if is_body_missing and (message.plain.strip() or message.html.strip()):
        packed.sections.append(Section(plain=message.plain or None, html=message.html or None))
    _take_attachments(message, packed)


def _take_attachments(message: TnefMessage, packed: Packed) -> None:
    for number, one in enumerate(message.attachments, 1):
        if one.message is not None:
            inner = one.message
            section = Section(plain=inner.plain or None, html=inner.html or None)
            packed.cards.append(
                NestedMessage(
                    sender=inner.sender,
                    subject=inner.subject or one.name,
                    text=section.text[:_MAX_NESTED_TEXT],
                )
            )
            _take_attachments(inner, packed)
            continue
        packed.parts.append(
            MessagePart(
                name=safe_file_name(one.name) or f"attachment {number}",
                media_type=one.media_type or "application/octet-stream",
                size_bytes=len(one.data),
                content_id=one.content_id[:250],
            )
        )
