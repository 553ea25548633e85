"""Hours of the week in local time (opening hours, quiet hours) against instants in UTC."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from supportdesk.domain.settings import HoursRange

ToLocal = Callable[[datetime], datetime]
"""The same instant in local time; injected, because only an adapter may ask the machine."""

EVERY_DAY = tuple(range(7))

_DAY = timedelta(days=1)
# Longer than any holiday a timetable can express; bounds the search in an empty one.
_HORIZON_DAYS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """Ranges of a week. A range that closes at or before it opens runs past midnight."""

    ranges: tuple[HoursRange, ...]
    to_local: ToLocal

    def contains(self, now: datetime) -> bool:
        return any(start <= now < end for start, end in self._spans(now, days=1))

    def next_change(self, now: datetime) -> datetime | None:
        """The next opening or closing after `now`; None when there is none in a week."""
        edges = (edge for span in self._spans(now, days=8) for edge in span)
        return min((edge for edge in edges if edge > now), default=None)

    def running_since(self, now: datetime) -> datetime | None:
        """Start of the range that `now` lies in; None outside."""
        return min(
            (start for start, end in self._spans(now, days=1) if start <= now < end), default=None
        )

    def after(self, start: datetime, duration: timedelta) -> datetime | None:
        """When `duration` of time inside the ranges has passed since `start`; None if never."""
        reached = start
        left = duration
        for opens, closes in self._spans(start, days=_HORIZON_DAYS):
            begin = max(reached, opens)
            if closes <= begin:
                continue
            if closes - begin >= left:
                return begin + left
            left -= closes - begin
            reached = closes
        return None

    def _spans(self, now: datetime, *, days: int) -> Iterator[tuple[datetime, datetime]]:
        """From the day before, for ranges past midnight; ordered by day, then opening."""
        first = self.to_local(now).date() - _DAY
        for number in range(days + 1):
            day = first + number * _DAY
            yield from sorted(
                self._span(hours, day) for hours in self.ranges if day.weekday() in hours.weekdays
            )

    def _span(self, hours: HoursRange, day: date) -> tuple[datetime, datetime]:
        last = day if hours.closes > hours.opens else day + _DAY
        return (
            instant_of(day, hours.opens, self.to_local),
            instant_of(last, hours.closes, self.to_local),
        )


def instant_of(day: date, at: time, to_local: ToLocal) -> datetime:
    """The UTC instant of a local wall time; within a skipped hour, one that is near it."""
    wall = datetime.combine(day, at, tzinfo=UTC)
    guess = wall - _offset(wall, to_local)
    return wall - _offset(guess, to_local)


def instants_of(day: date, at: time, to_local: ToLocal) -> tuple[datetime, ...]:
    """All UTC instants of a local wall time: two in a doubled hour, none in a skipped one.

    The earlier one first. The day before and the one after have to be in the calendar.
    """
    wall = datetime.combine(day, at, tzinfo=UTC)
    offsets = {_offset(near, to_local) for near in (wall - _DAY, wall, wall + _DAY)}
    instants = sorted(wall - offset for offset in offsets)
    return tuple(one for one in instants if one + _offset(one, to_local) == wall)


def _offset(instant: datetime, to_local: ToLocal) -> timedelta:
    return to_local(instant).utcoffset() or timedelta()
