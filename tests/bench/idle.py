"""The tray app left alone with one mailbox and one PBX, its window closed, beside a bare tray app.

The two run at the same time on the same desktop: pages of Qt that both map count half for each,
so what is compared is what is their own. PSS of each alone is told too, for there the ratio is
kinder. How long they are left alone is `--minutes`: 2 by default, 60 for the whole hour.
"""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from jeepney import DBusAddress, Properties  # type: ignore[import-untyped]  # it ships no types
from jeepney.io.blocking import (  # type: ignore[import-untyped]
    DBusConnection,
    open_dbus_connection,
)

from tests.bench.figures import Figure
from tests.bench.home import SUPPORTDESK, environment_of, mail_settings
from tests.bench.process_cost import Cost, cost_of
from tests.e2e import running
from tests.e2e.phone_home import phone_home
from tests.lab.desktop import DesktopLab
from tests.lab.mail import PASSWORD, DovecotLab
from tests.lab.phone import AsteriskLab
from tests.lab.waiting import wait_until

DEFAULT_MINUTES = 2.0
_SETTLE_SECONDS = 20.0
_WINDOW_SECONDS = 120.0
_PATIENCE_SECONDS = 60.0
_FLOOR = "QApplication and a tray icon"
_BESIDE = f"{_FLOOR}, beside it"
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
# An accessibility bridge that listens to everything is the lab's need, not a founder's.
_LAB_ONLY = ("QT_LINUX_ACCESSIBILITY_ALWAYS_ON", "GTK_A11Y")
_WATCHER = DBusAddress(
    "/StatusNotifierWatcher",
    bus_name="org.kde.StatusNotifierWatcher",
    interface="org.kde.StatusNotifierWatcher",
)
_Environment = dict[str, str]
_Program = subprocess.Popen[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tray:
    """A program with a tray icon; `is_settled` says when it does nothing any more but wait."""

    command: Sequence[str]
    environment: _Environment
    is_settled: Callable[[], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Alone:
    start_seconds: float
    pss_mb: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Idle:
    """`busiest_seconds` is the most CPU in any of the windows of two minutes."""

    pss_mb: float
    private_mb: float
    busiest_seconds: float
    switches_a_second: float


def run(minutes: float = DEFAULT_MINUTES) -> list[Figure]:
    with (
        DovecotLab() as mail,
        AsteriskLab() as pbx,
        DesktopLab() as desktop,
        tempfile.TemporaryDirectory() as folder,
        open_dbus_connection(desktop.env["DBUS_SESSION_BUS_ADDRESS"]) as bus,
    ):
        session = {name: text for name, text in desktop.env.items() if name not in _LAB_ONLY}
        home = _home(Path(folder), mail, pbx)
        ours = _Tray(
            command=SUPPORTDESK,
            environment={**environment_of(home), **session},
            is_settled=lambda: _hears_both(home),
        )
        floor = _Tray(
            command=[sys.executable, "-c", _BARE_TRAY],
            environment={**os.environ, **session},
            is_settled=lambda: True,
        )
        alone = [_alone(tray, bus) for tray in (ours, floor)]
        beside = _beside_one_another(ours, floor, bus, minutes * 60)
    return [*_figures_alone(*alone), *_figures_beside(*beside)]


def _figures_alone(ours: _Alone, floor: _Alone) -> list[Figure]:
    return [
        Figure(
            what="start to tray icon",
            unit="s",
            ours=ours.start_seconds,
            floor=floor.start_seconds,
            wanted="up to 1.5 ×",
            floor_is=_FLOOR,
        ),
        Figure(
            what="PSS, each alone",
            unit="MB",
            ours=ours.pss_mb,
            floor=floor.pss_mb,
            floor_is=_FLOOR,
        ),
    ]


def _figures_beside(ours: _Idle, floor: _Idle) -> list[Figure]:
    return [
        Figure(
            what="PSS, window closed",
            unit="MB",
            ours=ours.pss_mb,
            floor=floor.pss_mb,
            wanted="up to 1.5 ×",
            floor_is=_BESIDE,
        ),
        Figure(
            what="private memory",
            unit="MB",
            ours=ours.private_mb,
            floor=floor.private_mb,
            floor_is=_BESIDE,
        ),
        Figure(
            what="CPU in the busiest 120 s",
            unit="s",
            ours=ours.busiest_seconds,
            floor=floor.busiest_seconds,
            wanted="up to 0.05 s",
            floor_is=_BESIDE,
        ),
        Figure(
            what="context switches",
            unit="/s",
            ours=ours.switches_a_second,
            floor=floor.switches_a_second,
            wanted="1/s over the floor",
            floor_is=_BESIDE,
        ),
    ]


def _alone(tray: _Tray, bus: DBusConnection) -> _Alone:
    """Two starts, the second of them with warm caches."""
    with _started(tray, bus):
        pass
    start = time.monotonic()
    with _started(tray, bus) as program:
        start_seconds = time.monotonic() - start
        _let_settle(tray)
        return _Alone(start_seconds=start_seconds, pss_mb=cost_of(program.pid).pss_mb)


def _beside_one_another(
    tray: _Tray, bare: _Tray, bus: DBusConnection, seconds: float
) -> list[_Idle]:
    with _started(tray, bus) as ours, _started(bare, bus, beside=1) as floor:
        programs = (ours, floor)
        _let_settle(tray)
        costs = [[cost_of(program.pid) for program in programs]]
        start = time.monotonic()
        while (left := start + seconds - time.monotonic()) > 0:
            _leave_alone(min(left, _WINDOW_SECONDS))
            costs.append([cost_of(program.pid) for program in programs])
        lasted = time.monotonic() - start
        if not tray.is_settled():
            raise RuntimeError("it stopped listening while it was left alone")
    return [_idle(measured, lasted) for measured in zip(*costs, strict=True)]


def _idle(costs: Sequence[Cost], seconds: float) -> _Idle:
    first, last = costs[0], costs[-1]
    spent = [after.cpu_seconds - before.cpu_seconds for before, after in pairwise(costs)]
    return _Idle(
        pss_mb=last.pss_mb,
        private_mb=last.private_mb,
        busiest_seconds=max(spent),
        switches_a_second=(last.switches - first.switches) / seconds,
    )


def _home(folder: Path, mail: DovecotLab, pbx: AsteriskLab) -> Path:
    """One mailbox and one PBX, as Must show 7 asks."""
    home = phone_home(folder, pbx.ami_port, more=mail_settings(mail, mail.new_address()))
    (home / "credentials" / "mail.Support").write_text(PASSWORD)
    return home


def _hears_both(home: Path) -> bool:
    answer = running.command(home, "status", "--json")
    return answer.stdout.count('"health": "listening"') == 2


@contextmanager
def _started(tray: _Tray, bus: DBusConnection, *, beside: int = 0) -> Iterator[_Program]:
    """Running, with its icon in the tray beside so many others; its end is waited for."""
    wait_until(lambda: len(_icons(bus)) == beside, seconds=_PATIENCE_SECONDS, what="a free tray")
    program = subprocess.Popen(
        tray.command,
        env=tray.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: len(_icons(bus)) > beside, seconds=_PATIENCE_SECONDS, what="a tray icon")
        yield program
    finally:
        _stop(program)


def _let_settle(tray: _Tray) -> None:
    wait_until(tray.is_settled, seconds=_PATIENCE_SECONDS, what="it to hear all its sources")
    _leave_alone(_SETTLE_SECONDS)


def _stop(program: _Program) -> None:
    program.terminate()
    try:
        program.wait(timeout=10)
    except subprocess.TimeoutExpired:
        program.kill()
        program.wait()


def _icons(bus: DBusConnection) -> list[str]:
    asked = Properties(_WATCHER).get("RegisteredStatusNotifierItems")
    answer = bus.send_and_get_reply(asked, timeout=5)
    return list(answer.body[0][1]) if answer.header.message_type.name == "method_return" else []


def _leave_alone(seconds: float) -> None:
    threading.Event().wait(seconds)
