"""Words cut into parts that a QTextBrowser lays out in a few milliseconds each."""

from __future__ import annotations

import html as html_text
import re
from collections.abc import Iterator
from dataclasses import dataclass

from supportdesk.domain.mail import PART_BREAK

_PART_LETTERS = 4_000
_PART_LINES = 60
_LONG_WORD = re.compile(r"\S{80}(?=\S)")
_BREAK = "\u200b"
_IMAGE = re.compile(
    r'<img src="(?P<name>(?:cid|remote):[^"]*)" alt="(?P<alt>[^"]*)"'
    r'(?: width="(?P<width>\d{1,4})")?(?: height="(?P<height>\d{1,4})")?>'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an image belongs: its name, what describes it, and its size if the sender told it."""

    name: str
    alt: str = ""
    width: int = 0
    height: int = 0


def parts_of_html(html: str) -> list[str]:
    """Washed HTML, as the washer divided it."""
    return [part for part in html.split(PART_BREAK) if part] or [""]


def parts_of_text(text: str) -> list[str]:
    """Plain text as HTML; paragraphs stay together where they are not endless."""
    parts: list[str] = []
    part: list[str] = []
    letters = lines = 0
    for paragraph in _paragraphs(text):
        if part and (letters > _PART_LETTERS or lines > _PART_LINES):
            parts.append("".join(part))
            part, letters, lines = [], 0, 0
        part.append(f"<p>{html_text.escape(paragraph).replace(chr(10), '<br>')}</p>")
        letters += len(paragraph)
        lines += paragraph.count("\n") + 1
    parts.append("".join(part))
    return parts


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in text.strip().split("\n\n"):
        lines: list[str] = []
        letters = 0
        for line in paragraph.split("\n"):
            for piece in _pieces(line):
                lines.append(piece)
                letters += len(piece)
                if letters > _PART_LETTERS or len(lines) > _PART_LINES:
                    yield "\n".join(lines)
                    lines, letters = [], 0
        if lines:
            yield "\n".join(lines)


def _pieces(line: str) -> Iterator[str]:
    broken = _LONG_WORD.sub(lambda found: found[0] + _BREAK, line)
    if not broken:
        yield ""
    for start in range(0, len(broken), _PART_LETTERS):
        yield broken[start : start + _PART_LETTERS]


def with_places(part: str, places: list[Place]) -> str:
    """Name each image by its number in `places`, which grows; Qt shall not read their names."""

    def numbered(found: re.Match[str]) -> str:
        places.append(
            Place(
                name=html_text.unescape(found["name"]),
                alt=html_text.unescape(found["alt"]),
                width=int(found["width"] or 0),
                height=int(found["height"] or 0),
            )
        )
        return f'<img src="picture:{len(places) - 1}">'

    return _IMAGE.sub(numbered, part)
