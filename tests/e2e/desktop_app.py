"""The tray app on a lab desktop, started as a user would, seen by its tray item and controls."""

import json
import re
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from supportdesk.adapters.desktop.single_instance import ask
from supportdesk.adapters.places import Places
from supportdesk.domain.errors import ConnectionLost
from tests.e2e.running import REPOSITORY, command
from tests.lab.desktop import DesktopLab
from tests.lab.processes import LabProcess
from tests.lab.waiting import wait_until

_ITEMS = "RegisteredStatusNotifierItems"
_TIP = "ToolTip"


class DesktopApp:
    """`supportdesk` with this home on this desktop."""

    def __init__(self, lab: DesktopLab, home: Path) -> None:
        self.lab = lab
        self.home = home
        self._process: LabProcess | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None and self._process.is_running:
            self._process.stop(seconds=20)

    def start(self) -> None:
        self._process = self.lab.launch("supportdesk", self._command("supportdesk"))
        try:
            wait_until(self._answers_or_ended, seconds=30, what="the app to answer")
        except TimeoutError as error:
            raise AssertionError(self.output()) from error
        assert self.is_running, self.output()

    def _answers_or_ended(self) -> bool:
        return self.status() is not None or not self.is_running

    def kill(self) -> None:
        """End it as a crash would."""
        assert self._process is not None
        self._process.send(signal.SIGKILL)
        wait_until(lambda: not self.is_running, seconds=10, what="the app to be gone")

    def has_loaded(self, library: str) -> bool:
        """Whether a library of this name is in its memory."""
        assert self._process is not None
        return library in Path(f"/proc/{self._process.pid}/maps").read_text()

    def stop(self) -> None:
        assert self._process is not None
        self._process.stop(seconds=20)

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.is_running

    def output(self) -> str:
        return self._process.log_tail() if self._process is not None else ""

    def status(self) -> dict[str, Any] | None:
        """What `status --json` prints, without a process for each time that it is asked."""
        try:
            answer = ask(Places.under(self.home), {"verb": "status"})
        except ConnectionLost:
            return None
        state = answer["state"] if answer is not None else None
        assert state is None or isinstance(state, dict)
        return state

    def is_listening(self, *sources: str) -> bool:
        status = self.status() or {"sources": []}
        heard = {one["source"]: one["health"] for one in status["sources"]}
        return all(heard.get(source) == "listening" for source in sources)

    def wait_until_listening(self, *sources: str) -> None:
        wait_until(lambda: self.is_listening(*sources), seconds=30, what=f"{sources} to be heard")

    def week(self) -> dict[str, Any]:
        answer = command(self.home, "week", "--json")
        assert answer.returncode == 0, answer.stderr
        week: dict[str, Any] = json.loads(answer.stdout)
        return week

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Another process of the same program, on the same desktop."""
        return self.lab.exec(*self._command(*arguments))

    def run_with_input(self, text: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """The same with one line on its standard input."""
        piped = ("sh", "-c", 'text=$1; shift; printf "%s\\n" "$text" | "$@"', "sh", text)
        return self.lab.exec(*piped, *self._command(*arguments))

    def tooltip(self) -> str:
        """What the tray item says of itself, as its host reads it; "" while there is none."""
        watcher = "org.kde.StatusNotifierWatcher"
        items = self._property(watcher, "/StatusNotifierWatcher", watcher, _ITEMS)
        for item in re.findall(r"'([^'/]+)/StatusNotifierItem'", items):
            words = self._property(item, "/StatusNotifierItem", "org.kde.StatusNotifierItem", _TIP)
            if "supportdesk" in words:
                return words
        return ""

    def wait_for_tooltip(self, words: str, *, seconds: float = 20) -> None:
        wait_until(lambda: words in self.tooltip(), seconds=seconds, what=f"tooltip {words!r}")

    def _property(self, name: str, path: str, interface: str, prop: str) -> str:
        return self.lab.exec(
            *("gdbus", "call", "--session", "-d", name, "-o", path),
            *("-m", "org.freedesktop.DBus.Properties.Get", interface, prop),
        ).stdout

    def _command(self, *arguments: str) -> list[str]:
        names = arguments[1:] if arguments[:1] == ("supportdesk",) else arguments
        return [
            "env",
            f"SUPPORTDESK_HOME={self.home}",
            f"CREDENTIALS_DIRECTORY={self.home / 'credentials'}",
            f"PYTHONPATH={REPOSITORY}",
            sys.executable,
            "-m",
            "supportdesk",
            *names,
        ]
