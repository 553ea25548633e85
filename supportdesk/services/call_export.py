"""Calls as text: CSV for a spreadsheet, JSON for programs. A call is a line in both.

Every call that is kept is in it, oldest first, with what was noted of it word for word. Nothing in
it names this computer or the moment of writing: the same calls are the same file. Cells are made
harmless as those of the reading log are (`log_rows`).
"""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from supportdesk.domain.calls import Call, Outcome
from supportdesk.domain.people import CallNote
from supportdesk.services.log_rows import cell_of
from supportdesk.services.missed_calls import BY_MAIL

FORMAT = "supportdesk calls"
VERSION = 1
COLUMNS = (
    "started_at_local",
    "direction",
    "person",
    "name",
    "number",
    "phone",
    "queue",
    "outcome",
    "reason",
    "ring_seconds",
    "talk_seconds",
    "answered_by",
    "closed_at_local",
    "closed_by",
    "note",
    "felt",
    "call",
)
_TIME = "ISO 8601, local time with its offset from UTC"
UNITS = {
    "started_at_local": _TIME,
    "closed_at_local": _TIME,
    "ring_seconds": "seconds",
    "talk_seconds": "seconds",
}
_NOTES_APART = "\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBooks:
    """What is known beside the calls.

    Attributes:
        notes: Of each call by its ledger key, oldest first.
        names: What the founder calls whoever has a number, by its normal form.
        normalise: A number in that form.
        to_local: The same instant in local time.
    """

    notes: Mapping[str, tuple[CallNote, ...]]
    names: Mapping[str, str]
    normalise: Callable[[str], str]
    to_local: Callable[[datetime], datetime]


def notes_by_call(notes: Iterable[CallNote]) -> dict[str, tuple[CallNote, ...]]:
    """In the order in which they come."""
    found: dict[str, tuple[CallNote, ...]] = {}
    for note in notes:
        found[note.call] = (*found.get(note.call, ()), note)
    return found


def csv_calls(calls: Iterable[Call], books: CallBooks) -> Iterator[str]:
    """RFC 4180, with the units in the header."""
    writer = csv.writer(_Line())
    yield writer.writerow(COLUMNS)
    for call in calls:
        values = call_values(call, books)
        yield writer.writerow([_cell(values[column]) for column in COLUMNS])


def json_calls(calls: Iterable[Call], books: CallBooks) -> Iterator[str]:
    """One object: what the file is and its units, then the calls."""
    header = json.dumps({"format": FORMAT, "version": VERSION, "units": UNITS}, indent=1)
    yield header.removesuffix("\n}") + ',\n "calls": ['
    separator = "\n"
    for call in calls:
        yield separator + json.dumps(call_values(call, books), ensure_ascii=False)
        separator = ",\n"
    yield "\n]}\n"


def call_values(call: Call, books: CallBooks) -> dict[str, str | float]:
    """By COLUMNS. Seconds are as exact as they are kept; nothing is said that is not known.

    Who answered is told apart from who reached a caller that was missed, or from the mail that did.
    """
    is_closed_later = call.was_missed and call.closed_at is not None
    notes = books.notes.get(call.key, ())
    values: dict[str, str | float] = {
        "started_at_local": _local(call.started_at, books),
        "direction": "outgoing" if call.outcome is Outcome.CALLED else "incoming",
        "person": books.names.get(books.normalise(call.number), "") if call.number else "",
        "name": call.name,
        "number": call.number,
        "phone": call.phone,
        "queue": call.queue,
        "outcome": call.outcome.value,
        "reason": "" if call.reason is None else call.reason.value,
        "ring_seconds": call.wait_seconds,
        "talk_seconds": call.talk_seconds,
        "answered_by": call.by if call.is_talk else "",
        "closed_at_local": "" if call.closed_at is None else _local(call.closed_at, books),
        "closed_by": _closed_by(call) if is_closed_later else "",
        "note": _NOTES_APART.join(note.words for note in notes),
        "felt": _NOTES_APART.join(note.felt.value for note in notes if note.felt is not None),
        "call": call.key,
    }
    return values


class _Line:
    """What csv writes to: it hands the line back."""

    def write(self, text: str) -> str:
        return text


def _closed_by(call: Call) -> str:
    return "answered by mail" if call.by == BY_MAIL else call.by or "marked as done"


def _cell(value: str | float) -> str:
    """The shortest text that is read as the same number."""
    return cell_of(value) if isinstance(value, str) else repr(value).removesuffix(".0")


def _local(at: datetime, books: CallBooks) -> str:
    return books.to_local(at).isoformat(timespec="seconds")
