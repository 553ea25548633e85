"""What of a message is there to be read, as plain text and as HTML; the rest are attachments."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from supportdesk.adapters.mail.delivery_reports import REPORT_TYPES, report_text
from supportdesk.adapters.mail.flowed_text import unflow
from supportdesk.adapters.mail.html_text import html_to_text
from supportdesk.adapters.mail.mime_tree import MESSAGE_TYPES, Part
from supportdesk.adapters.mail.uuencoded_files import UuencodedFile, take_uuencoded

MAX_HTML = 4_000_000
MAX_PLAIN = 2_000_000

_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*){2,}")
# As in header lines, but line ends and tabs stay.
_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)
_WORDS = re.compile(r"\w+")
_TAGS = re.compile(r"<[^<>]{1,200}>")
_SAME_SHARE = 0.9
_READABLE = ("text/plain", "text/html", "application/xhtml+xml", *REPORT_TYPES)


@dataclass(slots=True, kw_only=True)
class Section:
    """One thing to read, in one or two forms, and the files that were inside of its text."""

    plain: str | None = None
    html: str | None = None
    files: tuple[UuencodedFile, ...] = ()

    @property
    def text(self) -> str:
        if self.plain is not None and self.plain.strip():
            return self.plain
        return html_to_text(self.html) if self.html else ""


def tidy(text: str) -> str:
    """Normal line ends, no control or direction characters, at most two empty lines."""
    one_kind = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    clean = _CONTROLS.sub("", one_kind.replace("\u2029", "\n").replace("\x0c", "\n"))
    return _BLANK_LINES.sub("\n\n\n", clean).strip("\n")


def plain_text(sections: Sequence[Section]) -> str:
    return tidy("\n\n".join(text for section in sections if (text := section.text)))


def body_parts(root: Part) -> list[Part]:
    """Return the leaves that are the body of a message: the rest are attachments."""
    chosen: list[Part] = []
    for part in root.walk():
        if part.children or part.is_attachment or part.message is not None:
            continue
        if _is_read(part, has_body=any(one.media_type in _READABLE for one in chosen)):
            chosen.append(part)
    if not any(part.media_type in _READABLE or _is_hollow(part) for part in chosen):
        # Text of another kind is better than no text.
        chosen += [part for part in root.walk() if _is_other_text(part)][:1]
    return chosen


def _is_read(part: Part, *, has_body: bool) -> bool:
    if part.media_type in REPORT_TYPES:
        return True
    if part.media_type in _READABLE:
        # A text with a name that follows the body is a file, shown inline or not.
        return not (has_body and part.file_name)
    # Without any type it is text, whatever it is.
    is_text = not part.media_type or not _is_binary(part)
    return _is_hollow(part) and not part.file_name and is_text


def _is_hollow(part: Part) -> bool:
    """A multipart without parts, or a type that is no type: its body is read as text."""
    return part.is_multipart or part.media_type in MESSAGE_TYPES or "/" not in part.media_type


def _is_other_text(part: Part) -> bool:
    return (
        part.media_type.startswith("text/")
        and part.media_type not in ("text/calendar", "text/rfc822-headers", *_READABLE)
        and not part.is_attachment
        and not part.file_name
    )


def _is_binary(part: Part) -> bool:
    return b"\x00" in bytes(part.body[:2000])


def read_sections(part: Part, chosen: Sequence[Part]) -> list[Section]:
    """Gather what is to be read, in order."""
    if not part.children:
        return [_leaf(part)] if any(part is one for one in chosen) else []
    found = [section for child in part.children for section in read_sections(child, chosen)]
    if part.media_type == "multipart/alternative":
        return [_alternative(found)] if found else []
    return _merged(found)


def _leaf(part: Part) -> Section:
    if part.media_type in ("text/html", "application/xhtml+xml"):
        return Section(html=part.text()[:MAX_HTML])
    if part.media_type in REPORT_TYPES:
        return Section(plain=report_text(part.decoded()))
    text = part.text()[:MAX_PLAIN]
    if part.content_type.parameter("format").lower() == "flowed":
        is_space_deleted = part.content_type.parameter("delsp").lower() == "yes"
        text = unflow(text, is_space_deleted=is_space_deleted)
    elif part.media_type in ("text/enriched", "text/richtext"):
        text = _TAGS.sub("", text)
    text, files = take_uuencoded(text)
    return Section(plain=text, files=files)


def _alternative(sections: Sequence[Section]) -> Section:
    plain = [section.plain for section in sections if section.plain]
    html = [section.html for section in sections if section.html]
    return Section(
        plain="\n\n".join(plain) or None,
        html="\n".join(html) or None,
        files=tuple(one for section in sections for one in section.files),
    )


def _merged(sections: list[Section]) -> list[Section]:
    """Join a text and an HTML that say the same, though they are not marked as alternatives."""
    if len(sections) != 2:
        return sections
    plain = next((one for one in sections if one.html is None and one.plain), None)
    html = next((one for one in sections if one.plain is None and one.html), None)
    if plain is None or html is None or not _is_same(plain.plain or "", html.text):
        return sections
    return [Section(plain=plain.plain, html=html.html, files=plain.files)]


def _is_same(one: str, other: str) -> bool:
    words = set(_WORDS.findall(one[:20_000].lower()))
    others = set(_WORDS.findall(other[:20_000].lower()))
    both = len(words & others)
    return both > 0 and both >= _SAME_SHARE * max(len(words), len(others))
