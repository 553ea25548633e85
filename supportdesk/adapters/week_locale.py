"""What this desktop says about weeks and local time."""

import time
from datetime import datetime

from PySide6.QtCore import QLocale

from supportdesk.domain.settings import WeekStart
from supportdesk.domain.week import MONDAY, SUNDAY


def first_weekday(week_starts: WeekStart) -> int:
    """The first day of a week, Monday is 0; LOCALE asks the desktop."""
    match week_starts:
        case WeekStart.MONDAY:
            return MONDAY
        case WeekStart.SUNDAY:
            return SUNDAY
        case WeekStart.LOCALE:
            return QLocale.system().firstDayOfWeek().value - 1


def to_local(at: datetime) -> datetime:
    """The same instant in the zone that this machine is in now, which a journey may change."""
    if hasattr(time, "tzset"):  # Windows has none and looks by itself
        time.tzset()
    return at.astimezone()
