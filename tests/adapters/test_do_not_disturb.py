"""Do-not-disturb: as the programs of real desktops tell it, and those that do not."""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.adapters.desktop.bus import BusConnection, LinkState
from supportdesk.adapters.desktop.do_not_disturb import DoNotDisturb
from tests.fakes.bus_service import BusService, bus_service
from tests.fakes.session_bus import PrivateBus, private_bus
from tests.lab.desktop import Component, DesktopLab, DesktopSettings, Keyring, Notifier, Tray

NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
PROPERTIES = "org.freedesktop.DBus.Properties"
PATIENCE = 30_000


class Watched:
    """A DoNotDisturb on a bus, and what it has told so far."""

    def __init__(self, address: str, grace_ms: int = 200) -> None:
        self.bus = BusConnection(address)
        self.watch = DoNotDisturb(self.bus, grace_ms=grace_ms)
        self.watch.start()
        self.bus.open()

    def wait_for(self, qtbot: QtBot, program: str, is_on: bool | None) -> None:
        def state() -> tuple[str, bool | None]:
            return self.watch.program, self.watch.is_on if self.watch.is_known else None

        qtbot.waitUntil(lambda: state() == (program, is_on), timeout=PATIENCE)

    def close(self) -> None:
        self.watch.stop()
        self.bus.close()


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PrivateBus]:
    (tmp_path / "bus").mkdir()
    with private_bus(tmp_path / "bus") as made:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", made.address)
        yield made


@pytest.fixture
def watched(bus: PrivateBus) -> Iterator[Watched]:
    made = Watched(bus.address)
    yield made
    made.close()


def a_daemon(name: str) -> dict[str, tuple[str, tuple[object, ...]]]:
    return {"GetServerInformation": ("ssss", (name, "", "1", "1.2"))}


def inhibited(service: BusService, *, is_on: bool) -> None:
    changed = {"Inhibited": ("b", is_on)}
    service.emit(PATH, PROPERTIES, "PropertiesChanged", "sa{sv}as", NAME, changed, [])


# --- real programs -------------------------------------------------------------------------------


def a_desktop(notifier: Notifier) -> DesktopLab:
    return DesktopLab(DesktopSettings(notifier=notifier, tray=Tray.NONE, keyring=Keyring.NONE))


@pytest.mark.desktop
def test_a_real_dunst_that_is_paused_holds_everything(qtbot: QtBot) -> None:
    with a_desktop(Notifier.DUNST) as lab:
        watched = Watched(lab.env["DBUS_SESSION_BUS_ADDRESS"], grace_ms=300_000)
        watched.wait_for(qtbot, "dunst", False)
        lab.exec("dunstctl", "set-paused", "true")
        watched.wait_for(qtbot, "dunst", True)
        assert watched.watch.holds_everything
        lab.exec("dunstctl", "set-paused", "toggle")
        watched.wait_for(qtbot, "dunst", False)
        lab.exec("dunstctl", "set-paused", "true")
        watched.wait_for(qtbot, "dunst", True)
        # One that is started anew is not paused any more; until then nobody has said so.
        lab.off(Component.NOTIFIER)
        assert watched.watch.is_on
        lab.on(Component.NOTIFIER)
        watched.wait_for(qtbot, "dunst", False)
        watched.close()


@pytest.mark.desktop
def test_the_switch_of_a_real_xfce(qtbot: QtBot) -> None:
    switch = ("xfconf-query", "-c", "xfce4-notifyd", "-p", "/do-not-disturb")
    with a_desktop(Notifier.XFCE) as lab:
        watched = Watched(lab.env["DBUS_SESSION_BUS_ADDRESS"])
        # It was never touched, so the settings do not have it.
        watched.wait_for(qtbot, "Xfce", False)
        lab.exec(*switch, "-n", "-t", "bool", "-s", "true")
        watched.wait_for(qtbot, "Xfce", True)
        assert not watched.watch.holds_everything
        later = Watched(lab.env["DBUS_SESSION_BUS_ADDRESS"])
        later.wait_for(qtbot, "Xfce", True)
        later.close()
        lab.exec(*switch, "-r")
        watched.wait_for(qtbot, "Xfce", False)
        watched.close()


