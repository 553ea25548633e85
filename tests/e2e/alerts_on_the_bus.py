"""What passes between programs and the notification daemon of a lab desktop, and when.

Seen by a monitor of the session bus, so that nothing is asked of either side.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from jeepney import (  # type: ignore[import-untyped]  # it ships no types
    HeaderFields,
    Message,
    MessageType,
)

from tests.lab.bus_monitor import BusMonitor
from tests.lab.desktop import DesktopLab
from tests.lab.waiting import patient

_NAME = "org.freedesktop.Notifications"
T = TypeVar("T")
BY_CALL = 3
"""Why a daemon says that it has closed an alert: it was asked to."""


@dataclass(slots=True, kw_only=True)
class SeenAlert:
    """One alert of the daemon. Moments are those of the wall clock, as in a server's log.

    Attributes:
        closing_asked_at: When somebody asked the daemon to take it back.
        gone_at: When the daemon said that it has gone.
    """

    title: str
    number: int
    shown_at: float
    closing_asked_at: float | None = None
    gone_at: float | None = None
    why_gone: int = 0


class AlertsOnTheBus(BusMonitor):
    """The newest alert of each number; numbers are those of the daemon that runs now."""

    def __init__(self, lab: DesktopLab) -> None:
        self._alerts: dict[int, SeenAlert] = {}
        self._asked: dict[tuple[object, object], str] = {}
        self._changed = threading.Condition()
        super().__init__(lab.env["DBUS_SESSION_BUS_ADDRESS"], self._hear)

    def wait_until_shown(self, title: str) -> SeenAlert:
        """The one on the screen whose title begins so."""
        return self._wait(lambda: self._on_show(title), f"an alert of {title}")

    def wait_until_gone(self, alert: SeenAlert) -> float:
        """When the daemon said so."""
        return self._wait(lambda: alert.gone_at, f"the daemon to say that {alert.title} is gone")

    def _on_show(self, title: str) -> SeenAlert | None:
        shown = (one for one in self._alerts.values() if one.gone_at is None)
        return next((one for one in shown if one.title.startswith(title)), None)

    def _wait(self, wanted: Callable[[], T | None], what: str) -> T:
        with self._changed:
            self._changed.wait_for(lambda: wanted() is not None, timeout=patient(30))
            found = wanted()
        if found is None:
            raise TimeoutError(f"waited in vain for {what}; seen: {list(self._alerts.values())}")
        return found

    def _hear(self, message: Message) -> None:
        with self._changed:
            self._note(message, time.time())
            self._changed.notify_all()

    def _note(self, message: Message, now: float) -> None:
        fields = message.header.fields
        member = fields.get(HeaderFields.member)
        if message.header.message_type is MessageType.method_return:
            asked = fields.get(HeaderFields.destination), fields.get(HeaderFields.reply_serial)
            title = self._asked.pop(asked, None)
            if title is not None:
                number = message.body[0]
                known = self._alerts.get(number)
                if known is None or known.gone_at is not None:
                    self._alerts[number] = SeenAlert(title=title, number=number, shown_at=now)
                else:
                    known.title = title
        elif fields.get(HeaderFields.interface) != _NAME:
            return
        elif member == "Notify":
            caller = fields.get(HeaderFields.sender), message.header.serial
            self._asked[caller] = message.body[3]
        elif member == "CloseNotification" and message.body[0] in self._alerts:
            self._alerts[message.body[0]].closing_asked_at = now
        elif member == "NotificationClosed" and message.body[0] in self._alerts:
            alert = self._alerts[message.body[0]]
            alert.gone_at, alert.why_gone = now, message.body[1]
