"""The one weekly nudge: when it may come, as plain functions of facts (F68, DESIGN section 7).

What was decided, and why:
- Behind is measured in proportion. Each working day of the week carries an equal share of the
  goal, and what counts is the share of the days that are over; from the last working day on it is
  the whole goal. So nobody is behind on the first day, and the nudge is not spent on it. The last
  seven days have no beginning: there it is always the whole goal.
- Working days are those of the opening hours; without any, Monday to Friday.
- A week that holds a holiday falls short of nothing and is left alone.
- The hour is the one of the settings; else the median of the first readings of each day in the
  last four weeks, once there are enough of them; else nine.
- What came more than a week ago is no news, and nobody is nudged to read it.
"""

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import Enum

from supportdesk.domain.reading import WORDS_PER_MINUTE, Span, SpanKind
from supportdesk.domain.span_chains import effective

USUAL_HOUR = time(9, 0)
LEARNED_FROM_DAYS = 28
LEAST_DAYS_LEARNED_FROM = 5
NEWS_IS_YOUNGER_THAN = timedelta(days=7)
JUST_READ = timedelta(minutes=2)
"""Whoever has counted this recently is with a customer now, and needs no nudge."""

_OFFICE_DAYS = frozenset(range(5))
_WORDS_OF_A_MAIL = 90.0
"""For what is not fetched yet, when nothing is known of the others either."""
_ROUNDED_MINUTES = 5
_MINUTES_OF_A_DAY = 24 * 60
_EPSILON = 1e-6


class NudgeAnswer(Enum):
    """Was the founder told, and if not, why? The value says it in words."""

    TOLD = "You were told this week; once is enough."
    NOT_WANTED = "It is switched off in the settings."
    WEEK_OFF = "Not in a week with a holiday."
    NOT_BEHIND = "Your minutes are where they should be by today."
    TOO_EARLY = "Its hour has not come yet today."
    PRESENTING = "Not while you are presenting."
    SILENT = "Not while alerts are paused or in quiet hours."
    CLOSED = "Not outside the opening hours."
    CATCHING_UP = "Not before mail and phones are heard again."
    CALLER_WAITS = "Not while a caller waits for you."
    ON_A_CALL = "Not while you are on a call."
    WITH_CUSTOMERS = "Not while you are reading, writing or have just talked."
    NOTHING_TO_READ = "Nobody has written in the last seven days that you have not read."


@dataclass(frozen=True, slots=True, kw_only=True)
class NudgeWeek:
    """The present week and its minutes.

    Attributes:
        days: Oldest first.
        is_rolling: Today and the six days before it.
    """

    days: tuple[date, ...]
    counted_minutes: float
    goal_minutes: float
    is_off: bool = False
    is_rolling: bool = False


def answer_by_week(
    week: NudgeWeek, today: date, working_weekdays: Collection[int]
) -> NudgeAnswer | None:
    """Why the week itself gives no reason to nudge; None when it does."""
    if week.is_off:
        return NudgeAnswer.WEEK_OFF
    if week.counted_minutes + _EPSILON >= minutes_due(week, today, working_weekdays):
        return NudgeAnswer.NOT_BEHIND
    return None


def minutes_due(week: NudgeWeek, today: date, working_weekdays: Collection[int]) -> float:
    """What of the goal belongs to the working days that are over."""
    working = [day for day in week.days if day.weekday() in (working_weekdays or _OFFICE_DAYS)]
    if week.is_rolling or not any(day > today for day in working):
        return week.goal_minutes
    return week.goal_minutes * sum(day < today for day in working) / len(working)


# --- the hour ----------------------------------------------------------------------------------


def first_readings(spans: Iterable[Span], today: date) -> dict[date, int]:
    """The minute of the day at which each day's reading began, of the days to learn from.

    Each day by its own local time, so that a journey does not move the hour. Time that a hand
    wrote, and what a deletion took away, is no habit.
    """
    first: dict[date, int] = {}
    oldest = today - timedelta(days=LEARNED_FROM_DAYS)
    for span in effective(spans):
        local = span.started_at + span.utc_offset
        is_read = span.kind is SpanKind.READ and span.counted_seconds > 0 and not span.is_by_hand
        if is_read and oldest <= local.date() < today:
            minute = local.hour * 60 + local.minute
            first[local.date()] = min(minute, first.get(local.date(), minute))
    return first


def usual_hour(first_minutes: Collection[int]) -> time | None:
    """When the founder usually begins to read; None while too few days are known."""
    if len(first_minutes) < LEAST_DAYS_LEARNED_FROM:
        return None
    middle = round(_median(first_minutes) / _ROUNDED_MINUTES) * _ROUNDED_MINUTES
    hour, minute = divmod(min(middle, _MINUTES_OF_A_DAY - _ROUNDED_MINUTES), 60)
    return time(hour, minute)


def _median(numbers: Collection[int]) -> float:
    """The one of `statistics` brings decimals and fractions along: half a megabyte, all day."""
    ordered = sorted(numbers)
    half = len(ordered) // 2
    return (ordered[half] + ordered[~half]) / 2


# --- how much there is to read -----------------------------------------------------------------


def minutes_to_read(known_words: Collection[int], messages: int) -> int:
    """About how long, at least a minute; what is not fetched yet is taken to be as long."""
    mean = sum(known_words) / len(known_words) if known_words else _WORDS_OF_A_MAIL
    words = sum(known_words) + mean * max(0, messages - len(known_words))
    return max(1, math.ceil(words / WORDS_PER_MINUTE - _EPSILON))
