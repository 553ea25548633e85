"""Times in the groups of a list: today, yesterday, this week, last week, then by month."""

from __future__ import annotations

import operator
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache


@dataclass(frozen=True, slots=True, kw_only=True)
class DateGroup:
    """Those from `start` up to `stop` came then.

    Attributes:
        key: Names the group, so that it is found again when more comes into it.
        title: As a heading: "Yesterday", "October 2026".
        when: Inside a sentence: "yesterday", "in October 2026".
    """

    key: str
    title: str
    when: str
    start: int
    stop: int


def date_groups(times: Sequence[int], now: datetime) -> Iterator[DateGroup]:
    """Group times by the local calendar, in about as many steps as there are groups.

    Args:
        times: Seconds since 1970 UTC, newest first.
        now: What "today" is.
    """
    start = 0
    for key, title, since in _recent(now.astimezone().date()):
        stop = _end(times, since)
        if stop > start:
            yield DateGroup(key=key, title=title, when=title.lower(), start=start, stop=stop)
            start = stop
    while start < len(times):
        newest = datetime.fromtimestamp(times[start], tz=UTC).astimezone().date()
        # Never without progress, whatever the calendar does around midnight.
        stop = max(start + 1, _end(times, newest.replace(day=1)))
        title = f"{newest:%B} {newest.year}"
        key = f"{newest.year}-{newest.month:02}"
        yield DateGroup(key=key, title=title, when=f"in {title}", start=start, stop=stop)
        start = stop


def _recent(today: date) -> Iterator[tuple[str, str, date]]:
    monday = today - timedelta(days=today.weekday())
    yield "today", "Today", today
    yield "yesterday", "Yesterday", today - timedelta(days=1)
    yield "week", "This week", monday
    yield "last-week", "Last week", monday - timedelta(days=7)


def _end(times: Sequence[int], since: date) -> int:
    """How many are of this day or newer."""
    # Local midnight of that day, whatever summer time was then: a naive datetime means local.
    midnight = datetime(since.year, since.month, since.day).timestamp()  # noqa: DTZ001
    return bisect_right(times, -midnight, key=operator.neg)


def short_date(at: datetime, now: datetime) -> str:
    """The time of today, the weekday of the last days, then the day: 09:31, Fri, 3 Oct 2024."""
    local, today = at.astimezone(), _local_date(now)
    age = today - local.date()
    if not age:
        return f"{local:%H:%M}"
    if timedelta() < age < timedelta(days=7):
        return f"{local:%a}"
    day = f"{local.day} {local:%b}"
    return day if local.year == today.year else f"{day} {local.year}"


@lru_cache(maxsize=1)
def _local_date(now: datetime) -> date:
    """All rows of a list are dated from the same moment."""
    return now.astimezone().date()
