"""How much usually comes in each hour of the week, and how unusual a silence is (F95).

A silence is weighed by what was to be expected in it, in messages or calls: a night weighs nothing,
an hour of a busy morning as much as usually comes in it. Where that is 3, one silence in twenty
lasts as long by chance alone, where it is 6, one in four hundred.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import accumulate, pairwise

from supportdesk.domain.hours import ToLocal

LEARNED_FROM_DAYS = 56
LEAST_DAYS_LEARNED_FROM = 10
"""With less nobody knows what is usual."""

_HOURS_A_DAY = 24
_HOURS_A_WEEK = 7 * _HOURS_A_DAY
_WORKING_WEEKDAYS = range(5)
_OWN_HOUR_COUNTS_AS_ITS_KIND_AFTER = 4.0
_LIKELY_DAY = 8.0
_RARE_A_WEEK = 0.5
_LEAST_OF_QUESTION = 5.0
_MOST_OF_QUESTION = 9.0
_A_MONDAY = date(2020, 1, 6)
_DAY = timedelta(days=1)
_HORIZON = timedelta(days=8)


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualTraffic:
    """What usually comes of one source.

    Attributes:
        by_hour: Expected in each local hour of the week, from Monday at midnight.
        days: Of so many days it was learned.
        sums: Expected from the beginning of the week to that of each hour, and of all of it.
    """

    by_hour: tuple[float, ...] = (0.0,) * _HOURS_A_WEEK
    days: int = 0
    sums: tuple[float, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sums", (0.0, *accumulate(self.by_hour)))

    @property
    def is_known(self) -> bool:
        return self.days >= LEAST_DAYS_LEARNED_FROM

    def in_hour(self, at: datetime, to_local: ToLocal) -> float:
        """What is expected in the hour that this instant lies in."""
        local = to_local(at)
        return self.by_hour[local.weekday() * _HOURS_A_DAY + local.hour]

    def between(
        self, start: datetime, end: datetime, to_local: ToLocal, off: frozenset[date] = frozenset()
    ) -> float:
        """What is expected from one instant to another, with nothing on days off."""
        first, last = to_local(start).replace(tzinfo=None), to_local(end).replace(tzinfo=None)
        expected = self._until(last) - self._until(first)
        for day in off:
            midnight = datetime.combine(day, time())
            begin, finish = max(first, midnight), min(last, midnight + _DAY)
            if begin < finish:
                expected -= self._until(finish) - self._until(begin)
        return max(0.0, expected)

    def _until(self, local: datetime) -> float:
        """What is expected from a Monday long ago until this local time."""
        weeks, days = divmod((local.date() - _A_MONDAY).days, 7)
        hour = days * _HOURS_A_DAY + local.hour
        into = (local.minute * 60 + local.second + local.microsecond / 1e6) / 3600
        return weeks * self.sums[-1] + self.sums[hour] + into * self.by_hour[hour]

    def reached_at(
        self,
        start: datetime,
        expected: float,
        to_local: ToLocal,
        off: frozenset[date] = frozenset(),
    ) -> datetime | None:
        """When so much was to be expected since `start`; None: not within a week."""
        left, at = expected, start
        while at < start + _HORIZON:
            until = _next_hour(at, to_local)
            rate = self._rate(at, to_local, off)
            here = rate * (until - at).total_seconds()
            if here >= left:
                return at + timedelta(seconds=left / rate)
            left -= here
            at = until
        return None

    def busy_at(
        self, start: datetime, least: float, to_local: ToLocal, off: frozenset[date] = frozenset()
    ) -> datetime | None:
        """The first moment from `start` on in whose hour so much is expected; None: never."""
        at = start
        while at < start + _HORIZON:
            if self._rate(at, to_local, off) * 3600 >= least:
                return at
            at = _next_hour(at, to_local)
        return None

    def _rate(self, at: datetime, to_local: ToLocal, off: frozenset[date]) -> float:
        return 0.0 if to_local(at).date() in off else self.in_hour(at, to_local) / 3600


def usual_traffic(
    arrivals: Iterable[datetime], today: date, to_local: ToLocal, off: frozenset[date] = frozenset()
) -> UsualTraffic:
    """Learned of the days before today; days off, and those on which nothing came, teach nothing.

    Each hour leans on the same hour of the other days of its kind, the more the younger it is.
    """
    counts: Counter[tuple[date, int]] = Counter()
    for arrival in arrivals:
        local = to_local(arrival)
        if today - timedelta(days=LEARNED_FROM_DAYS) <= local.date() < today:
            counts[local.date(), local.hour] += 1
    days = {day for day, _ in counts if day not in off}
    by_hour = [
        _expected(counts, days, weekday, hour)
        for weekday in range(7)
        for hour in range(_HOURS_A_DAY)
    ]
    span = (today - min(days)).days if days else 0
    return UsualTraffic(by_hour=tuple(by_hour), days=span)


def weight_of_question(
    arrivals: Sequence[datetime], traffic: UsualTraffic, to_local: ToLocal
) -> float:
    """How much a silence has to weigh so that such ones were rare enough: one in two weeks."""
    days = {to_local(one).date() for one in arrivals}
    weights = []
    for before, after in pairwise(sorted(arrivals)):
        first, last = to_local(before).date(), to_local(after).date()
        between = {first + timedelta(days=day) for day in range(1, (last - first).days)}
        off = frozenset(between - days)
        weights.append(traffic.between(before, after, to_local, off))
    weights.sort(reverse=True)
    may_exceed = int(traffic.days / 7 * _RARE_A_WEEK)
    found = weights[may_exceed] if may_exceed < len(weights) else _LEAST_OF_QUESTION
    return min(_MOST_OF_QUESTION, max(_LEAST_OF_QUESTION, found))


def pace(came: int, expected: float) -> float:
    """How busy a day is, of 1 for as usual; by little that came before a silence not much less.

    A busy day does not make a silence weigh more than usual.
    """
    return min(1.0, (_LIKELY_DAY + came) / (_LIKELY_DAY + expected))


def _expected(counts: Counter[tuple[date, int]], days: set[date], weekday: int, hour: int) -> float:
    own = [counts[day, hour] for day in days if day.weekday() == weekday]
    if not own:
        return 0.0
    is_working = weekday in _WORKING_WEEKDAYS
    kind = [counts[day, hour] for day in days if (day.weekday() in _WORKING_WEEKDAYS) == is_working]
    trust = len(own) / (len(own) + _OWN_HOUR_COUNTS_AS_ITS_KIND_AFTER)
    return trust * sum(own) / len(own) + (1 - trust) * sum(kind) / len(kind)


def _next_hour(at: datetime, to_local: ToLocal) -> datetime:
    local = to_local(at)
    into = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return at + timedelta(hours=1) - into
