"""A long list under headings, whose rows are made when they come in sight."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from supportdesk.ui.rows import ConversationRow, InboxRow, SectionRow


class RowMaker(Protocol):
    """Makes the rows of one kind of thing; positions count its own things."""

    def make(self, start: int, stop: int) -> Sequence[ConversationRow]: ...

    def index_of(self, key: str) -> int:
        """-1 when it is none of its own."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading and what stands under it: a stretch of a maker's things."""

    heading: SectionRow
    maker: RowMaker
    start: int
    stop: int


class SectionedRows:
    """A `RowSource` of sections, none of them empty."""

    def __init__(self, sections: Iterable[Section]) -> None:
        self._sections = tuple(sections)
        self._heads: list[int] = []
        self._count = 0
        for section in self._sections:
            self._heads.append(self._count)
            self._count += 1 + section.stop - section.start

    @property
    def count(self) -> int:
        return self._count

    def rows(self, start: int, stop: int) -> Sequence[InboxRow]:
        made: list[InboxRow] = []
        at = self._section_at(start)
        while start < stop:
            section, head = self._sections[at], self._heads[at]
            if start == head:
                made.append(section.heading)
                start += 1
            length = min(stop - head - 1, section.stop - section.start)
            first = section.start + start - head - 1
            made += section.maker.make(first, section.start + length)
            start = head + 1 + length
            at += 1
        return made

    def index_of(self, key: str) -> int:
        for section, head in zip(self._sections, self._heads, strict=True):
            if section.heading.key == key:
                return head
        makers = dict.fromkeys(section.maker for section in self._sections)
        for maker in makers:
            found = maker.index_of(key)
            if found >= 0:
                return self._position(maker, found)
        return -1

    def heading_before(self, position: int) -> int:
        return self._heads[self._section_at(position)] if self._sections else -1

    def _section_at(self, position: int) -> int:
        return bisect_right(self._heads, position) - 1

    def _position(self, maker: RowMaker, index: int) -> int:
        for section, head in zip(self._sections, self._heads, strict=True):
            if section.maker is maker and section.start <= index < section.stop:
                return head + 1 + index - section.start
        return -1
