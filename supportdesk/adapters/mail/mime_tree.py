"""The parts of a message (RFC 2045, 2046), read so that no message can take for ever.

The standard library recurses through nested messages and takes seconds for thousands of parts; this
one stops at `MAX_DEPTH` and `MAX_PARTS` and says so. It never raises: what has no sense as MIME is
text. Parts bear the numbers under which an IMAP server gives them (RFC 9051, 6.4.5.1).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from supportdesk.adapters.mail.mime_values import (
    HeaderValue,
    parse_header_value,
    safe_file_name,
)
from supportdesk.adapters.mail.transfer_text import decoded_size, decoded_text, encoding_name
from supportdesk.protocols.charsets import charset_name
from supportdesk.protocols.mail_headers import decode_charset, decode_words, field_of, split_fields

MAX_DEPTH = 20
MAX_PARTS = 500
MAX_HEADER = 256 * 1024
_MAX_BOUNDARIES = 20_000
_MAX_GUESSES = 20

_FILE_NAME = re.compile(r"[^.]{1,100}(?:\.[^.]{1,100}){0,3}\.[A-Za-z][A-Za-z0-9]{1,4}$")
MESSAGE_TYPES = ("message/rfc822", "message/global", "message/news")

_FIELD_LINE = re.compile(rb"[!-9;-~]{1,200}[ \t]*:")
_KNOWN_FIELD = re.compile(
    rb"(?:from|to|cc|subject|date|received|return-path|message-id|mime-version|content-[a-z-]+"
    rb"|delivered-to|reply-to|x-[a-z0-9-]+):",
    re.IGNORECASE,
)
_BODY_END = re.compile(rb"\r?\n\r?\n")
_META_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})|<\?xml[^>]{0,80}?encoding=[\"']"
    rb"([\w.:-]{2,40})",
    re.IGNORECASE,
)


@dataclass(slots=True, kw_only=True)
class Part:
    """One entity.

    Attributes:
        body: Its bytes, not decoded.
        section: Its number on the server; empty where the server cannot give it by itself.
        children: Those of a multipart.
        message: What a nested message holds.
    """

    fields: list[tuple[str, bytes]]
    content_type: HeaderValue
    disposition: HeaderValue
    encoding: str
    body: memoryview
    section: str = ""
    children: list["Part"] = field(default_factory=list)
    message: "Part | None" = None

    @property
    def media_type(self) -> str:
        return self.content_type.value

    @property
    def charset(self) -> str:
        return self.content_type.parameter("charset")

    @property
    def is_multipart(self) -> bool:
        return self.media_type.startswith("multipart/")

    @property
    def is_attachment(self) -> bool:
        return self.disposition.value == "attachment"

    @property
    def file_name(self) -> str:
        """The name given by the sender, safe to show and to save as; empty when there is none."""
        name = self.disposition.parameter("filename") or self.content_type.parameter("name")
        return safe_file_name(name) or self._located_name()

    def _located_name(self) -> str:
        """Pictures saved with a page are named by where they belong."""
        place = field_of(self.fields, "content-location")[:1000]
        name = safe_file_name(decode_words(place).split("?", 1)[0])
        return name if _FILE_NAME.match(name) and not self.is_multipart else ""

    @property
    def content_id(self) -> str:
        return field_of(self.fields, "content-id").decode("utf-8", "replace").strip("<> \t")

    @property
    def size_bytes(self) -> int:
        """The size once decoded, without decoding it."""
        return decoded_size(bytes(self.body), self.encoding)

    def decoded(self) -> bytes:
        return decoded_text(bytes(self.body), self.encoding)

    def text(self) -> str:
        raw = self.decoded()
        return decode_charset(raw, self.charset if charset_name(self.charset) else self._meta(raw))

    def _meta(self, raw: bytes) -> str:
        """The charset that an HTML page itself names."""
        if self.media_type not in ("text/html", "application/xhtml+xml"):
            return ""
        found = _META_CHARSET.search(raw[:4000])
        return (found[1] or found[2]).decode("ascii", "replace") if found else ""

    def walk(self) -> Iterator["Part"]:
        """All parts of this message, but none of a message nested in it."""
        yield self
        for child in self.children:
            yield from child.walk()

    def walk_all(self) -> Iterator["Part"]:
        """All parts, those of nested messages as well."""
        yield self
        for child in self.children:
            yield from child.walk_all()
        if self.message is not None:
            yield from self.message.walk_all()


@dataclass(slots=True)
class _Budget:
    """How many parts may still be read."""

    parts: int = MAX_PARTS
    is_exceeded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MimeTree:
    """A message as parts; `is_cut` when there were too many or too deep ones."""

    root: Part
    is_cut: bool


def parse_mime(raw: bytes) -> MimeTree:
    """Read a whole message, of which the beginning may be an empty line or an envelope."""
    budget = _Budget()
    if b"\n" not in raw[:MAX_HEADER] and b"\r" in raw:
        raw = raw.replace(b"\r", b"\n")
    start = raw[:2000].lstrip(b"\r\n")
    if start != raw[:2000] and _KNOWN_FIELD.match(start):
        raw = raw.lstrip(b"\r\n")
    root = _parse(raw, 0, len(raw), 0, budget, default_type="")
    _number(root, "")
    return MimeTree(root=root, is_cut=budget.is_exceeded)


def _parse(
    raw: bytes, start: int, end: int, depth: int, budget: _Budget, *, default_type: str
) -> Part:
    budget.parts -= 1
    header, body = _split(raw, start, end)
    fields = split_fields(header)
    content_type = parse_header_value(field_of(fields, "content-type"))
    if not content_type.value and default_type:
        content_type = HeaderValue(value=default_type, parameters=content_type.parameters)
    part = Part(
        fields=fields,
        content_type=content_type,
        disposition=parse_header_value(field_of(fields, "content-disposition")),
        encoding=encoding_name(field_of(fields, "content-transfer-encoding")),
        body=memoryview(raw)[body:end],
    )
    if part.is_multipart:
        part.children = _children(part, raw, body, end, depth, budget)
    elif part.media_type in MESSAGE_TYPES and not part.is_multipart:
        _parse_message(part, raw, body, end, depth, budget)
    return part


def _parse_message(
    part: Part, raw: bytes, start: int, end: int, depth: int, budget: _Budget
) -> None:
    if depth >= MAX_DEPTH or budget.parts <= 0:
        budget.is_exceeded = True
        return
    if part.encoding in ("base64", "quoted-printable"):
        # Against RFC 2046, but some senders do; the server cannot number what is inside.
        inner = part.decoded()
        raw, start, end = inner, 0, len(inner)
    if start < end:
        part.message = _parse(raw, start, end, depth + 1, budget, default_type="")


def _number(part: Part, section: str) -> None:
    """Number the body of a message; `section` is that of the message which it is in."""
    if part.children:
        part.section = section
        _number_children(part)
    else:
        part.section = f"{section}.1" if section else "1"
        _number_message(part)


def _number_children(part: Part) -> None:
    for number, child in enumerate(part.children, 1):
        child.section = f"{part.section}.{number}" if part.section else str(number)
        _number_children(child)
        _number_message(child)


def _number_message(part: Part) -> None:
    if part.message is not None and part.encoding not in ("base64", "quoted-printable"):
        _number(part.message, part.section)


def _split(raw: bytes, start: int, end: int) -> tuple[bytes, int]:
    """Find where the header ends; return it, and where the body begins."""
    if raw.startswith((b"\n", b"\r\n"), start, end):
        return b"", raw.index(b"\n", start) + 1
    found = _BODY_END.search(raw, start, end)
    header_end, body = (found.start(), found.end()) if found else (end, end)
    header = raw[start : min(header_end, start + MAX_HEADER)]
    # The last line of a header that is too long to read whole is cut anywhere.
    missing = _missing_empty_line(header) if len(header) < MAX_HEADER else None
    if missing is not None:
        return header[:missing], start + missing
    return header, body


def _missing_empty_line(header: bytes) -> int | None:
    """Find where the body begins when no empty line says so; None when all is in order."""
    position = 0
    candidate: int | None = None
    for line in header.split(b"\n"):
        if _FIELD_LINE.match(line):
            if candidate is not None and _KNOWN_FIELD.match(line):
                # Junk between fields, such as an escaped envelope line.
                candidate = None
        elif candidate is None and line.strip() and _is_no_field(line):
            candidate = position
        position += len(line) + 1
    if candidate == 0 and header.startswith((b"From ", b">From ")) and b"\n" in header:
        rest = _missing_empty_line(header[header.index(b"\n") + 1 :])
        return None if rest is None else rest + header.index(b"\n") + 1
    return candidate


def _is_no_field(line: bytes) -> bool:
    """Neither a continued field nor one with a name that is none."""
    return not line.startswith((b" ", b"\t")) and b":" not in line[:80]


def _children(
    part: Part, raw: bytes, start: int, end: int, depth: int, budget: _Budget
) -> list[Part]:
    boundary = part.content_type.parameter("boundary").encode("utf-8", "surrogateescape").rstrip()
    if not boundary or raw.find(b"--" + boundary, start, end) < 0:
        boundary = _found_boundary(raw, start, end)
        if not boundary:
            return []
    if depth >= MAX_DEPTH:
        budget.is_exceeded = True
        return []
    default_type = "message/rfc822" if part.media_type == "multipart/digest" else ""
    children: list[Part] = []
    for child_start, child_end in _spans(raw, start, end, boundary):
        if budget.parts <= 0:
            budget.is_exceeded = True
            break
        children.append(
            _parse(raw, child_start, child_end, depth + 1, budget, default_type=default_type)
        )
    return children


def _spans(raw: bytes, start: int, end: int, boundary: bytes) -> Iterator[tuple[int, int]]:
    """Where each part begins and ends."""
    child_start: int | None = None
    for line_start, line_end, is_last in _delimiters(raw, start, end, boundary):
        if child_start is not None:
            yield child_start, _without_line_end(raw, child_start, line_start)
        if is_last:
            return
        child_start = line_end
    if child_start is not None:
        # The end is missing: the message was cut, or its sender does not close what it opens.
        yield child_start, end


def _delimiters(
    raw: bytes, start: int, end: int, boundary: bytes
) -> Iterator[tuple[int, int, bool]]:
    """Find the lines that are a boundary: where each begins, where the next one does, the last."""
    needle = b"--" + boundary
    position = start
    for _ in range(_MAX_BOUNDARIES):
        found = raw.find(needle, position, end)
        if found < 0:
            return
        position = found + len(needle)
        if found > start and raw[found - 1 : found] != b"\n":
            continue
        newline = raw.find(b"\n", position, end)
        line_end = end if newline < 0 else newline + 1
        rest = raw[position : min(line_end, position + 100)]
        is_last = rest.startswith(b"--")
        # Otherwise it is the beginning of a longer boundary, or of words.
        if (rest[2:] if is_last else rest).strip() == b"" and line_end - position < 100:
            yield found, line_end, is_last
            # The line end may also be the one before the next delimiter.
            position = line_end


def _without_line_end(raw: bytes, start: int, end: int) -> int:
    """The line end before a delimiter belongs to the delimiter."""
    if end > start and raw[end - 1 : end] == b"\n":
        end -= 1
        if end > start and raw[end - 1 : end] == b"\r":
            end -= 1
    return max(start, end)


_DELIMITER_LINE = re.compile(rb"^--([^\s-][^\r\n]{3,69}?)[ \t]*\r?$", re.MULTILINE)


def _found_boundary(raw: bytes, start: int, end: int) -> bytes:
    """Guess a boundary that the header does not name: what ends the body, twice dashed."""
    lines = _DELIMITER_LINE.finditer(raw, start, min(end, start + 20_000))
    for found in islice(lines, _MAX_GUESSES):
        name: bytes = found[1]
        closing = b"\n--" + name + b"--"
        after = raw[found.end() : found.end() + 300].lstrip(b"\r\n")
        if after[:8].lower() == b"content-" and raw.find(closing, found.end(), end) >= 0:
            return name
    return b""
