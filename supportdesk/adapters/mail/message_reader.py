"""From the bytes of a message to what the founder reads. Never raises, never takes long.

Each field is decoded on its own and guarded; a message that makes no sense is shown as the raw text
it is, with a notice, and stops nobody.
"""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from supportdesk.adapters.mail.html_text import html_to_text
from supportdesk.adapters.mail.html_washer import HtmlWash, escape_text
from supportdesk.adapters.mail.mime_tree import MimeTree, Part, parse_mime
from supportdesk.adapters.mail.quoted_history import split_quoted
from supportdesk.domain.mail import PART_BREAK, MessagePart, MessageSummary, MessageText
from supportdesk.protocols.imap_envelope import facts_of_header
from supportdesk.protocols.mail_headers import (
    clean_text,
    decode_8bit,
    decode_words,
    field_of,
    is_robot,
)

MAX_TEXT = 300_000
MAX_HTML = 1_000_000
PREVIEW = 200
UNREADABLE_LETTERS = 3
_MAX_PARTS_SHOWN = 100

_log = logging.getLogger(__name__)
_WORD = re.compile(r"\w+(?:['’.\-]\w+)*")
# As in header lines, but line ends and tabs stay.
_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*){2,}")
_HEADER_END = re.compile(rb"\r?\n\r?\n")
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)

