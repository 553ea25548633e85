"""What the session tells, from services of our own on two private buses."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.desktop.bus import BusConnection, LinkState
from supportdesk.adapters.desktop.session_signals import SessionWatch
from supportdesk.domain.reading import DropRule
from tests.fakes.bus_service import Answers, bus_service
from tests.fakes.session_bus import PrivateBus, private_bus
from tests.lab.desktop import Component, DesktopLab, DesktopSettings, Keyring, Notifier

SAVER = "org.freedesktop.ScreenSaver"
SAVER_PATH = "/org/freedesktop/ScreenSaver"
LOGIND = "org.freedesktop.login1"
LOGIND_PATH = "/org/freedesktop/login1"
SESSION = "org.freedesktop.login1.Session"
SESSION_PATH = "/org/freedesktop/login1/session/_32"
PROPERTIES = "org.freedesktop.DBus.Properties"


@pytest.fixture
def session_bus(tmp_path: Path) -> Iterator[PrivateBus]:
    (tmp_path / "session").mkdir()
    with private_bus(tmp_path / "session") as bus:
        yield bus


@pytest.fixture
def system_bus(tmp_path: Path) -> Iterator[PrivateBus]:
    (tmp_path / "system").mkdir()
    with private_bus(tmp_path / "system") as bus:
        yield bus


class Watching:
    """A SessionWatch and all that it told, in order."""

    def __init__(self, session: PrivateBus, system: PrivateBus, environ: dict[str, str]) -> None:
        self.told: list[object] = []
        self.session = BusConnection(session.address)
        self.system = BusConnection(system.address)
        self.watch = SessionWatch(self.session, system_bus=self.system, environ=environ)
        self.watch.locked.connect(lambda: self.told.append("locked"))
        self.watch.unlocked.connect(lambda: self.told.append("unlocked"))
        self.watch.sleeping.connect(lambda: self.told.append("sleeping"))
        self.watch.woke.connect(lambda since: self.told.append(("woke", since)))
        self.trays: list[bool] = []
        self.watch.tray_host_told.connect(self.trays.append)

    def start(self, qtbot: QtBot) -> None:
        self.watch.start()
        self.session.open()
        qtbot.waitUntil(
            lambda: {self.session.state, self.system.state} == {LinkState.READY}, timeout=5000
        )
        # An answer to our last call means that the rules before it are in force.
        self.session.drain(30)
        self.system.drain(30)

    def stop(self) -> None:
        self.watch.stop()
        self.session.close()


@pytest.fixture
def watching(session_bus: PrivateBus, system_bus: PrivateBus, qtbot: QtBot) -> Iterator[Watching]:
    made = Watching(session_bus, system_bus, {})
    yield made
    made.stop()


def wait_told(qtbot: QtBot, watching: Watching, *told: object) -> None:
    qtbot.waitUntil(lambda: watching.told == list(told), timeout=5000)


@pytest.mark.parametrize("saver", [SAVER, "org.gnome.ScreenSaver", "org.xfce.ScreenSaver"])
def test_a_screen_saver(
    watching: Watching, session_bus: PrivateBus, qtbot: QtBot, saver: str
) -> None:
    path = "/" + saver.replace(".", "/")
    with bus_service(session_bus.address, saver, {"GetActive": ("b", (False,))}) as service:
        watching.start(qtbot)
        service.emit(path, saver, "ActiveChanged", "b", True)
        wait_told(qtbot, watching, "locked")
        assert watching.watch.is_locked
        service.emit(path, saver, "ActiveChanged", "b", True)
        service.emit(path, saver, "ActiveChanged", "b", False)
        wait_told(qtbot, watching, "locked", "unlocked")


def test_a_screen_that_is_covered_already_and_a_saver_that_ends(
    watching: Watching, session_bus: PrivateBus, qtbot: QtBot
) -> None:
    with bus_service(session_bus.address, SAVER, {"GetActive": ("b", (True,))}):
        watching.start(qtbot)
        wait_told(qtbot, watching, "locked")
    wait_told(qtbot, watching, "locked", "unlocked")


def test_a_lock_that_logind_knows(watching: Watching, system_bus: PrivateBus, qtbot: QtBot) -> None:
    answers = {"GetSessionByPID": ("o", (SESSION_PATH,)), "Get": ("v", (("b", False),))}
    with bus_service(system_bus.address, LOGIND, answers) as logind:
        watching.start(qtbot)
        qtbot.waitUntil(lambda: len(logind.calls) == 2)
        assert logind.calls[0] == ("GetSessionByPID", (os.getpid(),))

        def hint(*, is_locked: bool) -> None:
            changed = {"LockedHint": ("b", is_locked), "IdleHint": ("b", True)}
            logind.emit(
                SESSION_PATH, PROPERTIES, "PropertiesChanged", "sa{sv}as", SESSION, changed, []
            )

        logind.emit(SESSION_PATH, SESSION, "Lock", "")
        hint(is_locked=True)
        wait_told(qtbot, watching, "locked")
        hint(is_locked=False)
        hint(is_locked=True)
        logind.emit(SESSION_PATH, SESSION, "Unlock", "")
        wait_told(qtbot, watching, "locked", "unlocked", "locked", "unlocked")


def test_a_lock_that_logind_only_asked_for_ends_with_a_key_in_our_window(
    watching: Watching, session_bus: PrivateBus, system_bus: PrivateBus, qtbot: QtBot
) -> None:
    answers = {"GetSessionByPID": ("o", (SESSION_PATH,)), "Get": ("v", (("b", False),))}
    with (
        bus_service(system_bus.address, LOGIND, answers) as logind,
        bus_service(session_bus.address, SAVER, {"GetActive": ("b", (False,))}) as saver,
    ):
        watching.start(qtbot)
        qtbot.waitUntil(lambda: len(logind.calls) == 2)
        watching.system.drain(30)
        logind.emit(SESSION_PATH, SESSION, "Lock", "")
        wait_told(qtbot, watching, "locked")
        watching.watch.used()
        wait_told(qtbot, watching, "locked", "unlocked")
        logind.emit(SESSION_PATH, SESSION, "Lock", "")
        wait_told(qtbot, watching, "locked", "unlocked", "locked")
        saver.emit(SAVER_PATH, SAVER, "ActiveChanged", "b", True)
        qtbot.waitUntil(lambda: len(watching.watch._locked_by) == 2, timeout=30_000)
        watching.watch.used()
        assert watching.watch.is_locked, "the screen saver is still there"
        saver.emit(SAVER_PATH, SAVER, "ActiveChanged", "b", False)
        wait_told(qtbot, watching, "locked", "unlocked", "locked", "unlocked")


def test_a_session_that_is_named_by_the_environment(
    session_bus: PrivateBus, system_bus: PrivateBus, qtbot: QtBot
) -> None:
    answers = {"GetSession": ("o", (SESSION_PATH,)), "Get": ("v", (("b", True),))}
    watching = Watching(session_bus, system_bus, {"XDG_SESSION_ID": "2"})
    with bus_service(system_bus.address, LOGIND, answers) as logind:
        watching.start(qtbot)
        wait_told(qtbot, watching, "locked")
        assert logind.calls[0] == ("GetSession", ("2",))
        system_bus.kill()
        wait_told(qtbot, watching, "locked", "unlocked")
    watching.stop()


def test_sleep_and_waking(watching: Watching, system_bus: PrivateBus, qtbot: QtBot) -> None:
    with bus_service(system_bus.address, LOGIND) as logind:
        watching.start(qtbot)
        before = datetime.now(UTC)
        logind.emit(LOGIND_PATH, f"{LOGIND}.Manager", "PrepareForSleep", "b", True)
        wait_told(qtbot, watching, "sleeping")
        logind.emit(LOGIND_PATH, f"{LOGIND}.Manager", "PrepareForSleep", "b", False)
        qtbot.waitUntil(lambda: len(watching.told) == 2)
        told = watching.told[1]
        assert isinstance(told, tuple)
        assert told[0] == "woke"
        assert before <= told[1] <= datetime.now(UTC)


def test_a_sleep_that_nobody_says_the_end_of_ends_by_itself(
    watching: Watching, system_bus: PrivateBus, qtbot: QtBot
) -> None:
    """Nothing is told while it lasts."""
    [awake] = watching.watch.findChildren(QTimer)
    awake.setInterval(1)
    with bus_service(system_bus.address, LOGIND) as logind:
        watching.start(qtbot)
        logind.emit(LOGIND_PATH, f"{LOGIND}.Manager", "PrepareForSleep", "b", True)
        qtbot.waitUntil(lambda: len(watching.told) == 2, timeout=30_000)
        assert [str(one)[:9] for one in watching.told] == ["sleeping", "('woke', "]
        assert watching.watch.why_away() is None
        logind.emit(LOGIND_PATH, f"{LOGIND}.Manager", "PrepareForSleep", "b", False)
        qtbot.waitUntil(lambda: len(watching.told) == 3, timeout=30_000)


def test_whoever_wakes_to_a_locked_screen_is_still_away(
    watching: Watching, session_bus: PrivateBus, system_bus: PrivateBus, qtbot: QtBot
) -> None:
    why = watching.watch.why_away
    with (
        bus_service(session_bus.address, SAVER, {"GetActive": ("b", (False,))}) as saver,
        bus_service(system_bus.address, LOGIND) as logind,
    ):
        watching.start(qtbot)
        assert why() is None
        saver.emit(SAVER_PATH, SAVER, "ActiveChanged", "b", True)
        qtbot.waitUntil(lambda: why() is DropRule.LOCKED, timeout=30_000)
        logind.emit(LOGIND_PATH, f"{LOGIND}.Manager", "PrepareForSleep", "b", True)
        qtbot.waitUntil(lambda: why() is DropRule.ASLEEP, timeout=30_000)
        logind.emit(LOGIND_PATH, f"{LOGIND}.Manager", "PrepareForSleep", "b", False)
        qtbot.waitUntil(lambda: why() is DropRule.LOCKED, timeout=30_000)
        saver.emit(SAVER_PATH, SAVER, "ActiveChanged", "b", False)
        qtbot.waitUntil(lambda: why() is None, timeout=30_000)


WATCHER = "org.kde.StatusNotifierWatcher"


@pytest.mark.parametrize(
    ("answers", "is_there"),
    [
        ({"Get": ("v", (("b", True),))}, True),
        # A watcher that keeps icons for nobody; then one that does not know the question.
        ({"Get": ("v", (("b", False),))}, False),
        ({}, True),
        ({"Get": ("s", ("what?",))}, True),
    ],
)
def test_a_tray_that_is_there_or_not(
    watching: Watching,
    session_bus: PrivateBus,
    qtbot: QtBot,
    answers: Answers,
    is_there: bool,
) -> None:
    with bus_service(session_bus.address, WATCHER, answers):
        watching.start(qtbot)
        qtbot.waitUntil(lambda: watching.trays == [is_there], timeout=30_000)


def test_a_tray_that_comes_loses_its_panel_and_goes(
    watching: Watching, session_bus: PrivateBus, qtbot: QtBot
) -> None:
    watching.start(qtbot)
    qtbot.waitUntil(lambda: watching.trays == [False], timeout=30_000)
    answers: dict[str, tuple[str, tuple[object, ...]]] = {"Get": ("v", (("b", True),))}
    with bus_service(session_bus.address, WATCHER, answers) as tray:
        qtbot.waitUntil(lambda: watching.trays == [False, True], timeout=30_000)
        tray.answer("Get", "v", ("b", False))
        tray.emit("/StatusNotifierWatcher", WATCHER, "StatusNotifierHostUnregistered", "")
        qtbot.waitUntil(lambda: watching.trays[2:] == [False], timeout=30_000)
        tray.answer("Get", "v", ("b", True))
        tray.emit("/StatusNotifierWatcher", WATCHER, "StatusNotifierHostRegistered", "")
        qtbot.waitUntil(lambda: watching.trays[3:] == [True], timeout=30_000)
    qtbot.waitUntil(lambda: watching.trays[4:] == [False], timeout=30_000)


def test_a_bus_that_dies_takes_the_tray_along(
    watching: Watching, session_bus: PrivateBus, qtbot: QtBot
) -> None:
    with bus_service(session_bus.address, WATCHER, {"Get": ("v", (("b", True),))}):
        watching.start(qtbot)
        qtbot.waitUntil(lambda: watching.trays == [True], timeout=30_000)
        session_bus.kill()
        qtbot.waitUntil(lambda: watching.trays[-1:] == [False], timeout=30_000)


def test_without_a_bus_nothing_is_known_of_trays(qtbot: QtBot) -> None:
    link = BusConnection(None)
    watch = SessionWatch(link, system_bus=BusConnection(None))
    with qtbot.assertNotEmitted(watch.tray_host_told):
        watch.start()
        link.open()
    watch.stop()


def test_services_that_say_something_else_break_nothing(
    watching: Watching, session_bus: PrivateBus, system_bus: PrivateBus, qtbot: QtBot
) -> None:
    odd: Answers = {"GetActive": ("s", ("yes",)), "Read": ("v", (("as", ["dark"]),))}
    with (
        bus_service(session_bus.address, SAVER, odd) as saver,
        bus_service(system_bus.address, LOGIND, {"GetSessionByPID": ("u", (7,))}) as logind,
    ):
        watching.start(qtbot)
        saver.emit(SAVER_PATH, SAVER, "ActiveChanged", "")
        saver.emit(SAVER_PATH, SAVER, "ActiveChanged", "a{sv}", {})
        logind.emit(LOGIND_PATH, f"{LOGIND}.Manager", "PrepareForSleep", "s", "soon")
        saver.emit(SAVER_PATH, SAVER, "ActiveChanged", "b", True)
        logind.emit(LOGIND_PATH, f"{LOGIND}.Manager", "PrepareForSleep", "b", True)
        qtbot.waitUntil(
            lambda: sorted(map(str, watching.told)) == ["locked", "sleeping"], timeout=30_000
        )


def test_no_bus_at_all_is_fine(qtbot: QtBot, tmp_path: Path) -> None:
    nothing = BusConnection(None)
    watch = SessionWatch(nothing, environ={"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={tmp_path}/none"})
    watch.start()
    nothing.open()
    assert not watch.is_locked
    watch.stop()


def test_a_session_bus_that_dies_takes_its_lock_along(
    watching: Watching, session_bus: PrivateBus, qtbot: QtBot
) -> None:
    with bus_service(session_bus.address, SAVER, {"GetActive": ("b", (True,))}):
        watching.start(qtbot)
        wait_told(qtbot, watching, "locked")
        session_bus.kill()
        wait_told(qtbot, watching, "locked", "unlocked")


class HandClock:
    """Shows what the test says."""

    def __init__(self) -> None:
        self.wall, self.boot, self.monotonic = 0.0, 500.0, 100.0

    def now(self) -> datetime:
        return START + timedelta(seconds=self.wall)

    def monotonic_seconds(self) -> float:
        return self.monotonic

    def boot_seconds(self) -> float:
        return self.boot


START = datetime(2026, 11, 21, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wall", "boot", "monotonic", "interval_seconds", "slept"),
    [
        (60, 60, 60, None, False),
        (69, 69, 60, None, False),
        (3600, 3600, 60, None, True),
        (0, 3600, 60, None, True),  # and the wall clock was set back meanwhile
        (3600, 60, 60, None, False),  # it was set forward: nobody slept
        (-3600, 60, 60, None, False),
        (3600, 3600, 3600, None, False),
        (3600, 3600, 3600, 5.0, True),
        (5, 5, 5, 5.0, False),
    ],
)
def test_a_sleep_that_nobody_told_of_is_found_by_the_clocks(
    qtbot: QtBot,
    wall: float,
    boot: float,
    monotonic: float,
    interval_seconds: float | None,
    slept: bool,
) -> None:
    watch = SessionWatch(BusConnection(None), system_bus=BusConnection(None))
    woke: list[datetime] = []
    watch.woke.connect(woke.append)
    clock = HandClock()
    watch.tick(clock, interval_seconds=interval_seconds)
    clock.wall += wall
    clock.boot += boot
    clock.monotonic += monotonic
    watch.tick(clock, interval_seconds=interval_seconds)
    assert woke == ([START] if slept else [])


def test_the_clock_that_runs_in_sleep_goes_forward_on_this_machine() -> None:
    clock = SystemClock()
    first = clock.boot_seconds()
    assert 0 < first <= clock.boot_seconds()


@pytest.mark.desktop
def test_a_real_tray_that_goes_and_comes(qtbot: QtBot) -> None:
    settings = DesktopSettings(notifier=Notifier.NONE, keyring=Keyring.NONE)
    with DesktopLab(settings) as lab:
        link = BusConnection(lab.env["DBUS_SESSION_BUS_ADDRESS"])
        watch = SessionWatch(link, system_bus=BusConnection(None))
        watch.start()
        told: list[bool] = []
        watch.tray_host_told.connect(told.append)
        with qtbot.waitSignal(link.ready, timeout=5000):
            link.open()
        qtbot.waitUntil(lambda: told[-1:] == [True], timeout=30_000)
        lab.off(Component.TRAY)
        qtbot.waitUntil(lambda: told[-1:] == [False], timeout=30_000)
        lab.on(Component.TRAY)
        qtbot.waitUntil(lambda: told[-1:] == [True], timeout=30_000)
        watch.stop()
        link.close()
