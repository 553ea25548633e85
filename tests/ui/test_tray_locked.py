"""The tray app in a session that locks, sleeps and wakes: the pill tells what the session is."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from supportdesk.adapters.places import Places
from supportdesk.bootstrap import TrayApp
from supportdesk.commands.watch import key_store
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.widgets.pill import ClockPill
from tests.e2e.running import make_home
from tests.fakes.bus_service import BusService, bus_service
from tests.fakes.happenings import a_message, arrived, opened
from tests.fakes.session_bus import private_bus

SAVER = "org.freedesktop.ScreenSaver"
SAVER_PATH = "/org/freedesktop/ScreenSaver"
LOGIND = "org.freedesktop.login1"
LOGIND_PATH = "/org/freedesktop/login1"
_PATIENCE = 30_000
_SETTINGS = """
[[mail]]
name = "Support"
address = "support@desk.example"
host = "localhost"
port = 1
user = "support"
"""


SESSION = f"{LOGIND}.Session"
SESSION_PATH = "/org/freedesktop/login1/session/_32"


class Session:
    """The screen saver and logind of a desk, both ours."""

    def __init__(self, saver: BusService, logind: BusService) -> None:
        self._saver = saver
        self._logind = logind

    def covers_the_screen(self, *, is_on: bool) -> None:
        self._saver.emit(SAVER_PATH, SAVER, "ActiveChanged", "b", is_on)

    @property
    def is_asked(self) -> bool:
        """The app knows which session it is in, and whether that is locked."""
        return len(self._logind.calls) >= 2

    def asks_to_lock(self) -> None:
        self._logind.emit(SESSION_PATH, SESSION, "Lock", "")

    def sleeps(self, *, is_going: bool) -> None:
        self._logind.emit(LOGIND_PATH, f"{LOGIND}.Manager", "PrepareForSleep", "b", is_going)


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    for name in ("session", "system"):
        (tmp_path / name).mkdir()
    with (
        private_bus(tmp_path / "session") as session_bus,
        private_bus(tmp_path / "system") as system_bus,
        bus_service(session_bus.address, SAVER, {"GetActive": ("b", (True,))}) as saver,
        bus_service(
            system_bus.address,
            LOGIND,
            {"GetSessionByPID": ("o", (SESSION_PATH,)), "Get": ("v", (("b", False),))},
        ) as logind,
    ):
        monkeypatch.delenv("XDG_SESSION_ID", raising=False)
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", session_bus.address)
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", system_bus.address)
        yield Session(saver, logind)


@pytest.fixture
def app(
    session: Session, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TrayApp]:
    home = make_home(tmp_path / "home", _SETTINGS, {"mail/Support": "secret"})
    monkeypatch.setenv("SUPPORTDESK_HOME", str(home))
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(home / "credentials"))
    made = TrayApp(qapp, Places.from_environment(os.environ), key_store(), is_practice=False)
    yield made
    made.stop()


def _pill() -> str:
    shown = [
        pill
        for window in QApplication.topLevelWidgets()
        if window.isVisible()
        for pill in window.findChildren(ClockPill)
    ]
    return shown[0].accessibleName() if shown else ""


def _open_a_letter(app: TrayApp) -> None:
    now = app.core.clock.now()
    carla = a_message(1, who="Carla Nunes", at=now)
    for event in (opened(1, at=now), arrived(carla, at=now)):
        app.core.runner.receive(event)
    app.show_window(carla.key)


def test_a_screen_that_was_locked_is_locked_still_after_waking(
    app: TrayApp, session: Session, qtbot: QtBot
) -> None:
    app.start()
    _open_a_letter(app)
    qtbot.waitUntil(lambda: "locked" in _pill() and session.is_asked, timeout=_PATIENCE)
    session.sleeps(is_going=True)
    qtbot.waitUntil(lambda: "asleep" in _pill(), timeout=_PATIENCE)
    session.sleeps(is_going=False)
    qtbot.waitUntil(lambda: "asleep" not in _pill(), timeout=_PATIENCE)
    assert "locked" in _pill()
    session.covers_the_screen(is_on=False)
    qtbot.waitUntil(lambda: "locked" not in _pill(), timeout=_PATIENCE)


def test_a_lock_that_was_only_asked_for_ends_with_a_key_in_the_window(
    app: TrayApp, session: Session, qtbot: QtBot
) -> None:
    app.start()
    _open_a_letter(app)
    qtbot.waitUntil(lambda: "locked" in _pill() and session.is_asked, timeout=_PATIENCE)
    session.covers_the_screen(is_on=False)
    qtbot.waitUntil(lambda: "locked" not in _pill(), timeout=_PATIENCE)
    session.asks_to_lock()
    qtbot.waitUntil(lambda: "locked" in _pill(), timeout=_PATIENCE)
    shown = [one for one in QApplication.topLevelWidgets() if one.isVisible()]
    (window,) = [one for one in shown if isinstance(one, MainWindow)]
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Shift)
    qtbot.waitUntil(lambda: "locked" not in _pill(), timeout=_PATIENCE)
