"""What a hand did to the log, in words: "Cut to 12:00: phone rang"."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from supportdesk.domain.reading import Edit, Span
from supportdesk.domain.week import MONTHS, WEEKDAYS
from supportdesk.services.reading_run import minutes_and_seconds

_NO_TIME = 1e-6
"""What sums of floats may be off by."""


def act_words(rows: Sequence[Span], today: date) -> str:
    """What an act did; of the two rows of a move the last one is the new place."""
    span = rows[-1]
    deed = _deed(span, today)
    return f"{deed}: {span.reason}" if span.reason else deed


def _deed(span: Span, today: date) -> str:
    match span.edit:
        case Edit.ADDED:
            return f"Added {length_words(span.counted_seconds)}{_on(span, today)}"
        case Edit.CUT:
            return f"Cut to {length_words(span.counted_seconds)}"
        case Edit.LENGTHENED:
            return f"Lengthened to {length_words(span.counted_seconds)}"
        case Edit.MOVED:
            return f"Moved to {day_and_time(span.started_at + span.utc_offset)}"
        case _:
            return "Deleted"


def day_and_time(local: datetime) -> str:
    return f"{_day(local.date())} {local:%H:%M}"


def clock_there(offset: timedelta, here: timedelta | None) -> str:
    """By whose clock a time is told: " by the clock there, UTC−8"; empty for the one here."""
    if offset == here:
        return ""
    hours, rest = divmod(abs(offset), timedelta(hours=1))
    sign = "−" if offset < timedelta() else "+"
    minutes = f":{rest // timedelta(minutes=1):02}" if rest else ""
    return f" by the clock there, UTC{f'{sign}{hours}{minutes}' if offset else ''}"


def length_words(seconds: float) -> str:
    """As the page shows it: "2:40", and from an hour on "1:02:40"."""
    hours, rest = divmod(int(seconds + _NO_TIME), 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else minutes_and_seconds(rest)


def _on(span: Span, today: date) -> str:
    """The day of a span, where it is another than today."""
    day = (span.started_at + span.utc_offset).date()
    if day == today:
        return ""
    return f" on {_day(day)}" if day.year == today.year else f" on {_day(day)} {day.year}"


def _day(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"
