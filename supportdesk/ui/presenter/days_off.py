"""Days off in words: those that follow each other are one line, those long over are counted."""

from collections.abc import Iterable
from datetime import date, timedelta

from supportdesk.domain.week import MONTHS, WEEKDAYS
from supportdesk.services.wording import count
from supportdesk.ui.settings.forms import DaysOff

_SHOWN_BACK = timedelta(weeks=12)
"""The weeks that My week draws; a day off before them changes nothing that is on show."""


def days_off(days: Iterable[date], today: date) -> tuple[DaysOff, ...]:
    """Those to come and those of the last twelve weeks, oldest first."""
    return tuple(
        DaysOff(first=first, last=last, label=_label(first, last, today))
        for first, last in _runs(days)
        if not _is_long_over(last, today)
    )


def days_off_note(days: Iterable[date], today: date) -> str:
    """How many are not listed; empty when all of them are."""
    over = sum((last - first).days + 1 for first, last in _runs(days) if _is_long_over(last, today))
    return f"{count(over, 'day', 'days')} off before that." if over else ""


def _is_long_over(last: date, today: date) -> bool:
    return last < today - _SHOWN_BACK


def _runs(days: Iterable[date]) -> list[tuple[date, date]]:
    runs: list[tuple[date, date]] = []
    for day in sorted(set(days)):
        if runs and day - runs[-1][1] == timedelta(days=1):
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs


def _label(first: date, last: date, today: date) -> str:
    """As "Mon 21 Dec – Fri 1 Jan 2027": a year where it is not this one."""
    ends = _day(last, today)
    return ends if first == last else f"{_day(first, today)} – {ends}"


def _day(day: date, today: date) -> str:
    year = "" if day.year == today.year else f" {day.year}"
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}{year}"
