"""The Calls page: taking and returning calls, with progress in words."""

from dataclasses import replace

from PySide6.QtCore import QObject

from supportdesk.domain.events import DialProgressed
from supportdesk.services.desk import Desk
from supportdesk.services.desk_state import DeskState
from supportdesk.services.wording import fit
from supportdesk.ui import rows
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.presenter.calls import CallFacts, calls_view
from supportdesk.ui.presenter.words import since_words
from supportdesk.ui.rows import Action, ActionButton

_LAST_WORDS = 90
_NO_PHONE = rows.EmptyView(
    head="No phone is connected.",
    sentence="Connect your phone system to see who waits and who was missed.",
    buttons=(ActionButton(action=Action.CONNECT_PHONE, label="Connect your phone", icon="phone"),),
)


class CallsController(QObject):
    """Owns the words of the dialling that goes on."""

    def __init__(self, window: MainWindow, desk: Desk, acts: Acts, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._desk = desk
        self._acts = acts
        self._dialling: rows.Notice | None = None

    def refresh(self, state: DeskState) -> None:
        settings = self._acts.settings()
        phones = [phone.name for phone in settings.phone]
        told = [self._desk.calls.capabilities(name) for name in phones]
        known = [one for one in told if one is not None]
        missed = self._desk.calls.missed()
        facts = CallFacts(
            missed=missed,
            last_words=self._last_words,
            ring_seconds=settings.alerts.ring_seconds,
            can_dial=any(one.can_dial for one in known),
            capabilities=known,
        )
        empty = None if phones or missed or state.callers else _NO_PHONE
        view = calls_view(state, facts, state.at, empty=empty)
        self._window.show_calls(replace(view, banner=self._dialling))

    def take(self, key: str) -> None:
        """Ring for the founder and hand this caller over."""
        caller = self._desk.calls.caller(key)
        if caller is None:
            self.show_item(key)
            return
        if self._acts.take(caller):
            self._say("Ringing your phone", f"Pick up to talk with {caller.label}.")
        elif caller.number:
            self._acts.copy(caller.number)
            self._say(
                "This phone system cannot hand the caller over",
                f"The number {caller.number} was copied. Pick the call up on your phone.",
            )
        else:
            self._say("This phone system cannot hand the caller over", "Pick up on your phone.")
        self._show()

    def call_back(self, key: str) -> None:
        """Ring for the founder, then for the person of this call."""
        call = self._desk.calls.call(key)
        if call is None:
            return
        if not call.number:
            self._say("The number is withheld", "There is nothing to call back.")
        elif self._acts.call_back(call.phone, call.number, call.name):
            self._say("Ringing your phone", f"Pick up, then {call.label} is rung.")
        elif self._acts.open_link(f"tel:{call.number}"):
            self._say("Handed to your phone program", call.number)
        else:
            self._acts.copy(call.number)
            self._say("No phone program takes calls here", f"The number {call.number} was copied.")
        self._show()

    def show_item(self, key: str) -> bool:
        """Show the page that holds this call; False when it is not known."""
        call = self._desk.calls.call(key)
        if call is None:
            return False
        self._show()
        return True

    def say_gone(self) -> None:
        """A call that an alert or a span names, but that nothing is kept of."""
        self._say("This call is not known any more", "The list shows who waits and who was missed.")
        self._show()

    def dial_progressed(self, event: DialProgressed) -> None:
        tone = rows.Tone.BRICK if event.has_failed else rows.Tone.GOOD
        self._dialling = rows.Notice(title=event.words, text=event.number, tone=tone)
        self.refresh(self._desk.state(self._acts.now()))

    # --- inside ------------------------------------------------------------------------

    def _show(self) -> None:
        self.refresh(self._desk.state(self._acts.now()))
        self._window.show_page(rows.Page.CALLS)

    def _say(self, title: str, text: str) -> None:
        self._dialling = rows.Notice(title=title, text=text, tone=rows.Tone.AMBER)

    def _last_words(self, number: str, name: str) -> str:
        """What is known of a caller: a mail under the same name, else an earlier missed call."""
        return self._last_mail(name) or self._last_missed(number)

    def _last_mail(self, name: str) -> str:
        wanted = name.casefold()
        theirs = [
            one
            for one in self._desk.inbox.conversations()
            if wanted and one.customer.name.casefold() == wanted
        ]
        if not theirs:
            return ""
        newest = max(theirs, key=lambda one: one.newest_at)
        when = since_words(newest.newest_at, self._acts.now())
        return fit(f"Mail of {when}: “{newest.subject}”", _LAST_WORDS)

    def _last_missed(self, number: str) -> str:
        for person in self._desk.calls.missed():
            if number and person.newest.number == number:
                when = since_words(person.newest.started_at, self._acts.now())
                return fit(f"Missed call, {when}", _LAST_WORDS)
        return ""
