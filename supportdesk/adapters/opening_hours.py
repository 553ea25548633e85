"""Opening hours and quiet hours as people write them in the settings."""

import re
from collections.abc import Iterator
from datetime import time

from supportdesk.domain.settings import HoursRange

_DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
_MIDNIGHT = "24:00"
_TIMES = re.compile(r"(\d{1,2}:\d{2})\s*[-–]\s*(\d{1,2}:\d{2})")
_RULE = re.compile(r"(?:([A-Za-z][A-Za-z,\s–-]*?)\s+)?(\d.*)")

HOURS_EXAMPLE = "Mo-Fr 09:00-17:00; Sa 10:00-12:00"
QUIET_EXAMPLE = "19:00-07:30"


class HoursError(ValueError):
    """The text says no hours; the message says why."""


def parse_hours(text: str) -> tuple[HoursRange, ...]:
    """Read `Mo-Fr 09:00-12:00, 13:00-17:00; Sa 10:00-12:00`. Empty means always open.

    Hours that end before they begin go over midnight.
    """
    return tuple(hours for rule in text.split(";") if rule.strip() for hours in _rule(rule.strip()))


def _rule(rule: str) -> Iterator[HoursRange]:
    match = _RULE.fullmatch(rule)
    if match is None:
        raise HoursError(f'"{rule}" does not say which days and which hours')
    weekdays = _weekdays(match[1] or "Mo-Su")
    for part in match[2].split(","):
        opens, closes = _times(part.strip())
        yield HoursRange(weekdays=weekdays, opens=opens, closes=closes)


def _weekdays(text: str) -> tuple[int, ...]:
    days: set[int] = set()
    for part in text.split(","):
        ends = [_weekday(day.strip()) for day in re.split("[-–]", part)]
        if len(ends) > 2:
            raise HoursError(f'"{part.strip()}" is not a range of days')
        first, last = ends[0], ends[-1]
        days.update((first + offset) % 7 for offset in range((last - first) % 7 + 1))
    return tuple(sorted(days))


def _weekday(name: str) -> int:
    try:
        return _DAYS.index(name.lower())
    except ValueError:
        raise HoursError(f'"{name}" is not a day; the days are Mo Tu We Th Fr Sa Su') from None


def _times(text: str) -> tuple[time, time]:
    match = _TIMES.fullmatch(text)
    if match is None:
        raise HoursError(f'"{text}" is not a range of times like 09:00-17:00')
    return _time(match[1]), _time(match[2])


def _time(text: str) -> time:
    if text == _MIDNIGHT:
        return time(0)
    hours, minutes = text.split(":")
    try:
        return time(int(hours), int(minutes))
    except ValueError:
        raise HoursError(f'"{text}" is not a time of the day') from None


def format_hours(hours: tuple[HoursRange, ...]) -> str:
    return "; ".join(
        f"{_format_days(each.weekdays)} {_format_range(each.opens, each.closes)}" for each in hours
    )


def _format_days(weekdays: tuple[int, ...]) -> str:
    runs: list[list[int]] = []
    for day in sorted(weekdays):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ",".join(_format_run(run) for run in runs)


def _format_run(run: list[int]) -> str:
    first, last = _DAYS[run[0]].title(), _DAYS[run[-1]].title()
    return first if len(run) == 1 else f"{first}-{last}"


def _format_range(begins: time, ends: time) -> str:
    return f"{begins:%H:%M}-{_MIDNIGHT if ends == time(0) else ends.strftime('%H:%M')}"


def parse_quiet_hours(text: str) -> tuple[time, time] | None:
    """Read `19:00-07:30`, which may go over midnight. Empty means never quiet."""
    if not text.strip():
        return None
    begins, ends = _times(text.strip())
    if begins == ends:
        raise HoursError(f'"{text}" begins and ends at the same time')
    return begins, ends


def format_quiet_hours(quiet: tuple[time, time] | None) -> str:
    return "" if quiet is None else _format_range(*quiet)
