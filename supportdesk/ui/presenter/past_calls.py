"""What became of calls, in words: the missed by person, single calls, and gaps."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from supportdesk.domain.calls import Call, Outcome
from supportdesk.domain.people import CallNote
from supportdesk.domain.phone_numbers import can_be_dialled
from supportdesk.services.call_records import FOUNDER, Gap, is_done_by_hand
from supportdesk.services.missed_calls import MissedPerson, how_closed, is_only_counted
from supportdesk.services.wording import count, waited
from supportdesk.ui import rows
from supportdesk.ui.presenter.knock_chips import knock_chips
from supportdesk.ui.presenter.words import age, local_time, since_words
from supportdesk.ui.rows import CallMark, ChipKind, ChipView

_HOT = timedelta(hours=1)

PastItem = MissedPerson | Call | Gap

_MARKS = {
    Outcome.WAITING: CallMark.WAITING,
    Outcome.ANSWERED: CallMark.ANSWERED,
    Outcome.TAKEN: CallMark.TAKEN,
    Outcome.CALLED_BACK: CallMark.DONE,
    Outcome.CALLED: CallMark.CALLED,
    Outcome.UNKNOWN: CallMark.UNKNOWN,
}


class PastRows:
    """A row source that words an item only when it comes in sight."""

    def __init__(self, items: Sequence[PastItem], entry: Callable[[PastItem], rows.CallEntry]):
        self._items = items
        self._entry = entry
        self._places: dict[str, int] | None = None

    @property
    def count(self) -> int:
        return len(self._items)

    def rows(self, start: int, stop: int) -> Sequence[rows.CallEntry]:
        return [self._entry(item) for item in self._items[start:stop]]

    def index_of(self, key: str) -> int:
        if not key:
            return -1
        if self._places is None:
            self._places = {key_of(item): at for at, item in enumerate(self._items)}
        return self._places.get(key, -1)

    def heading_before(self, position: int) -> int:
        return -1


def noted_words(note: CallNote) -> str:
    """With how the call felt, if that was said."""
    return note.words if note.felt is None else f"Felt {note.felt.value}: {note.words}"


def key_of(item: PastItem) -> str:
    return f"gap/{item.phone}/{item.since.isoformat()}" if isinstance(item, Gap) else item.key


def past_entry(
    item: PastItem, now: datetime, note: str = "", knocks: Sequence[datetime] = ()
) -> rows.CallEntry:
    """A row of the list.

    Args:
        item: What it is about.
        now: For ages.
        note: What was noted of it last.
        knocks: When this person tried today without an answer, by phone and by mail.
    """
    match item:
        case MissedPerson() if is_only_counted(item.newest):
            return _counted_entry(item, now)
        case MissedPerson():
            return _missed_entry(item, now, note, knocks)
        case Gap():
            return _gap_entry(item, now)
        case Call():
            return _call_entry(item, now, note)


# --- missed calls of a person -----------------------------------------------------------------


def _missed_entry(
    person: MissedPerson, now: datetime, note: str, knocks: Sequence[datetime]
) -> rows.CallEntry:
    newest = person.newest
    became = _became(newest, now, is_open=person.is_open)
    tries = person.open_calls or person.calls
    since = person.open_since or newest.started_at
    return rows.CallEntry(
        key=person.key,
        who=person.label,
        mark=CallMark.MISSED if person.is_open else CallMark.DONE,
        why=f"{_why(newest)}{_why_no_call_back(newest)}",
        tries=len(tries),
        tries_line=_tries_line(tries, now),
        age_label=age(since, now) if person.is_open else since_words(newest.started_at, now),
        is_hot=person.is_open and now - since > _HOT,
        chips=(*knock_chips(knocks, now), became),
        note=note,
    )


def _counted_entry(person: MissedPerson, now: datetime) -> rows.CallEntry:
    """Missed while nobody listened: the phone only counted them."""
    newest = person.newest
    number = len(person.calls)
    became = _became(newest, now, is_open=person.is_open)
    if person.is_open:
        became = ChipView(label="nobody knows who called", kind=ChipKind.DEAF)
    return rows.CallEntry(
        key=person.key,
        who=f"Phones unknown {_stretch(newest.started_at, newest.waited_until, now)}",
        mark=CallMark.GAP if person.is_open else CallMark.DONE,
        why=f"{count(number, 'call', 'calls')} missed",
        age_label=age(newest.started_at, now) if person.is_open else "",
        chips=(became,),
    )


def _why(call: Call) -> str:
    reason = call.reason.value if call.reason else "nobody answered"
    if call.wait_seconds < 1:
        return reason
    what, comma, why = reason.partition(",")
    return f"{what} after {waited(call.wait_seconds)}{comma}{why}"


def _why_no_call_back(call: Call) -> str:
    """There is no button then, and that has a reason."""
    if can_be_dialled(call.number):
        return ""
    if not call.number:
        return "; number withheld"
    return f"; {call.number} cannot be dialled" if call.name else "; this cannot be dialled"


def _tries_line(calls: Sequence[Call], now: datetime) -> str:
    if len(calls) < 2:
        return ""
    shown = calls[-4:]
    is_today = shown[0].started_at.astimezone().date() == now.astimezone().date()
    words = local_time if is_today else lambda at: since_words(at, now)
    return f"Tries at {', '.join(words(call.started_at) for call in shown)}"


def _became(call: Call, now: datetime, *, is_open: bool) -> ChipView:
    """What became of a missed call, by whom and when."""
    if is_open:
        return ChipView(label="waiting for a call back", kind=ChipKind.MISSED)
    words = "marked as done" if is_done_by_hand(call) else how_closed(call)
    when = f", {since_words(call.closed_at, now)}" if call.closed_at else ""
    return ChipView(label=f"{words}{when}", kind=ChipKind.ANSWERED)


# --- gaps -------------------------------------------------------------------------------------


def _gap_entry(gap: Gap, now: datetime) -> rows.CallEntry:
    if gap.missed is None:
        why = "it is not known if anybody called"
    elif gap.missed:
        why = f"{count(gap.missed, 'call', 'calls')} missed"
    else:
        why = "the queues missed nobody"
    return rows.CallEntry(
        key=key_of(gap),
        who=f"Phones unknown {_stretch(gap.since, gap.until, now)}",
        mark=CallMark.GAP,
        why=why,
        tries_line=str(gap.phone),
    )


def _stretch(since: datetime, until: datetime, now: datetime) -> str:
    """10:02-10:09 with an en dash; with the days where it is not of today."""
    if since.astimezone().date() == until.astimezone().date():
        return f"{since_words(since, now)}\N{EN DASH}{local_time(until)}"
    return f"{since_words(since, now)} \N{EN DASH} {since_words(until, now)}"


# --- single calls -----------------------------------------------------------------------------


def _call_entry(call: Call, now: datetime, note: str) -> rows.CallEntry:
    mark = _MARKS.get(call.outcome)
    if mark is None:
        mark = CallMark.MISSED if call.is_open else CallMark.DONE
    number = call.number if call.name else ""
    chips = (_became(call, now, is_open=call.is_open),) if call.was_missed else ()
    return rows.CallEntry(
        key=call.key,
        who=call.label,
        mark=mark,
        why=_what_happened(call),
        tries_line=", ".join(part for part in (number, call.queue) if part),
        age_label=since_words(call.started_at, now),
        chips=chips,
        note=note,
    )


def _what_happened(call: Call) -> str:
    match call.outcome:
        case Outcome.WAITING:
            return "waits on the line"
        case Outcome.ANSWERED | Outcome.TAKEN:
            return _answered(call)
        case Outcome.CALLED:
            return _talked(f"called by {call.by}" if call.by else "called", call)
        case Outcome.UNKNOWN:
            return "how it ended is not known: the phones were not heard"
        case Outcome.MISSED | Outcome.CALLED_BACK:
            return _why(call)


def _answered(call: Call) -> str:
    by = "you" if call.outcome is Outcome.TAKEN or call.by == FOUNDER else call.by
    words = f"answered by {by}" if by else "answered"
    if call.wait_seconds >= 1:
        words += f" after {waited(call.wait_seconds)}"
    return _talked(words, call)


def _talked(words: str, call: Call) -> str:
    return f"{words}, talked {waited(call.talk_seconds)}" if call.talk_seconds >= 1 else words
