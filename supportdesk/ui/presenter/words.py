"""Times and sizes in the words of the window."""

import math
from datetime import datetime

from supportdesk.ui.rows import Action, StripSegment, Tone

# Sums of seconds are floats: 1800 s made of parts may be a hair short.
_EPSILON = 1e-6


def local_time(at: datetime) -> str:
    """The local time of day: 09:14."""
    return f"{at.astimezone():%H:%M}"


def since_words(at: datetime, now: datetime) -> str:
    """09:14 of today, else with the day: Fri 20 Nov, 09:14."""
    local = at.astimezone()
    if local.date() == now.astimezone().date():
        return f"{local:%H:%M}"
    return f"{local:%a} {local.day} {local:%b}, {local:%H:%M}"


def age(since: datetime, now: datetime) -> str:
    """How long something has waited: "now", "12 min", "3 h 12", "2 days"."""
    minutes = max(0, int((now - since).total_seconds() // 60))
    if minutes < 1:
        return "now"
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 24 * 60:
        return f"{minutes // 60} h {minutes % 60:02}"
    days = minutes // (24 * 60)
    return "1 day" if days == 1 else f"{days} days"


def clock_seconds(seconds: float) -> str:
    """Live seconds as m:ss, or h:mm:ss from an hour on."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, 3600)
    if hours:
        return f"{hours}:{rest // 60:02}:{rest % 60:02}"
    return f"{whole // 60}:{whole % 60:02}"


def whole_minutes(minutes: float) -> int:
    """Only minutes that are full: 29.9 of 30 is not yet 30."""
    return math.floor(minutes + _EPSILON)


def size_words(size_bytes: int) -> str:
    """A size to read: "840 B", "12 kB", "3.4 MB"."""
    if size_bytes < 1000:
        return f"{size_bytes} B"
    if size_bytes < 1_000_000:
        return f"{size_bytes // 1000} kB"
    return f"{size_bytes / 1_000_000:.1f} MB"


def segment(
    text: str, tone: Tone = Tone.NORMAL, opens: Action | None = None, target: str = ""
) -> StripSegment:
    return StripSegment(text=text, tone=tone, opens=opens, target=target)
