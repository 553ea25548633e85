"""Pop-ups with buttons on Linux: org.freedesktop.Notifications (specification 1.3).

An alert is on the daemon's list under a number that only its answer to Notify tells, so an
update or a withdrawal that comes before that answer waits for it:

    HELD -> QUEUED -> SENDING -> ON_SHOW -> gone, or QUEUED again with other words

Rules for a change: a `_Popup` leaves `_popups` exactly when nothing of ours is on the screen any
more. When the daemon goes, what it showed is HELD for its successor; what nobody can show goes
back to whoever asked. An alert that was given back, because the daemon hung, may still come onto
the screen when it wakes: it is then taken over (`_late`), or taken off at once.
"""

from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QObject, QTimer

from supportdesk.adapters.desktop.bus import BusConnection
from supportdesk.adapters.desktop.bus_messages import (
    LINK_LOST,
    NO_ANSWER,
    NO_REPLY,
    SERVICE_UNKNOWN,
    BusSignal,
    CallFailure,
    Reply,
    SignalSpec,
)
from supportdesk.adapters.desktop.notification_daemon import (
    NAME,
    PATH,
    DaemonState,
    NotificationDaemon,
)
from supportdesk.adapters.desktop.notify_call import (
    NOTIFY_TYPES,
    Sender,
    habits_of,
    notify_body,
)
from supportdesk.adapters.desktop.popup_memory import PopupMemory, PopupStore
from supportdesk.adapters.desktop.presenter_reports import Unheard
from supportdesk.domain.alerts import Alert
from supportdesk.services.ports import (
    CLOSED_BY_FOUNDER,
    AlertResponder,
    AlertResponse,
    GoneHow,
    PresenterReports,
    PresenterSkill,
    PresenterState,
)

_ANSWER_SECONDS = 1.0
_START_SECONDS = 3.0
_DRAIN_SECONDS = 0.5
# A Notify takes about a millisecond to write: a flood of alerts must not hold up the window.
_CALLS_A_TURN = 5
_MOST_ON_THE_WAY = 20
_CLOSED_KEPT = 32
_CLOSED_BY_USER = 2
_CLICK_MAY_FOLLOW_MILLISECONDS = 300
# A daemon that dies of an alert is not fed with it for ever.
_MOST_FALLS = 5

_WORDS = {
    DaemonState.UNKNOWN: "It has been asked and has not answered so far.",
    DaemonState.RESTING: "It is started with the next alert.",
    DaemonState.SILENT: "The program that shows notifications does not answer.",
    DaemonState.ABSENT: "No program that shows notifications is running.",
}
_SKILLS = {
    "actions": (PresenterSkill.BUTTONS, PresenterSkill.CLICK),
    "persistence": (PresenterSkill.STAYS_VISIBLE,),
    "sound": (PresenterSkill.SOUND,),
}


class PopupState(Enum):
    """Where an alert of ours is."""

    HELD = "held until the daemon is known"
    QUEUED = "waits for its turn"
    SENDING = "on its way to the daemon"
    ON_SHOW = "on the screen"


@dataclass(slots=True, kw_only=True)
class _Popup:
    """An alert of ours.

    Attributes:
        wanted: None once it is withdrawn.
        sent: What the daemon has.
        has_news: What is wanted and not sent is more than better words.
        was_news: What was sent last was.
        falls: How many daemons have gone with it on their hands, since there was news.
    """

    state: PopupState
    wanted: Alert | None
    sent: Alert | None = None
    number: int = 0
    token: str = ""
    is_clicked: bool = False
    has_news: bool = True
    was_news: bool = True
    falls: int = 0


