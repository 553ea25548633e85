"""What a hand did to the log, in words: "Cut to 12:00: phone rang"."""

from collections.abc import Sequence
from datetime import datetime

from supportdesk.domain.reading import Edit, Span
from supportdesk.domain.week import MONTHS, WEEKDAYS
from supportdesk.services.reading_run import minutes_and_seconds

_NO_TIME = 1e-6
"""What sums of floats may be off by."""


def act_words(rows: Sequence[Span]) -> str:
    """What an act did; of the two rows of a move the last one is the new place."""
    span = rows[-1]
    return f"{_deed(span)}: {span.reason}" if span.reason else _deed(span)


def _deed(span: Span) -> str:
    match span.edit:
        case Edit.ADDED:
            return f"Added {length_words(span.counted_seconds)}"
        case Edit.CUT:
            return f"Cut to {length_words(span.counted_seconds)}"
        case Edit.LENGTHENED:
            return f"Lengthened to {length_words(span.counted_seconds)}"
        case Edit.MOVED:
            return f"Moved to {day_and_time(span.started_at + span.utc_offset)}"
        case _:
            return "Deleted"


def day_and_time(local: datetime) -> str:
    month = MONTHS[local.month - 1]
    return f"{WEEKDAYS[local.weekday()]} {local.day} {month} {local:%H:%M}"


def length_words(seconds: float) -> str:
    """As the page shows it: "2:40", and from an hour on "1:02:40"."""
    hours, rest = divmod(int(seconds + _NO_TIME), 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else minutes_and_seconds(rest)
