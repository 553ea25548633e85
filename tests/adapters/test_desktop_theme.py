"""Font and colours of the desktop, from a portal of our own and a real settings manager on X."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.adapters.desktop.bus import BusConnection, LinkState
from supportdesk.adapters.desktop.desktop_theme import DesktopTheme
from supportdesk.adapters.desktop.x_screen_watch import XScreenWatch
from tests.fakes.bus_service import Answers, bus_service
from tests.fakes.session_bus import PrivateBus, private_bus
from tests.lab.desktop import DesktopLab, DesktopSettings, Keyring, Notifier, Tray

PORTAL = "org.freedesktop.portal.Desktop"
PORTAL_PATH = "/org/freedesktop/portal/desktop"
SETTINGS = "org.freedesktop.portal.Settings"
APPEARANCE = "org.freedesktop.appearance"
INTERFACE = "org.gnome.desktop.interface"
BARE = DesktopSettings(tray=Tray.NONE, notifier=Notifier.NONE, keyring=Keyring.NONE)

# What Qt makes of the desktop with GTK, as it was before GTK was kept out.
_WITH_GTK = """
from PySide6.QtWidgets import QApplication
app = QApplication(["ask"])
font = app.font()
print(font.family(), font.pointSizeF(), app.styleHints().colorScheme().name, sep="|")
"""


def answers(**interface: tuple[str, object]) -> Answers:
    look = {key.replace("_", "-"): value for key, value in interface.items()}
    return {
        "ReadAll": (
            "a{sa{sv}}",
            ({APPEARANCE: {"color-scheme": ("u", 1)}, INTERFACE: look},),
        )
    }


GNOME = answers(
    font_name=("s", "Cantarell 11"),
    text_scaling_factor=("d", 1.5),
    cursor_theme=("s", "Yaru"),
    cursor_size=("i", 48),
    show_battery_percentage=("b", True),
)


class Told:
    """A DesktopTheme and what it says, in order."""

    def __init__(self, address: str | None, *, is_gtk: bool = True) -> None:
        self.environ: dict[str, str] = {}
        self.said: list[object] = []
        self.bus = BusConnection(address)
        self.theme = DesktopTheme(self.bus, is_gtk=is_gtk, environ=self.environ)
        self.theme.dark_told.connect(self.said.append)
        self.theme.font_told.connect(
            lambda font: self.said.append((font.family, font.points, font.scale))
        )

    def start(self, qtbot: QtBot) -> None:
        self.theme.start()
        self.bus.open()
        qtbot.waitUntil(lambda: self.bus.state is LinkState.READY, timeout=30_000)
        # An answer to our last call means that the rules before it are in force.
        self.bus.drain(30)

    def wait(self, qtbot: QtBot, *said: object) -> None:
        qtbot.waitUntil(lambda: self.said == list(said), timeout=30_000)


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[PrivateBus]:
    with private_bus(tmp_path) as made:
        yield made


@pytest.fixture
def told(bus: PrivateBus, qtbot: QtBot) -> Iterator[Told]:
    made = Told(bus.address)
    yield made
    made.bus.close()


def test_what_the_portal_tells_and_what_changes(told: Told, bus: PrivateBus, qtbot: QtBot) -> None:
    with bus_service(bus.address, PORTAL, GNOME) as portal:
        told.start(qtbot)
        told.wait(qtbot, True, ("Cantarell", 11.0, 1.5))
        for namespace, key, value in (
            (APPEARANCE, "contrast", ("u", 1)),
            (INTERFACE, "color-scheme", ("s", "default")),
            (APPEARANCE, "color-scheme", ("u", 2)),
            (INTERFACE, "text-scaling-factor", ("d", 1.0)),
            (INTERFACE, "font-name", ("s", "Inter Bold 10")),
            (APPEARANCE, "color-scheme", ("u", 0)),
            (INTERFACE, "gtk-theme", ("s", "Yaru-dark")),
        ):
            portal.emit(PORTAL_PATH, SETTINGS, "SettingChanged", "ssv", namespace, key, value)
        changes = (False, ("Cantarell", 11.0, 1.0), ("Inter", 10.0, 1.0), None, True)
        told.wait(qtbot, True, ("Cantarell", 11.0, 1.5), *changes)
    assert told.environ == {}


def test_a_portal_that_comes_late(told: Told, bus: PrivateBus, qtbot: QtBot) -> None:
    told.start(qtbot)
    with bus_service(bus.address, PORTAL, GNOME):
        told.wait(qtbot, True, ("Cantarell", 11.0, 1.5))


def test_on_wayland_the_pointer_is_that_of_the_desktop(
    told: Told, bus: PrivateBus, qtbot: QtBot
) -> None:
    told.environ |= {"WAYLAND_DISPLAY": "wayland-0", "XCURSOR_THEME": "chosen"}
    with bus_service(bus.address, PORTAL, GNOME):
        told.start(qtbot)
        qtbot.waitUntil(lambda: "XCURSOR_SIZE" in told.environ, timeout=30_000)
    assert told.environ["XCURSOR_SIZE"] == "48"
    assert told.environ["XCURSOR_THEME"] == "chosen"


def test_other_desktops_are_asked_for_dark_alone(bus: PrivateBus, qtbot: QtBot) -> None:
    told = Told(bus.address, is_gtk=False)
    with bus_service(bus.address, PORTAL, GNOME) as portal:
        told.start(qtbot)
        told.wait(qtbot, True)
        told.theme.set_x_settings({"Gtk/FontName": "Sans 20", "Net/ThemeName": "Light"})
        for namespace, key, value in (
            (INTERFACE, "font-name", ("s", "Inter 10")),
            (APPEARANCE, "color-scheme", ("u", 2)),
        ):
            portal.emit(PORTAL_PATH, SETTINGS, "SettingChanged", "ssv", namespace, key, value)
        told.wait(qtbot, True, False)
        assert [body for name, body in portal.calls if name == "ReadAll"] == [([APPEARANCE],)]
    told.bus.close()


def test_values_of_other_types_are_none(told: Told, bus: PrivateBus, qtbot: QtBot) -> None:
    odd = answers(
        font_name=("u", 11),
        text_scaling_factor=("d", 1e9),
        gtk_theme=("as", ["dark"]),
        cursor_size=("as", []),
    )
    with bus_service(bus.address, PORTAL, odd) as portal:
        told.start(qtbot)
        told.wait(qtbot, True)
        portal.emit(PORTAL_PATH, SETTINGS, "SettingChanged", "s", "x")
        scheme = (APPEARANCE, "color-scheme", ("as", ["dark"]))
        portal.emit(PORTAL_PATH, SETTINGS, "SettingChanged", "ssv", *scheme)
        font = (INTERFACE, "font-name", ("s", "Sans 12"))
        portal.emit(PORTAL_PATH, SETTINGS, "SettingChanged", "ssv", *font)
        told.wait(qtbot, True, None, ("Sans", 12.0, 1.0))


def test_x_tells_the_font_before_the_portal_does(told: Told, bus: PrivateBus, qtbot: QtBot) -> None:
    told.theme.set_x_settings({"Gtk/FontName": "Sans 10", "Net/ThemeName": "Greybird"})
    assert told.said == [False, ("Sans", 10.0, 1.0)]
    with bus_service(bus.address, PORTAL, GNOME):
        told.start(qtbot)
        told.wait(qtbot, False, ("Sans", 10.0, 1.0), True)
    told.theme.set_x_settings({"Gtk/FontName": 10})
    assert told.said[3:] == [("Cantarell", 11.0, 1.5)]


class OnX:
    """A desktop with a settings manager whose settings the test writes."""

    def __init__(self, lab: DesktopLab) -> None:
        self.lab = lab
        self._file = lab.folder / "xsettings"
        self.told = Told(None)
        self.screen = XScreenWatch(lab.env)
        self.screen.settings_told.connect(self.told.theme.set_x_settings)

    def begin(self, font: str, theme: str) -> None:
        self._write(font, theme)
        self._manager = self.lab.launch("settings", ["xsettingsd", "-c", str(self._file)])

    def change(self, font: str, theme: str) -> None:
        self._write(font, theme)
        self._manager.send(signal.SIGHUP)

    def _write(self, font: str, theme: str) -> None:
        self._file.write_text(f'Gtk/FontName "{font}"\nNet/ThemeName "{theme}"\n')

    def with_gtk(self) -> list[object]:
        """Whether dark, and the font, as Qt's GTK theme has them."""
        asked = subprocess.run(
            [sys.executable, "-c", _WITH_GTK],
            env={**self.lab.env, "QT_QPA_PLATFORMTHEME": "gtk3"},
            capture_output=True,
            text=True,
            check=True,
        )
        family, points, scheme = asked.stdout.strip().split("|")
        return [scheme == "Dark", (family, float(points), 1.0)]

    def is_told_as_with_gtk(self, qtbot: QtBot) -> None:
        qtbot.waitUntil(lambda: len(self.told.said) == 2, timeout=30_000)
        assert self.told.said == self.with_gtk()
        self.told.said.clear()


@pytest.mark.desktop
def test_font_and_shade_are_those_that_qt_has_with_gtk(qtbot: QtBot) -> None:
    with DesktopLab(BARE) as lab:
        desk = OnX(lab)
        desk.screen.start()
        desk.begin("DejaVu Serif 13", "Adwaita-dark")
        desk.is_told_as_with_gtk(qtbot)
        desk.change("DejaVu Sans 11", "Adwaita")
        desk.is_told_as_with_gtk(qtbot)
        late = XScreenWatch(lab.env)
        known: list[object] = []
        late.settings_told.connect(known.append)
        late.start()
        late.wait_for_settings(30)
        assert known == [{"Gtk/FontName": "DejaVu Sans 11", "Net/ThemeName": "Adwaita"}]
        late.stop()
        desk.screen.stop()