_DEFAULT_NAMES = {
    "text/calendar": "invitation.ics",
    "application/ics": "invitation.ics",
    "message/rfc822": "message.eml",
    "application/pgp-signature": "signature.asc",
    "application/pgp-encrypted": "encrypted.asc",
    "application/pkcs7-mime": "smime.p7m",
    "application/pkcs7-signature": "smime.p7s",
    "application/ms-tnef": "winmail.dat",
    "application/pdf": "document.pdf",
    "text/html": "page.html",
    "text/plain": "text.txt",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageContent:
    """A message that was read; `summary` is the known one, better informed."""

    text: MessageText
    summary: MessageSummary


@dataclass(slots=True, kw_only=True)
class _Section:
    """One thing to read, in one or two forms."""

    plain: str | None = None
    html: str | None = None


def read_message(raw: bytes, known: MessageSummary, *, is_whole: bool = True) -> MessageContent:
    """Read a message, of which the end may be missing."""
    try:
        return _read(raw, known, is_whole=is_whole)
    except Exception:  # noqa: BLE001 - a mail that finds a mistake of ours must not stop the watcher
        _log.exception("Mistake while decoding a message; it is shown raw")
        return _raw_content(raw, known)


def _read(raw: bytes, known: MessageSummary, *, is_whole: bool) -> MessageContent:
    tree = parse_mime(raw)
    sections = _sections(tree.root)
    wash = HtmlWash()
    html = _joined_html(sections, wash)
    plain = _tidy("\n\n".join(_plain_of(section) for section in sections))
    split = split_quoted(plain[:MAX_TEXT])
    text = MessageText(
        account=known.account,
        message_id=known.message_id,
        text=split.new,
        quoted=split.quoted,
        html=html,
        remote_images=wash.remote_images,
        parts=_attachments(tree.root),
        notices=(*_cut_notices(known, is_whole=is_whole), *_notices(tree, plain)),
        words=count_words(split.new),
        images=sum(_is_inline_image(part) for part in tree.root.walk()),
    )
    if is_whole and not (plain or html or text.parts) and _has_body(raw):
        # Better what nobody can read than nothing: the founder sees that there is something.
        return _raw_content(raw, known)
    return MessageContent(text=text, summary=_better_summary(tree, known, split.new))


def _has_body(raw: bytes) -> bool:
    """Is there anything but white space after the header?"""
    parts = _HEADER_END.split(raw, maxsplit=1)
    return len(parts) > 1 and bool(parts[1].strip())


def _raw_content(raw: bytes, known: MessageSummary) -> MessageContent:
    shown = _CONTROLS.sub("", decode_8bit(raw[:MAX_TEXT]))
    text = MessageText(
        account=known.account,
        message_id=known.message_id,
        text=shown,
        notices=("This message could not be decoded. It is shown as it came.",),
        words=count_words(shown),
    )
    return MessageContent(text=text, summary=known)


def _sections(part: Part) -> list[_Section]:
    """Gather what is to be read, in order; attachments are left out."""
    media_type = part.media_type
    if media_type.startswith("multipart/") and part.children:
        found = [section for child in part.children for section in _sections(child)]
        return [_alternative(found)] if media_type == "multipart/alternative" else found
    if part.is_attachment or not (_is_hollow(part) or _is_readable(part)):
        return []
    if media_type == "text/html":
        return [_Section(html=part.text()[:MAX_HTML])]
    return [_Section(plain=_plain(part))]


def _is_readable(part: Part) -> bool:
    return part.media_type in ("text/plain", "text/html", "message/delivery-status")


def _is_hollow(part: Part) -> bool:
    """A multipart without parts, or a type that is no type: its body is read as text."""
    return part.media_type.startswith("multipart/") or "/" not in part.media_type


def _alternative(sections: Sequence[_Section]) -> _Section:
    plain = [section.plain for section in sections if section.plain]
    html = [section.html for section in sections if section.html]
    return _Section(plain="\n\n".join(plain) or None, html="\n".join(html) or None)


def _plain(part: Part) -> str:
    text = part.text()
    if part.content_type.parameter("format").lower() == "flowed":
        text = unflow(text, is_space_deleted=part.content_type.parameter("delsp") == "yes")
    return text


def unflow(text: str, *, is_space_deleted: bool) -> str:
    """Join the lines of format=flowed (RFC 3676): a space at the end means "goes on"."""
    lines: list[list[str]] = []
    open_depth: int | None = None
    for line in text.replace("\r\n", "\n").split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        content = content.removeprefix(" ")
        goes_on = content.endswith(" ") and content != "-- "
        if goes_on and is_space_deleted:
            content = content[:-1]
        if open_depth == depth:
            lines[-1].append(content)
        else:
            lines.append([f"{'>' * depth} " if depth else "", content])
        open_depth = depth if goes_on else None
    return "\n".join("".join(line) for line in lines)


def _plain_of(section: _Section) -> str:
    if section.plain is not None and section.plain.strip():
        return section.plain
    return html_to_text(section.html) if section.html else ""


def _joined_html(sections: Sequence[_Section], wash: HtmlWash) -> str | None:
    if not any(section.html for section in sections):
        return None
    washed = [
        wash.wash(section.html) if section.html else escape_text(_tidy(section.plain or ""))
        for section in sections
    ]
    return PART_BREAK.join(washed)


def _tidy(text: str) -> str:
    """Normal line ends, no control or direction characters, at most two empty lines."""
    one_kind = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    return _BLANK_LINES.sub("\n\n\n", _CONTROLS.sub("", one_kind)).strip("\n")


def _attachments(root: Part) -> tuple[MessagePart, ...]:
    leaves = [part for part in root.walk() if not part.children]
    shown = [
        part
        for part in leaves
        if part.is_attachment or not (_is_hollow(part) or _is_readable(part))
    ]
    return tuple(
        MessagePart(
            name=_name_of(part),
            media_type=clean_text(part.media_type, 100) or "text/plain",
            size_bytes=part.size_bytes,
        )
        for part in shown[:_MAX_PARTS_SHOWN]
    )


def _name_of(part: Part) -> str:
    if part.file_name:
        return part.file_name
    if part.media_type == "message/rfc822":
        inner = parse_mime(bytes(part.body[:65_536])).root
        subject = clean_text(decode_words(field_of(inner.fields, "subject")), 80)
        return f"{subject or 'message'}.eml"
    default = _DEFAULT_NAMES.get(part.media_type)
    if default is not None:
        return default
    kind, _, subtype = part.media_type.partition("/")
    return f"{kind or 'attachment'}.{subtype}" if subtype.isalnum() else kind or "attachment"


def _is_inline_image(part: Part) -> bool:
    return part.media_type.startswith("image/") and not part.is_attachment


def _cut_notices(known: MessageSummary, *, is_whole: bool) -> list[str]:
    if is_whole:
        return []
    megabytes = known.size_bytes / 1_000_000
    return [f"This message is {megabytes:.1f} MB; only its beginning was read."]


def _notices(tree: MimeTree, plain: str) -> list[str]:
    notices: list[str] = []
    types = {part.media_type for part in tree.root.walk()}
    if tree.is_cut:
        notices.append("This message has too many parts to show them all.")
    if len(plain) > MAX_TEXT:
        notices.append("This message is very long; only its beginning is shown.")
    if plain.count("\ufffd") >= UNREADABLE_LETTERS:
        notices.append(
            "Some letters of this message could not be decoded; they are shown as \ufffd."
        )
    if types & {"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"}:
        notices.append("This message is encrypted or sealed. Open it in your mail program.")
    if "multipart/signed" in types:
        notices.append("This message is signed. The signature was not checked here.")
    if types & {"application/ms-tnef", "application/vnd.ms-tnef"}:
        notices.append("Attachments are packed in winmail.dat, which only Outlook opens.")
    if types & {"text/calendar", "application/ics"}:
        notices.append("This message is an invitation or carries one.")
    return notices


def _better_summary(tree: MimeTree, known: MessageSummary, text: str) -> MessageSummary:
    """Decode names and subject again, now with the charset of the body at hand."""
    header = b"\n".join(
        name.encode("ascii", "replace") + b": " + value for name, value in tree.root.fields
    )
    charset = next((part.charset for part in tree.root.walk() if part.charset), None)
    facts = facts_of_header(header, charset)
    name = facts.sender.name if facts.sender.email == known.sender.email else ""
    return replace(
        known,
        subject=facts.subject or known.subject,
        sender=replace(known.sender, name=name or known.sender.name),
        is_robot=known.is_robot or is_robot(known.sender, facts.fields),
        preview=preview_of(text),
    )


def preview_of(text: str) -> str:
    """Return the first words, without the signature."""
    body = _SIGNATURE.split(text[:5000], maxsplit=1)[0]
    return clean_text(body, PREVIEW) or clean_text(text, PREVIEW)


def count_words(text: str) -> int:
    return sum(1 for _ in _WORD.finditer(text))
