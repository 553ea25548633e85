"""The list of past calls: what is chosen in it, what it is narrowed down to, what is done."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from PySide6.QtCore import QObject, QTimer, Signal

from supportdesk.domain.calls import Call
from supportdesk.domain.promises import Promise
from supportdesk.services.call_history import CallKind, CallQuery
from supportdesk.services.call_records import Gap
from supportdesk.services.desk import Desk
from supportdesk.services.missed_calls import MissedPerson, is_only_counted
from supportdesk.services.one_ring_share import OneRingShare
from supportdesk.services.wording import count
from supportdesk.ui import rows
from supportdesk.ui.controllers.past_call_actions import (
    ALL_DONE,
    EXPORT,
    about,
    knocks_often,
    on_chosen,
    on_first,
)
from supportdesk.ui.presenter.past_calls import PastItem, PastRows, noted_words, past_entry
from supportdesk.ui.presenter.promises import promise_chips, promise_lines
from supportdesk.ui.rows import Action, ActionButton, CallsFilter, CallsTab, DayChoice

_BY_PERSON = (CallsTab.MISSED, CallsTab.OPEN)
_UNSURE_FOR = timedelta(days=1)
_NONE_HEARD = "No missed calls that we know of: a phone is not heard now."
_NONE_KNOWN = "No missed calls that we know of. “All calls” says when a phone was not heard."
_OF_THE_WEEK = (
    CallsTab.WITHIN_RING,
    CallsTab.BEYOND_RING,
    CallsTab.UNSEEN,
    CallsTab.AFTER_HOURS,
)
_KINDS = {
    CallsTab.MISSED: CallKind.MISSED,
    CallsTab.ANSWERED: CallKind.ANSWERED,
    CallsTab.MINE: CallKind.MINE,
}
_DAYS_TO_CHOOSE = 14
_PAGES_UNTIL_SHOWN = 8


class PastCallsController(QObject):
    """Owns the filter and the choice. `changed` asks for the page to be shown anew.

    Signals:
        missing: The call that was looked for among the older ones is not kept.
    """

    changed = Signal()
    missing = Signal()

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self.filter = CallsFilter()
        self.chosen = ""
        self._share: OneRingShare | None = None
        self._pages = 0
        self._wanted = ""
        self._older = QTimer(self)
        self._older.setSingleShot(True)
        self._older.timeout.connect(self._read_older)

    def stop(self) -> None:
        self._older.stop()

    def view(self, share: OneRingShare | None, now: datetime) -> rows.PastCalls:
        self._share = share
        history = self._desk.calls.history
        if not history.is_whole and not self._older.isActive():
            self._older.start(0)
        items = self._items(now)
        people = self._desk.knocks.missed(now)
        return rows.PastCalls(
            title=self.filter.tab.value,
            note=self._note(items, people, now),
            filter=self.filter,
            queues=history.queues(),
            days=_days(now),
            rows=PastRows(items, lambda item: self._entry(item, now)),
            chosen=self._chosen_row(),
            nothing=self._nothing(now),
            actions=tuple(self._actions(items, people, now)),
            promise=self._promise(now),
        )

    def show(self, wanted: CallsFilter) -> None:
        self.filter = wanted
        self.chosen = self._wanted = ""
        self.changed.emit()

    def choose(self, key: str) -> None:
        self.chosen, self._wanted = key, ""
        self.changed.emit()

    def turn_to(self, call: Call) -> None:
        """Choose this call where it is listed; `changed` is not told."""
        if self.chosen and self._chosen_row() == self._row_of(call):
            return
        is_on_board = self._desk.calls.call(call.key) is not None
        tab = CallsTab.MISSED if call.was_missed and is_on_board else CallsTab.ALL
        self.filter = CallsFilter(tab=tab)
        self.chosen = self._row_of(call)

    def look_for(self, key: str) -> bool:
        """Choose an older call once it has been read; False when all are read, and it is none."""
        if self._desk.calls.history.is_whole:
            return False
        self._wanted = key
        if not self._older.isActive():
            self._older.start(0)
        return True

    # --- what is listed --------------------------------------------------------------------

    @property
    def _is_by_person(self) -> bool:
        return self.filter.tab in _BY_PERSON and not self.filter.words.strip()

    def _row_of(self, call: Call) -> str:
        """The row that stands for this call in the list on show."""
        if is_only_counted(call) or (self._is_by_person and call.was_missed):
            return self._desk.calls.missed_person(call).key
        return call.key

    def _chosen_row(self) -> str:
        """Whoever was chosen may have been joined with somebody since, whose row is theirs now."""
        call = self._desk.calls.call(self.chosen)
        return self._row_of(call) if call is not None else self.chosen

    def _items(self, now: datetime) -> Sequence[PastItem]:
        wanted = self.filter
        if wanted.tab in _OF_THE_WEEK:
            return self._of_the_week()
        since, until = _bounds(wanted.day)
        if self._is_by_person:
            people = self._desk.knocks.missed(now)
            shown = [one for one in people if self._is_shown(one, since, until)]
            if self._desk.promises.open():
                # Below who waits, and before whoever needs nothing more.
                shown.sort(key=lambda one: not one.is_open and not self._promises_of(one))
            return [*self._promised(people), *shown]
        query = CallQuery(
            kind=_KINDS.get(wanted.tab, CallKind.ALL),
            queue=wanted.queue,
            since=since,
            until=until,
            words=wanted.words,
        )
        noted = frozenset(note.call for note in self._desk.notes.search(wanted.words))
        calls = self._desk.calls.history.find(query, noted, self._desk.people)
        if wanted.tab is CallsTab.OPEN:
            return [call for call in calls if call.is_open]
        is_everything = wanted.tab is CallsTab.ALL and not (wanted.words.strip() or wanted.queue)
        gaps = self._gaps(since, until) if is_everything else []
        return self._with_gaps(calls, gaps)

    def _of_the_week(self) -> Sequence[Call]:
        share = self._share
        if share is None:
            return ()
        parts = {
            CallsTab.WITHIN_RING: share.within,
            CallsTab.BEYOND_RING: share.beyond,
            CallsTab.UNSEEN: share.unknown,
            CallsTab.AFTER_HOURS: share.after_hours,
        }
        return parts[self.filter.tab][::-1]

    def _promised(self, people: Sequence[MissedPerson]) -> list[Call]:
        """Calls that a promise was noted of, soonest first; of the others their row says it."""
        if self.filter.queue or self.filter.day:
            return []
        by_person = {one.key for person in people for one in person.calls}
        items = dict.fromkeys(one.item for one in self._desk.promises.open())
        calls = (self._desk.calls.history.call(one) for one in items if one not in by_person)
        return [call for call in calls if call is not None]

    def _promises_of(self, item: PastItem) -> tuple[Promise, ...]:
        match item:
            case MissedPerson():
                return self._desk.promises.of_items(call.key for call in item.calls)
            case Call():
                return self._desk.promises.of_items([item.key])
            case Gap():
                return ()

    def _is_shown(
        self, person: MissedPerson, since: datetime | None, until: datetime | None
    ) -> bool:
        is_wanted = self.filter.tab is not CallsTab.OPEN or person.is_open
        if not (is_wanted or self._promises_of(person)):
            return False
        return any(
            (not self.filter.queue or call.queue == self.filter.queue)
            and (since is None or call.started_at >= since)
            and (until is None or call.started_at < until)
            for call in person.calls
        )

    def _gaps(self, since: datetime | None, until: datetime | None) -> list[Gap]:
        """Those in which calls were missed are in the list already, with these calls."""
        return [
            gap
            for gap in self._desk.calls.gaps()
            if not gap.missed
            and (since is None or gap.until >= since)
            and (until is None or gap.since < until)
        ]

    def _with_gaps(self, calls: Sequence[Call], gaps: Sequence[Gap]) -> Sequence[PastItem]:
        """Calls that were only counted in a gap are one line: the gap and how many."""
        counted = [call for call in calls if is_only_counted(call)]
        if not (counted or gaps):
            return calls
        people = {one.key: one for one in map(self._desk.calls.missed_person, counted)}
        named = (call for call in calls if not is_only_counted(call))
        items: list[PastItem] = [*named, *people.values(), *gaps]
        return sorted(items, key=_began, reverse=True)

    def _entry(self, item: PastItem, now: datetime) -> rows.CallEntry:
        entry = self._plain_entry(item, now)
        chips = promise_chips(self._promises_of(item), now)
        return replace(entry, chips=(*chips, *entry.chips)) if chips else entry

    def _plain_entry(self, item: PastItem, now: datetime) -> rows.CallEntry:
        match item:
            case MissedPerson():
                notes = [note for call in item.calls for note in self._noted(call)]
                tries = self._desk.knocks.of(item.newest.number, now) if item.is_open else ()
                return past_entry(item, now, notes[-1] if notes else "", tries)
            case Call():
                named = self._desk.people.named(item)
                return past_entry(named, now, next(iter(self._noted(item)[::-1]), ""))
            case Gap():
                return past_entry(item, now)

    def _noted(self, call: Call) -> list[str]:
        return [noted_words(note) for note in self._desk.notes.of_call(call.key)]

    def _note(
        self, items: Sequence[PastItem], people: Sequence[MissedPerson], now: datetime
    ) -> str:
        if self._is_by_person:
            waiting = [person for person in people if person.is_open]
            promised = sum(isinstance(one, Call) for one in items)
            if not waiting:
                words = "nobody is waiting for a call back"
                return f"{words}, {promised} promised" if promised else words
            words = f"{_people(waiting)} still waiting"
            often = any(knocks_often(self._desk, one, now) for one in people[:1])
            words += ", third tries first" if often else ""
            return f"{words}, {promised} promised" if promised else words
        history = self._desk.calls.history
        found = count(sum(map(_calls_in, items)), "call", "calls")
        return found if history.is_whole else f"{found}, reading older ones"

    def _nothing(self, now: datetime) -> str:
        wanted = self.filter
        if wanted.words.strip():
            return f"No call has “{wanted.words.strip()[:60]}” in its name, number or note."
        if wanted.queue or wanted.day:
            return "No such calls. Another queue or day may have some."
        if wanted.tab is CallsTab.OPEN:
            return "Nobody is waiting for a call back."
        if wanted.tab is not CallsTab.MISSED:
            return "No such calls yet."
        if not self._desk.calls.hears_all():
            return _NONE_HEARD
        is_sure = all(gap.missed is not None for gap in self._gaps(now - _UNSURE_FOR, None))
        return "No missed calls." if is_sure else _NONE_KNOWN

    def _actions(
        self, items: Sequence[PastItem], people: Sequence[MissedPerson], now: datetime
    ) -> Iterator[ActionButton]:
        is_by_person = self.filter.tab in _BY_PERSON
        chosen = on_chosen(self._desk, self._chosen_call())
        yield from chosen
        if is_by_person and not any(one.action is Action.CALL_BACK for one in chosen):
            yield from on_first(self._desk, items, now)
        if is_by_person and any(person.is_open for person in people):
            yield ALL_DONE
        yield from about(self._chosen_call())
        if self._desk.calls.history.calls():
            yield EXPORT

    def _promise(self, now: datetime) -> rows.PersonLine | None:
        """The soonest of the row that is chosen."""
        call = self._desk.calls.call(self.chosen) or self._desk.calls.history.call(self.chosen)
        if call is None:
            return None
        is_persons = self._is_by_person and call.was_missed
        item = self._desk.calls.missed_person(call) if is_persons else call
        return next(iter(promise_lines(self._promises_of(item), now)), None)

    def _chosen_call(self) -> Call | None:
        """Of a person the newest: they are rung where they called from last."""
        call = self._desk.calls.call(self.chosen)
        if call is None or not (self._is_by_person and call.was_missed):
            return call
        return self._desk.calls.missed_person(call).newest

    # --- older calls -----------------------------------------------------------------------

    def _read_older(self) -> None:
        """Page by page while nothing else is to do; shown now and then, and when all is there."""
        goes_on = self._desk.calls.history.read_older()
        self._pages += 1
        if goes_on:
            self._older.start(0)
        self._find_wanted(goes_on=goes_on)
        is_seen = self.filter.tab not in _BY_PERSON or bool(self.filter.words.strip())
        if not goes_on or (is_seen and self._pages % _PAGES_UNTIL_SHOWN == 0):
            self.changed.emit()

    def _find_wanted(self, *, goes_on: bool) -> None:
        if not self._wanted:
            return
        call = self._desk.calls.history.call(self._wanted)
        if call is not None:
            self._wanted = ""
            self.turn_to(call)
            self.changed.emit()
        elif not goes_on:
            self._wanted = ""
            self.missing.emit()


def _calls_in(item: PastItem) -> int:
    """A gap is no call, and one in which calls were missed is as many."""
    match item:
        case MissedPerson():
            return len(item.calls)
        case Gap():
            return 0
        case Call():
            return 1


def _people(waiting: Sequence[MissedPerson]) -> str:
    """Of calls that were only counted nobody knows how many people made them."""
    unknown = sum(len(one.calls) for one in waiting if is_only_counted(one.newest))
    known = sum(not is_only_counted(one.newest) for one in waiting)
    parts = [count(known, "person", "people")] if known else []
    return ", ".join([*parts, f"{unknown} unknown"] if unknown else parts)


def _began(item: PastItem) -> datetime:
    match item:
        case MissedPerson():
            return item.newest.started_at
        case Gap():
            return item.since
        case Call():
            return item.started_at


def _bounds(day: str) -> tuple[datetime | None, datetime | None]:
    """A local day as instants."""
    if not day:
        return None, None
    first = date.fromisoformat(day)
    begin = datetime.combine(first, time()).astimezone()
    return begin, datetime.combine(first + timedelta(days=1), time()).astimezone()


def _days(now: datetime) -> tuple[DayChoice, ...]:
    today = now.astimezone().date()
    names = ["Today", "Yesterday"]
    days = [today - timedelta(days=back) for back in range(_DAYS_TO_CHOOSE)]
    names += [f"{day:%a} {day.day} {day:%b}" for day in days[2:]]
    return tuple(
        DayChoice(day=day.isoformat(), label=name) for day, name in zip(days, names, strict=True)
    )
