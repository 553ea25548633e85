"""Where the sentences of a text begin and end, as Qt counts: in UTF-16."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QTextBoundaryFinder

from supportdesk.domain.greetings import is_greeting


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


def first_said(text: str) -> Sentence | None:
    """The first that is no greeting; of greetings alone the first of them."""
    found, wire = sentences(text), text.encode("utf-16-le")
    words = ((one, wire[2 * one.start : 2 * one.end].decode("utf-16-le")) for one in found)
    said = next((one for one, its_words in words if not is_greeting(its_words)), None)
    return said or next(iter(found), None)


def _length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
