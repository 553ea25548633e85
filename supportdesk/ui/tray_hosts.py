"""Who shows tray icons on this desktop, and when that changes."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QSystemTrayIcon, QWidget

_GRACE_MS = 10_000


class HostKind(Enum):
    """By which way icons get onto the panel."""

    STATUS_NOTIFIER = "StatusNotifier"
    XEMBED = "XEmbed"
    SYSTEM = "by the system"
    NONE = "none"


class TrayHosts(QObject):
    """Puts together what the session bus, the X server and Qt know of hosts.

    What was not told of either way (there is no bus, or another system) is asked of Qt, which
    cannot tell more than whether there is any.

    Signals:
        arrived: There is a host of a kind that was not there: an icon has to be made for it.
        left: For a while now there has been none. A panel that is restarted does not count.
    """

    arrived = Signal()
    left = Signal()

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        is_any_there: Callable[[], bool] = QSystemTrayIcon.isSystemTrayAvailable,
        grace_ms: int = _GRACE_MS,
    ) -> None:
        super().__init__(parent)
        self._is_any_there = is_any_there
        self._status_notifier: bool | None = None
        self._xembed: bool | None = None
        self._has_been_there = False
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(grace_ms)
        self._patience.timeout.connect(self.left)
        self._kind = self._kind_now()
        self._note(self._kind)

    @property
    def kind(self) -> HostKind:
        return self._kind

    @property
    def is_any(self) -> bool:
        """Whether there is one, or there was a moment ago: a panel may be starting again."""
        is_coming_back = self._has_been_there and self._patience.isActive()
        return self._kind is not HostKind.NONE or is_coming_back

    def set_status_notifier(self, is_there: bool) -> None:
        """What the session bus says of hosts."""
        self._status_notifier = is_there
        self._settle()

    def set_xembed(self, is_there: bool) -> None:
        """What the X server says of hosts; never there where windows are not those of X."""
        self._xembed = is_there
        self._settle()

    def stop(self) -> None:
        """Nothing is told any more of a host that stays away."""
        self._patience.stop()

    def _kind_now(self) -> HostKind:
        if self._status_notifier:
            return HostKind.STATUS_NOTIFIER
        if self._xembed:
            return HostKind.XEMBED
        is_unknown = self._status_notifier is None or self._xembed is None
        return HostKind.SYSTEM if is_unknown and self._is_any_there() else HostKind.NONE

    def _settle(self) -> None:
        before, self._kind = self._kind, self._kind_now()
        if self._kind is before:
            return
        self._note(self._kind)
        # Which kind it is that was there all the time is no news: it has its icon.
        if self._kind is not HostKind.NONE and before is not HostKind.SYSTEM:
            self.arrived.emit()

    def _note(self, kind: HostKind) -> None:
        if kind is HostKind.NONE:
            self._patience.start()
        else:
            self._has_been_there = True
            self._patience.stop()


def show_without_focus(window: QWidget) -> None:
    """The keyboard stays where it is: nobody asked for the window."""
    from PySide6.QtCore import Qt  # 1.1 MB, and most have a tray

    window.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, True)
    window.show()
    window.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, False)
