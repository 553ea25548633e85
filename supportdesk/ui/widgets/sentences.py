"""Where the sentences of a text begin and end, as Qt counts: in UTF-16."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QTextBoundaryFinder


class Sentence(NamedTuple):
    """From and to, without the spaces around it."""

    start: int
    end: int


def sentences(text: str) -> list[Sentence]:
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Sentence, text)
    wire = text.encode("utf-16-le")
    found: list[Sentence] = []
    start = 0
    while (end := finder.toNextBoundary()) >= 0:
        words = wire[2 * start : 2 * end].decode("utf-16-le")
        bare = words.strip()
        if any(letter.isalnum() for letter in bare):
            first = start + _length(words[: len(words) - len(words.lstrip())])
            found.append(Sentence(first, first + _length(bare)))
        start = end
    return found


def _length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
