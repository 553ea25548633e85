"""The notification daemon of a lab desktop, hung as long as one likes."""

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from tests.lab.desktop import DesktopLab

_BUS = "org.freedesktop.DBus"


@contextmanager
def stopped_notifier(lab: DesktopLab) -> Iterator[None]:
    """It neither reads nor answers, and what it has drawn stays on the screen."""
    asked = lab.exec(
        *("gdbus", "call", "--session", "-d", _BUS, "-o", "/org/freedesktop/DBus"),
        *("-m", f"{_BUS}.GetConnectionUnixProcessID", "org.freedesktop.Notifications"),
    )
    (pid,) = re.findall(r"uint32 (\d+)", asked.stdout)
    os.kill(int(pid), signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(int(pid), signal.SIGCONT)


def displayed_by_dunst(lab: DesktopLab) -> int:
    return int(lab.exec("dunstctl", "count", "displayed").stdout)
