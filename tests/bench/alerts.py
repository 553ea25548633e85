"""Alerts while the notification daemon hangs, under a flood, and once somebody else has answered.

Against a real dunst on a lab desktop. The floor of what holds the GUI thread is the same while
nothing is told.
"""

import os
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from supportdesk.adapters.desktop.alert_chain import AlertChain
from supportdesk.adapters.desktop.bus import BusConnection
from supportdesk.adapters.desktop.presenters import desktop_presenters
from supportdesk.domain.alerts import Action, Alert, AlertKind, Urgency
from supportdesk.domain.health import SourceName
from supportdesk.ui.banner import BannerAlerts
from supportdesk.ui.theme import Theme
from tests.bench.figures import Figure
from tests.bench.gui_probe import HoldProbe
from tests.e2e.desktop_app import DesktopApp
from tests.e2e.running import make_home
from tests.lab.desktop import DesktopLab, DesktopSettings, Keyring, Notifier, Tray
from tests.lab.stopped_notifier import displayed_by_dunst, stopped_notifier
from tests.lab.waiting import wait_until

_QUIET_SECONDS = 3.0
_LOOK_MILLISECONDS = 10
_PATIENCE_SECONDS = 60.0
_FLOOD = 1_000
_AT = datetime(2026, 11, 21, 10, tzinfo=UTC)
_SETTINGS = """
[[phone]]
name = "Door"
kind = "hook"
[alerts]
ring_seconds = 1
[reading]
nudge = false
"""


def run() -> list[Figure]:
    settings = DesktopSettings(tray=Tray.NONE, keyring=Keyring.NONE, notifier=Notifier.DUNST_STOCK)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    with DesktopLab(settings) as lab:
        return [*_hung(app, lab), *_answered_elsewhere(lab)]


def _hung(app: QApplication, lab: DesktopLab) -> list[Figure]:
    link = BusConnection(lab.env["DBUS_SESSION_BUS_ADDRESS"])
    banner = BannerAlerts(Theme(app), lambda _: None)
    chain = desktop_presenters(link, lambda _: None, banner=banner)
    probe = HoldProbe()
    link.open()
    _turn(lambda: "dunst" in chain.name)
    probe.start()
    _turn(lambda: False, seconds=_QUIET_SECONDS)
    floor = probe.stop().longest
    with stopped_notifier(lab):
        probe.start()
        chain.show(_alert("waits"))
        to_next = _turn(lambda: bool(banner.cards))
        for number in range(5):
            chain.show(_alert(f"later/{number}"))
        chain.withdraw("later/0")
        _turn(lambda: len(banner.cards) == 4)
    back = _turn(lambda: not banner.cards)
    hung = probe.stop().longest
    _turn(lambda: displayed_by_dunst(lab) == 5)
    for key in ("waits", *(f"later/{number}" for number in range(5))):
        chain.withdraw(key)
    _turn(lambda: displayed_by_dunst(lab) == 0)
    _turn(lambda: False, seconds=_QUIET_SECONDS)
    ghosts = displayed_by_dunst(lab)
    flood = _flood(probe, chain)
    chain.close()
    link.close()
    return [
        _held("a daemon that hangs and returns", hung, floor),
        Figure(what="hung: until the card is there", unit="ms", ours=to_next * 1e3, floor=None),
        Figure(what="answers: until all is back with it", unit="ms", ours=back * 1e3, floor=None),
        Figure(what="ghosts after that", unit="alerts", ours=ghosts, floor=None, wanted="0"),
        _held(f"{_FLOOD:,} alerts at once", flood, floor),
    ]


def _held(by: str, ours: float, floor: float) -> Figure:
    return Figure(
        what=f"GUI held, at most, by {by}",
        unit="ms",
        ours=ours,
        floor=floor,
        wanted="under 50 ms",
        floor_is="nothing told",
    )


def _flood(probe: HoldProbe, chain: AlertChain) -> float:
    shown = [_alert(f"flood/{number}") for number in range(_FLOOD)]
    probe.start()
    for one in shown:
        chain.show(one)
    _turn(lambda: False, seconds=_QUIET_SECONDS)
    for one in shown:
        chain.withdraw(one.key)
    _turn(lambda: False, seconds=_QUIET_SECONDS)
    return probe.stop().longest


def _answered_elsewhere(lab: DesktopLab) -> list[Figure]:
    """From the start of the command until dunst shows nothing; the floor is the command alone."""
    number = "+420541220018"
    with (
        tempfile.TemporaryDirectory() as folder,
        DesktopApp(lab, make_home(Path(folder), _SETTINGS)) as app,
    ):
        app.run("call", "ringing", "--from", number, "--name", "Pavel Kiss")
        wait_until(lambda: displayed_by_dunst(lab) == 1, seconds=60, what="the alert")
        began = time.perf_counter()
        app.run("call", "answered", "--from", number, "--by", "Anna")
        wait_until(lambda: displayed_by_dunst(lab) == 0, seconds=60, what="it to be gone")
        ours = time.perf_counter() - began
        began = time.perf_counter()
        app.run("call", "answered", "--from", number, "--by", "Anna")
        floor = time.perf_counter() - began
    return [
        Figure(
            what="answered elsewhere: until its alert is gone",
            unit="ms",
            ours=ours * 1e3,
            floor=floor * 1e3,
            wanted="under 1,000 ms",
            floor_is="the command that says so",
        )
    ]


def _alert(key: str) -> Alert:
    return Alert(
        key=key,
        kind=AlertKind.WAITING,
        title=f"{key} is waiting",  # dunst makes one of those that say the same
        body="All 3 are on calls. This one is yours. 2 rings, 0:12.",
        actions=(Action.TAKE_CALL, Action.CALL_BACK, Action.SNOOZE),
        source=SourceName("Office"),
        at=_AT,
        item=key,
        urgency=Urgency.CRITICAL,
    )


def _turn(until: Callable[[], bool], *, seconds: float = _PATIENCE_SECONDS) -> float:
    """Run the event loop until something is so; return how many seconds that took."""
    loop = QEventLoop()
    look = QTimer()
    look.timeout.connect(lambda: loop.quit() if until() else None)
    look.start(_LOOK_MILLISECONDS)
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    began = time.perf_counter()
    loop.exec()
    return time.perf_counter() - began
