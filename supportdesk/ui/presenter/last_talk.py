"""When the founder last talked to a customer, and whom to call back, as the tray says it (F96).

For the founder alone: these lines stand in the menu and on *My week*, never in a tooltip or an
alert, and nowhere while a screen is presented.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from supportdesk.domain.phone_numbers import can_be_dialled
from supportdesk.domain.reading import Span
from supportdesk.services.missed_calls import MissedPerson
from supportdesk.services.wording import fit, waited
from supportdesk.ui import rows
from supportdesk.ui.presenter.words import age

_NAME_ROOM = 40


def with_last_talk(
    view: rows.TrayView,
    last: Span | None,
    missed: Iterable[MissedPerson],
    *,
    today: date,
    now: datetime,
) -> rows.TrayView:
    """The tray with its two private lines."""
    person = oldest_to_call_back(missed)
    return replace(
        view,
        talk_line="" if last is None else talk_line(last, today),
        call_back=None if person is None else _entry(person, now),
    )


def talk_line(last: Span, today: date) -> str:
    """As "You last spoke with a customer 6 days ago (Mr Kiss, 4 min)"."""
    length = waited(last.counted_seconds)
    return (
        f"You last spoke with a customer {_when(days_since(last, today))}"
        f" ({fit(last.label, _NAME_ROOM)}, {length})"
    )


def days_since(last: Span, today: date) -> int:
    """By the calendar, where the founder was then; never less than none."""
    return max(0, (today - (last.started_at + last.utc_offset).date()).days)


def oldest_to_call_back(missed: Iterable[MissedPerson]) -> MissedPerson | None:
    """Who waits longest to be called back, of those whose number is known; given in that order."""
    waiting = (person for person in missed if person.is_open)
    return next((one for one in waiting if can_be_dialled(one.newest.number)), None)


def missed_ago(person: MissedPerson, now: datetime) -> str:
    """How long they wait: "41 min", "just now"."""
    since = age(person.open_since or now, now)
    return "just now" if since == "now" else since


def _entry(person: MissedPerson, now: datetime) -> rows.TrayEntry:
    name = fit(person.label, _NAME_ROOM)
    ago = missed_ago(person, now)
    when = ago if ago == "just now" else f"{ago} ago"
    return rows.TrayEntry(key=person.newest.key, label=f"Call back {name}, missed {when}")


def _when(days: int) -> str:
    if days == 0:
        return "today"
    return "yesterday" if days == 1 else f"{days} days ago"
