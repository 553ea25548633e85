"""Words cut into parts that a QTextBrowser lays out in a few milliseconds each."""

from __future__ import annotations

import html as html_text
import re
from dataclasses import dataclass

from supportdesk.domain.mail import PART_BREAK

_PART_LETTERS = 3_000
_PART_LINES = 40
_HEAVY = re.compile("[\u02b0-\U0010ffff]")
_LONG_WORD = re.compile(r"\S{80}(?=\S)")
_BREAK = "\u200b"
# What stands for pictures and tables in Qt's own text is none of a sender's.
_NO_LETTERS = re.compile("[\ufdd0-\ufdef\ufffc\ufffe\uffff]")
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
    """Plain text in parts, each to be made HTML by `html_of` when its turn comes."""
    text = text.strip()
    parts: list[str] = []
    start = 0
    while start < len(text):
        end = _end_of_part(text, start)
        parts.append(text[start:end])
        start = end
    return parts or [""]


def _end_of_part(text: str, start: int) -> int:
    """After a paragraph if one ends in reach, else after a line, a word, or anywhere."""
    ahead = text[start : start + _PART_LETTERS]
    reach = max(1, len(ahead) * _PART_LETTERS // max(_PART_LETTERS, _weight(ahead)))
    lines = 0
    at = -1
    while lines < _PART_LINES and (at := ahead.find("\n", at + 1, reach)) >= 0:
        lines += 1
    if lines == _PART_LINES:
        reach = at + 1
    elif start + reach >= len(text):
        return len(text)
    for sign in ("\n\n", "\n", " "):
        found = ahead.rfind(sign, reach // 2, reach)
        if found > 0:
            return start + found + len(sign)
    return start + reach


def _weight(text: str) -> int:
    """Letters of other fonts, marks and signs that join take several times as long."""
    return len(text) if text.isascii() else len(text) + 4 * len(_HEAVY.findall(text))


def html_of(text: str) -> str:
    """A part of plain text as HTML, its paragraphs kept."""
    clean = _NO_LETTERS.sub("", text.strip("\n"))
    broken = _LONG_WORD.sub(lambda found: found[0] + _BREAK, clean)
    paragraphs = html_text.escape(broken).split("\n\n")
    return "".join(f"<p>{one.replace(chr(10), '<br>')}</p>" for one in paragraphs)


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
