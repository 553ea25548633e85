"""The program that shows the pop-ups on Linux: is it there, what can it do, does it answer?

It may be missing, slow, hung, or end and come back at any moment:

    UNKNOWN  we have asked, or it has just gone, and wait: a second or two at most
    PRESENT  it has answered
    RESTING  it is not running, and the bus starts it when it is called
    SILENT   it did not answer in time; whatever it answers later makes it present again
    ABSENT   there is none, or no bus

Its numbers for pop-ups mean something as long as its `owner` stays the same.
"""

from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import QObject, QTimer, Signal

from supportdesk.adapters.desktop.bus import BusConnection, LinkState
from supportdesk.adapters.desktop.bus_messages import (
    BUS_NAME,
    LINK_LOST,
    NO_ANSWER,
    SERVICE_UNKNOWN,
    Body,
    BusSignal,
    Call,
    CallFailure,
    Reply,
    bus_call,
    owner_changes,
)
from supportdesk.domain.text import clean_line

NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
_ANSWER_SECONDS = 1.0
_RETURN_SECONDS = 1.5


class DaemonState(Enum):
    """What we know of the program that shows the pop-ups."""

    UNKNOWN = "unknown"
    PRESENT = "present"
    RESTING = "resting"
    SILENT = "silent"
    ABSENT = "absent"


