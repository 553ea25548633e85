"""The Calls page: calls are taken, returned and marked as done, and how that goes is said."""

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, QTimer, Signal

from supportdesk.domain.calls import Call, CallId, Outcome
from supportdesk.domain.events import DialProgressed
from supportdesk.domain.health import SourceName
from supportdesk.domain.hours import ToLocal
from supportdesk.domain.week import WeekId
from supportdesk.services.desk import Desk
from supportdesk.services.desk_state import DeskState
from supportdesk.services.lifted_calls import lifted_caller
from supportdesk.services.one_ring_share import OneRingShare, one_ring_share
from supportdesk.services.wording import count
from supportdesk.ui import rows
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.controllers.caller_words import caller_words
from supportdesk.ui.controllers.calls_banner import CallsBanner
from supportdesk.ui.controllers.calls_export import CallsExport
from supportdesk.ui.controllers.dialling import Dialling
from supportdesk.ui.controllers.past_calls import PastCallsController
from supportdesk.ui.controllers.person_editor import PersonEditor
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.presenter.calls import CallFacts, calls_view
from supportdesk.ui.presenter.lifts import lift_words
from supportdesk.ui.presenter.one_ring import ring_figure
from supportdesk.ui.presenter.people import number_of
from supportdesk.ui.rows import Action, ActionButton, CallsFilter, CallsTab, Tone
from supportdesk.ui.theme.theme import Theme

_Counted = tuple[tuple[Call, ...], WeekId, timedelta, OneRingShare | None]
_NO_PHONE = rows.EmptyView(
    head="No phone is connected.",
    sentence="Connect your phone system to see who waits and who was missed.",
    buttons=(ActionButton(action=Action.CONNECT_PHONE, label="Connect your phone", icon="phone"),),
)


