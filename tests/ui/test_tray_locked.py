"""The tray app in a session that locks, sleeps and wakes: the pill tells what the session is."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from supportdesk.adapters.places import Places
from supportdesk.bootstrap import TrayApp
from supportdesk.commands.watch import key_store
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


class Session:
    """The screen saver and logind of a desk, both ours."""

    def __init__(self, saver: BusService, logind: BusService) -> None:
        self._saver = saver
        self._logind = logind

    def covers_the_screen(self, *, is_on: bool) -> None:
        self._saver.emit(SAVER_PATH, SAVER, "ActiveChanged", "b", is_on)

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
        bus_service(system_bus.address, LOGIND) as logind,
    ):
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


def test_a_screen_that_was_locked_is_locked_still_after_waking(
    app: TrayApp, session: Session, qtbot: QtBot
) -> None:
    app.start()
    now = app.core.clock.now()
    carla = a_message(1, who="Carla Nunes", at=now)
    for event in (opened(1, at=now), arrived(carla, at=now)):
        app.core.runner.receive(event)
    app.show_window(carla.key)
    qtbot.waitUntil(lambda: "locked" in _pill(), timeout=_PATIENCE)
    session.sleeps(is_going=True)
    qtbot.waitUntil(lambda: "asleep" in _pill(), timeout=_PATIENCE)
    session.sleeps(is_going=False)
    qtbot.waitUntil(lambda: "asleep" not in _pill(), timeout=_PATIENCE)
    assert "locked" in _pill()
    session.covers_the_screen(is_on=False)
    qtbot.waitUntil(lambda: "locked" not in _pill(), timeout=_PATIENCE)
