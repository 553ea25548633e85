"""What is typed into the form of a span: understood, or refused with an example."""

import re
from datetime import date, time, timedelta

from supportdesk.domain.reading import EARLIEST
from supportdesk.domain.week import WEEKDAYS
from supportdesk.ui.presenter.words import clock_seconds
from supportdesk.ui.rows.span_form import SpanField

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NEAR = timedelta(days=150)
"""A day further away says its year; without one the nearest such day is meant."""
_NEAR_WORDS = {"today": 0, "yesterday": 1}
_DAY = re.compile(r"(?:[a-z]+\.?,?\s+)?(\d{1,2})\.?\s+([a-z]{3})[a-z]*\.?(?:,?\s+(\d{4}))?")
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?")
_CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,4}):(\d{2})")
_MINUTES = re.compile(r"(\d{1,4}(?:[.,]\d+)?)\s*(?:m|min|minutes?)?")
_HOURS = re.compile(r"(\d{1,2})\s*h(?:\s*(\d{1,2})(?:\s*(?:m|min|minutes?))?)?")


class NotUnderstood(Exception):
    """A field says something that is no value of its kind."""

    def __init__(self, field: SpanField, why: str) -> None:
        super().__init__(why)
        self.field = field
        self.why = why


def day_words(day: date, today: date) -> str:
    """Wed 18 Nov, with its year where it is far away."""
    words = f"{WEEKDAYS[day.weekday()]} {day.day} {day:%b}"
    return words if abs(day - today) <= _NEAR else f"{words} {day.year}"


def day_in(text: str, today: date) -> date:
    """Of "Wed 18 Nov", "18 November 2026", "2026-11-18", "yesterday"."""
    words = text.strip().casefold()
    if words in _NEAR_WORDS:
        return today - timedelta(days=_NEAR_WORDS[words])
    try:
        found = _DAY.fullmatch(words)
        return date.fromisoformat(words) if found is None else _dated(found, today)
    except ValueError:
        why = f"{_said(text, 'a day')} Write it like 18 Nov or 2026-11-18."
        raise NotUnderstood(SpanField.DAY, why) from None


def past_day_in(text: str, today: date) -> date:
    """A day that the log can have begun something on."""
    day = day_in(text, today)
    if day.year < EARLIEST.year:
        why = f"“{text.strip()}” is before {EARLIEST.year}. Write a day of that year or later."
        raise NotUnderstood(SpanField.DAY, why)
    if day > today:
        still = f"“{text.strip()}” is still to come: today is {day_words(today, today)}."
        why = f"{still} Write one that has been, with its year where it is long ago."
        raise NotUnderstood(SpanField.DAY, why)
    return day


def time_in(text: str, unsaid: time = time()) -> time:
    """Of "9:30" and "09:30:15"; where no seconds are said they are those of `unsaid`."""
    found = _TIME.fullmatch(text.strip())
    try:
        if found is None:
            raise ValueError
        hour, minute = int(found[1]), int(found[2])
        if found[3] is None:
            return unsaid.replace(hour=hour, minute=minute)
        return time(hour, minute, int(found[3]))
    except ValueError:
        why = f"{_said(text, 'a time of day')} Write it like 09:30."
        raise NotUnderstood(SpanField.START, why) from None


def length_words(seconds: float) -> str:
    return clock_seconds(seconds)


def seconds_in(text: str) -> float:
    """Of "12:30", "1:04:00", "12", "12.5", "12 min", "1 h 20"."""
    words = text.strip().casefold()
    if clock := _CLOCK.fullmatch(words):
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        if seconds < 60 and (minutes < 60 or clock[1] is None):
            return hours * 3600.0 + minutes * 60.0 + seconds
    if plain := _MINUTES.fullmatch(words):
        return round(float(plain[1].replace(",", ".")) * 60.0)
    if long := _HOURS.fullmatch(words):
        return int(long[1]) * 3600.0 + int(long[2] or 0) * 60.0
    example = "Write 12:30 for minutes and seconds, or 12 for minutes."
    raise NotUnderstood(SpanField.LENGTH, f"{_said(text, 'a length')} {example}")


def _dated(found: re.Match[str], today: date) -> date:
    month, number = _MONTHS.index(found[2]) + 1, int(found[1])
    if found[3]:
        return date(int(found[3]), month, number)
    days = []
    for year in (today.year - 1, today.year, today.year + 1):
        try:
            days.append(date(year, month, number))
        except ValueError:
            continue  # 29 Feb
    if not days:
        raise ValueError
    return min(days, key=lambda day: abs(day - today))


def _said(text: str, what: str) -> str:
    said = text.strip()
    return f"“{said}” is not {what}." if said else f"There is not {what} yet."
