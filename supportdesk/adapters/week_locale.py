"""What this desktop says about weeks and local time."""

import os
import sys
import time
from collections.abc import Mapping
from datetime import datetime

from supportdesk.domain.settings import WeekStart
from supportdesk.domain.week import MONDAY, SUNDAY

_FRIDAY, _SATURDAY = 4, 5
_FIRST_DAYS = {
    _FRIDAY: "MV",
    _SATURDAY: "AF BH DJ DZ EG IQ IR JO KW LY OM QA SD SY",
    SUNDAY: "AG AS BD BR BS BT BW BZ CA CO DM DO ET GT GU HK HN ID IL IN IS JM JP KE KH KR LA MH MM"
    " MO MT MX MZ NI NP PA PE PH PK PR PT PY SA SG SV TH TT TW UM US VE VI WS YE ZA ZW",
}
"""What CLDR says of territories, by way of Qt, where weeks do not begin on Monday."""


def first_weekday(week_starts: WeekStart) -> int:
    """The first day of a week, Monday is 0; LOCALE asks the desktop."""
    match week_starts:
        case WeekStart.MONDAY:
            return MONDAY
        case WeekStart.SUNDAY:
            return SUNDAY
        case WeekStart.LOCALE:
            return _of_desktop()


def _of_desktop() -> int:
    weekday = None if sys.platform in ("win32", "darwin") else weekday_of_variables(os.environ)
    if weekday is not None:
        return weekday
    from PySide6.QtCore import QLocale

    return QLocale.system().firstDayOfWeek().value - 1


def weekday_of_variables(variables: Mapping[str, str]) -> int | None:
    """By the locale that the environment names; None when only Qt can tell.

    The answer of Qt is the same, but is one of the `Qt` namespace: that costs an idle tray 1.1 MB.
    """
    named = (variables.get(name) for name in ("LC_ALL", "LC_TIME", "LANG"))
    locale = next(filter(None, named), "C").partition(".")[0].partition("@")[0]
    if locale in ("C", "POSIX"):
        return MONDAY
    territory = locale.rpartition("_")[2] if "_" in locale else ""
    if len(territory) != 2:
        return None
    return next((day for day, codes in _FIRST_DAYS.items() if territory in codes.split()), MONDAY)


def to_local(at: datetime) -> datetime:
    """The same instant in the zone that this machine is in now, which a journey may change."""
    if hasattr(time, "tzset"):  # Windows has none and looks by itself
        time.tzset()
    return at.astimezone()
