"""Times of an invitation as instants: by its own VTIMEZONE, else by the name of the zone."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from supportdesk.adapters.mail.calendar_lines import Component, Property

_TIME = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})?(Z)?)?")
_DURATION = re.compile(
    r"([+-])?P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?)?$"
)
_OFFSET = re.compile(r"([+-])(\d{2})(\d{2})(\d{2})?$")
_RULE_DAY = re.compile(r"([+-]?\d)?(MO|TU|WE|TH|FR|SA|SU)$")
_ZONE_NAME = re.compile(r"[A-Za-z0-9_+-]{1,40}(?:/[A-Za-z0-9_+-]{1,40}){1,2}$")
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# What Outlook and Exchange call them, when they send no VTIMEZONE along.
_WINDOWS_ZONES = {
    "w. europe standard time": "Europe/Berlin",
    "central europe standard time": "Europe/Budapest",
    "central european standard time": "Europe/Warsaw",
    "romance standard time": "Europe/Paris",
    "gmt standard time": "Europe/London",
    "greenwich standard time": "Atlantic/Reykjavik",
    "e. europe standard time": "Europe/Chisinau",
    "gtb standard time": "Europe/Bucharest",
    "fle standard time": "Europe/Kyiv",
    "russian standard time": "Europe/Moscow",
    "turkey standard time": "Europe/Istanbul",
    "israel standard time": "Asia/Jerusalem",
    "india standard time": "Asia/Kolkata",
    "china standard time": "Asia/Shanghai",
    "tokyo standard time": "Asia/Tokyo",
    "korea standard time": "Asia/Seoul",
    "aus eastern standard time": "Australia/Sydney",
    "new zealand standard time": "Pacific/Auckland",
    "eastern standard time": "America/New_York",
    "central standard time": "America/Chicago",
    "mountain standard time": "America/Denver",
    "pacific standard time": "America/Los_Angeles",
    "e. south america standard time": "America/Sao_Paulo",
    "utc": "UTC",
}


class Zones:
    """The time zones that a calendar brings along."""

    def __init__(self, calendar: Component) -> None:
        self._known: Mapping[str, Component] = {
            zone.text("TZID").strip('"'): zone for zone in calendar.all("VTIMEZONE")
        }

    def instant(self, found: Property | None) -> datetime | None:
        """Return the time of a property, aware; the midnight of a day."""
        if found is None:
            return None
        parts = _TIME.match(found.value.strip())
        if parts is None:
            return None
        year, month, day, hour, minute, second = (int(parts[n] or 0) for n in range(1, 7))
        try:
            there = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
            if parts[7]:
                return there
            return self._in_zone(there.replace(tzinfo=None), found.parameters.get("TZID", ""))
        except (ValueError, OverflowError):
            return None

    def _in_zone(self, local: datetime, name: str) -> datetime:
        own = self._known.get(name)
        if own is not None and (offset := _offset_at(own, local)) is not None:
            return local.replace(tzinfo=timezone(offset))
        zone = _zone_by_name(name)
        # Without any zone it is the time of whoever reads it (RFC 5545, 3.3.5).
        return local.replace(tzinfo=zone) if zone else local.astimezone()


def _zone_by_name(name: str) -> tzinfo | None:
    plain = name.strip("\"'/ ")
    plain = _WINDOWS_ZONES.get(plain.lower(), plain)
    if plain.upper() in ("UTC", "GMT", "Z", "ETC/UTC"):
        return UTC
    # Some put the database and its year before the name.
    for candidate in (plain, "/".join(plain.split("/")[-2:]), "/".join(plain.split("/")[-3:])):
        if not _ZONE_NAME.match(candidate):
            continue
        try:
            return ZoneInfo(candidate)
        except (OSError, ValueError, KeyError):
            continue
    return None


def _offset_at(zone: Component, local: datetime) -> timedelta | None:
    """Return the offset of the rule that came into force last before a local time."""
    best: tuple[datetime, timedelta] | None = None
    first: tuple[datetime, timedelta] | None = None
    for rule in (*zone.all("STANDARD"), *zone.all("DAYLIGHT")):
        offset = parse_offset(rule.text("TZOFFSETTO"))
        begin = _naive(rule.text("DTSTART"))
        if offset is None or begin is None:
            continue
        if first is None or begin < first[0]:
            first = begin, offset
        onset = _last_onset(rule, begin, local)
        if onset is not None and (best is None or onset > best[0]):
            best = onset, offset
    chosen = best or first
    return chosen[1] if chosen else None


def parse_offset(text: str) -> timedelta | None:
    found = _OFFSET.match(text.strip())
    if found is None:
        return None
    size = timedelta(hours=int(found[2]), minutes=int(found[3]), seconds=int(found[4] or 0))
    if size >= timedelta(hours=24):
        return None
    return -size if found[1] == "-" else size


def _naive(text: str) -> datetime | None:
    parts = _TIME.match(text.strip())
    if parts is None:
        return None
    try:
        year, month, day, hour, minute = (int(parts[n] or 0) for n in range(1, 6))
        return datetime(year, month, day, hour, minute)  # noqa: DTZ001 - local by its rule
    except ValueError:
        return None


def _last_onset(rule: Component, begin: datetime, local: datetime) -> datetime | None:
    """Return when a yearly rule, such as the last Sunday of March, began to hold last."""
    if begin > local:
        return None
    parts = dict(
        piece.split("=", 1) for piece in rule.text("RRULE").upper().split(";") if "=" in piece
    )
    if parts.get("FREQ") != "YEARLY":
        return begin
    last_year = local.year
    if until := _naive(parts.get("UNTIL", "")):
        last_year = min(last_year, until.year)
    for year in (last_year, last_year - 1):
        onset = _onset_in(year, parts, begin)
        if onset is not None and begin <= onset <= local:
            return onset
    return begin


def _onset_in(year: int, parts: Mapping[str, str], begin: datetime) -> datetime | None:
    day = _RULE_DAY.match(parts.get("BYDAY", ""))
    month_text = parts.get("BYMONTH", str(begin.month))
    month = int(month_text) if month_text.isdecimal() and len(month_text) < 3 else begin.month
    try:
        if day is None:
            return begin.replace(year=year, month=month)
        nth = int(day[1] or 1)
        weekday = _DAYS.index(day[2])
        if nth > 0:
            first = begin.replace(year=year, month=month, day=1)
            return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
        after = begin.replace(year=year + (month == 12), month=month % 12 + 1, day=1) - timedelta(
            days=1
        )
        return after - timedelta(days=(after.weekday() - weekday) % 7 + 7 * (-nth - 1))
    except (ValueError, OverflowError):
        return None


def parse_duration(text: str) -> timedelta | None:
    found = _DURATION.match(text.strip().upper())
    if found is None:
        return None
    weeks, days, hours, minutes, seconds = (int(found[n] or 0) for n in range(2, 7))
    size = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return -size if found[1] == "-" else size
