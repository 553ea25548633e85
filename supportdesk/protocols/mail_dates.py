"""Dates of mail as UTC instants: RFC 5322 with its obsolete forms, and what else senders write.

A wrong date is worse than none, since Received and INTERNALDATE are nearly right: what can be read
in two ways (03/04/2026) is not read at all.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

_EARLIEST = datetime(1985, 1, 1, tzinfo=UTC)
_CLOCK_SKEW = timedelta(days=1)
_DAY = timedelta(days=1)

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
# German, French, Spanish, Portuguese, Italian, Dutch, Nordic, Polish, Czech, Hungarian, Russian:
# without accents, longer names before those that they begin with.
_OTHER_MONTHS = (
    (1, "ene gen sty led янв ian"),
    (2, "fev lut uno фев svi"),
    (7, "juil lipi lip cervenc cvc июл júl"),
    (6, "juin giu cze cerven cvn июн"),
    (3, "mrz mrt brez bre maerz мар mae"),
    (4, "avr abr kwi dub апр ávr"),
    (5, "mai mei mag maj kve maj май мая máj"),
    (8, "aou ago sie srp авг avg"),
    (9, "set wrz zar сен"),
    (10, "okt out ott paz rij окт"),
    (11, "noi lis ноя listopad"),
    (12, "dez dic des gru pro дек"),
)
_ZONE = rb"(?:(?:GMT|UTC|UT|Z)?\s?([+-]{1,2}\d{1,4}(?::\d{2})?)|([A-Za-z]{1,5})\b)"
_CLOCK = rb"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:[.,]\d+)?\s*([AaPp]\.?[Mm]\.?)?"
_DATE = re.compile(
    rb"(\d{1,2})(?:st|nd|rd|th)?[ \-/.]+([A-Za-z]{3})[A-Za-z.]*[ \-/,]+(\d{2,4})(?:[ ,T-]+"
    + _CLOCK
    + rb"\s*"
    + _ZONE
    + rb"?)?"
)
_ISO_DATE = re.compile(
    rb"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]+" + _CLOCK + rb"\s*" + _ZONE + rb"?)?"
)
_MONTH_FIRST = re.compile(
    rb"([A-Za-z]{3})[a-z]{0,6}\.? +(\d{1,2})(?:st|nd|rd|th)?,? +(?:(\d{4}),? +(?:at )?)?"
    + _CLOCK
    + rb" *"
    + _ZONE
    + rb"? *(?:\b(\d{4}))?(?: +([+-]\d{4}))?"
)
_NUMBERS = re.compile(
    rb"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})[ ,T]+" + _CLOCK + rb"\s*" + _ZONE + rb"?"
)
_FOREIGN = re.compile(
    r"(\d{1,2})\.?[ \-/.]+(?:de )?([^\W\d_]{3,12})\.?[ \-/.,]+(?:de )?(\d{2,4})(?:[^\d]{1,8}"
    r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?\s*([+-]\d{4}|[A-Za-z]{1,5}\b)?)?"
)
_FOREIGN_YEAR_FIRST = re.compile(
    r"(\d{4})\.? ([^\W\d_]{3,12})\.? (\d{1,2})\.?(?:[^\d]{1,8}(\d{1,2})[:.](\d{2})"
    r"(?:[:.](\d{2}))?\s*([+-]\d{4}|[A-Za-z]{1,5}\b)?)?"
)
_EPOCH_SECONDS = re.compile(rb"\s*(\d{9,10})\s*$")
_COMMENT = re.compile(rb"\(([^()]*)\)")
_NAMED_ZONE = re.compile(rb"\b([A-Z]{3,4})\b")
_NO_TIME = timedelta()
_UTC_ZONES = frozenset((b"", b"+0000", b"-0000", b"GMT", b"UTC"))
_ZONES = {
    "EDT": -4,
    "EST": -5,
    "CDT": -5,
    "CST": -6,
    "MDT": -6,
    "MST": -7,
    "PDT": -7,
    "PST": -8,
    "AKDT": -8,
    "AKST": -9,
    "HST": -10,
    "BRT": -3,
    "WEST": 1,
    "BST": 1,
    "CET": 1,
    "MET": 1,
    "MEZ": 1,
    "CEST": 2,
    "MEST": 2,
    "MESZ": 2,
    "EET": 2,
    "SAST": 2,
    "EEST": 3,
    "MSK": 3,
    "JST": 9,
    "KST": 9,
    "AEST": 10,
    "AEDT": 11,
    "NZST": 12,
    "NZDT": 13,
}


def parse_date(raw: bytes) -> datetime | None:
    """Parse a Date header or an INTERNALDATE as a UTC instant; None when it is no date."""
    text = raw[:200]
    spoken_zone = b""
    if b"(" in text:
        text, spoken_zone = _without_comments(text)
    if found := _DATE.search(text):
        month = _MONTHS.get(found[2].decode("ascii").lower(), 0)
        if month:
            return _instant((_year(found[3]), month, int(found[1])), found, 4, spoken_zone)
    if found := _ISO_DATE.search(text):
        day = (int(found[1]), int(found[2]), int(found[3]))
        return _instant(day, found, 4, spoken_zone)
    return _parse_rarer(text, spoken_zone)


def _parse_rarer(text: bytes, spoken_zone: bytes) -> datetime | None:
    if (found := _MONTH_FIRST.search(text)) and (found[3] or found[10]):
        month = _MONTHS.get(found[1].decode("ascii").lower(), 0)
        day = (int(found[3] or found[10]), month, int(found[2]))
        return _instant(day, found, 4, found[11] or spoken_zone) if month else None
    if found := _NUMBERS.search(text):
        day_of = _day_of_numbers(found)
        return _instant(day_of, found, 5, spoken_zone) if day_of else None
    if found := _EPOCH_SECONDS.match(text):
        return datetime.fromtimestamp(int(found[1]), tz=UTC)
    return _parse_foreign(text)


def is_believable(date: datetime | None, arrived_at: datetime) -> bool:
    """Tell whether a message may have been sent at this time."""
    return date is not None and _EARLIEST < date < arrived_at + _CLOCK_SKEW


def date_sent(date: bytes, received: Iterable[bytes], arrived_at: datetime) -> datetime:
    """Return when a message was sent: by Date, else the last Received, else its arrival."""
    for text in (date, *(field.rpartition(b";")[2] for field in received)):
        found = parse_date(text)
        if found is not None and is_believable(found, arrived_at):
            return found
    return arrived_at


def _without_comments(text: bytes) -> tuple[bytes, bytes]:
    """Take comments out; return a zone that is named in one, too."""
    spoken = b""
    for _ in range(3):
        for found in _COMMENT.finditer(text):
            if zone := _NAMED_ZONE.search(found[1]):
                spoken = zone[1]
        text = _COMMENT.sub(b" ", text)
    return text, spoken


def _day_of_numbers(found: re.Match[bytes]) -> tuple[int, int, int] | None:
    one, other = int(found[1]), int(found[3])
    year = _year(found[4])
    if found[2] == b"." or one > 12 or one == other:
        return year, other, one
    if other > 12:
        return year, one, other
    return None


def _parse_foreign(text: bytes) -> datetime | None:
    """Read the names of months in the languages of those who let their program translate them."""
    if text.isascii() and not any(64 < letter < 123 for letter in text):
        return None
    words = text.decode("utf-8", "replace").lower()
    if found := _FOREIGN.search(words):
        year, month, day = _year(found[3].encode()), _foreign_month(found[2]), int(found[1])
    elif found := _FOREIGN_YEAR_FIRST.search(words):
        year, month, day = int(found[1]), _foreign_month(found[2]), int(found[3])
    else:
        return None
    clock = [int(found[group] or 0) for group in (4, 5, 6)]
    zone = (found[7] or "").encode("ascii", "replace")
    return _moment((year, month, day), clock, _offset(zone)) if month else None


def _foreign_month(name: str) -> int:
    plain = "".join(
        letter for letter in unicodedata.normalize("NFD", name) if not unicodedata.combining(letter)
    )
    # Cyrillic short i decomposes too.
    plain = plain.replace("маи", "май")
    if number := _MONTHS.get(plain[:3]):
        return number
    for number, starts in _OTHER_MONTHS:
        if plain.startswith(tuple(starts.split())):
            return number
    return 0


def _year(digits: bytes) -> int:
    """Apply RFC 5322, 4.3: two digits from 50 and all three digits are of the last century."""
    year = int(digits)
    if len(digits) == 2:
        return year + (2000 if year < 50 else 1900)
    return year + 1900 if len(digits) == 3 else year


def _instant(
    day: tuple[int, int, int], found: re.Match[bytes], first_group: int, spoken_zone: bytes
) -> datetime | None:
    """Make an instant of the clock and zone that begin at a group: h, m, s, am or pm, +h, name."""
    hour, minute, second, half, offset, zone = found.groups()[first_group - 1 : first_group + 5]
    hours = int(hour or 0)
    if half:
        hours = hours % 12 + (12 if half[:1] in b"pP" else 0)
    shift = _offset(offset or zone or spoken_zone)
    return _moment(day, [hours, int(minute or 0), int(second or 0)], shift)


def _offset(zone: bytes) -> timedelta:
    if zone in _UTC_ZONES:
        return _NO_TIME
    if zone[:1] in (b"+", b"-"):
        digits = zone.lstrip(b"+-").replace(b":", b"")
        hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, b"0")
        size = timedelta(hours=int(hours or 0), minutes=int(minutes))
        return -size if zone.startswith(b"-") else size
    # Unknown zones and the military letters mean UTC (RFC 5322, 4.3).
    return timedelta(hours=_ZONES.get(zone.decode("ascii", "replace").upper(), 0))


def _moment(day: tuple[int, int, int], clock: list[int], offset: timedelta) -> datetime | None:
    hour, minute, second = clock
    if not -_DAY < offset < _DAY:
        return None
    try:
        if hour == 24 and not minute:
            # The midnight that ends the day.
            return datetime(*day, tzinfo=UTC) + _DAY - offset
        # A leap second has no datetime of its own.
        there = datetime(*day, hour, minute, min(second, 59), tzinfo=UTC)
        return there - offset if offset else there
    except (ValueError, OverflowError):
        return None
