"""Flat HTML on its way out, divided into parts that QTextBrowser lays out in a few milliseconds.

A part ends where a line ends. What is open there is closed, and opened again in the next part, so
that each part is well-formed by itself and the window can show them one after the other.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from supportdesk.domain.mail import PART_BREAK, SIGNATURE_BREAK

PART_SIZE = 3_000
PART_PIECES = 40
_MAX_WORD = 80
_BREAK = "\u200b"
_LONG_WORD = re.compile(rf"[^\s<>&\u200b]{{{_MAX_WORD}}}(?=[^\s<>&\u200b])")
_TORN = 1.5
"""A line waits for its end a little longer."""
_BOUND = 4
"""A list item or a cell waits for its end much longer, but not for ever."""
_HEAVY_LETTERS = re.compile("[\u02b0-\u02ff\u0370-\U0010ffff]+")
_HEAVINESS = 4
_MARKS = re.compile("[\u0300-\u036f]+")
_MARKS_HEAVINESS = 12
"""Letters of other fonts, marks and signs that join take several times as long to lay out."""


def weight_of(text: str) -> int:
    """What text costs to lay out, in plain letters."""
    if text.isascii():
        return len(text)
    heavy = sum(map(len, _HEAVY_LETTERS.findall(text)))
    marks = sum(map(len, _MARKS.findall(text)))
    return len(text) + _HEAVINESS * heavy + _MARKS_HEAVINESS * marks


def light_pieces(text: str) -> Iterator[str]:
    """Text in lengths that are laid out in a moment, divided between words where there are some."""
    start = 0
    while start < len(text):
        ahead = text[start : start + PART_SIZE]
        size = max(1, len(ahead) * PART_SIZE // max(PART_SIZE, weight_of(ahead)))
        if start + size < len(text):
            space = max(ahead.rfind(sign, size // 2, size) for sign in ("\n", " ", _BREAK))
            size = space + 1 if space > 0 else size
        yield text[start : start + size]
        start += size


def with_breaks(text: str) -> str:
    """Give endless words places to break; entities stay whole."""
    return _LONG_WORD.sub(lambda found: found[0] + _BREAK, text)


@dataclass(slots=True)
class _OpenTag:
    name: str
    attributes: str
    items: int = 0


class PartWriter:
    """Knows what is open, and how much was written."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._open: list[_OpenTag] = []
        self._part_size = 0
        self._part_pieces = 0
        self._open_at: dict[int, list[str]] = {}
        self.size = 0
        self.pieces = 0

    def text(self, piece: str) -> None:
        self._out.append(piece)
        self.size += len(piece)
        self._part_size += weight_of(piece)

    def count_piece(self) -> None:
        """Another line or run of letters that costs time to lay out."""
        self.pieces += 1
        self._part_pieces += 1

    def open(self, name: str, attributes: str = "") -> None:
        if name == "li" and self._open:
            self._open[-1].items += 1
        self._open.append(_OpenTag(name, attributes))
        self.text(f"<{name}{attributes}>")

    def close(self) -> None:
        self.text(f"</{self._open.pop().name}>")

    def break_part(self, *, in_line: bool = False) -> bool:
        """A line ends here, or could: begin another part if this one is long enough."""
        grown = max(self._part_size / PART_SIZE, self._part_pieces / PART_PIECES)
        is_bound = any(tag.name in ("li", "table") for tag in self._open)
        if grown < (_BOUND if is_bound else _TORN if in_line else 1):
            return False
        for tag in reversed(self._open):
            self.text(f"</{tag.name}>")
        self.text(PART_BREAK)
        self._part_size = self._part_pieces = 0
        for tag in self._open:
            self.text(f"<{tag.name}{_continued(tag)}>")
        return True

    @property
    def is_between_lines(self) -> bool:
        """Nothing is open that is more than a line or a paragraph."""
        return all(tag.name in ("div", "p") for tag in self._open)

    def mark_place(self) -> int:
        """A place which `divide_at` can come back to; it costs nothing."""
        place = len(self._out)
        self._open_at[place] = [tag.name for tag in self._open]
        self._out.append("")
        return place

    def divide_at(self, place: int) -> None:
        """The signature begins at this place."""
        names = self._open_at[place]
        closed = "".join(f"</{name}>" for name in reversed(names))
        self._out[place] = closed + SIGNATURE_BREAK + "".join(f"<{name}>" for name in names)

    def finish(self) -> str:
        while self._open:
            self.close()
        return "".join(self._out)


def _continued(tag: _OpenTag) -> str:
    """A numbered list goes on counting."""
    return f' start="{tag.items + 1}"' if tag.name == "ol" and tag.items else tag.attributes
