"""The parts of a message (RFC 2045, 2046, 2183, 2231), read so that no message can take for ever.

The standard library recurses through nested messages and takes seconds for thousands of parts; this
one stops at `MAX_DEPTH` and `MAX_PARTS` and says so. It never raises: what has no sense as MIME is
text.
"""

import binascii
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from supportdesk.protocols.mail_headers import (
    clean_text,
    decode_base64,
    decode_charset,
    decode_words,
    field_of,
    split_fields,
)

MAX_DEPTH = 20
MAX_PARTS = 500
MAX_HEADER = 256 * 1024
MAX_NAME = 200

_HEADER_END = re.compile(rb"\r?\n\r?\n")
_PARAMETER = re.compile(
    rb";\s*([!-:<>-~]{1,80}?)\s*=\s*(?:\"((?:[^\"\\]|\\.)*+)\"?|([^;\s]*))", re.DOTALL
)
_SECTION = re.compile(r"(.+?)\*(?:(\d{1,3})(\*)?)?$")
_FORBIDDEN_IN_NAMES = re.compile(r'[<>:"|?*\\/]')


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderValue:
    """A structured header: `text/plain; charset=utf-8` is a value with parameters."""

    value: str = ""
    parameters: tuple[tuple[str, str], ...] = ()

    def parameter(self, name: str) -> str:
        return next((value for known, value in self.parameters if known == name), "")


@dataclass(slots=True, kw_only=True)
class Part:
    """One entity; `body` are its undecoded bytes, `children` those of a multipart."""

    fields: list[tuple[str, bytes]]
    content_type: HeaderValue
    disposition: HeaderValue
    encoding: str
    body: memoryview
    children: list["Part"] = field(default_factory=list)

    @property
    def media_type(self) -> str:
        return self.content_type.value

    @property
    def charset(self) -> str:
        return self.content_type.parameter("charset")

    @property
    def is_attachment(self) -> bool:
        return self.disposition.value == "attachment"

    @property
    def file_name(self) -> str:
        """The name given by the sender, safe to show and to save as; empty when there is none."""
        name = self.disposition.parameter("filename") or self.content_type.parameter("name")
        return safe_file_name(name)

    @property
    def content_id(self) -> str:
        return field_of(self.fields, "content-id").decode("ascii", "replace").strip("<> ")

    @property
    def size_bytes(self) -> int:
        """The size once decoded, without decoding it."""
        if self.encoding != "base64":
            return len(self.body)
        body = bytes(self.body)
        letters = len(body) - sum(body.count(other) for other in (b"\n", b"\r", b"="))
        return letters * 3 // 4

    def decoded(self) -> bytes:
        body = bytes(self.body)
        if self.encoding == "base64":
            return decode_base64(body)
        if self.encoding == "quoted-printable":
            return binascii.a2b_qp(body)
        return body

    def text(self) -> str:
        return decode_charset(self.decoded(), self.charset)

    def walk(self) -> Iterator["Part"]:
        yield self
        for child in self.children:
            yield from child.walk()


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
    """Read a whole message."""
    budget = _Budget()
    root = _parse(memoryview(raw), 0, budget)
    return MimeTree(root=root, is_cut=budget.is_exceeded)


def _parse(entity: memoryview, depth: int, budget: _Budget) -> Part:
    budget.parts -= 1
    header, body = _split(entity)
    fields = split_fields(header)
    content_type = parse_header_value(field_of(fields, "content-type"))
    part = Part(
        fields=fields,
        content_type=content_type,
        disposition=parse_header_value(field_of(fields, "content-disposition")),
        encoding=field_of(fields, "content-transfer-encoding").decode("ascii", "replace").lower(),
        body=body,
    )
    if content_type.value.startswith("multipart/"):
        part.children = _children(part, depth, budget)
    return part


def _split(entity: memoryview) -> tuple[bytes, memoryview]:
    start = bytes(entity[:MAX_HEADER])
    if start.startswith((b"\n", b"\r\n")):
        return b"", entity[start.index(b"\n") + 1 :]
    found = _HEADER_END.search(start)
    if found is None:
        return start, entity[len(start) :]
    return start[: found.start()], entity[found.end() :]


def _children(part: Part, depth: int, budget: _Budget) -> list[Part]:
    boundary = part.content_type.parameter("boundary")
    if not boundary:
        return []
    if depth >= MAX_DEPTH:
        budget.is_exceeded = True
        return []
    escaped = re.escape(boundary.encode("utf-8", "replace"))
    delimiter = re.compile(rb"(?:\A|\r?\n)--" + escaped + rb"(--)?[ \t]*(?:\r?\n|\Z)")
    children: list[Part] = []
    start: int | None = None
    position = 0
    while found := delimiter.search(part.body, position):
        if start is not None:
            children.append(_parse(part.body[start : found.start()], depth + 1, budget))
        if found[1] is not None:
            return children
        if budget.parts <= 0:
            budget.is_exceeded = True
            return children
        start = found.end()
        # The line end before the next delimiter may be the one that ended this line.
        position = max(start - 1, found.start() + 1)
    if start is not None and start <= len(part.body):
        # The end is missing: the message was cut, or its sender does not close what it opens.
        children.append(_parse(part.body[start:], depth + 1, budget))
    return children


def parse_header_value(raw: bytes) -> HeaderValue:
    """Parse Content-Type or Content-Disposition, with continued and encoded parameters."""
    head = raw[:20_000]
    value = head.split(b";", 1)[0].strip().lower().decode("ascii", "replace")
    plain: dict[str, str] = {}
    pieces: dict[str, list[tuple[int, bool, bytes]]] = {}
    for found in _PARAMETER.finditer(head):
        name = found[1].decode("ascii").lower()
        text = found[2] if found[2] is not None else found[3]
        text = re.sub(rb"\\([\"\\])", rb"\1", text)
        section = _SECTION.match(name)
        if section is None:
            plain.setdefault(name, decode_words(text).strip())
            continue
        is_encoded = section[2] is None or section[3] is not None
        pieces.setdefault(section[1], []).append((int(section[2] or 0), is_encoded, text))
    joined = {name: _join(sorted(sections)) for name, sections in pieces.items()}
    return HeaderValue(value=value, parameters=tuple((plain | joined).items()))


def _join(sections: list[tuple[int, bool, bytes]]) -> str:
    """Join the sections of a parameter (RFC 2231): the first one names the charset."""
    charset = b""
    joined = b""
    for number, is_encoded, text in sections:
        rest = text
        if is_encoded:
            if number == 0 and text.count(b"'") >= 2:
                charset, _, rest = text.split(b"'", 2)
            rest = unquote_to_bytes(rest)
        joined += rest
    return decode_charset(joined, charset.decode("ascii", "replace") or "utf-8")


def safe_file_name(name: str) -> str:
    """Take paths, control characters and what no file system allows out of a name."""
    last = posixpath.basename(clean_text(name, MAX_NAME * 2).replace("\\", "/"))
    return clean_text(_FORBIDDEN_IN_NAMES.sub("_", last).lstrip("."), MAX_NAME)