class FreedesktopAlerts(QObject):
    """AlertPresenter port over one bus connection, on the GUI thread.

    The connection has to be the only one of ours that shows pop-ups: dunst tells a click only to
    the connection that called Notify. Over 400 lines, for the life of a pop-up is one machine.
    """

    def __init__(
        self,
        bus: BusConnection,
        responder: AlertResponder,
        *,
        app_name: str = "supportdesk",
        desktop_entry: str = "supportdesk",
        icon: str = "",
        popups: Callable[[], PopupStore] | None = None,
        parent: QObject | None = None,
    ) -> None:
        """Keep what stands on the screen in `popups`, for the run after a crash."""
        super().__init__(parent)
        self._bus = bus
        self._respond = responder
        self._reports: PresenterReports = Unheard()
        self._sender = Sender(app_name=app_name, desktop_entry=desktop_entry, icon=icon)
        self._memory = PopupMemory(popups)
        self._popups: dict[str, _Popup] = {}
        self._queue: deque[str] = deque()
        self._closings: deque[int] = deque()
        self._on_the_way = 0
        self._is_closing = False
        self._is_held_back = False
        # By key: what came onto the screen after it was given back, until somebody wants it.
        self._late: dict[str, tuple[int, Alert]] = {}
        # Clicks and closings that came before the answer which tells whose they are.
        self._early: list[BusSignal] = []
        # Some daemons close a pop-up first and tell the click that closed it afterwards.
        self._closed: OrderedDict[int, str] = OrderedDict()
        # Closed by the founder, but perhaps by a click that is told next.
        self._dismissed: set[int] = set()
        self._pump_timer = QTimer(self)
        self._pump_timer.setSingleShot(True)
        self._pump_timer.timeout.connect(self._pump)
        for member, types in (
            ("ActionInvoked", "us"),
            ("ActivationToken", "us"),
            ("NotificationClosed", "uu"),
        ):
            spec = SignalSpec(interface=NAME, member=member, path=PATH, signature=types)
            bus.listen(spec, self._heard)
        self._daemon = NotificationDaemon(bus, self)
        self._daemon.changed.connect(self._daemon_changed)
        self._daemon.left.connect(self._daemon_left)

    @property
    def name(self) -> str:
        return f"Desktop notifications ({self._daemon.name or 'unknown'})"

    @property
    def is_available(self) -> bool:
        return self._daemon.is_usable and not self._is_held_back

    @property
    def is_held_back(self) -> bool:
        return self._is_held_back

    def hold_back(self, *, is_held: bool) -> None:
        """The daemon shows nothing for as long as the founder wants: what must be seen goes on.

        What it has it keeps, and shows afterwards.
        """
        if is_held != self._is_held_back:
            self._is_held_back = is_held
            self._reports.available_changed()

    @property
    def daemon(self) -> DaemonState:
        return self._daemon.state

    @property
    def capabilities(self) -> frozenset[str]:
        """What the daemon says it can do; empty while it is not known."""
        return self._daemon.capabilities

    def state(self) -> PresenterState:
        can = {PresenterSkill.CHANGES, PresenterSkill.TAKES_BACK}
        for capability in self.capabilities:
            can.update(_SKILLS.get(capability, ()))
        return PresenterState(
            name=self.name,
            is_available=self.is_available,
            is_held_back=self._is_held_back,
            can=frozenset(can),
            words=_WORDS.get(self.daemon, habits_of(self._daemon.name)),
            last_error=self._daemon.last_error,
        )

    def prove(self) -> None:
        """Does the daemon still answer? While it does not, others show what is new."""
        self._daemon.prove()

    def report_to(self, reports: PresenterReports) -> None:
        self._reports = reports

    def show(self, alert: Alert, *, is_news: bool = True) -> None:
        key = alert.key
        popup = self._popups.get(key)
        if popup is None and not is_news:
            return
        if popup is None:
            popup = self._popups[key] = self._taken_over(key, alert)
            is_news = popup.has_news
        elif is_news:
            popup.has_news, popup.falls = True, 0
        popup.wanted = alert
        if popup.state is PopupState.HELD or (popup.wanted, is_news) != (popup.sent, False):
            self._forward(key, popup)
            # At once, where it can: who shows it notes that it was told, and may be killed then.
            self._send_queued(_CALLS_A_TURN)

    def withdraw(self, key: str) -> None:
        popup = self._popups.get(key)
        if popup is None:
            return
        popup.wanted = None
        if popup.state is not PopupState.SENDING:
            self._drop(key, popup)

    def close(self) -> None:
        self._is_closing = True
        for key in list(self._popups):
            self.withdraw(key)
            self._memory.forget(key)
        self._daemon.close()
        late, self._late = self._late, {}
        self._close_later(*(number for number, _ in late.values()))
        self._bus.drain(_DRAIN_SECONDS)
        self._pump_timer.stop()
        awaited = self._bus.awaited()
        if awaited is not None:
            # Only who quits while a daemon hangs needs it.
            from supportdesk.adapters.desktop.late_pop_ups import leave_behind

            leave_behind(awaited)

    # What the daemon does

    def _daemon_changed(self) -> None:
        if self.daemon is DaemonState.PRESENT:
            self._close_later(*self._memory.take_left_over(self._daemon.identity))
            self._call_closings(len(self._closings))
        for key, popup in list(self._popups.items()):
            if popup.state in (PopupState.HELD, PopupState.QUEUED):
                self._forward(key, popup)
        self._reports.available_changed()
        # Nobody wants these any more.
        late, self._late = self._late, {}
        self._close_later(*(number for number, _ in late.values()))

    def _daemon_left(self) -> None:
        """Its numbers mean nothing any more."""
        self._early.clear()
        self._closed.clear()
        self._dismissed.clear()
        self._closings.clear()
        self._late.clear()
        for key, popup in list(self._popups.items()):
            popup.number, popup.token = 0, ""
            self._memory.forget(key)
            if popup.state is PopupState.QUEUED:
                popup.state = PopupState.HELD
            elif popup.state is PopupState.ON_SHOW:
                self._hold_after_a_fall(key, popup)

    def _hold_after_a_fall(self, key: str, popup: _Popup) -> None:
        """The daemon has gone with this one on its hands; its successor gets it."""
        popup.falls += 1
        if popup.wanted is None:
            del self._popups[key]
        elif popup.falls >= _MOST_FALLS:
            self._give_back(key)
        else:
            popup.state, popup.has_news = PopupState.HELD, True
            self._forward(key, popup)

    # Pop-ups

    def _forward(self, key: str, popup: _Popup) -> None:
        """One step towards the screen, as far as the daemon is ready for it."""
        if popup.state is PopupState.SENDING:
            return  # goes out when the number of the text before it is known
        if not self._daemon.is_usable:
            self._take_off(popup)
            self._give_back(key)
        elif self.daemon is DaemonState.UNKNOWN and not popup.number:
            popup.state = PopupState.HELD
        elif popup.state is not PopupState.QUEUED:
            popup.state = PopupState.QUEUED
            self._queue.append(key)
        self._pump_soon()

    def _pump_soon(self) -> None:
        if not self._pump_timer.isActive():
            self._pump_timer.start(0)

    def _pump(self) -> None:
        self._call_closings(_CALLS_A_TURN)
        self._send_queued(_CALLS_A_TURN)
        if self._closings or (self._queue and self._on_the_way < _MOST_ON_THE_WAY):
            self._pump_soon()

    def _send_queued(self, most: int) -> None:
        for _ in range(most):
            if not self._queue or self._on_the_way >= _MOST_ON_THE_WAY:
                break
            key = self._queue.popleft()
            popup = self._popups.get(key)
            if popup is not None and popup.state is PopupState.QUEUED:
                self._notify(key, popup)

    def _notify(self, key: str, popup: _Popup) -> None:
        """In place of what is on the screen for this key."""
        alert = popup.wanted
        if alert is None:
            return
        is_starting = self.daemon is DaemonState.RESTING
        popup.state, popup.sent = PopupState.SENDING, alert
        popup.was_news, popup.has_news = popup.has_news, False
        body = notify_body(
            self._sender,
            alert,
            replaces=popup.number,
            is_news=popup.was_news,
            daemon=self._daemon.name,
            capabilities=self.capabilities,
        )
        self._on_the_way += 1
        self._bus.call(
            self._daemon.call("Notify", NOTIFY_TYPES, body, answer="u"),
            lambda reply: self._sent(key, popup, reply),
            lambda failure: self._not_sent(key, popup, failure),
            late=lambda reply: self._sent_too_late(alert, reply),
            deadline_seconds=_START_SECONDS if is_starting else _ANSWER_SECONDS,
        )

    def _sent(self, key: str, popup: _Popup, reply: Reply) -> None:
        self._on_the_way -= 1
        popup.number = reply.body[0]
        popup.state, popup.token, popup.is_clicked = PopupState.ON_SHOW, "", False
        if popup.wanted is None:
            self._drop(key, popup)
        else:
            self._memory.keep(key, self._daemon.identity, popup.number)
            self._reports.shown(key)
            if popup.wanted != popup.sent:
                self._forward(key, popup)
        early, self._early = self._early, []
        for signal in early:
            self._heard(signal)
        self._pump_soon()

    def _not_sent(self, key: str, popup: _Popup, failure: CallFailure) -> None:
        self._on_the_way -= 1
        popup.state = PopupState.HELD
        self._pump_soon()
        if failure.name == LINK_LOST and popup.wanted is not None:
            return  # the link tells that itself, and what is held is then given back
        if failure.name == NO_REPLY:
            self._hold_after_a_fall(key, popup)
            return
        if failure.name == NO_ANSWER:
            self._daemon.did_not_answer()
        elif failure.name == SERVICE_UNKNOWN:
            self._daemon.is_not_there()
        else:
            self._daemon.refused(failure)
        self._take_off(popup)  # the old text; the new one is shown by somebody else
        self._give_back(key)

    def _sent_too_late(self, alert: Alert, reply: Reply) -> None:
        """Somebody else has shown the alert meanwhile, and may give it back to us."""
        number: int = reply.body[0]
        older = self._late.pop(alert.key, None)
        if older is not None and older[0] != number:
            self._close_later(older[0])
        if self.daemon is DaemonState.SILENT and not self._is_closing:
            self._late[alert.key] = (number, alert)
        else:
            self._close_later(number)

    def _taken_over(self, key: str, alert: Alert) -> _Popup:
        """With the pop-up that came too late, or with none so far."""
        if key not in self._late:
            return _Popup(state=PopupState.HELD, wanted=alert)
        number, shown = self._late.pop(key)
        self._memory.keep(key, self._daemon.identity, number)
        popup = _Popup(
            state=PopupState.ON_SHOW, wanted=alert, sent=shown, number=number, has_news=False
        )
        self._reports.shown(key)
        return popup

    def _give_back(self, key: str) -> None:
        popup = self._popups.pop(key, None)
        self._memory.forget(key)
        if popup is not None and popup.wanted is not None:
            self._reports.failed(popup.wanted)

    def _drop(self, key: str, popup: _Popup) -> None:
        del self._popups[key]
        self._keep_closed(key, popup.number)
        self._take_off(popup)
        self._memory.forget(key)

    def _take_off(self, popup: _Popup) -> None:
        if popup.number:
            self._close_later(popup.number)
            popup.number = 0

    def _close_later(self, *numbers: int) -> None:
        self._closings.extend(numbers)
        if self._is_closing:  # no turn of the event loop will come
            self._call_closings(len(self._closings))
        else:
            self._pump_soon()

    def _call_closings(self, most: int) -> None:
        for _ in range(min(most, len(self._closings))):
            number = self._closings.popleft()
            self._bus.call(self._daemon.call("CloseNotification", "u", (number,), answer=""))

    # What the founder does

    def _heard(self, signal: BusSignal) -> None:
        if signal.sender != self._daemon.owner:
            return
        number: int = signal.body[0]
        key = self._key_of(number)
        if key is None:
            if any(popup.state is PopupState.SENDING for popup in self._popups.values()):
                self._early.append(signal)
            return
        popup = self._popups.get(key)
        match signal.member:
            case "ActivationToken" if popup is not None:
                popup.token = signal.body[1]
            case "ActionInvoked":
                self._clicked(key, popup, number, signal.body[1])
            case "NotificationClosed" if popup is not None and popup.number == number:
                self._gone(key, popup, is_closed=signal.body[1] == _CLOSED_BY_USER)
            case _:
                pass

    def _key_of(self, number: int) -> str | None:
        for key, popup in self._popups.items():
            if popup.number == number:
                return key
        return self._closed.get(number)

    def _clicked(self, key: str, popup: _Popup | None, number: int, action: str) -> None:
        token = "" if popup is None else popup.token
        self._dismissed.discard(number)
        if popup is not None:
            popup.is_clicked = True
        self._respond(AlertResponse(alert_key=key, action=action, token=token))

    def _gone(self, key: str, popup: _Popup, *, is_closed: bool) -> None:
        """It expired, or the founder closed it. The number is the daemon's to use again."""
        number, popup.number = popup.number, 0
        self._keep_closed(key, number)
        self._memory.forget(key)
        if popup.state is not PopupState.SENDING:
            del self._popups[key]
        elif not popup.was_news:
            popup.wanted = None  # better words alone must not bring it back
        if key not in self._popups or popup.wanted is None:
            self._reports.gone(key, GoneHow.CLOSED if is_closed else GoneHow.EXPIRED)
        if is_closed and not popup.is_clicked:
            self._closed_by_user(key, number)

    def _keep_closed(self, key: str, number: int) -> None:
        """A click on it may be on its way to us."""
        if not number:
            return
        self._closed[number] = key
        while len(self._closed) > _CLOSED_KEPT:
            self._closed.popitem(last=False)

    def _closed_by_user(self, key: str, number: int) -> None:
        """With a click a pop-up closes too, and some daemons tell the click last."""
        self._dismissed.add(number)

        def dismiss() -> None:
            if number in self._dismissed:
                self._dismissed.discard(number)
                self._respond(AlertResponse(alert_key=key, action=CLOSED_BY_FOUNDER))

        QTimer.singleShot(_CLICK_MAY_FOLLOW_MILLISECONDS, self, dismiss)
