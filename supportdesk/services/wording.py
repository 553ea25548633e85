"""Small words that all sentences share: names, durations, times of day, lists, clipped lines.

Plain, calm and exact; the limits are the ones that every notification service keeps (F75).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from supportdesk.domain.hours import ToLocal
from supportdesk.domain.text import clean_line, clip_utf16

TITLE_LIMIT = 60
BODY_LIMIT = 160
# How many `listed` names before it counts the rest.
NAMED = 3

# A subject may be megabytes; no more than this of it can end up on a line.
_LOOKED_AT = 1_000

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_SENTENCE_ENDS = (".", "?", "!", "…", ":")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A title and a body that fit."""

    title: str
    body: str


def words(title: str, body: str) -> Words:
    return Words(title=fit(title, TITLE_LIMIT), body=fit(body, BODY_LIMIT))


def name_and(name: str, rest: str, body: str) -> Words:
    """A title of a name and a fixed rest: only the name gives way."""
    room = TITLE_LIMIT - len(rest)
    return Words(title=fit(name, room) + rest, body=fit(body, BODY_LIMIT))


def fit(text: str, limit: int) -> str:
    """One clean line of at most `limit` UTF-16 units, cut after a word."""
    line = clean_line(text[:_LOOKED_AT])
    clipped = clip_utf16(line, limit)
    if clipped == line:
        return line
    kept = clipped[:-1]
    if line[len(kept)] != " ":
        whole_words = kept.rpartition(" ")[0]
        # A cut in the first half means one very long word: better a part of it than nothing.
        kept = whole_words if len(whole_words) * 2 >= len(kept) else kept
    return kept.rstrip(" ,;:") + "…"


def sentence(text: str) -> str:
    """With a full stop, unless it ends as a sentence already."""
    line = clean_line(text)
    return line if not line or line.endswith(_SENTENCE_ENDS) else f"{line}."


def duration(length: timedelta) -> str:
    """As "58 min", "3 h 12", "4 days"; whole minutes, rounded down."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 1:
        return "under a minute"
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes:02}"
    return f"{hours // 24} days"


def clock(seconds: float) -> str:
    """Live seconds, as 0:12."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02}"


def waited(seconds: float) -> str:
    """As "14 s" up to two minutes, then as a duration."""
    if seconds < 120:
        return f"{int(seconds)} s"
    return duration(timedelta(seconds=seconds))


def time_of_day(at: datetime, now: datetime, to_local: ToLocal) -> str:
    """As 09:14 today, "Fri 09:14" on another day."""
    local = to_local(at)
    text = f"{local:%H:%M}"
    if local.date() == to_local(now).date():
        return text
    return f"{_WEEKDAYS[local.weekday()]} {text}"


def count(number: int, one: str, many: str) -> str:
    return f"1 {one}" if number == 1 else f"{number} {many}"


def ordinal(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def listed(names: Sequence[str], total: int = 0) -> str:
    """As "A", "A and B", "A, B and C", "A, B, C and 2 more".

    Args:
        names: At least the first three.
        total: How many there are, where not all are in `names`.
    """
    total = max(total, len(names))
    if total > NAMED:
        return f"{', '.join(names[:NAMED])} and {total - NAMED} more"
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