@pytest.mark.desktop
def test_the_switch_of_gnome_in_its_real_settings(
    bus: PrivateBus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    """GNOME Shell does not run here; its switch is a key of dconf, and that does."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("GSETTINGS_BACKEND", "dconf")
    bus.launch("dconf", ["/usr/libexec/dconf-service"], env=dict(os.environ))
    bus.wait_for_name("ca.desrt.dconf")

    def set_banners(wanted: str) -> None:
        banners = ("gsettings", "set", "org.gnome.desktop.notifications", "show-banners")
        subprocess.run([*banners, wanted], check=True, timeout=60)

    with bus_service(bus.address, NAME, a_daemon("gnome-shell")):
        watched = Watched(bus.address)
        watched.wait_for(qtbot, "GNOME", False)
        set_banners("false")
        watched.wait_for(qtbot, "GNOME", True)
        set_banners("true")
        watched.wait_for(qtbot, "GNOME", False)
        # Turned again while it is being asked: the last answer counts.
        for wanted in ("false", "true", "false"):
            set_banners(wanted)
            watched.watch._ask_gnome()
        watched.wait_for(qtbot, "GNOME", True)
        watched.watch._ask_gnome()
        watched.close()
        assert watched.watch.is_on, "what ends with us says nothing of the desktop"


def test_a_gnome_whose_settings_cannot_be_asked(
    bus: PrivateBus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with bus_service(bus.address, NAME, a_daemon("gnome-shell")) as service:
        watched = Watched(bus.address)
        watched.wait_for(qtbot, "GNOME", None)
        key = "/org/gnome/desktop/notifications/show-banners"
        with qtbot.waitSignal(watched.watch.changed, timeout=PATIENCE):
            path = "/ca/desrt/dconf/Writer/user"
            service.emit(path, "ca.desrt.dconf.Writer", "Notify", "sass", key, [""], "tag")
        assert not watched.watch.is_known
        watched.close()


# --- as the specification has it -----------------------------------------------------------------


def test_inhibited_as_plasma_tells_it(bus: PrivateBus, watched: Watched, qtbot: QtBot) -> None:
    answers = a_daemon("Plasma") | {"Get": ("v", (("b", True),))}
    with bus_service(bus.address, NAME, answers) as plasma:
        watched.wait_for(qtbot, "Plasma", True)
        assert not watched.watch.holds_everything
        inhibited(plasma, is_on=False)
        watched.wait_for(qtbot, "Plasma", False)
        # It may say that it has changed, and not to what.
        service, none = NAME, dict[str, object]()
        plasma.emit(PATH, PROPERTIES, "PropertiesChanged", "sa{sv}as", service, none, ["Inhibited"])
        watched.wait_for(qtbot, "Plasma", True)
    watched.wait_for(qtbot, "", None)


def test_what_does_not_tell_is_taken_to_show_what_it_gets(
    bus: PrivateBus, watched: Watched, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: watched.bus.state is LinkState.READY, timeout=PATIENCE)
    with contextlib.ExitStack() as stack:
        # Until it is heard that it does not tell, which may come after what it tells.
        with qtbot.waitSignal(watched.watch.changed, timeout=PATIENCE):
            answers = a_daemon("notification-daemon")
            daemon = stack.enter_context(bus_service(bus.address, NAME, answers))
        watched.wait_for(qtbot, "notification-daemon", None)
        assert not watched.watch.is_on
        # Of others, and of other things of its own, nothing is believed.
        other = {"paused": ("b", True)}
        service = "org.dunstproject.cmd0"
        daemon.emit(PATH, PROPERTIES, "PropertiesChanged", "sa{sv}as", service, other, [])
        strange = {"Inhibited": ("s", "yes")}
        with qtbot.waitSignal(watched.watch.changed, timeout=PATIENCE):
            daemon.emit(PATH, PROPERTIES, "PropertiesChanged", "sa{sv}as", NAME, strange, [])
        assert not watched.watch.is_known
        switch = ("xfce4-notifyd", "/do-not-disturb", ("b", True))
        xfconf = "org.xfce.Xfconf"
        daemon.emit("/org/xfce/Xfconf", xfconf, "PropertyChanged", "ssv", *switch)
        inhibited(daemon, is_on=True)
        watched.wait_for(qtbot, "notification-daemon", True)


def test_without_a_bus_nothing_is_known(bus: PrivateBus, watched: Watched, qtbot: QtBot) -> None:
    with bus_service(bus.address, NAME, a_daemon("Plasma") | {"Get": ("v", (("b", True),))}):
        watched.wait_for(qtbot, "Plasma", True)
        bus.kill()
        watched.wait_for(qtbot, "", None)
