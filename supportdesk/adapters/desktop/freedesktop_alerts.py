"""Pop-ups with buttons on Linux: org.freedesktop.Notifications (specification 1.3).

The daemon that shows them may be missing, slow, hung, or end and come back at any moment:

    UNKNOWN  we have asked and wait, for a second at most; alerts wait with us
    PRESENT  it has answered
    RESTING  it is not running, and the bus starts it when it is called
    SILENT   it did not answer in time; whatever it answers later makes it present again
    ABSENT   there is none, or no bus

An alert is on the daemon's list under a number that only its answer to Notify tells, so an
update or a withdrawal that comes before that answer waits for it. Rules for a change: a `_Popup`
leaves `_popups` exactly when nothing of ours is on the screen any more.
"""

from collections import OrderedDict
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QObject, QTimer

from supportdesk.adapters.desktop.bus import BusConnection, LinkState
from supportdesk.adapters.desktop.bus_messages import (
    BUS_NAME,
    NO_ANSWER,
    SERVICE_UNKNOWN,
    Body,
    BusSignal,
    Call,
    CallFailure,
    Reply,
    SignalSpec,
    bus_call,
)
from supportdesk.adapters.desktop.popup_text import marked_up_body, popup_title
from supportdesk.adapters.desktop.presenter_reports import Unheard
from supportdesk.domain.alerts import Action, Alert, AlertKind
from supportdesk.domain.text import clean_line
from supportdesk.services.ports import (
    AlertResponder,
    AlertResponse,
    GoneHow,
    PresenterReports,
    PresenterSkill,
    PresenterState,
)

_NAME = "org.freedesktop.Notifications"
_PATH = "/org/freedesktop/Notifications"
_BODY_CLICK = "default"
_ANSWER_SECONDS = 1.0
_START_SECONDS = 3.0
_DRAIN_SECONDS = 0.5
_CLOSED_KEPT = 32
_CLOSED_BY_USER = 2
_CLICK_MAY_FOLLOW_MILLISECONDS = 300

CLOSED_BY_FOUNDER = "closed"
"""The action of a response that says: closed without a click."""

# It has no click on the body and draws one more button for it, which is only of use on an alert
# that has no button for opening (docs.xfce.org, notifyd, spec).
_DRAWS_BODY_CLICK = frozenset({"Xfce Notify Daemon"})
_OPENING = {Action.READ, Action.READ_THEM, Action.SHOW}

_CATEGORIES = {
    AlertKind.MAIL: "email.arrived",
    AlertKind.WAITING: "call.incoming",
    AlertKind.MISSED: "call.unanswered",
}


class DaemonState(Enum):
    """What we know of the program that shows the pop-ups."""

    UNKNOWN = "unknown"
    PRESENT = "present"
    RESTING = "resting"
    SILENT = "silent"
    ABSENT = "absent"


class PopupState(Enum):
    """Where an alert of ours is."""

    HELD = "held until the daemon is known"
    SENDING = "on its way to the daemon"
    ON_SHOW = "on the screen"
    SWEPT_AWAY = "gone with the daemon that showed it"


@dataclass(slots=True, kw_only=True)
class _Popup:
    """An alert of ours. `wanted` is None once it is withdrawn; `sent` is what the daemon has."""

    state: PopupState
    wanted: Alert | None
    sent: Alert | None = None
    number: int = 0
    token: str = ""
    is_clicked: bool = False


