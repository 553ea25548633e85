"""The window on a real desktop: in front when asked, in its place, and what it says on closing."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from supportdesk.adapters.desktop.single_instance import ask
from supportdesk.adapters.places import Places
from tests.e2e.desktop_app import DesktopApp
from tests.e2e.notepad import Notepad
from tests.e2e.running import make_home
from tests.lab.accessibility import controls
from tests.lab.desktop import DesktopLab
from tests.lab.waiting import wait_until

pytestmark = pytest.mark.desktop

_HOME = '[[phone]]\nname = "Hook"\nkind = "hook"\n'
_HINT = "supportdesk goes on listening"
Box = tuple[int, int, int, int]


class Window:
    """The main window of an app on a lab desktop."""

    def __init__(self, lab: DesktopLab, folder: Path) -> None:
        self.lab = lab
        self.app = DesktopApp(lab, make_home(folder, _HOME))

    def ask_for(self) -> None:
        """As a second start does; without any leave of the desktop."""
        asked = ask(Places.under(self.app.home), {"verb": "show"}, timeout_seconds=60.0)
        assert asked == {"ok": True}
        wait_until(lambda: self.is_there, seconds=20, what="the window")

    def close(self) -> None:
        self.lab.exec("wmctrl", "-c", "supportdesk")
        wait_until(lambda: not self.is_there, seconds=20, what="the window to be closed")

    @property
    def is_there(self) -> bool:
        return "supportdesk" in self.lab.windows()

    @property
    def box(self) -> Box:
        lines = self.lab.exec("wmctrl", "-lG").stdout.splitlines()
        (row,) = [line.split() for line in lines if line.endswith(" supportdesk")]
        return int(row[2]), int(row[3]), int(row[4]), int(row[5])

    @property
    def wants_attention(self) -> bool:
        state = self.lab.exec("xprop", "-name", "supportdesk", "_NET_WM_STATE").stdout
        return "DEMANDS_ATTENTION" in state

    @property
    def front(self) -> str:
        return self.lab.exec("xdotool", "getactivewindow", "getwindowname").stdout.strip()

    @property
    def hints(self) -> int:
        found = controls(self.lab, role="label", name=_HINT)
        return sum(node.is_showing for node in found)


@contextmanager
def _focus_refused(lab: DesktopLab) -> Iterator[None]:
    """As on desktops that let no program come to the front by itself."""
    wanted = (("prevent_focus_stealing", "bool", "true"), ("activate_action", "string", "none"))
    usual = (("prevent_focus_stealing", "bool", "false"), ("activate_action", "string", "bring"))
    _configure(lab, wanted)
    yield
    _configure(lab, usual)


def _configure(lab: DesktopLab, values: Sequence[tuple[str, str, str]]) -> None:
    for name, kind, value in values:
        command = ("xfconf-query", "-c", "xfwm4", "-p", f"/general/{name}", "-n", "-t", kind)
        answer = lab.exec(*command, "-s", value)
        assert answer.returncode == 0, answer.stderr


def test_the_window_of_a_founder(desktop_lab: DesktopLab, tmp_path: Path) -> None:
    lab, window = desktop_lab, Window(desktop_lab, tmp_path)
    with window.app as app:
        window.ask_for()
        wait_until(lambda: window.front == "supportdesk", seconds=20, what="it to be in front")
        assert not window.wants_attention

        lab.exec("wmctrl", "-r", "supportdesk", "-e", "0,150,90,900,640")
        wait_until(lambda: window.box[2:] == (900, 640), seconds=20, what="its new size")
        place = window.box
        window.close()
        wait_until(lambda: window.hints == 1, seconds=20, what="it to say where it went")

        window.ask_for()
        wait_until(lambda: window.box == place, seconds=20, what="the window in its place")
        window.close()
        app.stop()
        app.start()
        window.ask_for()
        wait_until(lambda: window.box == place, seconds=20, what="the same after a restart")
        # The hint was taken back with the end of that run, and does not come again.
        window.close()
        assert (app.home / "told-of-tray").exists()

        notepad = Notepad(lab, tmp_path)
        with _focus_refused(lab):
            lab.type("I type ")
            notepad.wait_for_length(len("I type "))
            window.ask_for()
            wait_until(lambda: window.wants_attention, seconds=20, what="the taskbar to say so")
            assert window.front == "Notepad"
            lab.type("still here")
            notepad.wait_for_length(len("I type still here"))
        lab.activate("^supportdesk$")
        wait_until(lambda: not window.wants_attention, seconds=20, what="the call to be over")


def test_a_start_with_the_session_opens_no_window(desktop_lab: DesktopLab, tmp_path: Path) -> None:
    home = make_home(tmp_path, "")
    command = ("env", f"SUPPORTDESK_HOME={home}", sys.executable, "-m", "supportdesk")
    app = DesktopApp(desktop_lab, home)
    process = desktop_lab.launch("at login", [*command, "--background"])
    app.wait_for_tooltip("supportdesk")
    # Nothing is set up, for which an ordinary start has its first window.
    assert "supportdesk" not in desktop_lab.windows()
    again = desktop_lab.exec(*command, "--background")
    assert (again.returncode, "supportdesk" in desktop_lab.windows()) == (0, False)
    assert desktop_lab.exec(*command).returncode == 0
    wait_until(lambda: "supportdesk" in desktop_lab.windows(), seconds=20, what="the window")
    process.stop(seconds=20)
