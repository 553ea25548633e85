"""winmail.dat (MS-OXTNEF): what Outlook packs a message into for other Outlooks.

Reads names, sizes and the body out of it. A stream that lies about its lengths gives what can be
read before the lie. Nothing is copied but what is asked for, nesting is bounded.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from supportdesk.adapters.mail.compressed_rtf import unpack_rtf
from supportdesk.adapters.mail.mapi_properties import BINARY, Properties, read_properties
from supportdesk.adapters.mail.rtf_text import RtfText, read_rtf
from supportdesk.protocols.charsets import charset_name
from supportdesk.protocols.mail_headers import decode_charset

TNEF_TYPES = ("application/ms-tnef", "application/vnd.ms-tnef")
MAX_ATTRIBUTES = 5000
MAX_ATTACHMENTS = 100
_MAX_DEPTH = 3

_SIGNATURE = b"\x78\x9f\x3e\x22"
_OF_ATTACHMENT = 2

_OEM_CODEPAGE = 0x9007
_SUBJECT = 0x8004
_BODY = 0x800C
_MESSAGE_PROPERTIES = 0x9003
_RENDER_DATA = 0x9002
_TITLE = 0x8010
_DATA = 0x800F
_ATTACHMENT_PROPERTIES = 0x9005

_PR_SUBJECT = 0x0037
_PR_SENDER_NAME = 0x0C1A
_PR_SENDER_EMAIL = 0x0C1F
_PR_SENDER_SMTP = 0x5D01
_PR_BODY = 0x1000
_PR_RTF = 0x1009
_PR_HTML = 0x1013
_PR_INTERNET_CPID = 0x3FDE
_PR_MESSAGE_CODEPAGE = 0x3FFD
_PR_DISPLAY_NAME = 0x3001
_PR_DATA = 0x3701
_PR_FILE_NAME = 0x3704
_PR_LONG_FILE_NAME = 0x3707
_PR_MIME_TYPE = 0x370E
_PR_CONTENT_ID = 0x3712
_OBJECT_ID_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class TnefAttachment:
    """A file in a winmail.dat, or a message attached to it."""

    name: str
    media_type: str
    data: bytes
    content_id: str = ""
    message: "TnefMessage | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TnefMessage:
    """What a winmail.dat holds; texts are as they were written, not yet washed."""

    subject: str = ""
    sender: str = ""
    plain: str = ""
    html: str = ""
    attachments: tuple[TnefAttachment, ...] = ()


@dataclass(slots=True)
class _Attachment:
    """An attachment while it is being read."""

    title: bytes = b""
    data: bytes = b""
    properties: Properties = field(default_factory=Properties)


@dataclass(slots=True)
class _Stream:
    """A stream while it is being read."""

    code_page: str = "cp1252"
    subject: bytes = b""
    body: bytes = b""
    properties: Properties = field(default_factory=Properties)
    attachments: list[_Attachment] = field(default_factory=list)


def read_tnef(raw: bytes) -> TnefMessage | None:
    """Read a winmail.dat; None when it is none."""
    return _read(raw, 0)


def _read(raw: bytes, depth: int) -> TnefMessage | None:
    if not raw.startswith(_SIGNATURE) or depth > _MAX_DEPTH:
        return None
    stream = _Stream()
    for level, kind, value in _attributes(raw):
        if level == _OF_ATTACHMENT:
            _take_of_attachment(stream, kind, value)
        else:
            _take_of_message(stream, kind, value)
    return _message(stream, depth)


def _attributes(raw: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Walk through level, number and value of each attribute (MS-OXTNEF 2.1.3)."""
    at = 6
    for _ in range(MAX_ATTRIBUTES):
        if at + 9 > len(raw):
            return
        level = raw[at]
        kind = int.from_bytes(raw[at + 1 : at + 3], "little")
        length = int.from_bytes(raw[at + 5 : at + 9], "little")
        at += 9
        yield level, kind, raw[at : at + length]
        # A checksum of two bytes ends it; Outlook itself gets it wrong at times.
        at += length + 2


def _take_of_message(stream: _Stream, kind: int, value: bytes) -> None:
    if kind == _OEM_CODEPAGE:
        page = int.from_bytes(value[:4], "little")
        stream.code_page = charset_name(f"cp{page}") or stream.code_page
    elif kind == _SUBJECT:
        stream.subject = value
    elif kind == _BODY:
        stream.body = value
    elif kind == _MESSAGE_PROPERTIES:
        stream.properties = read_properties(value)


def _take_of_attachment(stream: _Stream, kind: int, value: bytes) -> None:
    if kind == _RENDER_DATA or not stream.attachments:
        if len(stream.attachments) >= MAX_ATTACHMENTS:
            return
        stream.attachments.append(_Attachment())
    current = stream.attachments[-1]
    if kind == _TITLE:
        current.title = value
    elif kind == _DATA:
        current.data = value
    elif kind == _ATTACHMENT_PROPERTIES:
        current.properties = read_properties(value)


def _message(stream: _Stream, depth: int) -> TnefMessage:
    properties = stream.properties
    for number in (_PR_MESSAGE_CODEPAGE, _PR_INTERNET_CPID):
        page = charset_name(f"cp{properties.number(number)}")
        if page and page != "utf-8":
            properties.code_page = page
            break
    else:
        properties.code_page = stream.code_page
    rtf = read_rtf(unpack_rtf(properties.octets(_PR_RTF)))
    name = properties.text(_PR_SENDER_NAME)
    email = properties.text(_PR_SENDER_SMTP) or properties.text(_PR_SENDER_EMAIL)
    return TnefMessage(
        subject=properties.text(_PR_SUBJECT) or _narrow(stream.subject, stream),
        sender=f"{name} <{email}>" if name and "@" in email else name or email,
        plain=properties.text(_PR_BODY) or _narrow(stream.body, stream) or rtf.plain,
        html=_html(properties, rtf),
        attachments=tuple(_attachment(one, stream, depth) for one in stream.attachments),
    )


def _narrow(value: bytes, stream: _Stream) -> str:
    return value.split(b"\0", 1)[0].decode(stream.code_page, "replace")


def _html(properties: Properties, rtf: RtfText) -> str:
    kind, _ = properties.values.get(_PR_HTML, (0, b""))
    if kind == BINARY:
        page = charset_name(f"cp{properties.number(_PR_INTERNET_CPID)}")
        return decode_charset(properties.octets(_PR_HTML).rstrip(b"\0"), page)
    return properties.text(_PR_HTML) or rtf.html


def _attachment(found: _Attachment, stream: _Stream, depth: int) -> TnefAttachment:
    properties = found.properties
    properties.code_page = stream.properties.code_page
    name = (
        properties.text(_PR_LONG_FILE_NAME)
        or properties.text(_PR_FILE_NAME)
        or _narrow(found.title, stream)
        or properties.text(_PR_DISPLAY_NAME)
    )
    data = found.data or properties.octets(_PR_DATA)
    inner = _read(data[_OBJECT_ID_BYTES:], depth + 1)
    return TnefAttachment(
        name=name,
        media_type=properties.text(_PR_MIME_TYPE).lower(),
        data=data,
        content_id=properties.text(_PR_CONTENT_ID).strip("<>"),
        message=inner,
    )
