"""Who shows alerts on this desktop, the richest first; the log is the last and always works."""

import os
import sys

from supportdesk.adapters.desktop.alert_chain import AlertChain
from supportdesk.adapters.desktop.bus import BusConnection, LinkState
from supportdesk.adapters.desktop.log_alerts import LogAlerts
from supportdesk.adapters.desktop.plyer_alerts import PlyerAlerts
from supportdesk.services.ports import AlertPresenter, AlertResponder


def desktop_presenters(bus: BusConnection, responder: AlertResponder) -> AlertChain:
    """The chain for this platform. `bus` is the session bus; elsewhere it is not used."""
    return AlertChain((_rich(bus, responder), _basic(bus), LogAlerts()))


def _rich(bus: BusConnection, responder: AlertResponder) -> AlertPresenter:
    if sys.platform in ("win32", "darwin"):
        from supportdesk.adapters.desktop.toast_alerts import ToastAlerts

        return ToastAlerts(responder)
    from supportdesk.adapters.desktop.freedesktop_alerts import FreedesktopAlerts

    return FreedesktopAlerts(bus, responder, parent=bus)


def _basic(bus: BusConnection) -> AlertPresenter:
    if sys.platform in ("win32", "darwin"):
        return PlyerAlerts()
    # notify-send needs the bus as well, and says nothing when it has none.
    return PlyerAlerts(
        is_reachable=lambda: (
            bus.state is LinkState.READY or bool(os.environ.get("DBUS_SESSION_BUS_ADDRESS"))
        ),
        parent=bus,
    )
