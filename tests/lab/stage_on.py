"""tests/ui/stage.py on a lab desktop: the window and the tray, told what to show line by line."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from threading import Thread

from tests.lab.desktop import DesktopLab

ROOT = Path(__file__).parents[2]
_DEADLINE = 30.0


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
                raise AssertionError(f"never said {line!r}, but {self._said}") from None

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