class NotificationDaemon(QObject):
    """Asks for it over one bus connection, on the GUI thread.

    Signals:
        changed: `state` is another one.
        left: The one that had our pop-ups has gone, with all of them; `changed` follows.
    """

    changed = Signal()
    left = Signal()

    def __init__(self, bus: BusConnection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bus = bus
        self._state = DaemonState.UNKNOWN
        self._bus_id = ""
        self._owner = ""
        self._is_startable = False
        self._name = ""
        self._capabilities: frozenset[str] = frozenset()
        self._last_error = ""
        self._question = 0
        self._answer_timer = self._timer(self._did_not_say)
        self._return_timer = self._timer(self._did_not_return)
        bus.listen(owner_changes(NAME), self._owner_changed)
        bus.ready.connect(self._bus_ready)
        bus.lost.connect(self._bus_lost)
        if bus.state is LinkState.READY:
            self._bus_ready()
        else:
            self._find_out()

    @property
    def state(self) -> DaemonState:
        return self._state

    @property
    def is_usable(self) -> bool:
        """Give it alerts: it shows them, or it is soon known that it does not."""
        return self._state in (DaemonState.UNKNOWN, DaemonState.PRESENT, DaemonState.RESTING)

    @property
    def name(self) -> str:
        """As it calls itself; empty while that is not known."""
        return self._name

    @property
    def owner(self) -> str:
        """Its unique name on the bus; empty while it is not known."""
        return self._owner

    @property
    def identity(self) -> str:
        """Of this very process, on this very bus: unique names begin anew with each session."""
        return f"{self._bus_id}/{self._owner}" if self._bus_id and self._owner else ""

    @property
    def capabilities(self) -> frozenset[str]:
        return self._capabilities

    @property
    def last_error(self) -> str:
        return self._last_error

    def call(self, member: str, signature: str = "", body: Body = (), *, answer: str) -> Call:
        return Call(
            service=NAME,
            path=PATH,
            interface=NAME,
            member=member,
            signature=signature,
            body=body,
            answer=answer,
        )

    def did_not_answer(self) -> None:
        """A call of ours was given up."""
        self._last_error = f"It did not answer for {_ANSWER_SECONDS:.0f} s."
        if self._state in (DaemonState.PRESENT, DaemonState.RESTING):
            self._ask()  # it is heard as soon as it answers anything
            self._set(DaemonState.SILENT)

    def prove(self) -> None:
        """Ask whether it still answers; one that hangs is passed over until it answers again."""
        if self._state is DaemonState.PRESENT:
            self._bus.call(
                self.call("GetServerInformation", answer="ssss"),
                self._named,
                self._did_not_prove,
                deadline_seconds=_ANSWER_SECONDS,
            )

    def _did_not_prove(self, failure: CallFailure) -> None:
        if failure.name == NO_ANSWER:
            self.did_not_answer()

    def is_not_there(self) -> None:
        """The bus could not deliver a call of ours."""
        if self._state is not DaemonState.UNKNOWN:
            self._set(DaemonState.ABSENT)

    def refused(self, failure: CallFailure) -> None:
        """It answered a call with an error, or with something else than the specification says."""
        self._last_error = clean_line(failure.text or failure.name)

    # Finding out

    def _bus_ready(self) -> None:
        self._bus.call(bus_call("GetId", answer="s"), self._identified)
        self._bus.call(bus_call("ListActivatableNames", answer="as"), self._listed)
        self._find_out()

    def _identified(self, reply: Reply) -> None:
        self._bus_id = reply.body[0]

    def _listed(self, reply: Reply) -> None:
        self._is_startable = NAME in reply.body[0]
        if self._is_startable and self._state is DaemonState.ABSENT:
            self._set(DaemonState.RESTING)

    def _bus_lost(self, reason: str) -> None:
        self._is_startable = False
        self._bus_id = ""
        self._last_error = f"There is no session bus: {clean_line(reason)}."
        self._leave()
        self._set(DaemonState.ABSENT)

    def _find_out(self) -> None:
        self._state = DaemonState.UNKNOWN
        self._return_timer.stop()
        self._answer_timer.start(round(_ANSWER_SECONDS * 1000))
        if self._bus.state is LinkState.READY:
            self._ask()

    def _ask(self) -> None:
        """Without a deadline: a late answer is one too, and who hangs is found by our timer."""
        self._question += 1
        question = self._question
        # The name first: answers come in the order of the questions.
        self._bus.call(self.call("GetServerInformation", answer="ssss"), self._named)
        self._bus.call(
            self.call("GetCapabilities", answer="as"),
            lambda reply: self._present(question, reply),
            lambda failure: self._not_present(question, failure),
        )

    def _named(self, reply: Reply) -> None:
        self._name = clean_line(reply.body[0])

    def _present(self, question: int, reply: Reply) -> None:
        if question == self._question:
            self._owner = reply.sender
            self._capabilities = frozenset(reply.body[0])
            self._set(DaemonState.PRESENT)

    def _not_present(self, question: int, failure: CallFailure) -> None:
        if question != self._question or failure.name == LINK_LOST:
            return  # it has gone since, or the bus has
        if failure.sender not in ("", BUS_NAME):
            # It is there, and cannot say what it can do: nothing then that is left to its choice.
            self.refused(failure)
            self._owner, self._capabilities = failure.sender, frozenset()
            self._set(DaemonState.PRESENT)
        elif failure.name == SERVICE_UNKNOWN or not self._is_startable:
            self._set(DaemonState.ABSENT)
        else:
            self._set(DaemonState.RESTING)

    def _did_not_say(self) -> None:
        self._bus.catch_up()
        if self._state is not DaemonState.UNKNOWN:
            return
        self._last_error = f"It did not answer for {_ANSWER_SECONDS:.0f} s."
        self._set(DaemonState.SILENT)

    def _did_not_return(self) -> None:
        self._set(DaemonState.RESTING if self._is_startable else DaemonState.ABSENT)

    def _owner_changed(self, signal: BusSignal) -> None:
        new_owner = signal.body[2]
        if new_owner == self._owner:
            return
        self._leave()
        self._owner = new_owner
        if new_owner:
            self._find_out()
        else:
            # Most that go are started again at once: a moment is cheaper than another presenter.
            self._state = DaemonState.UNKNOWN
            self._answer_timer.stop()
            self._return_timer.start(round(_RETURN_SECONDS * 1000))

    def _leave(self) -> None:
        """Before `state` changes: what was on its way is not taken for refused."""
        self._question += 1
        if self._owner:
            self._owner = ""
            self._state = DaemonState.UNKNOWN
            self.left.emit()

    def _set(self, state: DaemonState) -> None:
        self._answer_timer.stop()
        self._return_timer.stop()
        if state is not self._state:
            self._state = state
            self.changed.emit()

    def _timer(self, due: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(due)
        return timer

    def close(self) -> None:
        self._answer_timer.stop()
        self._return_timer.stop()
