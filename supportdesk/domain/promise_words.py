"""Which lines of a note are promises, and by when: "I'll send it today !" (F93).

A promise is a line with a "!" that stands by itself at its end or its beginning: one that is
attached to a word, as in "She was happy!", is only loud. By when is said in English, German,
French, Czech or in figures; what is not understood is due at the end of the working day.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from supportdesk.domain.folding import fold
from supportdesk.domain.hours import ToLocal, instant_of
from supportdesk.domain.settings import HoursRange

_EVENING = time(18, 0)
_MIDNIGHT = time(23, 59)
_WORKDAYS = frozenset(range(5))
_WEEK = 7
_NOON = 12
_MOST_DAYS = 366
_ROLLS_OVER = timedelta(days=183)
"""A date of next year is meant if it is at most so far ahead; else it is one of the past."""

# Only a plain space: French puts a narrow one before each "!", and that is no promise.
_AT_END = re.compile(r"^(?P<words>.*\S)[ \t]+!+[ \t]*$")
_AT_BEGIN = re.compile(r"^[ \t]*!+[ \t]+(?P<words>\S.*)$")

_DAYS_ON = (
    (r"\bday after tomorrow\b|\bubermorgen\b|\buebermorgen\b|\bpozitri\b|\bapres[- ]demain\b", 2),
    (r"\b(today|tonight|heute( morgen| fruh| frueh| abend)?|dnes(ka)?|aujourd'?hui|ce soir)\b", 0),
    (r"\b(tomorrow|morgen|zitra|zejtra|demain)\b", 1),
)
_WEEKDAYS = (
    r"mondays?|montags?|pondeli|lundi",
    r"tuesdays?|dienstags?|utery|mardi",
    r"wednesdays?|mittwochs?|streda|stredu|mercredi",
    r"thursdays?|donnerstags?|ctvrtek|jeudi",
    r"fridays?|freitags?|patek|vendredi",
    r"saturdays?|samstags?|sonnabends?|sobota|sobotu|samedi",
    r"sundays?|sonntags?|nedele|nedeli|dimanche",
)
_MONTHS = (
    r"january|jan|januar|janner|leden|ledna|janvier",
    r"february|feb|februar|unor|unora|fevrier",
    r"march|mar|marz|maerz|brezen|brezna|mars",
    r"april|apr|duben|dubna|avril",
    r"may|mai|kveten|kvetna",
    r"june|jun|juni|cerven|cervna|juin",
    r"july|jul|juli|cervenec|cervence|juillet",
    r"august|aug|srpen|srpna|aout",
    r"september|sept?|zari|septembre",
    r"october|oct|oktober|okt|rijen|rijna|octobre",
    r"november|nov|listopad|listopadu|novembre",
    r"december|dec|dezember|dez|prosinec|prosince|decembre",
)
_NUMBERS = (
    r"one|an?|eine[rm]?|une?|jednu|jeden",
    r"two|zwei|dva|dve|dvou|deux",
    r"three|drei|tri|trois",
    r"four|vier|ctyri|quatre",
    r"five|funf|fuenf|pet|cinq",
    r"six|sechs|sest",
    r"seven|sieben|sedm|sept",
    r"eight|acht|osm|huit",
    r"nine|neun|devet|neuf",
    r"ten|zehn|deset|dix",
    r"eleven|elf|jedenact|onze",
    r"twelve|zwolf|zwoelf|dvanact|douze",
)
_MINUTES = r"minutes?|mins?|minuten|minut[uy]?"
_HOURS = r"hours?|hrs?|h|stunden?|std|heures?|hodin[uy]?"
_CLOCK_UNITS = ((_MINUTES, timedelta(minutes=1)), (_HOURS, timedelta(hours=1)))
_DAY_UNITS = (
    (r"days?|tage?n?|jours?|den|dny|dni|dnu", timedelta(days=1)),
    (r"weeks?|wochen?|semaines?|tyden|tydny|tydnu", timedelta(days=7)),
)
_IN = (
    r"\b(?:in|within|za|do|dans|binnen|innerhalb(?: von)?)"
    r"(?: (?:the next|den (?:nachsten|naechsten)|les prochaines))?"
)
_NEXT_WEEK = re.compile(
    r"\b(?:next week|(?:nachste|naechste|kommende)n? woche|pristi tyden|semaine prochaine)\b"
)
_HALF_HOUR = re.compile(rf"{_IN} (?:half an hour|(?:einer )?halben stunde|pul hodiny)\b")
_HOURS_AND_MINUTES = re.compile(
    rf"{_IN} (?P<hours>\d{{1,2}}) ?(?:{_HOURS})"
    rf"(?:(?P<figures>\d\d)\b| ?(?:(?:and|und|et|a) )?(?P<minutes>\d{{1,2}}) ?(?:{_MINUTES})\b)"
)
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_DOTTED = re.compile(
    r"(?<![\d.])(?<!\bv)(?<!\bv )(?<!version )(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})?(?![\d:])"
)
_CLOCKS = (
    re.compile(
        r"(?<![\d:.])(?P<hour>\d{1,2}):(?P<minute>\d{2})(?: ?(?P<half>[ap])\.?m\b)?(?![\d:])"
    ),
    re.compile(r"(?<![\d:.])(?P<hour>\d{1,2}) ?(?P<half>[ap])\.?m\b"),
    re.compile(r"(?<![\d:.])(?P<hour>\d{1,2})(?:\.(?P<minute>\d{2}))? uhr\b"),
    re.compile(r"(?<![\d:.])(?P<hour>\d{1,2}) ?h(?P<minute>\d{2})\b"),
    # "The 2 h recording" is not of two in the night.
    re.compile(r"(?<![\d:.])(?P<hour>0?[6-9]|1\d|2[0-3]) ?h\b"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingHours:
    """When the founder's working day ends: as the opening hours say, else at six."""

    opening_hours: Sequence[HoursRange]
    to_local: ToLocal

    def end_of(self, day: date) -> time:
        """Of a day without any hours: the usual time."""
        hours = self._of(day)
        closes = [one.closes if one.closes > one.opens else _MIDNIGHT for one in hours]
        return max(closes, default=_EVENING)

    def is_working(self, day: date) -> bool:
        if not self.opening_hours:
            return day.weekday() in _WORKDAYS
        return bool(self._of(day))

    def _of(self, day: date) -> list[HoursRange]:
        return [one for one in self.opening_hours if day.weekday() in one.weekdays]


