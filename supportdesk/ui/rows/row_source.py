"""Rows by position, made when a list comes to show them: nobody makes 100,000 rows to show ten."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class SourceRow(Protocol):
    """A row is found again by its key; rows are compared by value."""

    @property
    def key(self) -> str: ...
    @property
    def accessible_text(self) -> str: ...


class RowSource(Protocol):
    """What a list shows. It never changes: news comes as another source."""

    @property
    def count(self) -> int: ...

    def rows(self, start: int, stop: int) -> Sequence[SourceRow]:
        """The rows from `start` up to `stop`, which lie within `count`."""
        ...

    def index_of(self, key: str) -> int:
        """Where a row is now; -1 when it is nowhere, or was never shown."""
        ...

    def heading_before(self, position: int) -> int:
        """Where the heading is that the row at `position` stands under; -1 for none."""
        ...


class FixedRows:
    """Rows that are all there, for short lists. Equal when their rows are.

    Args:
        rows: In the order in which they show.
        headings: The types of rows that head the others.
    """

    def __init__(self, rows: Sequence[SourceRow] = (), headings: tuple[type, ...] = ()) -> None:
        self._rows = tuple(rows)
        self._places = {row.key: at for at, row in enumerate(self._rows)}
        self._headings = [at for at, row in enumerate(self._rows) if isinstance(row, headings)]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FixedRows) and other._rows == self._rows

    def __hash__(self) -> int:
        return hash(self._rows)

    @property
    def count(self) -> int:
        return len(self._rows)

    def rows(self, start: int, stop: int) -> Sequence[SourceRow]:
        return self._rows[start:stop]

    def index_of(self, key: str) -> int:
        return self._places.get(key, -1)

    def heading_before(self, position: int) -> int:
        return max((at for at in self._headings if at <= position), default=-1)
