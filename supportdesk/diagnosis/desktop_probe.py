"""Looks at the desktop from a process without a window: who would show alerts, and an icon.

Nothing is shown and nothing is left behind. What only the running app can do, its own cards, is
told from the display alone.
"""

import os
import sys
from collections.abc import Mapping

from PySide6.QtCore import QObject, QTimer, Signal

from supportdesk.adapters.desktop.bus import BusConnection
from supportdesk.adapters.desktop.bus_messages import Call, session_bus_address
from supportdesk.adapters.desktop.presenters import desktop_presenters
from supportdesk.diagnosis.desktop_parts import alerts_health, tray_health
from supportdesk.domain.health import PartHealth
from supportdesk.services.ports import PresenterSkill, PresenterState

PATIENCE_SECONDS = 3.0
_ANSWER_SECONDS = 1.5
_DISPLAYS = ("WAYLAND_DISPLAY", "DISPLAY")
_NOTIFICATIONS = "org.freedesktop.Notifications"
_WATCHER = "org.kde.StatusNotifierWatcher"
_HOSTS = ("StatusNotifier", "XEmbed")
"""In the order in which the app takes them; some panels speak both."""
_CARDS = "Cards of supportdesk's own"


class DesktopProbe(QObject):
    """One look; `finished` comes once, from the event loop."""

    finished = Signal()

    def __init__(
        self, environ: Mapping[str, str] = os.environ, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._environ = environ
        self._hosts: dict[str, bool] = {}
        self._is_over = False
        self._left = {"alerts", "StatusNotifier", "XEmbed"}
        self._bus = BusConnection(session_bus_address(environ), self)
        self._chain = desktop_presenters(self._bus, lambda _: None, parent=self)
        self._bus.ready.connect(self._ask)
        self._bus.lost.connect(lambda _: self._without_bus())
        self._deadline = QTimer(self)
        self._deadline.setSingleShot(True)
        self._deadline.setInterval(round(PATIENCE_SECONDS * 1000))
        self._deadline.timeout.connect(self._end)

    @property
    def has_desktop(self) -> bool:
        if sys.platform in ("win32", "darwin"):
            return True
        return any(self._environ.get(name) for name in _DISPLAYS)

    def begin(self) -> None:
        self._deadline.start()
        if sys.platform != "linux" or not self.has_desktop:
            QTimer.singleShot(0, self, self._end)
            return
        from supportdesk.adapters.desktop.x_screen_watch import XScreenWatch

        self._bus.open()
        screen = XScreenWatch(self._environ, self)
        screen.tray_told.connect(lambda is_there: self._host("XEmbed", is_there))
        screen.start()
        if not screen.is_watching:
            self._host("XEmbed", False)

    def parts(self) -> list[PartHealth]:
        """What was found; a machine without a desktop needs neither alerts nor a tray."""
        if not self.has_desktop:
            words = "There is no desktop here. `supportdesk watch` prints what it would show."
            return [PartHealth(name="Alerts", is_good=True, words=words)]
        *better, plain, log = self._chain.states()
        alerts = alerts_health([*better, *self._cards(), plain, log])
        if sys.platform != "linux":
            return [alerts, tray_health("by the system")]
        host = next((name for name in _HOSTS if self._hosts.get(name)), "none")
        return [alerts, tray_health(host)]

    def stop(self) -> None:
        self._deadline.stop()
        self._chain.close()
        self._bus.close()

    # --- inside ------------------------------------------------------------------------------

    def _cards(self) -> list[PresenterState]:
        if sys.platform != "linux":
            return []
        skills = {PresenterSkill.BUTTONS, PresenterSkill.CLICK, PresenterSkill.TAKES_BACK}
        is_x11 = not self._environ.get("WAYLAND_DISPLAY")
        return [PresenterState(name=_CARDS, is_available=is_x11, can=frozenset(skills))]

    def _ask(self) -> None:
        # The presenter has asked the same daemon before: its answers have come when this one has.
        daemon = Call(
            service=_NOTIFICATIONS,
            path="/org/freedesktop/Notifications",
            interface=_NOTIFICATIONS,
            member="GetServerInformation",
        )
        self._bus.call(
            daemon,
            lambda _: self._known("alerts"),
            lambda _: self._known("alerts"),
            deadline_seconds=_ANSWER_SECONDS,
        )
        watcher = Call(
            service=_WATCHER,
            path="/StatusNotifierWatcher",
            interface="org.freedesktop.DBus.Properties",
            member="Get",
            signature="ss",
            body=(_WATCHER, "IsStatusNotifierHostRegistered"),
            may_start=False,
        )
        self._bus.call(
            watcher,
            lambda reply: self._host("StatusNotifier", reply.body != (("b", False),)),
            lambda _: self._host("StatusNotifier", False),
            deadline_seconds=_ANSWER_SECONDS,
        )

    def _without_bus(self) -> None:
        self._known("alerts")
        self._host("StatusNotifier", False)

    def _host(self, name: str, is_there: bool) -> None:
        self._hosts[name] = is_there
        self._known(name)

    def _known(self, what: str) -> None:
        self._left.discard(what)
        if not self._left:
            self._end()

    def _end(self) -> None:
        if not self._is_over:
            self._is_over = True
            self._deadline.stop()
            # In a turn of its own: who waits for it runs the loop after `begin`.
            QTimer.singleShot(0, self, self.finished.emit)
