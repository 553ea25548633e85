"""Which presenters this system has, in the order in which they are tried."""

import sys
from collections.abc import Callable

from PySide6.QtCore import QObject

from supportdesk.adapters.desktop.alert_chain import AlertChain
from supportdesk.adapters.desktop.bus import BusConnection
from supportdesk.adapters.desktop.do_not_disturb import DoNotDisturb
from supportdesk.adapters.desktop.log_alerts import LogAlerts
from supportdesk.adapters.desktop.plyer_alerts import PlyerAlerts
from supportdesk.adapters.desktop.popup_memory import PopupStore
from supportdesk.services.ports import AlertPresenter, AlertResponder


def desktop_presenters(
    bus: BusConnection,
    responder: AlertResponder,
    *,
    banner: AlertPresenter | None = None,
    popups: Callable[[], PopupStore] | None = None,
    quiet: DoNotDisturb | None = None,
    icon: str = "",
    parent: QObject | None = None,
) -> AlertChain:
    """Those of the desktop, then our own banner, then the plainest of the desktop, then the log.

    The banner comes before plyer, for it has buttons, can be taken back, and is known to be seen.
    The icon is a path or a theme's name. A desktop that is quiet as a whole is passed over.
    """
    presenters: list[AlertPresenter] = []
    if sys.platform == "linux":
        from supportdesk.adapters.desktop.freedesktop_alerts import FreedesktopAlerts
        from supportdesk.adapters.desktop.notification_daemon import DaemonState

        freedesktop = FreedesktopAlerts(bus, responder, icon=icon, popups=popups, parent=parent)
        presenters.append(freedesktop)
        # notify-send speaks to the same daemon. While that hangs it would queue there, and come
        # up later as an alert that nobody can take back; without one it would tell nobody.
        plain = PlyerAlerts(
            is_reachable=lambda: (
                not freedesktop.is_held_back
                and freedesktop.daemon in (DaemonState.PRESENT, DaemonState.RESTING)
            ),
            parent=parent,
        )
        if quiet is not None:
            quiet.changed.connect(lambda: freedesktop.hold_back(is_held=quiet.holds_everything))
    else:
        # It brings asyncio along, which Linux does without.
        from supportdesk.adapters.desktop.toast_alerts import ToastAlerts

        presenters.append(ToastAlerts(responder, parent=parent))
        plain = PlyerAlerts(parent=parent)
    if banner is not None:
        presenters.append(banner)
    return AlertChain([*presenters, plain, LogAlerts()], parent=parent)
