"""The tray app left alone with one account, against a bare PySide6 tray app on the same desktop."""

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jeepney import DBusAddress, Properties  # type: ignore[import-untyped]  # it ships no types
from jeepney.io.blocking import (  # type: ignore[import-untyped]
    DBusConnection,
    open_dbus_connection,
)

from tests.bench.figures import Figure
from tests.bench.home import SUPPORTDESK, make_home
from tests.bench.process_cost import cost_of
from tests.lab.desktop import DesktopLab
from tests.lab.mail import DovecotLab
from tests.lab.waiting import wait_until

_SETTLE_SECONDS = 15.0
_IDLE_SECONDS = 60.0
_BARE_TRAY = """
import sys
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QApplication, QSystemTrayIcon
app = QApplication(sys.argv)
app.setQuitOnLastWindowClosed(False)
pixmap = QPixmap(22, 22)
pixmap.fill("red")
tray = QSystemTrayIcon(QIcon(pixmap))
tray.setToolTip("floor")
tray.show()
sys.exit(app.exec())
"""
_LAB_ONLY = ("QT_LINUX_ACCESSIBILITY_ALWAYS_ON", "GTK_A11Y")
_WATCHER = DBusAddress(
    "/StatusNotifierWatcher",
    bus_name="org.kde.StatusNotifierWatcher",
    interface="org.kde.StatusNotifierWatcher",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Idle:
    start_seconds: float
    pss_mb: float
    private_mb: float
    cpu_seconds: float
    switches_a_second: float


def run() -> list[Figure]:
    with DovecotLab() as mail, DesktopLab() as desktop, tempfile.TemporaryDirectory() as folder:
        # An accessibility bridge that listens to everything is the lab's need, not a founder's.
        session = {name: text for name, text in desktop.env.items() if name not in _LAB_ONLY}
        floor = _measure([sys.executable, "-c", _BARE_TRAY], session)
        home = make_home(Path(folder), mail, mail.new_address())
        ours = _measure(SUPPORTDESK, {**home, **session})
    named = "QApplication and a tray icon"
    return [
        Figure(
            what="start to tray icon",
            unit="s",
            ours=ours.start_seconds,
            floor=floor.start_seconds,
            wanted="up to 1.5 ×",
            floor_is=named,
        ),
        Figure(
            what="PSS, window closed",
            unit="MB",
            ours=ours.pss_mb,
            floor=floor.pss_mb,
            wanted="up to 1.5 ×",
            floor_is=named,
        ),
        Figure(
            what="private memory",  # PSS falls with each other Qt program that runs
            unit="MB",
            ours=ours.private_mb,
            floor=floor.private_mb,
            floor_is=named,
        ),
        Figure(
            what="CPU in 120 s",
            unit="s",
            ours=ours.cpu_seconds,
            floor=floor.cpu_seconds,
            wanted="up to 0.05 s",
            floor_is=named,
        ),
        Figure(
            what="context switches",
            unit="/s",
            ours=ours.switches_a_second,
            floor=floor.switches_a_second,
            wanted="1/s over the floor",
            floor_is=named,
        ),
    ]


def _measure(command: Sequence[str], environment: dict[str, str]) -> _Idle:
    """Two starts, the second of them with warm caches; then left alone."""
    with open_dbus_connection(environment["DBUS_SESSION_BUS_ADDRESS"]) as bus:
        wait_until(lambda: not _tray_items(bus), seconds=10, what="an empty tray")
        first, _ = _started(command, environment, bus)
        _stop(first)
        wait_until(lambda: not _tray_items(bus), seconds=10, what="the icon to go")
        program, start_seconds = _started(command, environment, bus)
    try:
        _leave_alone(_SETTLE_SECONDS)
        before = cost_of(program.pid)
        _leave_alone(_IDLE_SECONDS)
        after = cost_of(program.pid)
    finally:
        _stop(program)
    return _Idle(
        start_seconds=start_seconds,
        pss_mb=after.pss_mb,
        private_mb=after.private_mb,
        cpu_seconds=(after.cpu_seconds - before.cpu_seconds) * 120.0 / _IDLE_SECONDS,
        switches_a_second=(after.switches - before.switches) / _IDLE_SECONDS,
    )


def _started(
    command: Sequence[str], environment: dict[str, str], bus: DBusConnection
) -> tuple[subprocess.Popen[bytes], float]:
    start = time.monotonic()
    program = subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wait_until(lambda: _tray_items(bus), seconds=30, what="a tray icon")
    return program, time.monotonic() - start


def _stop(program: subprocess.Popen[bytes]) -> None:
    program.terminate()
    try:
        program.wait(timeout=10)
    except subprocess.TimeoutExpired:
        program.kill()
        program.wait()


def _tray_items(bus: DBusConnection) -> list[str]:
    asked = Properties(_WATCHER).get("RegisteredStatusNotifierItems")
    answer = bus.send_and_get_reply(asked, timeout=5)
    return list(answer.body[0][1]) if answer.header.message_type.name == "method_return" else []


def _leave_alone(seconds: float) -> None:
    threading.Event().wait(seconds)
