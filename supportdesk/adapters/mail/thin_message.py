"""A large message without its attachments: what there is to read is fetched, the rest is named.

The server describes the parts (BODYSTRUCTURE); texts and small parts are fetched by their numbers,
and a message is put together from them that has the same parts under the same numbers, the large
ones empty. It is read like any other, and the sizes of what was left out are set right after it. A
mail with fifty megabytes in it opens like one with fifty lines.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from supportdesk.adapters.mail.imap_link import ImapLink
from supportdesk.domain.mail import MessagePart
from supportdesk.protocols.body_structure import (
    BodyPart,
    BodyStructure,
    Parameters,
    parse_structure,
)
from supportdesk.protocols.imap_responses import Fetch, Response
from supportdesk.protocols.mail_headers import split_fields

Hearer = Callable[[Response], None]

_MAX_HEADER = 256 * 1024
_SMALL = 4096
_SLACK = 16
_SMALL_MESSAGE = 64 * 1024
_SECTIONS_AT_ONCE = 30
# Read for what they are, whether or not they were attached: cards, seals, packed messages.
_ALSO_READ = frozenset(
    {
        "text/calendar",
        "application/ics",
        "application/ms-tnef",
        "application/vnd.ms-tnef",
        "application/pkcs7-mime",
        "application/x-pkcs7-mime",
        "application/pgp-encrypted",
        "message/delivery-status",
        "message/disposition-notification",
        "message/feedback-report",
    }
)
_BARE = re.compile(rb"[!#$%&'*+.^_`{|}~0-9A-Za-z-]+\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class ThinMessage:
    """Enough of a message to read it; `is_whole` when no text of it was cut."""

    raw: bytes
    is_whole: bool
    structure: BodyStructure
    fetched: frozenset[str]

    def with_true_sizes(self, parts: Sequence[MessagePart]) -> tuple[MessagePart, ...]:
        """Set the sizes of what was left out."""
        return tuple(self._with_true_size(part) for part in parts)

    def _with_true_size(self, part: MessagePart) -> MessagePart:
        known = self.structure.part(part.section)
        if known is None or part.section in self.fetched:
            return part
        return replace(part, size_bytes=known.decoded_bytes)


def fetch_thin(link: ImapLink, uid: int, limit: int, hear: Hearer) -> ThinMessage | None:
    """Fetch what there is to read of a message, at most about `limit` bytes.

    Returns:
        None when the server does not have the message any more, or cannot describe it in a way
        that we follow.
    """
    described = _describe(link, uid, hear)
    if described is None:
        return None
    header, structure = described
    if structure.is_cut:
        return None
    wanted = _wanted(structure.root, limit)
    contents = _fetch_sections(link, uid, wanted, hear)
    if contents is None or _is_numbered_otherwise(structure.root, contents):
        return None
    readable = list(_readable(structure.root))
    whole = frozenset(one.section for one in readable if wanted.get(one.section) == one.size_bytes)
    texts = {one.section for one in readable if one.is_text}
    return ThinMessage(
        raw=_rebuilt(header, structure.root, contents),
        is_whole=texts <= whole,
        structure=structure,
        fetched=whole,
    )


def _describe(link: ImapLink, uid: int, hear: Hearer) -> tuple[bytes, BodyStructure] | None:
    found: list[tuple[bytes, BodyStructure]] = []

    def take(response: Response) -> None:
        match response:
            case Fetch(uid=asked, structure=list() as tokens, header=bytes() as header) if (
                asked == uid
            ):
                found.append((header, parse_structure(tokens)))
            case _:
                hear(response)

    items = f"(UID BODYSTRUCTURE BODY.PEEK[HEADER]<0.{_MAX_HEADER}>)"
    ended = link.run(f"UID FETCH {uid} {items}", take)
    return found[-1] if found and ended.is_ok and not ended.has_missing_messages else None


def _fetch_sections(
    link: ImapLink, uid: int, wanted: Mapping[str, int], hear: Hearer
) -> dict[str, bytes] | None:
    contents: dict[str, bytes] = {}

    def take(response: Response) -> None:
        match response:
            case Fetch(uid=asked, sections=((_, _), *_) as sections) if asked == uid:
                contents.update(sections)
            case _:
                hear(response)

    names = list(wanted)
    for start in range(0, len(names), _SECTIONS_AT_ONCE):
        some = names[start : start + _SECTIONS_AT_ONCE]
        items = " ".join(f"BODY.PEEK[{name}]<0.{wanted[name]}>" for name in some)
        if not link.run(f"UID FETCH {uid} (UID {items})", take).is_ok:
            return None
    return contents


@dataclass(frozen=True, slots=True, kw_only=True)
class _Readable:
    """Something to fetch, and whether the founder would miss words without it."""

    section: str
    size_bytes: int
    is_text: bool = False


def _wanted(root: BodyPart, limit: int) -> dict[str, int]:
    """Choose what to fetch: section and how much of it, within the limit."""
    wanted: dict[str, int] = {}
    left = limit
    for one in _readable(root):
        most = min(one.size_bytes, left)
        if most > 0 and one.section not in wanted:
            wanted[one.section] = most
            left -= most
    return wanted


def _readable(part: BodyPart) -> Iterator[_Readable]:
    # Some servers announce a little less than they send.
    size = part.size_bytes + _SLACK
    if part.is_message and part.children:
        if size <= _SMALL_MESSAGE:
            yield _Readable(section=part.section, size_bytes=size, is_text=True)
            return
        yield _Readable(section=f"{part.section}.HEADER", size_bytes=_SMALL_MESSAGE)
    for child in part.children:
        yield from _readable(child)
    is_read = _is_text(part) or part.media_type in _ALSO_READ or size <= _SMALL
    if not part.children and not part.is_multipart and is_read:
        yield _Readable(section=part.section, size_bytes=size, is_text=_is_text(part))


def _is_text(part: BodyPart) -> bool:
    return part.media_type.startswith("text/") and not part.is_attachment


def _is_numbered_otherwise(root: BodyPart, contents: Mapping[str, bytes]) -> bool:
    """Some servers count the parts of a nested message in their own way (pymap).

    Then what came as a part begins with the boundary of the multipart that it is in.
    """
    for part in root.walk():
        boundary = dict(part.parameters).get(b"boundary", b"") if part.is_multipart else b""
        for child in part.children:
            if boundary and contents.get(child.section, b"").startswith(b"--" + boundary):
                return True
    return False


def _rebuilt(header: bytes, root: BodyPart, contents: Mapping[str, bytes]) -> bytes:
    boundaries = _boundaries(contents)
    return _entity(_without_mime(header), root, contents, boundaries)


def _entity(
    header: bytes, part: BodyPart, contents: Mapping[str, bytes], boundaries: Iterator[bytes]
) -> bytes:
    if part.is_multipart:
        boundary = next(boundaries)
        body = b"".join(
            b"--" + boundary + b"\r\n" + _entity(b"", child, contents, boundaries) + b"\r\n"
            for child in part.children
        )
        mime = _mime_header(part, boundary)
        return header + mime + b"\r\n" + body + b"--" + boundary + b"--\r\n"
    return header + _mime_header(part) + b"\r\n" + _body(part, contents, boundaries)


def _body(part: BodyPart, contents: Mapping[str, bytes], boundaries: Iterator[bytes]) -> bytes:
    known = contents.get(part.section)
    if known is not None or not part.children:
        return known or b""
    inner = _without_mime(contents.get(f"{part.section}.HEADER", b""))
    return _entity(inner, part.children[0], contents, boundaries)


def _boundaries(contents: Mapping[str, bytes]) -> Iterator[bytes]:
    """Give out boundaries that occur in nothing that was fetched."""
    stem = b"=_thin"
    while any(stem in content for content in contents.values()):
        stem += b"_"
    number = 0
    while True:
        number += 1
        yield stem + b"-%d-" % number


def _without_mime(header: bytes) -> bytes:
    """Leave out what says how the body is made: it is made anew."""
    return b"".join(
        name.encode("ascii", "replace") + b": " + value + b"\r\n"
        for name, value in split_fields(header)
        if not name.lower().startswith(("content-", "mime-version"))
    )


def _mime_header(part: BodyPart, boundary: bytes = b"") -> bytes:
    parameters: Parameters = tuple(
        (name, value) for name, value in part.parameters if name.lower() != b"boundary"
    )
    if boundary:
        parameters = (*parameters, (b"boundary", boundary))
    lines = [b"Content-Type: " + part.media_type.encode("ascii", "replace") + _written(parameters)]
    # What is left out is empty whatever its encoding; what was fetched is as it was.
    if part.encoding and not part.is_multipart:
        lines.append(b"Content-Transfer-Encoding: " + part.encoding.encode("ascii", "replace"))
    if part.content_id:
        lines.append(b"Content-ID: <" + _one_line(part.content_id) + b">")
    if part.disposition:
        named = _written(part.disposition_parameters)
        disposition = part.disposition.encode("ascii", "replace")
        lines.append(b"Content-Disposition: " + disposition + named)
    return b"\r\n".join(lines) + b"\r\n"


def _written(parameters: Parameters) -> bytes:
    return b"".join(
        b"; " + _one_line(name) + b"=" + _value(_one_line(value)) for name, value in parameters
    )


def _value(value: bytes) -> bytes:
    if _BARE.match(value):
        return value
    return b'"' + value.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def _one_line(raw: bytes) -> bytes:
    return raw.replace(b"\r", b" ").replace(b"\n", b" ").replace(b"\x00", b"")