class CallsController(QObject):
    """Owns what the page shows, and what can be taken back on it.

    Signals:
        forget_asked: A `Person` whose call was chosen shall be forgotten.
    """

    forget_asked = Signal(object)

    def __init__(
        self,
        window: MainWindow,
        desk: Desk,
        acts: Acts,
        *,
        theme: Theme,
        week_at: Callable[[datetime], WeekId],
        to_local: ToLocal,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._desk = desk
        self._acts = acts
        self._week_at = week_at
        self._to_local = to_local
        self._banner = CallsBanner(acts.now)
        self._banner_goes = QTimer(self, singleShot=True)
        self._banner_goes.setObjectName("banner goes")
        self._banner_goes.timeout.connect(self._refresh_now)
        self._dialling = Dialling(desk, acts, self._banner, self._refresh_now)
        self._editor = PersonEditor(window, desk, acts, theme)
        self._editor.forget_asked.connect(self.forget_asked)
        self._export = CallsExport(window, acts, self.say)
        self._share: _Counted | None = None
        self.past = PastCallsController(desk, self)
        self.past.changed.connect(self._refresh_now)
        self.past.missing.connect(self.say_gone)
        window.choices.calls_filter_changed.connect(self.past.show)
        window.choices.call_chosen.connect(self.past.choose)

    def stop(self) -> None:
        self._banner_goes.stop()
        self.past.stop()

    def handlers(self) -> dict[Action, Callable[[str], None]]:
        return {
            Action.TAKE_CALL: self.take,
            Action.CALL_BACK: self.call_back,
            Action.MISSED_DONE: self._close,
            Action.MISSED_NOT_DONE: self._reopen,
            Action.ALL_MISSED_DONE: lambda _key: self._close_all(),
            Action.UNDO_MISSED_DONE: lambda _key: self._undo(),
            Action.EXPORT_CALLS: lambda _key: self._export.ask(),
            Action.SHOW_CALLS: self._list_calls,
        }

    def _list_calls(self, tab: str) -> None:
        """The window shows the page; without a tab the list stays as it is."""
        if tab:
            self.past.show(CallsFilter(tab=CallsTab(tab)))

    def refresh(self, state: DeskState) -> None:
        settings = self._acts.settings()
        told = [self._desk.calls.capabilities(phone.name) for phone in settings.phone]
        facts = CallFacts(
            last_words=self._last_words,
            ring_seconds=settings.alerts.ring_seconds,
            talk_of=self._desk.calls.talk_of,
            lifted=self._lifted,
            capabilities=[one for one in told if one is not None],
        )
        share = self._one_ring_share(state.at)
        past = self.past.view(share, state.at)
        is_empty = not (settings.phone or state.callers or self._desk.calls.history.calls())
        view = replace(
            calls_view(state, facts, state.at),
            past=past,
            ring_figure=ring_figure(share),
            banner=self._banner.shown(state.at),
            empty=_NO_PHONE if is_empty else None,
        )
        self._window.show_calls(view)
        self._await_end_of_banner(state.at)

    def _lifted(self, key: str) -> str:
        lifts = self._desk.known_lifts
        lift = None if lifts is None else lifts.of([key])
        return lift_words(lift) if lift is not None else ""

    def take(self, key: str) -> None:
        """Ring for the founder and hand this caller over; else they pick up by themselves."""
        calls = self._desk.calls
        caller = calls.caller(key) or lifted_caller(self._desk.known_lifts, calls, key)
        if caller is None:
            self.show_item(key)
            return
        self._dialling.take(key, caller)
        self._show()

    def call_back(self, key: str) -> None:
        """Ring for the founder, then for the person of this call."""
        call = self._call(key) or self._number_call(key)
        if call is not None:
            self._dialling.call_back(key, call)
            self._show()

    def edit_person(self, key: str) -> None:
        """Ask who it is that this call was with."""
        call = self._call(key)
        if call is not None and call.number:
            person = self._desk.people.behind_number(call.number, call.name)
            self._editor.edit(person, self.done)

    def show_item(self, key: str) -> bool:
        """Show the page with this call chosen; False when it is not known.

        One of which words are kept is looked for among the older ones, and chosen later.
        """
        call = self._call(key)
        if call is None:
            voices = self._desk.voices
            is_source = bool(voices.of_item(key) or voices.lessons.of([key]))
            if not (key.startswith("call/") and is_source and self.past.look_for(key)):
                return False
            self._show()
            return True
        if call.outcome is not Outcome.WAITING:
            self.past.turn_to(call)
        self._show()
        if call.outcome is Outcome.WAITING:
            self._window.choose_caller(key)
        return True

    def say_gone(self) -> None:
        """A call that an alert or a span names, but that nothing is kept of."""
        self.say("This call is not known any more", "The list shows who waits and who was missed.")

    def say(self, title: str, text: str, tone: Tone = Tone.NORMAL) -> None:
        """Above the lists, for a minute."""
        self._banner.say(title, text, tone)
        self._show()

    def dial_progressed(self, event: DialProgressed) -> None:
        self._dialling.progressed(event)
        self._refresh_now()

    # --- which calls -------------------------------------------------------------------

    def _call(self, key: str) -> Call | None:
        """Also one from before what the board remembers."""
        calls = self._desk.calls
        return calls.call(key) or calls.history.call(key)

    def _number_call(self, key: str) -> Call | None:
        """Somebody whose number is known, but who never called; any phone that can may ring."""
        number = number_of(key)
        if not number:
            return None
        call = Call(
            phone=SourceName(""),
            call_id=CallId(key),
            number=number,
            name="",
            queue="",
            started_at=self._acts.now(),
            outcome=Outcome.UNKNOWN,
        )
        return self._desk.people.named(call)

    # --- done with missed calls --------------------------------------------------------

    def _close(self, key: str) -> None:
        call = self._desk.calls.call(key)
        if call is not None:
            person = self._desk.calls.missed_person(call)
            self._note_done(tuple(one.key for one in person.open_calls), person.label)
            self._acts.perform(lambda now: self._desk.close_missed(key, now))
            self._refresh_now()

    def _close_all(self) -> None:
        people = [person for person in self._desk.calls.missed() if person.is_open]
        keys = tuple(call.key for person in people for call in person.open_calls)
        self._note_done(keys, count(len(people), "person", "people"))
        self._acts.perform(self._desk.close_all_missed)
        self._refresh_now()

    def _reopen(self, key: str) -> None:
        call = self._desk.calls.call(key)
        if call is not None:
            person = self._desk.calls.missed_person(call)
            at = person.newest.closed_at
            keys = [one.key for one in person.calls if one.closed_at == at]
            self._acts.perform(lambda now: self._desk.reopen_missed(keys, now))
            self._refresh_now()

    def _note_done(self, keys: tuple[str, ...], whom: str) -> None:
        def take_back() -> None:
            self._acts.perform(lambda now: self._desk.reopen_missed(keys, now))

        if keys:
            words = "They are kept in the list, marked as done."
            self._banner.done(f"Done: {whom}", words, take_back)

    def done(self, title: str, take_back: Callable[[], None]) -> None:
        """Above the lists, with the way back."""
        self._banner.done(title, "", take_back)
        self._refresh_now()

    def _undo(self) -> None:
        self._banner.undo()
        self._refresh_now()

    # --- inside ------------------------------------------------------------------------

    def _show(self) -> None:
        self._refresh_now()
        self._window.show_page(rows.Page.CALLS)

    def _refresh_now(self) -> None:
        self.refresh(self._desk.state(self._acts.now()))

    def _await_end_of_banner(self, now: datetime) -> None:
        gone_at = self._banner.gone_at
        if gone_at is None:
            self._banner_goes.stop()
        else:
            self._banner_goes.start(max(1, math.ceil((gone_at - now) / timedelta(milliseconds=1))))

    def _one_ring_share(self, now: datetime) -> OneRingShare | None:
        """Counted anew only when a call has changed: a tick a second asks for it."""
        calls, week = self._desk.calls.history.calls(), self._week_at(now)
        ring = timedelta(seconds=self._acts.settings().alerts.ring_seconds)
        known = self._share
        if known is None or known[0] is not calls or known[1:3] != (week, ring):
            since = week.earliest_start
            recent = [call for call in calls if call.started_at >= since]
            share = one_ring_share(recent, week, ring, self._to_local)
            self._share = known = (calls, week, ring, share)
        return known[3]

    def _last_words(self, number: str, name: str) -> str:
        return caller_words(self._desk, number, name, self._acts.now())
