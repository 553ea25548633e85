"""The desktop lab does what its users rely on."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.accessibility import act_on, find_control
from tests.lab.desktop import (
    Component,
    DesktopLab,
    DesktopSettings,
    Keyring,
    Notifier,
    Session,
    Tray,
)
from tests.lab.processes import LabProcess
from tests.lab.waiting import wait_until

pytestmark = pytest.mark.desktop

_TRAY_PROGRAM = """
from PySide6.QtWidgets import QApplication, QSystemTrayIcon
application = QApplication([])
print(QSystemTrayIcon.isSystemTrayAvailable())
"""

_WINDOW_PROGRAM = """
from PySide6.QtWidgets import QApplication, QPushButton
application = QApplication([])
button = QPushButton("Take call")
button.setWindowTitle("Lab window")
button.clicked.connect(application.quit)
button.show()
application.exec()
print("was pressed")
"""

_KEYRING_PROGRAM = """
import keyring
keyring.set_password("supportdesk", "mail/Support", "geheim")
print(keyring.get_password("supportdesk", "mail/Support"))
"""


@pytest.fixture(scope="module")
def desktop() -> Iterator[DesktopLab]:
    with DesktopLab() as lab:
        yield lab


def notify(lab: DesktopLab, title: str) -> LabProcess:
    command = ["notify-send", "-A", "take=Take call", "-A", "later=Snooze", title, "0:12"]
    return lab.launch("notify-send", command)


def is_tray_seen(lab: DesktopLab) -> bool:
    return "True" in lab.exec(sys.executable, "-c", _TRAY_PROGRAM).stdout


def test_qt_sees_the_tray(desktop: DesktopLab) -> None:
    assert is_tray_seen(desktop)


def test_an_alert_has_buttons_that_work(desktop: DesktopLab) -> None:
    alert = notify(desktop, "Carla waits")
    button = find_control(desktop, role="push button", name="Take call")
    desktop.click(*button.centre)
    wait_until(lambda: not alert.is_running, seconds=10, what="the alert to be answered")
    assert alert.log_tail().strip() == "take"


def test_a_window_is_found_and_driven(desktop: DesktopLab) -> None:
    program = desktop.launch("window", [sys.executable, "-c", _WINDOW_PROGRAM])
    find_control(desktop, role="push button", name="Take call")
    assert "Lab window" in desktop.windows()
    act_on(desktop, role="push button", name="Take call")
    wait_until(lambda: not program.is_running, seconds=10, what="the window to close")
    assert "was pressed" in program.log_tail()


def test_the_key_store_is_open(desktop: DesktopLab) -> None:
    assert desktop.exec(sys.executable, "-c", _KEYRING_PROGRAM).stdout.strip() == "geheim"


def test_a_screenshot_is_taken(desktop: DesktopLab, tmp_path: Path) -> None:
    shot = tmp_path / "desktop.png"
    desktop.screenshot(shot)
    assert shot.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("component", "name"),
    [
        (Component.NOTIFIER, "org.freedesktop.Notifications"),
        (Component.TRAY, "org.kde.StatusNotifierWatcher"),
        (Component.KEYRING, "org.freedesktop.secrets"),
    ],
)
def test_parts_go_and_come_back(desktop: DesktopLab, component: Component, name: str) -> None:
    desktop.off(component)
    wait_until(lambda: not desktop.has_bus_name(name), seconds=5, what=f"{name} to go")
    desktop.on(component)
    assert desktop.has_bus_name(name)


def test_other_desktops(tmp_path: Path) -> None:
    other = DesktopSettings(tray=Tray.TINT2, notifier=Notifier.DUNST, keyring=Keyring.LOCKED)
    with DesktopLab(other) as lab:
        wait_until(lambda: is_tray_seen(lab), seconds=10, what="the tray of tint2")
        alert = notify(lab, "Carla waits")
        wait_until(
            lambda: lab.exec("dunstctl", "count", "displayed").stdout.strip() == "1",
            seconds=10,
            what="the alert",
        )
        lab.pick_action("Snooze")
        wait_until(lambda: not alert.is_running, seconds=10, what="the alert to be answered")
        assert alert.log_tail().strip() == "later"


@pytest.mark.parametrize(
    ("tray", "notifier", "name"),
    [
        (Tray.TRAYER, Notifier.NOTIFICATION_DAEMON, "Notification Daemon"),
        (Tray.NONE, Notifier.MATE, "Notification Daemon"),
        (Tray.NONE, Notifier.DUNST_STOCK, "dunst"),
    ],
)
def test_more_trays_and_alerts(tray: Tray, notifier: Notifier, name: str) -> None:
    other = DesktopSettings(tray=tray, notifier=notifier, keyring=Keyring.NONE)
    with DesktopLab(other) as lab:
        assert name in lab.notification_server()
        assert is_tray_seen(lab) == (tray is not Tray.NONE)


def test_sway_is_a_desktop_with_a_pointer() -> None:
    wayland = DesktopSettings(
        session=Session.SWAY, tray=Tray.WAYBAR, notifier=Notifier.MAKO, keyring=Keyring.NONE
    )
    with DesktopLab(wayland) as lab:
        assert "mako" in lab.notification_server()
        assert is_tray_seen(lab)
        program = lab.launch("window", [sys.executable, "-c", _WINDOW_PROGRAM])
        lab.activate("Lab window")

        def is_pressed() -> bool:
            # Sway knows a window before it is drawn and can be pressed. The only one fills the
            # screen, and the button fills the window.
            lab.click(640, 400)
            return not program.is_running

        wait_until(is_pressed, seconds=10, what="the window to close")
        assert "was pressed" in program.log_tail()
        assert lab.windows() == []


def test_a_bare_desktop_has_no_tray_no_alerts_and_no_key_store() -> None:
    bare = DesktopSettings(tray=Tray.NONE, notifier=Notifier.NONE, keyring=Keyring.NONE)
    with DesktopLab(bare) as lab:
        assert not is_tray_seen(lab)
        assert not lab.has_bus_name("org.freedesktop.Notifications")
        assert "NoKeyringError" in lab.exec(sys.executable, "-c", _KEYRING_PROGRAM).stderr
