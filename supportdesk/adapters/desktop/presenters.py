"""Which presenters this system has, in the order in which they are tried."""

import sys

from PySide6.QtCore import QObject

from supportdesk.adapters.desktop.alert_chain import AlertChain
from supportdesk.adapters.desktop.bus import BusConnection
from supportdesk.adapters.desktop.log_alerts import LogAlerts
from supportdesk.adapters.desktop.plyer_alerts import PlyerAlerts
from supportdesk.services.ports import AlertPresenter, AlertResponder


def desktop_presenters(
    bus: BusConnection, responder: AlertResponder, *, icon: str = "", parent: QObject | None = None
) -> AlertChain:
    """Pop-ups with buttons, then plain ones, then the log. The icon is a path or a theme's name."""
    presenters: list[AlertPresenter] = []
    if sys.platform == "linux":
        from supportdesk.adapters.desktop.freedesktop_alerts import DaemonState, FreedesktopAlerts

        freedesktop = FreedesktopAlerts(bus, responder, icon=icon, parent=parent)
        presenters.append(freedesktop)
        # notify-send tells nobody that there is no daemon: the alert would be lost.
        plain = PlyerAlerts(
            is_reachable=lambda: freedesktop.daemon is not DaemonState.ABSENT, parent=parent
        )
    else:
        # It brings asyncio along, which Linux does without.
        from supportdesk.adapters.desktop.toast_alerts import ToastAlerts

        presenters.append(ToastAlerts(responder, parent=parent))
        plain = PlyerAlerts(parent=parent)
    return AlertChain([*presenters, plain, LogAlerts()])
