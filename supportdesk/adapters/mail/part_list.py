"""The attachments of a message, each by a name and the number under which the server gives it."""

import html
import re
from collections.abc import Collection, Sequence
from urllib.parse import unquote

from supportdesk.adapters.mail.mime_tree import MESSAGE_TYPES, Part
from supportdesk.adapters.mail.mime_values import safe_file_name
from supportdesk.domain.mail import MessagePart
from supportdesk.protocols.mail_headers import clean_text, decode_words, field_of

MAX_PARTS_SHOWN = 100

_CID = re.compile(r"cid:([^\"'\s<>)\\]{1,250})", re.IGNORECASE)
_TYPE = re.compile(r"[a-z0-9.+_-]{1,60}/[a-z0-9.+_-]{1,100}")
_DEFAULT_NAMES = {
    "text/calendar": "invitation.ics",
    "application/ics": "invitation.ics",
    "text/vcard": "contact.vcf",
    "text/x-vcard": "contact.vcf",
    "text/directory": "contact.vcf",
    "text/csv": "table.csv",
    "text/rfc822-headers": "headers.txt",
    "text/rtf": "text.rtf",
    "application/rtf": "text.rtf",
    "text/html": "page.html",
    "text/plain": "text.txt",
    "application/pgp-signature": "signature.asc",
    "application/pgp-encrypted": "encrypted.asc",
    "application/pgp-keys": "key.asc",
    "application/pkcs7-mime": "smime.p7m",
    "application/x-pkcs7-mime": "smime.p7m",
    "application/pkcs7-signature": "smime.p7s",
    "application/x-pkcs7-signature": "smime.p7s",
    "application/ms-tnef": "winmail.dat",
    "application/vnd.ms-tnef": "winmail.dat",
    "application/pdf": "document.pdf",
    "application/msword": "document.doc",
    "application/vnd.ms-excel": "table.xls",
    "application/zip": "archive.zip",
    "application/octet-stream": "attachment.bin",
    "image/jpeg": "image.jpg",
    "image/svg+xml": "image.svg",
    "image/tiff": "image.tif",
    "audio/mpeg": "audio.mp3",
    "audio/x-wav": "audio.wav",
    "video/quicktime": "video.mov",
}


def attachments(root: Part, bodies: Collection[int], source: str) -> tuple[MessagePart, ...]:
    """List every leaf that is not read as text.

    Attributes:
        bodies: The `id` of each part that is read.
        source: The HTML as the sender wrote it; what it shows by `cid:` is inline.
    """
    shown_by_html = {_plain_id(found) for found in _CID.findall(source)}
    found = [
        _described(part, shown_by_html)
        for part in root.walk_all()
        if not part.children and id(part) not in bodies
    ]
    return tuple(found[:MAX_PARTS_SHOWN])


def _described(part: Part, shown_by_html: Collection[str]) -> MessagePart:
    content_id = clean_text(part.content_id, 250)
    return MessagePart(
        name=name_of(part),
        media_type=part.media_type if _TYPE.fullmatch(part.media_type) else _unknown_type(part),
        size_bytes=part.size_bytes,
        section=part.section,
        encoding=clean_text(part.encoding, 40),
        content_id=content_id,
        is_inline=bool(content_id) and _plain_id(content_id) in shown_by_html,
    )


def _unknown_type(part: Part) -> str:
    return "application/octet-stream" if part.media_type else "text/plain"


def _plain_id(content_id: str) -> str:
    return unquote(html.unescape(content_id)).lower()


def name_of(part: Part) -> str:
    """The sender's name for it, or one that says what it is."""
    if part.file_name:
        return part.file_name
    if part.media_type in MESSAGE_TYPES:
        fields: Sequence[tuple[str, bytes]] = part.message.fields if part.message else ()
        subject = clean_text(decode_words(field_of(fields, "subject")), 80)
        return f"{safe_file_name(subject.replace('/', '_')) or 'message'}.eml"
    described = clean_text(decode_words(field_of(part.fields, "content-description")), 80)
    if "." in described.strip(".") and " " not in described:
        return safe_file_name(described)
    default = _DEFAULT_NAMES.get(part.media_type)
    if default is not None:
        return default
    kind, _, subtype = part.media_type.partition("/")
    return f"{kind or 'attachment'}.{subtype}" if subtype.isalnum() else kind or "attachment"
