"""The figures of a week as they are shown: rounded once, so that every part sums to its whole.

A row shows whole seconds, a bar and the legend tenths of a minute, and all of them are told of
the same minutes. So seconds are shared out first, over all rows of the week, and tenths are made
of these seconds. Days and kinds are both sums of the same cells: a cell, a day and a kind each
become the tenth below or above their seconds, chosen so that all of them add up (the controlled
rounding of a table). The whole is always cut down: 29.99 minutes are not yet 30.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from supportdesk.domain.reading import SpanKind
from supportdesk.domain.week import Week

SECONDS_A_TENTH = 6
# Sums of seconds are floats: 1800 s made of parts may be a hair short.
_EPSILON = 1e-6

_Cell = tuple[int, int]
"""A row from 0 up and a column from -1 down, so that no row is mistaken for a column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartSeconds:
    """Whole seconds of one row: counted, and dropped in the order of its rules."""

    counted: int
    dropped: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigures:
    """Tenths of a minute by kind, and the rows they are made of, in the order of the day."""

    read: int
    reply: int
    talk: int
    parts: tuple[PartSeconds, ...] = ()

    @property
    def total(self) -> int:
        return self.read + self.reply + self.talk


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekFigures:
    """Tenths of a minute: bars, legend and figure of a week."""

    days: tuple[DayFigures, ...]

    @property
    def read(self) -> int:
        return sum(day.read for day in self.days)

    @property
    def reply(self) -> int:
        return sum(day.reply for day in self.days)

    @property
    def talk(self) -> int:
        return sum(day.talk for day in self.days)

    @property
    def total(self) -> int:
        return self.read + self.reply + self.talk


def figures_of(week: Week) -> WeekFigures:
    parts = [part for day in week.days for part in day.parts]
    counted = iter(whole_seconds([part.counted_seconds for part in parts]))
    dropped = iter(whole_seconds([lost.seconds for part in parts for lost in part.dropped]))
    rows = [
        [
            PartSeconds(counted=next(counted), dropped=tuple(islice(dropped, len(part.dropped))))
            for part in day.parts
        ]
        for day in week.days
    ]
    cells = [
        [
            sum(
                seconds.counted
                for part, seconds in zip(day.parts, shown, strict=True)
                if part.span.kind is kind
            )
            for kind in (SpanKind.READ, SpanKind.REPLY, SpanKind.TALK)
        ]
        for day, shown in zip(week.days, rows, strict=True)
    ]
    return WeekFigures(
        days=tuple(
            DayFigures(read=read, reply=reply, talk=talk, parts=tuple(shown))
            for (read, reply, talk), shown in zip(tenths(cells), rows, strict=True)
        )
    )


def goal_tenths(week: Week) -> int:
    """The goal, so that what is there and what is left of it sum to it."""
    return math.ceil(week.goal_minutes * 10 - _EPSILON)


def tenths_words(value: int) -> str:
    """Always with its tenth: "18.0"."""
    return f"{value // 10}.{value % 10}"


def whole_seconds(seconds: Sequence[float]) -> list[int]:
    """Whole seconds that sum to what the sum is when it is cut down."""
    whole = [math.floor(value + _EPSILON) for value in seconds]
    missing = math.floor(math.fsum(seconds) + _EPSILON) - sum(whole)
    by_remainder = sorted(range(len(whole)), key=lambda at: whole[at] - seconds[at])
    for at in by_remainder[:missing]:
        whole[at] += 1
    return whole


def tenths(table: Sequence[Sequence[int]]) -> list[list[int]]:
    """Tenths of a minute for a table of whole seconds.

    Each cell, each row and each column is its seconds rounded down or up; the sum of all of them
    is rounded down.
    """
    rests = _rests(table)
    corner = (len(table), -1 - len(table[0]))
    while cycle := _cycle(rests, first=corner):
        _shift(rests, cycle, must_sink=cycle[0] == corner)
    return [
        [
            value // SECONDS_A_TENTH + rests[row, -1 - column] // SECONDS_A_TENTH
            for column, value in enumerate(values)
        ]
        for row, values in enumerate(table)
    ]


# --- controlled rounding -----------------------------------------------------------------------


def _rests(table: Sequence[Sequence[int]]) -> dict[_Cell, int]:
    """What each cell has beyond its tenths, with a further row and column that fill up sums.

    Every row and column of them sums to whole tenths.
    """
    rows = [sum(values) for values in table]
    columns = [sum(values) for values in zip(*table, strict=True)]
    wide = [[*values, -total] for values, total in zip(table, rows, strict=True)]
    wide.append([*(-total for total in columns), sum(rows)])
    return {
        (row, -1 - column): value % SECONDS_A_TENTH
        for row, values in enumerate(wide)
        for column, value in enumerate(values)
    }


def _cycle(rests: dict[_Cell, int], *, first: _Cell) -> list[_Cell]:
    """Cells that are not rounded yet, each sharing a row or a column with the next, in a ring.

    There is one through every such cell, because all sums are whole; none is left at the end.
    """
    loose = [cell for cell, rest in rests.items() if 0 < rest < SECONDS_A_TENTH]
    if not loose:
        return []
    begin = first if first in loose else loose[0]
    row, column = begin
    came_by: dict[int, _Cell] = {}
    reached = [row]
    for line in reached:
        for cell in loose:
            other = sum(cell) - line
            if line in cell and cell != begin and other != row and other not in came_by:
                came_by[other] = cell
                reached.append(other)
    ring, line = [begin], column
    while line != row:
        ring.append(came_by[line])
        line = sum(came_by[line]) - line
    return ring


def _shift(rests: dict[_Cell, int], ring: list[_Cell], *, must_sink: bool) -> None:
    """Moves seconds around the ring until one cell is whole, by as little as that takes."""
    pairs = list(zip(ring[::2], ring[1::2], strict=True))
    down = min(min(rests[one], SECONDS_A_TENTH - rests[other]) for one, other in pairs)
    up = min(min(SECONDS_A_TENTH - rests[one], rests[other]) for one, other in pairs)
    by = -down if must_sink or down <= up else up
    for one, other in pairs:
        rests[one] += by
        rests[other] -= by
