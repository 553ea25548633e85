"""What can be done about past calls: about the chosen one, the first of the list, all of them."""

from collections.abc import Sequence
from datetime import datetime

from supportdesk.domain.calls import Call, Outcome
from supportdesk.domain.phone_numbers import can_be_dialled
from supportdesk.services.call_records import is_done_by_hand
from supportdesk.services.desk import Desk
from supportdesk.services.knocks import THIRD
from supportdesk.services.missed_calls import MissedPerson
from supportdesk.services.wording import ordinal
from supportdesk.ui.presenter.past_calls import PastItem
from supportdesk.ui.rows import Action, ActionButton, ButtonRank

ALL_DONE = ActionButton(
    action=Action.ALL_MISSED_DONE,
    label="All done",
    icon="done",
    shortcut="D",
    hint="Nobody needs a call back any more (D)",
)


EXPORT = ActionButton(
    action=Action.EXPORT_CALLS,
    label="",
    icon="export",
    hint="Export all calls as files…",
    rank=ButtonRank.GHOST,
)


def on_chosen(desk: Desk, call: Call | None) -> list[ActionButton]:
    if call is None or call.outcome is Outcome.WAITING:
        return []
    actions = [_call_back(call, "Call back")] if can_be_dialled(call.number) else []
    if desk.calls.missed_person(call).is_open:
        actions.append(_done(Action.MISSED_DONE, "Done", call))
    elif is_done_by_hand(call):
        actions.append(_done(Action.MISSED_NOT_DONE, "Not done", call))
    return actions


def about(call: Call | None) -> list[ActionButton]:
    """A note, and who it is where there is a number to know them by."""
    if call is None:
        return []
    note = ActionButton(
        action=Action.NOTE_CALL,
        label="Note",
        target=call.key,
        shortcut="n",
        hint="Note something about this call (n)",
        rank=ButtonRank.GHOST,
    )
    words = ActionButton(
        action=Action.KEEP_QUOTE,
        label="",
        target=call.key,
        icon="quote",
        hint="Keep words of this call, as they were said (q)",
        rank=ButtonRank.GHOST,
    )
    learned = ActionButton(
        action=Action.LEARNED,
        label="",
        target=call.key,
        icon="coffee",
        hint="What did we learn from this call? (L)",
        rank=ButtonRank.GHOST,
    )
    if not call.number:
        return [note, words, learned]
    ask = ActionButton(
        action=Action.EDIT_PERSON,
        label="",
        target=call.key,
        icon="note",
        hint="Who this is: name, numbers, notes (p)",
        rank=ButtonRank.GHOST,
    )
    return [note, words, learned, ask]


def on_first(desk: Desk, items: Sequence[PastItem], now: datetime) -> list[ActionButton]:
    """Whoever stands on top of the list, and why they do, of those who can be called."""
    people = (one for one in items if isinstance(one, MissedPerson) and one.is_open)
    first = next((one for one in people if can_be_dialled(one.newest.number)), None)
    if first is None:
        return []
    why = f"{ordinal(_tries(desk, first, now))} try" if knocks_often(desk, first, now) else "oldest"
    return [_call_back(first.newest, f"Call back the {why}")]


def knocks_often(desk: Desk, person: MissedPerson, now: datetime) -> bool:
    """They climb in the list (F94)."""
    return person.is_open and _tries(desk, person, now) >= THIRD


def _tries(desk: Desk, person: MissedPerson, now: datetime) -> int:
    return len(desk.knocks.of(person.newest.number, now))


def _call_back(call: Call, label: str) -> ActionButton:
    return ActionButton(
        action=Action.CALL_BACK,
        label=label,
        target=call.key,
        icon="phone-out",
        shortcut="b",
        hint=f"Call {call.label} back (b)",
    )


def _done(action: Action, label: str, call: Call) -> ActionButton:
    icon = "done" if action is Action.MISSED_DONE else "refresh"
    return ActionButton(action=action, label=label, target=call.key, icon=icon, shortcut="d")