def promised_lines(note: str) -> list[str]:
    """The promises of a note in their order, without their marks."""
    found = (_AT_END.match(line) or _AT_BEGIN.match(line) for line in note.splitlines())
    return [one["words"].strip() for one in found if one is not None]


def due_of(words: str, made_at: datetime, hours: WorkingHours) -> datetime:
    """When it is to be kept, UTC; never long before it was made."""
    plain = _plain(words)
    passed = _hours_passed(plain)
    if passed is not None:
        return made_at + passed
    today = hours.to_local(made_at).date()
    days = _passed(plain, _DAY_UNITS)
    day = today + days if days is not None else _day(plain, today)
    clock = _clock(plain)
    if day is None:
        return _next_end(made_at, today, clock, hours)
    due = instant_of(day, clock or hours.end_of(day), hours.to_local)
    if clock is None and due <= made_at:
        return instant_of(day, _MIDNIGHT, hours.to_local)
    return due


def _next_end(made_at: datetime, today: date, clock: time | None, hours: WorkingHours) -> datetime:
    """At this time or the end of the working day: today, else on the next such day."""
    days = (today + timedelta(days=on) for on in range(_WEEK + 1))
    wanted = (day for day in days if clock is not None or hours.is_working(day))
    ends = (instant_of(day, clock or hours.end_of(day), hours.to_local) for day in wanted)
    return next((end for end in ends if end > made_at), made_at + timedelta(days=1))


def _plain(words: str) -> str:
    """Without case, accents and typographic apostrophes."""
    parts = unicodedata.normalize(
        "NFD", fold(words).casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    )
    return "".join(part for part in parts if not unicodedata.combining(part))


