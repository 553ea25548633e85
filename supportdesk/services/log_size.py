"""How much the reading log holds, for whoever is about to delete all of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from supportdesk.domain.reading import Span
from supportdesk.domain.week import MONDAY, MONTHS, WeekId, day_parts
from supportdesk.services.wording import count


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSize:
    """The log as a whole.

    Attributes:
        rows: Spans and corrections, as they are stored.
        counted_seconds: After the union, as the weeks count them.
        weeks: Those of the calendar that hold any of them.
        since: The first local day that something is of.
    """

    rows: int
    counted_seconds: float = 0.0
    weeks: int = 0
    since: date | None = None

    @property
    def words(self) -> str:
        """As "412 minutes of 9 weeks since 3 Nov 2025"; empty when nothing is logged."""
        if self.since is None:
            return ""
        minutes = int(self.counted_seconds // 60)
        length = count(minutes, "minute", "minutes") if minutes else "less than a minute"
        began = f"{self.since.day} {MONTHS[self.since.month - 1]} {self.since.year}"
        return f"{length} of {count(self.weeks, 'week', 'weeks')} since {began}"


def log_size(spans: Iterable[Span], first_weekday: int = MONDAY) -> LogSize:
    """Of the whole log; ten years of it take about as long as ten years of weeks."""
    rows = list(spans)
    days: set[date] = set()
    seconds = 0.0
    for day, part in day_parts(rows):
        days.add(day)
        seconds += part.counted_seconds
    return LogSize(
        rows=len(rows),
        counted_seconds=round(seconds, 3),
        weeks=len({WeekId.containing(day, first_weekday) for day in days}),
        since=min(days, default=None),
    )
