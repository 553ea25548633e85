"""Where GTK is kept out, and that it really is."""

import os
import sys

import pytest

from supportdesk.adapters.desktop.without_gtk import without_gtk, would_load_gtk
from tests.e2e import running
from tests.lab.desktop import DesktopLab, DesktopSettings, Keyring, Notifier, Tray

_LOADED = """
import os
from PySide6.QtWidgets import QApplication
from supportdesk.adapters.desktop.without_gtk import without_gtk
with without_gtk(os.environ):
    app = QApplication(["ask"])
maps = open("/proc/self/maps").read()
print("libgtk-3" in maps, "QT_QPA_PLATFORMTHEME" in os.environ)
"""


@pytest.mark.parametrize(
    ("environ", "is_gtk"),
    [
        ({"XDG_CURRENT_DESKTOP": "XFCE"}, True),
        ({"XDG_CURRENT_DESKTOP": "ubuntu:GNOME"}, True),
        ({"XDG_CURRENT_DESKTOP": "X-Cinnamon", "QT_QPA_PLATFORM": "wayland;xcb"}, True),
        ({"XDG_CURRENT_DESKTOP": "KDE"}, False),
        ({"XDG_CURRENT_DESKTOP": "sway"}, False),
        ({"XDG_CURRENT_DESKTOP": "XFCE", "QT_QPA_PLATFORM": "offscreen"}, False),
        ({"XDG_CURRENT_DESKTOP": "XFCE", "QT_QPA_PLATFORMTHEME": "qt6ct"}, False),
        ({"XDG_CURRENT_DESKTOP": "GNOME", "FLATPAK_ID": "org.example.desk"}, False),
        ({"DESKTOP_SESSION": "/usr/share/xsessions/xfce"}, True),
        ({"GNOME_DESKTOP_SESSION_ID": "this-is-deprecated"}, True),
        ({"KDE_FULL_SESSION": "true", "DESKTOP_SESSION": "gnome"}, False),
        ({}, False),
    ],
)
def test_where_qt_would_load_gtk(environ: dict[str, str], *, is_gtk: bool) -> None:
    assert would_load_gtk(environ) is is_gtk


def test_nothing_that_we_start_inherits_the_choice() -> None:
    environ = {"XDG_CURRENT_DESKTOP": "XFCE"}
    with without_gtk(environ) as is_gtk:
        assert is_gtk
        assert environ["QT_QPA_PLATFORMTHEME"] == "gnome"
    assert environ == {"XDG_CURRENT_DESKTOP": "XFCE"}


def test_what_the_founder_chose_stays() -> None:
    environ = {"XDG_CURRENT_DESKTOP": "XFCE", "QT_QPA_PLATFORMTHEME": "gtk3"}
    with without_gtk(environ) as is_gtk:
        assert not is_gtk
    assert environ["QT_QPA_PLATFORMTHEME"] == "gtk3"


@pytest.mark.desktop
def test_gtk_is_not_in_the_process() -> None:
    bare = DesktopSettings(tray=Tray.NONE, notifier=Notifier.NONE, keyring=Keyring.NONE)
    with DesktopLab(bare) as lab:
        path = os.pathsep.join([str(running.REPOSITORY), os.environ.get("PYTHONPATH", "")])
        said = lab.exec(sys.executable, "-c", _LOADED, env={"PYTHONPATH": path})
    assert said.stdout.split() == ["False", "False"]