def _hours_passed(plain: str) -> timedelta | None:
    """Of "in 2 hours" the 2 hours, to the minute; None when nothing of the kind is said."""
    if _HALF_HOUR.search(plain):
        return timedelta(minutes=30)
    both = _HOURS_AND_MINUTES.search(plain)
    if both is not None:
        minutes = int(both["figures"] or both["minutes"])
        return timedelta(hours=int(both["hours"]), minutes=minutes)
    return _passed(plain, _CLOCK_UNITS)


def _passed(plain: str, units: Sequence[tuple[str, timedelta]]) -> timedelta | None:
    """The longer one of "in 2-3 days"."""
    figures = r"(?:\d{1,3} ?[-\u2013] ?)?(?P<figures>\d{1,3}(?:[.,]\d)?) ?"
    number = rf"(?:{figures}|(?P<word>{'|'.join(_NUMBERS)}) )"
    for names, unit in units:
        found = re.search(rf"(?:{_IN} {number}|\bza )(?:{names})\b", plain)
        if found is not None:
            return min(_number(found) * unit, timedelta(days=_MOST_DAYS))
    return None


def _number(found: re.Match[str]) -> float:
    """One, when none is said: "za hodinu"."""
    if found["figures"]:
        return float(found["figures"].replace(",", "."))
    said = found["word"] or "one"
    return next(on for on, names in enumerate(_NUMBERS, 1) if re.fullmatch(names, said))


def _day(plain: str, today: date) -> date | None:
    """The day that is named; of several the last one."""
    named = [*_dates(plain, today), *_relative_days(plain, today)]
    return max(named, key=lambda one: one[0], default=(0, None))[1]


def _relative_days(plain: str, today: date) -> list[tuple[int, date]]:
    """Each with where it stands."""
    found = []
    rest = plain
    for pattern, days in _DAYS_ON:
        for one in re.finditer(pattern, rest):
            found.append((one.start(), today + timedelta(days=days)))
        # "Day after tomorrow" is not tomorrow, nor is "heute Morgen".
        rest = re.sub(pattern, lambda one: " " * len(one[0]), rest)
    next_week = _NEXT_WEEK.search(plain)
    monday = today + timedelta(days=_WEEK - today.weekday())
    weekdays = []
    for weekday, names in enumerate(_WEEKDAYS):
        for one in re.finditer(rf"\b(?:{names})\b", rest):
            on = (weekday - today.weekday()) % _WEEK or _WEEK
            day = monday + timedelta(days=weekday) if next_week else today + timedelta(days=on)
            weekdays.append((one.start(), day))
    if next_week and not weekdays:
        found.append((next_week.start(), monday))
    return found + weekdays


def _dates(plain: str, today: date) -> list[tuple[int, date]]:
    """Each with where it stands; what is no day of the calendar is left out."""
    found = [
        (one.start(), _date(today, int(one[3]), int(one[2]), int(one[1])))
        for one in _ISO.finditer(plain)
    ]
    found += [
        (one.start(), _date(today, int(one[1]), int(one[2]), int(one[3] or 0)))
        for one in _DOTTED.finditer(plain)
    ]
    for month, names in enumerate(_MONTHS, 1):
        day = r"(\d{1,2})(?:st|nd|rd|th|\.)?"
        spelled = rf"\b{day} (?:of )?(?:{names})\b|\b(?:{names}) {day}(?!\w)"
        found += [
            (one.start(), _date(today, int(one[1] or one[2]), month, 0))
            for one in re.finditer(spelled, plain)
        ]
    return [(at, day) for at, day in found if day is not None]


def _date(today: date, day: int, month: int, year: int) -> date | None:
    """One that lies behind us is none; without a year it may be soon after New Year."""
    if year:
        named = _calendar_day(year, month, day)
        return named if named is not None and named >= today else None
    named = _calendar_day(today.year, month, day)
    if named is not None and named >= today:
        return named
    named = _calendar_day(today.year + 1, month, day)
    return named if named is not None and named - today <= _ROLLS_OVER else None


def _calendar_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _clock(plain: str) -> time | None:
    for pattern in _CLOCKS:
        for found in pattern.finditer(plain):
            said = found.groupdict()
            hour, minute = int(said["hour"]), int(said.get("minute") or 0)
            if said.get("half"):
                hour = hour % _NOON + (_NOON if said["half"] == "p" else 0)
            if hour < 24 and minute < 60:
                return time(hour, minute)
    return None
