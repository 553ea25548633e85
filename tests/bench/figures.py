"""What a bench hands back, and the table of it. Ours always stands beside a floor of the same run.

Absolute times mean little on a machine that others use too; the ratio does.
"""

import math
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table.

    Attributes:
        floor: The same by the barest means; None where there is none to compare with.
        wanted: What DESIGN section 9 asks for, in words.
    """

    what: str
    unit: str
    ours: float
    floor: float | None
    wanted: str = ""
    floor_is: str = ""

    @property
    def ratio(self) -> str:
        return f"{self.ours / self.floor:.2f}" if self.floor else ""


def table(figures: Iterable[Figure]) -> str:
    """Columns as wide as they must be."""
    rows = [("what", "ours", "floor", "ratio", "wanted", "the floor is")]
    for figure in figures:
        floor = "" if figure.floor is None else f"{_number(figure.floor)} {figure.unit}"
        rows.append(
            (
                figure.what,
                f"{_number(figure.ours)} {figure.unit}",
                floor,
                figure.ratio,
                figure.wanted,
                figure.floor_is,
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(_line(row, widths) for row in rows)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that this share of all does not exceed; not a number for none."""
    ordered = sorted(values)
    if not ordered:
        return math.nan
    return ordered[min(len(ordered) - 1, max(0, math.ceil(share * len(ordered)) - 1))]


def median_seconds(act: Callable[[], object], *, times: int) -> float:
    """Median of the CPU time that this thread spends; other work of the machine does not count."""
    taken = []
    for _ in range(times):
        start = time.thread_time()
        act()
        taken.append(time.thread_time() - start)
    return statistics.median(taken)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [
        cell.rjust(width) if 1 <= column <= 3 else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()


def _number(value: float) -> str:
    if math.isnan(value):
        return "?"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.2f}"
