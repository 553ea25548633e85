"""Processes of a lab: started in their own group, ended by their recorded id, never by name."""

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.lab.waiting import PATIENCE, is_soon


class LabProcess:
    """One running program of a lab. It is told to end when the lab's own process dies."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        stdin: Path | None = None,
        user: int | None = None,
    ) -> None:
        self.name = name
        self.log = log
        with log.open("ab") as output, (stdin or Path(os.devnull)).open("rb") as source:
            self._popen = subprocess.Popen(
                [*_wrapper(user), *command],
                stdin=source,
                stdout=output,
                stderr=output,
                env=None if env is None else dict(env),
                cwd=cwd,
                start_new_session=True,
            )
        self.pid = self._popen.pid

    @property
    def is_running(self) -> bool:
        return self._popen.poll() is None

    def log_tail(self, characters: int = 2000) -> str:
        return self.log.read_text(errors="replace")[-characters:]

    def send(self, number: signal.Signals) -> None:
        if self.is_running:
            os.kill(self.pid, number)

    def stop(self, *, number: signal.Signals = signal.SIGTERM, seconds: float = 10) -> None:
        """Ask the program to end; after `seconds` end it and all that it started."""
        if self._popen.returncode is not None:
            return
        os.kill(self.pid, number)
        is_soon(self._has_ended, seconds=seconds * PATIENCE)
        # Not reaped yet, so the group id cannot belong to anybody else.
        os.killpg(self.pid, signal.SIGKILL)
        self._popen.wait(timeout=10)

    def kill(self) -> None:
        """End the program and all that it started at once, as a crash would."""
        if self._popen.returncode is None:
            os.killpg(self.pid, signal.SIGKILL)
            self._popen.wait(timeout=10)

    def _has_ended(self) -> bool:
        options = os.WEXITED | os.WNOWAIT | os.WNOHANG
        return os.waitid(os.P_PID, self.pid, options) is not None


def _wrapper(user: int | None) -> list[str]:
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise FileNotFoundError("setpriv (package util-linux) is missing")
    command = [setpriv, "--pdeathsig", "TERM"]
    if user is not None and os.geteuid() == 0:
        command += [f"--reuid={user}", f"--regid={user}", "--clear-groups"]
    return [*command, "--"]


def children_of(pid: int) -> dict[int, str]:
    """Return the direct children of a process: id -> program name."""
    found: dict[int, str] = {}
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            try:
                found[int(child)] = Path(f"/proc/{child}/comm").read_text().strip()
            except OSError:
                continue  # ended meanwhile
    return found
