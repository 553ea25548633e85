"""On a real desktop: the tray in each state, who is in front, closing by the window manager."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from threading import Thread

import pytest

from tests.lab.accessibility import act_on, find_control
from tests.lab.desktop import Component, DesktopLab, DesktopSettings, Tray

ROOT = Path(__file__).parents[2]
_DEADLINE = 15.0
_BOARD = "2 waiting, longest 0:48, 8 rings. 3 of 3 busy"

pytestmark = pytest.mark.desktop


class Stage:
    """tests/ui/stage.py running on the lab desktop."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self._lines: Queue[str] = Queue()
        self._said: list[str] = []
        Thread(target=self._read, name="stage-output", daemon=True).start()

    def do(self, command: str) -> None:
        """Sends a command; `wait_for` then looks at what was said from here on."""
        assert self._process.stdin is not None
        self._said.clear()
        self._process.stdin.write(command + "\n")
        self._process.stdin.flush()
        self.wait_for(f"done {command}")

    def wait_for(self, line: str) -> None:
        while line not in self._said:
            try:
                self._said.append(self._lines.get(timeout=_DEADLINE))
            except Empty:
                pytest.fail(f"never said {line!r}, but {self._said}")

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line.rstrip())


@contextmanager
def stage_on(lab: DesktopLab) -> Iterator[Stage]:
    environment = {name: text for name, text in lab.env.items() if name != "QT_QPA_PLATFORM"}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.ui.stage"],
        cwd=ROOT,
        env={**environment, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        bufsize=1,
    ) as process:
        try:
            yield Stage(process)
            assert process.stdin is not None
            process.stdin.write("quit\n")
            process.stdin.flush()
            assert process.wait(_DEADLINE) == 0
        finally:
            process.kill()


def test_tray_shows_each_state_and_opens_the_window(
    desktop_lab: DesktopLab, tmp_path: Path
) -> None:
    with stage_on(desktop_lab) as stage:
        stage.wait_for("host")
        pictures = set()
        for state in ("listening 0", "waiting 4", "yours 0", "paused 0", "not-listening 0"):
            stage.do(f"tray {state}")
            pictures.add(_settled_panel(desktop_lab, tmp_path))
        assert len(pictures) == 5


def test_counting_follows_the_window_in_front(desktop_lab: DesktopLab) -> None:
    with stage_on(desktop_lab) as stage:
        stage.do("show")
        stage.wait_for("counting")
        desktop_lab.exec("xdotool", "search", "--name", "^supportdesk$", "windowminimize")
        stage.wait_for("not counting: window minimised")
        stage.do("show")
        stage.wait_for("counting")
        desktop_lab.exec("wmctrl", "-c", "supportdesk")
        stage.wait_for("hidden")


def test_the_live_board_is_on_top_and_leaves_the_keyboard_where_it_is(
    desktop_lab: DesktopLab,
) -> None:
    board = ("-name", "supportdesk live board")
    with stage_on(desktop_lab) as stage:
        stage.do("show")
        stage.wait_for("counting")
        stage.do("board")
        assert find_control(desktop_lab, role="filler", name=_BOARD).is_showing
        assert "_NET_WM_STATE_ABOVE" in desktop_lab.exec("xprop", *board, "_NET_WM_STATE").stdout
        hints = desktop_lab.exec("xprop", *board, "WM_HINTS").stdout
        assert "Client accepts input or input focus: False" in hints
        stage.do("state")
        stage.wait_for("counting")


def test_controls_are_found_and_pressed_by_name(desktop_lab: DesktopLab) -> None:
    with stage_on(desktop_lab) as stage:
        stage.do("show")
        assert find_control(desktop_lab, role="push button", name="Needs no reply").is_sensitive
        act_on(desktop_lab, role="push button", name="Take call")
        stage.wait_for("asked take-call call-1")
        stage.do("page calls")
        take = find_control(
            desktop_lab, role="push button", name="Take the call of +31 20 555 0142"
        )
        assert take.is_sensitive
        act_on(desktop_lab, role="push button", name=take.name)
        stage.wait_for("asked take-call call-2")


def test_without_a_tray_the_window_still_opens_and_a_late_host_gets_an_icon(
    tmp_path: Path,
) -> None:
    with DesktopLab(DesktopSettings(tray=Tray.NONE)) as lab, stage_on(lab) as stage:
        stage.wait_for("no host")
        stage.do("show")
        stage.wait_for("counting")
        lab.settings = DesktopSettings(tray=Tray.XFCE)
        lab.on(Component.TRAY)
        stage.do("host")
        stage.do("tray yours 0")
        yours = _settled_panel(lab, tmp_path)
        stage.do("tray paused 0")
        assert _settled_panel(lab, tmp_path, unlike=yours) != yours


def _settled_panel(lab: DesktopLab, folder: Path, unlike: bytes = b"") -> bytes:
    """The panel's tray corner, once two looks in a row agree (and differ from `unlike`)."""
    last = b""
    for _ in range(40):
        picture = _panel(lab, folder)
        if picture == last and picture != unlike:
            return picture
        last = picture
    return last


def _panel(lab: DesktopLab, folder: Path) -> bytes:
    file = folder / "panel.ppm"
    crop = ("-crop", "40x30+1178+0", "+repage")
    shot = lab.exec("import", "-window", "root", *crop, str(file))
    assert shot.returncode == 0, shot.stderr
    return file.read_bytes()