class FreedesktopAlerts(QObject):
    """AlertPresenter port over one bus connection, on the GUI thread.

    The connection has to be the only one of ours that shows pop-ups: dunst tells a click only to
    the connection that called Notify.
    """

    def __init__(
        self,
        bus: BusConnection,
        responder: AlertResponder,
        *,
        app_name: str = "supportdesk",
        desktop_entry: str = "supportdesk",
        icon: str = "",
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bus = bus
        self._respond = responder
        self._reports: PresenterReports = Unheard()
        self._app_name, self._desktop_entry, self._icon = app_name, desktop_entry, icon
        self._daemon = DaemonState.UNKNOWN
        self._owner = ""
        self._is_startable = False
        self._daemon_name = ""
        self._capabilities: frozenset[str] = frozenset()
        self._popups: dict[str, _Popup] = {}
        self._shown_again: set[str] = set()
        # Clicks and closings that came before the answer which tells whose they are.
        self._early: list[BusSignal] = []
        # Some daemons close a pop-up first and tell the click that closed it afterwards.
        self._closed: OrderedDict[int, str] = OrderedDict()
        # Closed by the founder, but perhaps by a click that is told next.
        self._dismissed: set[int] = set()
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self._lost_patience)
        for member in ("ActionInvoked", "ActivationToken", "NotificationClosed"):
            bus.listen(SignalSpec(interface=_NAME, member=member, path=_PATH), self._heard)
        owner_changed = SignalSpec(
            interface=BUS_NAME, member="NameOwnerChanged", sender=BUS_NAME, arg0=_NAME
        )
        bus.listen(owner_changed, self._owner_changed)
        bus.ready.connect(self._bus_ready)
        bus.lost.connect(self._bus_lost)
        if bus.state is LinkState.READY:
            self._bus_ready()
        else:
            self._find_out()

    @property
    def name(self) -> str:
        return f"Desktop notifications ({self._daemon_name or 'unknown'})"

    @property
    def is_available(self) -> bool:
        return self._daemon in (DaemonState.UNKNOWN, DaemonState.PRESENT, DaemonState.RESTING)

    @property
    def daemon(self) -> DaemonState:
        return self._daemon

    @property
    def capabilities(self) -> frozenset[str]:
        """What the daemon says it can do; empty while it is not known."""
        return self._capabilities

    def report_to(self, reports: PresenterReports) -> None:
        self._reports = reports

    def state(self) -> PresenterState:
        can = {PresenterSkill.CHANGES, PresenterSkill.TAKES_BACK}
        if "actions" in self._capabilities:
            can |= {PresenterSkill.BUTTONS, PresenterSkill.CLICK}
        return PresenterState(name=self.name, is_available=self.is_available, can=frozenset(can))

    def show(self, alert: Alert, *, is_news: bool = True) -> None:
        if not is_news and alert.key not in self._popups:
            return
        popup = self._popups.setdefault(alert.key, _Popup(state=PopupState.HELD, wanted=alert))
        popup.wanted = alert
        match popup.state:
            case PopupState.SENDING:
                pass  # goes out when the number of the first text is known
            case PopupState.HELD | PopupState.SWEPT_AWAY if self._daemon is DaemonState.UNKNOWN:
                popup.state = PopupState.HELD  # goes out when the daemon has answered
            case _:
                self._send(alert.key, popup)

    def withdraw(self, key: str) -> None:
        self._shown_again.discard(key)
        popup = self._popups.get(key)
        if popup is None:
            return
        popup.wanted = None
        if popup.state is not PopupState.SENDING:
            del self._popups[key]
            self._keep_closed(key, popup.number)
            self._take_off(popup)

    def close(self) -> None:
        for key in list(self._popups):
            self.withdraw(key)
        self._patience.stop()
        self._bus.drain(_DRAIN_SECONDS)

    # What the daemon does

    def _bus_ready(self) -> None:
        def listed(reply: Reply) -> None:
            self._is_startable = _NAME in reply.body[0]
            if self._is_startable and self._daemon is DaemonState.ABSENT:
                self._daemon = DaemonState.RESTING

        self._bus.call(bus_call("ListActivatableNames"), listed)
        self._find_out()

    def _bus_lost(self, _reason: str) -> None:
        self._is_startable = False
        self._sweep_away()
        self._set_daemon(DaemonState.ABSENT)

    def _find_out(self) -> None:
        self._daemon = DaemonState.UNKNOWN
        self._patience.start(round(_ANSWER_SECONDS * 1000))
        if self._bus.state is LinkState.READY:
            self._ask_capabilities()

    def _ask_capabilities(self) -> None:
        def named(reply: Reply) -> None:
            self._daemon_name = clean_line(str(reply.body[0]))

        # The name first: answers come in the order of the questions.
        self._bus.call(self._call("GetServerInformation"), named)
        self._bus.call(
            self._call("GetCapabilities"),
            self._present,
            self._not_present,
            late=self._present,
            deadline_seconds=_ANSWER_SECONDS,
        )

    def _present(self, reply: Reply) -> None:
        self._owner = reply.sender
        self._capabilities = frozenset(reply.body[0])
        self._set_daemon(DaemonState.PRESENT)

    def _not_present(self, failure: CallFailure) -> None:
        if failure.name == NO_ANSWER:
            self._set_daemon(DaemonState.SILENT)
        elif failure.name == SERVICE_UNKNOWN or not self._is_startable:
            self._set_daemon(DaemonState.ABSENT)
        else:
            self._set_daemon(DaemonState.RESTING)

    def _lost_patience(self) -> None:
        if self._daemon is DaemonState.UNKNOWN:
            self._set_daemon(DaemonState.SILENT)

    def _owner_changed(self, signal: BusSignal) -> None:
        _, _, new_owner = signal.body
        if new_owner == self._owner:
            return
        self._sweep_away()
        self._owner = new_owner
        if new_owner:
            self._find_out()
        else:
            self._set_daemon(DaemonState.RESTING if self._is_startable else DaemonState.ABSENT)

    def _sweep_away(self) -> None:
        """The daemon that had our pop-ups is gone, and its numbers mean nothing any more."""
        self._owner = ""
        self._early.clear()
        self._closed.clear()
        self._dismissed.clear()
        for key, popup in list(self._popups.items()):
            popup.number, popup.token = 0, ""
            if popup.state is not PopupState.ON_SHOW:
                continue
            if popup.wanted is None or key in self._shown_again:
                del self._popups[key]
            else:
                popup.state = PopupState.SWEPT_AWAY

    def _set_daemon(self, state: DaemonState) -> None:
        self._daemon = state
        self._patience.stop()
        self._reports.available_changed()
        for key, popup in list(self._popups.items()):
            if state is DaemonState.PRESENT and popup.state is PopupState.SWEPT_AWAY:
                self._shown_again.add(key)
                self._send(key, popup)
            elif popup.state is PopupState.HELD:
                if self.is_available:
                    self._send(key, popup)
                else:
                    self._give_back(key)

    # Pop-ups

    def _send(self, key: str, popup: _Popup) -> None:
        """Notify, in place of what is on the screen for this key."""
        alert = popup.wanted
        if alert is None:
            return
        is_starting = self._daemon is DaemonState.RESTING
        popup.state, popup.sent = PopupState.SENDING, alert
        self._bus.call(
            self._call("Notify", "susssasa{sv}i", self._notify_body(alert, popup.number)),
            lambda reply: self._sent(key, popup, reply),
            lambda failure: self._not_sent(key, popup, failure),
            late=self._sent_too_late,
            deadline_seconds=_START_SECONDS if is_starting else _ANSWER_SECONDS,
        )

    def _notify_body(self, alert: Alert, replaces: int) -> Body:
        actions: list[str] = []
        if "actions" in self._capabilities:
            if self._daemon_name not in _DRAWS_BODY_CLICK or not _OPENING & set(alert.actions):
                actions += [_BODY_CLICK, "Open"]
            for action in alert.actions:
                actions += [action.value, action.label]
        hints = {
            "urgency": ("y", int(alert.urgency)),
            "desktop-entry": ("s", self._desktop_entry),
        }
        if alert.kind in _CATEGORIES:
            hints["category"] = ("s", _CATEGORIES[alert.kind])
        title, body = popup_title(alert), marked_up_body(alert, self._capabilities)
        return (self._app_name, replaces, self._icon, title, body, actions, hints, -1)

    def _sent(self, key: str, popup: _Popup, reply: Reply) -> None:
        popup.state, popup.number = PopupState.ON_SHOW, int(reply.body[0])
        if self._daemon is not DaemonState.PRESENT:
            self._ask_capabilities()
        if popup.wanted is None:
            del self._popups[key]
            self._keep_closed(key, popup.number)
            self._take_off(popup)
        elif popup.wanted != popup.sent:
            self._send(key, popup)
        early, self._early = self._early, []
        for signal in early:
            self._heard(signal)

    def _not_sent(self, key: str, popup: _Popup, failure: CallFailure) -> None:
        if failure.name == NO_ANSWER:
            self._daemon = DaemonState.SILENT
        elif failure.name == SERVICE_UNKNOWN:
            self._daemon = DaemonState.ABSENT
        if popup.number:
            self._take_off(popup)  # the old text; the new one is shown by somebody else
        self._give_back(key)

    def _sent_too_late(self, reply: Reply) -> None:
        """Another presenter has shown the alert meanwhile."""
        self._call_close(int(reply.body[0]))
        if self._daemon is DaemonState.SILENT:
            self._ask_capabilities()

    def _give_back(self, key: str) -> None:
        wanted = self._popups.pop(key).wanted
        if wanted is not None:
            self._reports.failed(wanted)

    def _take_off(self, popup: _Popup) -> None:
        if popup.number:
            self._call_close(popup.number)

    def _call_close(self, number: int) -> None:
        self._bus.call(self._call("CloseNotification", "u", (number,)))

    def _call(self, member: str, signature: str = "", body: Body = ()) -> Call:
        return Call(
            service=_NAME,
            path=_PATH,
            interface=_NAME,
            member=member,
            signature=signature,
            body=body,
        )

    # What the founder does

    def _heard(self, signal: BusSignal) -> None:
        if signal.sender != self._owner:
            return
        number = int(signal.body[0])
        key = self._key_of(number)
        if key is None:
            if any(popup.state is PopupState.SENDING for popup in self._popups.values()):
                self._early.append(signal)
            return
        popup = self._popups.get(key)
        match signal.member:
            case "ActivationToken" if popup is not None:
                popup.token = str(signal.body[1])
            case "ActionInvoked":
                token = "" if popup is None else popup.token
                self._dismissed.discard(number)
                if popup is not None:
                    popup.is_clicked = True
                self._respond(AlertResponse(alert_key=key, action=str(signal.body[1]), token=token))
            case "NotificationClosed" if popup is not None and popup.number == number:
                is_closed = signal.body[1] == _CLOSED_BY_USER
                self._gone(key, popup, number, GoneHow.CLOSED if is_closed else GoneHow.EXPIRED)
                if signal.body[1] == _CLOSED_BY_USER and not popup.is_clicked:
                    self._closed_by_user(key, number)
            case _:
                pass

    def _key_of(self, number: int) -> str | None:
        for key, popup in self._popups.items():
            if popup.number == number:
                return key
        return self._closed.get(number)

    def _gone(self, key: str, popup: _Popup, number: int, how: GoneHow) -> None:
        """It expired, or the founder closed it. The number is the daemon's to use again."""
        self._keep_closed(key, number)
        self._shown_again.discard(key)
        popup.number = 0
        if popup.state is PopupState.ON_SHOW:
            del self._popups[key]
            self._reports.gone(key, how)

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
