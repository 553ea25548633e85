"""A real Linux desktop that nobody sees: X server, window manager, tray, alerts and key store.

python -m tests.lab.desktop install | start | stop | status | serve
python -m tests.lab.desktop exec COMMAND...    run a program on the running lab desktop
python -m tests.lab.desktop screenshot FILE    what is on its screen
"""

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path

from dev import QT_LIBRARIES
from tests.lab.background import Lab, read_state, run_common
from tests.lab.desktop_kinds import (
    Component,
    DesktopSettings,
    Keyring,
    Notifier,
    Panel,
    Session,
    Tray,
)
from tests.lab.desktop_session import DesktopSession
from tests.lab.packages import apt_install, why_unavailable
from tests.lab.sway import leaves_of
from tests.lab.waiting import wait_until

__all__ = [
    "Component",
    "DesktopLab",
    "DesktopSettings",
    "Keyring",
    "Notifier",
    "Panel",
    "Session",
    "Tray",
]

_DESKTOP = (
    *("xvfb", "xauth", "dbus-daemon", "dbus-bin", "xfwm4", "xfce4-panel", "tint2", "xfconf"),
    *("dunst", "xfce4-notifyd", "gnome-keyring", "gcr", "at-spi2-core", "adwaita-icon-theme"),
    *("hicolor-icon-theme", "fonts-dejavu-core", "trayer", "notification-daemon"),
    *("mate-notification-daemon", "sway", "mako-notifier", "waybar", "xsettingsd"),
)
_EYES_AND_HANDS = (
    *("xdotool", "wmctrl", "imagemagick", "x11-utils", "x11-xserver-utils", "libglib2.0-bin"),
    *("libsecret-tools", "python3-gi", "gir1.2-atspi-2.0", "libnotify-bin", "procps", "xdg-utils"),
    *("pulseaudio", "pulseaudio-utils"),
)
PACKAGES = (*QT_LIBRARIES.values(), *_DESKTOP, *_EYES_AND_HANDS)
_PROGRAMS = ("Xvfb", "dbus-daemon", "xfwm4", "xfce4-panel", "tint2", "dunst", "gdbus", "import")
_MORE_PROGRAMS = (
    "gnome-keyring-daemon",
    "xdotool",
    "wmctrl",
    "xprop",
    "xsetroot",
    "setpriv",
    "xdg-mime",
    *("trayer", "sway", "mako", "waybar", "xsettingsd"),
)


def why_no_desktop() -> str | None:
    """Say why the desktop lab cannot run here, or None."""
    return why_unavailable([*_PROGRAMS, *_MORE_PROGRAMS])


def install() -> None:
    apt_install(PACKAGES)


class DesktopLab(DesktopSession, Lab):
    """One desktop with eyes and hands. Controls are found by tests/lab/accessibility.py."""

    def screenshot(self, path: Path) -> None:
        shot = self.exec("import", "-window", "root", str(path))
        if shot.returncode != 0:
            raise RuntimeError(shot.stderr)

    def windows(self) -> list[str]:
        """Return the titles of the windows that are open."""
        if self.is_sway:
            return [title for title, _ in self._sway_windows()]
        lines = self.exec("wmctrl", "-l").stdout.splitlines()
        return [line.split(None, 3)[3] for line in lines if len(line.split(None, 3)) == 4]

    def click(self, x: int, y: int, *, button: int = 1) -> None:
        self.exec("xdotool", "mousemove", str(x), str(y), "click", str(button))

    def press(self, *keys: str) -> None:
        self.exec("xdotool", "key", *keys)

    def type(self, words: str, *, delay: int = 20) -> None:
        """Into the window that has the focus; `delay` is milliseconds between two letters."""
        self.exec("xdotool", "type", "--delay", str(delay), words)

    def activate(self, title: str) -> None:
        """Wait for a window whose title matches, and until it has the focus."""

        def is_active() -> bool:
            if self.is_sway:
                self.exec("swaymsg", f'[title="{title}"] focus')
                return any(re.search(title, name) for name, has in self._sway_windows() if has)
            self.exec("xdotool", "search", "--onlyvisible", "--name", title, "windowactivate")
            active = self.exec("xdotool", "getactivewindow", "getwindowname").stdout.strip()
            return re.search(title, active) is not None

        wait_until(is_active, seconds=30, what=f"{title} in front")

    def _sway_windows(self) -> list[tuple[str, bool]]:
        return list(leaves_of(self.exec("swaymsg", "-t", "get_tree").stdout))

    def pick_action(self, label: str) -> None:
        """Choose an action of the newest alert by its label; for `Notifier.DUNST`."""
        (self.folder / "wanted-action").write_text(label)
        self.exec("dunstctl", "context")

    def summary(self) -> dict[str, str]:
        return {"folder": str(self.folder), "env": json.dumps(self.env)}


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command")
    parser.add_argument("values", nargs=argparse.REMAINDER)
    chosen = parser.parse_args(arguments)
    values: list[str] = chosen.values
    if run_common("desktop", chosen.command, DesktopLab, install, []):
        return
    env = {**os.environ, **json.loads(read_state("desktop")["env"])}
    if chosen.command == "exec" and values:
        sys.exit(subprocess.run(values, env=env, check=False).returncode)
    if chosen.command == "screenshot" and values:
        subprocess.run(["import", "-window", "root", values[0]], env=env, check=True)
        return
    parser.error(f"unknown command: {chosen.command}")


if __name__ == "__main__":
    main(sys.argv[1:])
