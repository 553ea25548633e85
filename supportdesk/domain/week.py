"""A week with customers: its bounds, its days, and what each minute of it is made of.

A span belongs to the local days of its own offset and is cut at their midnights, so a journey or
a change to summer time moves no minute. Overlapping spans are united: an instant counts once,
as talk before reply before read, and what is taken off a span says so. Spans of one reading clock
are the exception: they overlap only because the wall clock was set back, and all of them count.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from operator import itemgetter

from supportdesk.domain.reading import EARLIEST, DroppedTime, DropRule, Span, SpanKind
from supportdesk.domain.span_chains import effective

MONDAY = 0
SUNDAY = 6

LONGEST_SPAN = timedelta(hours=24)
"""Spans that began this long before a week may still reach into it."""
FURTHEST_OFFSET = timedelta(hours=14)
"""No zone is further from UTC, to the east or to the west."""
_LAST_YEAR = 2200

_WEEK_TEXT = re.compile(r"(\d{4})-?W(\d{2})", re.IGNORECASE)
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ORDER_OF_KINDS = {SpanKind.TALK: 0, SpanKind.REPLY: 1, SpanKind.READ: 2}
_NOTHING = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class WeekId:
    """Which week: seven local days from `from_date` on.

    Its number is the ISO week that it shares most of its days with, so that `2026-W47` names a
    week whatever its first day is.
    """

    from_date: date

    @classmethod
    def containing(cls, day: date, first_weekday: int = MONDAY) -> "WeekId":
        return cls(from_date=day - timedelta(days=(day.weekday() - first_weekday) % 7))

    @classmethod
    def ending(cls, day: date) -> "WeekId":
        """A day and the six before it, whatever a week begins with."""
        return cls(from_date=day - timedelta(days=6))

    @classmethod
    def parse(cls, text: str, first_weekday: int = MONDAY) -> "WeekId":
        """Read "2026-W47"; raises ValueError with a sentence for the founder."""
        found = _WEEK_TEXT.fullmatch(text.strip())
        if found is None:
            raise ValueError(f"“{text}” is not a week. Write it like 2026-W47.")
        year, number = int(found[1]), int(found[2])
        if not EARLIEST.year <= year <= _LAST_YEAR:
            raise ValueError(
                f"{text.strip()} is no week of the log. Name one of the years"
                f" {EARLIEST.year} to {_LAST_YEAR}, like 2026-W47."
            )
        try:
            monday = date.fromisocalendar(year, number, 1)
            return cls(from_date=monday + timedelta(days=_days_from_monday(first_weekday)))
        except ValueError as error:
            raise ValueError(f"There is no week {number} in {year}.") from error

    @property
    def to_date(self) -> date:
        """The last day."""
        return self.from_date + timedelta(days=6)

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(self.from_date + timedelta(days=number) for number in range(7))

    @property
    def text(self) -> str:
        monday = self.from_date - timedelta(days=_days_from_monday(self.from_date.weekday()))
        year, number, _ = monday.isocalendar()
        return f"{year}-W{number:02}"

    @property
    def label(self) -> str:
        """The bounds in words: "Mon 16 – Sun 22 Nov"."""
        first, last = self.from_date, self.to_date
        start = f"{WEEKDAYS[first.weekday()]} {first.day}"
        end = f"{WEEKDAYS[last.weekday()]} {last.day} {MONTHS[last.month - 1]}"
        if first.month != last.month:
            start += f" {MONTHS[first.month - 1]}"
        if first.year != last.year:
            start, end = f"{start} {first.year}", f"{end} {last.year}"
        return f"{start} – {end}"

    @property
    def earliest_start(self) -> datetime:
        """No span that reaches into this week, in any zone, began before this instant."""
        return _midnight(self.from_date) - FURTHEST_OFFSET - LONGEST_SPAN

    @property
    def latest_start(self) -> datetime:
        """Every span that reaches into this week, in any zone, began before this instant."""
        return _midnight(self.to_date) + timedelta(days=1) + FURTHEST_OFFSET

    def moved(self, weeks: int) -> "WeekId":
        return WeekId(from_date=self.from_date + timedelta(weeks=weeks))


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanPart:
    """What of a span lies on one local day.

    Attributes:
        starts_at: UTC instant; the span's start, or the midnight that cut it.
        counted_seconds: After the union with all other spans.
        dropped: With OVERLAPPED for what another span counts already.
    """

    span: Span
    starts_at: datetime
    counted_seconds: float
    dropped: tuple[DroppedTime, ...] = ()

    @property
    def local_time(self) -> time:
        return (self.starts_at + self.span.utc_offset).time()


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A local day; its three kinds and its dropped seconds are the sums of its parts."""

    date: date
    read_seconds: float = 0.0
    reply_seconds: float = 0.0
    talk_seconds: float = 0.0
    dropped: tuple[DroppedTime, ...] = ()
    parts: tuple[SpanPart, ...] = ()
    is_holiday: bool = False

    @property
    def counted_seconds(self) -> float:
        return round(self.read_seconds + self.reply_seconds + self.talk_seconds, 6)

    @property
    def dropped_seconds(self) -> float:
        return round(sum(time.seconds for time in self.dropped), 6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Seven days against the goal."""

    from_date: date
    to_date: date
    goal_minutes: float
    read_seconds: float
    reply_seconds: float
    talk_seconds: float
    days: tuple[Day, ...]

    @property
    def week_id(self) -> WeekId:
        return WeekId(from_date=self.from_date)

    @property
    def counted_seconds(self) -> float:
        return round(self.read_seconds + self.reply_seconds + self.talk_seconds, 6)

    @property
    def dropped_seconds(self) -> float:
        return round(sum(day.dropped_seconds for day in self.days), 6)

    @property
    def counted_minutes(self) -> float:
        return self.counted_seconds / 60.0

    @property
    def is_goal_reached(self) -> bool:
        return self.counted_seconds >= self.goal_minutes * 60.0

    @property
    def is_off(self) -> bool:
        """It holds a holiday: drawn hollow, never as a week that fell short."""
        return any(day.is_holiday for day in self.days)


def week_of(
    spans: Iterable[Span], week: WeekId, *, goal_minutes: float, holidays: Iterable[date] = ()
) -> Week:
    """One week out of spans, which may reach beyond it on both sides."""
    return weeks_of(spans, [week], goal_minutes=goal_minutes, holidays=holidays)[0]


def weeks_of(
    spans: Iterable[Span],
    weeks: Sequence[WeekId],
    *,
    goal_minutes: float,
    holidays: Iterable[date] = (),
) -> list[Week]:
    """Several weeks out of the same spans, in the order asked for."""
    parts: defaultdict[date, list[SpanPart]] = defaultdict(list)
    for day, part in day_parts(spans):
        parts[day].append(part)
    off = frozenset(holidays)
    return [
        _week(week, [_day(day, parts.get(day, ()), off) for day in week.days], goal_minutes)
        for week in weeks
    ]


def day_parts(spans: Iterable[Span]) -> Iterator[tuple[date, SpanPart]]:
    """Unite the spans that hold and cut them at midnight, oldest first.

    Nothing is lost: the parts of a span sum to its counted and dropped seconds.
    """
    holding = [span for span in effective(spans) if span.counted_seconds or span.dropped]
    for span, stretches in zip(holding, _united(holding), strict=True):
        day = _only_day(span, stretches)
        if day is None:
            yield from _cut(span, stretches)
        else:
            yield day, _whole(span)


# --- union -------------------------------------------------------------------------------------

_Stretch = tuple[datetime, datetime]
_Taken = tuple[datetime, datetime, str]
"""A stretch and the clock that counted it: an instant belongs to one clock alone."""


def _united(spans: Sequence[Span]) -> list[list[_Stretch]]:
    """For each span the stretches that no weightier or earlier one counts already.

    What one reading clock saw never overlaps in truth: when the wall clock was set back, its
    spans lie over one another all the same, and each of them counts.
    """
    kept: list[list[_Stretch]] = [[] for _ in spans]
    taken: list[_Taken] = []  # disjoint and sorted
    for index in sorted(range(len(spans)), key=lambda index: _weight(spans[index])):
        span = spans[index]
        start, end = span.started_at, span.counted_until
        if start < end:
            kept[index] = _claim(taken, start, end, span.clock)
    return kept


def _weight(span: Span) -> tuple[int, datetime, str]:
    return (_ORDER_OF_KINDS[span.kind], span.started_at, span.span_id)


def _claim(taken: list[_Taken], start: datetime, end: datetime, clock: str) -> list[_Stretch]:
    """Enter a stretch into those taken; return what of it no other clock has counted."""
    first = bisect_right(taken, start, key=itemgetter(1))
    last = first
    free: list[_Stretch] = []
    new: list[_Taken] = []
    free_from = entered_until = start
    while last < len(taken) and taken[last][0] < end:
        since, until, owner = taken[last]
        if entered_until < since:
            new.append((entered_until, since, clock))
        entered_until = until
        if not clock or owner != clock:
            if free_from < since:
                free.append((free_from, since))
            free_from = until
        last += 1
    if entered_until < end:
        new.append((entered_until, end, clock))
    if free_from < end:
        free.append((free_from, end))
    taken[first:last] = sorted([*taken[first:last], *new])
    return free


# --- days --------------------------------------------------------------------------------------


class _Cutter:
    """Collects one span's seconds by local day."""

    def __init__(self, offset: timedelta) -> None:
        self._offset = offset
        self.counted: defaultdict[date, timedelta] = defaultdict(timedelta)
        self.dropped: defaultdict[date, dict[DropRule, timedelta]] = defaultdict(dict)

    def count(self, start: datetime, end: datetime) -> None:
        for day, length in self._by_day(start, end):
            self.counted[day] += length

    def drop(self, rule: DropRule, start: datetime, end: datetime) -> None:
        for day, length in self._by_day(start, end):
            rules = self.dropped[day]
            rules[rule] = rules.get(rule, _NOTHING) + length

    def _by_day(self, start: datetime, end: datetime) -> Iterator[tuple[date, timedelta]]:
        while start < end:
            day = (start + self._offset).date()
            until = min(end, self.midnight_after(day))
            yield day, until - start
            start = until

    def midnight_of(self, day: date) -> datetime:
        return _midnight(day) - self._offset

    def midnight_after(self, day: date) -> datetime:
        return self.midnight_of(day) + timedelta(days=1)


def _only_day(span: Span, stretches: Sequence[_Stretch]) -> date | None:
    """The day of a span that needs no cutting, as nearly all do; None for the others."""
    if len(span.dropped) > 1:
        return None
    if span.counted_seconds and (
        len(stretches) != 1 or stretches[0] != (span.started_at, span.counted_until)
    ):
        return None
    local_start = span.started_at + span.utc_offset
    local_end = local_start + timedelta(seconds=span.counted_seconds + span.dropped_seconds)
    return local_start.date() if local_start.date() == local_end.date() else None


def _whole(span: Span) -> SpanPart:
    return SpanPart(
        span=span,
        starts_at=span.started_at,
        counted_seconds=span.counted_seconds,
        dropped=span.dropped,
    )


def _cut(span: Span, stretches: Sequence[_Stretch]) -> Iterator[tuple[date, SpanPart]]:
    cutter = _Cutter(span.utc_offset)
    cursor = span.started_at
    for start, end in stretches:
        cutter.drop(DropRule.OVERLAPPED, cursor, start)
        cutter.count(start, end)
        cursor = end
    cutter.drop(DropRule.OVERLAPPED, cursor, span.counted_until)
    cursor = span.counted_until
    for dropped in span.dropped:
        end = cursor + timedelta(seconds=dropped.seconds)
        cutter.drop(dropped.rule, cursor, end)
        cursor = end
    for day in sorted(cutter.counted.keys() | cutter.dropped.keys()):
        yield (
            day,
            SpanPart(
                span=span,
                starts_at=max(span.started_at, cutter.midnight_of(day)),
                counted_seconds=cutter.counted[day].total_seconds(),
                dropped=tuple(
                    DroppedTime(rule=rule, seconds=length.total_seconds())
                    for rule, length in cutter.dropped[day].items()
                ),
            ),
        )


def _day(day: date, parts: Sequence[SpanPart], holidays: frozenset[date]) -> Day:
    seconds = dict.fromkeys(SpanKind, 0.0)
    dropped: dict[DropRule, float] = {}
    for part in parts:
        seconds[part.span.kind] += part.counted_seconds
        for time_ in part.dropped:
            dropped[time_.rule] = dropped.get(time_.rule, 0.0) + time_.seconds
    return Day(
        date=day,
        read_seconds=round(seconds[SpanKind.READ], 6),
        reply_seconds=round(seconds[SpanKind.REPLY], 6),
        talk_seconds=round(seconds[SpanKind.TALK], 6),
        dropped=tuple(
            DroppedTime(rule=rule, seconds=round(lost, 6)) for rule, lost in dropped.items()
        ),
        parts=tuple(sorted(parts, key=lambda part: (part.starts_at, part.span.span_id))),
        is_holiday=day in holidays,
    )


def _week(week: WeekId, days: Sequence[Day], goal_minutes: float) -> Week:
    return Week(
        from_date=week.from_date,
        to_date=week.to_date,
        goal_minutes=goal_minutes,
        read_seconds=round(sum(day.read_seconds for day in days), 6),
        reply_seconds=round(sum(day.reply_seconds for day in days), 6),
        talk_seconds=round(sum(day.talk_seconds for day in days), 6),
        days=tuple(days),
    )


def _days_from_monday(first_weekday: int) -> int:
    """From the Monday of an ISO week to the first day of the week sharing most days with it."""
    return first_weekday if first_weekday <= 3 else first_weekday - 7


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
