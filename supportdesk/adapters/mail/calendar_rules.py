"""A recurrence rule (RFC 5545, 3.3.10) in plain words; what is too odd is only said to repeat."""

import re

from supportdesk.adapters.mail.calendar_lines import Property
from supportdesk.adapters.mail.calendar_times import Zones

_MAX_RULE = 2000
_MAX_DAYS = 7
_UNITS = {
    "SECONDLY": "second",
    "MINUTELY": "minute",
    "HOURLY": "hour",
    "DAILY": "day",
    "WEEKLY": "week",
    "MONTHLY": "month",
    "YEARLY": "year",
}
_DAY_NAMES = {
    "MO": "Monday",
    "TU": "Tuesday",
    "WE": "Wednesday",
    "TH": "Thursday",
    "FR": "Friday",
    "SA": "Saturday",
    "SU": "Sunday",
}
_ORDER = {
    1: "first",
    2: "second",
    3: "third",
    4: "fourth",
    5: "fifth",
    -1: "last",
    -2: "last but one",
}
# fmt: off
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)
# fmt: on
_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)$")
_WORKDAYS = ["MO", "TU", "WE", "TH", "FR"]
_ODD = "Repeats by a rule of its own"


def rule_in_words(rule: str, zones: Zones) -> str:
    """Say how often: "Every 2 weeks on Monday and Friday, until 18 December 2026"."""
    parts = dict(
        piece.split("=", 1) for piece in rule[:_MAX_RULE].upper().split(";") if "=" in piece
    )
    unit = _UNITS.get(parts.get("FREQ", "").strip())
    if unit is None:
        return _ODD
    words = _interval(parts.get("INTERVAL", "1"), unit)
    where = _places(parts, unit)
    if where is None:
        return f"{_ODD}, every {unit} at most" + _end(parts, zones)
    return words + where + _end(parts, zones)


def _interval(text: str, unit: str) -> str:
    number = int(text) if text.isdecimal() and len(text) < 5 else 1
    return f"Every {unit}" if number <= 1 else f"Every {number} {unit}s"


def _places(parts: dict[str, str], unit: str) -> str | None:
    """Say on which days; None when it takes more than a few words."""
    if any(parts.get(odd) for odd in ("BYSETPOS", "BYWEEKNO", "BYYEARDAY", "BYHOUR", "BYMINUTE")):
        return None
    words = ""
    days = parts.get("BYDAY", "")
    if days:
        named = _days(days, unit)
        if named is None:
            return None
        words += named
    if dates := parts.get("BYMONTHDAY", ""):
        if not re.fullmatch(r"-?\d{1,2}", dates):
            return None
        words += " on the last day" if dates == "-1" else f" on day {dates}"
    if months := parts.get("BYMONTH", ""):
        if not (months.isdecimal() and 1 <= int(months[:4]) <= 12):
            return None
        words += f" of {_MONTHS[int(months) - 1]}" if words else f" in {_MONTHS[int(months) - 1]}"
    return words


def _days(text: str, unit: str) -> str | None:
    items = [_DAY.match(item.strip()) for item in text.split(",")]
    if len(items) > _MAX_DAYS:
        return None
    names: list[str] = []
    for item in items:
        if item is None:
            return None
        order = int(item[1] or 0)
        if order and order not in _ORDER:
            return None
        names.append(f"the {_ORDER[order]} {_DAY_NAMES[item[2]]}" if order else _DAY_NAMES[item[2]])
    if unit in ("day", "week") and text.split(",") == _WORKDAYS:
        return " on workdays"
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f" on {listed}"


def _end(parts: dict[str, str], zones: Zones) -> str:
    count = parts.get("COUNT", "")
    if count.isdecimal() and len(count) < 6:
        return f", {int(count)} times" if int(count) > 1 else ", once"
    until = zones.instant(Property(name="UNTIL", value=parts.get("UNTIL", "")))
    if until is not None:
        return f", until {until.day} {_MONTHS[until.month - 1]} {until.year}"
    return ""
