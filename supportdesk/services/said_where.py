"""Where and when somebody said something, in a few words: "call, Tue 17 Nov, 6 min"."""

from datetime import datetime

from supportdesk.domain.hours import ToLocal
from supportdesk.domain.week import MONTHS, WEEKDAYS


def said_where(
    item: str,
    said_at: datetime,
    to_local: ToLocal,
    *,
    now: datetime,
    talk_seconds: float | None = None,
) -> str:
    """The kind of source by its ledger key, the day (its year if it is another), and the length."""
    local = to_local(said_at)
    day = f"{WEEKDAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]}"
    if local.year != to_local(now).year:
        day += f" {local.year}"
    kind = "" if not item else "call" if item.startswith("call/") else "mail"
    minutes = int(talk_seconds // 60) if talk_seconds is not None else 0
    length = f"{minutes} min" if minutes else ""
    return ", ".join(part for part in (kind, day, length) if part)
