"""What every lab offers as a command: serve, start, stop, status.

`serve` keeps the lab up in the foreground and writes what clients need to know into a state file;
`start` runs `serve` behind, `stop` ends it by the id in that file.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.lab.waiting import wait_until


class Lab(ABC):
    """A group of processes that belong together; `with` starts and stops them."""

    @abstractmethod
    def start(self) -> None: ...

    @abstractmethod
    def stop(self) -> None: ...

    @abstractmethod
    def summary(self) -> dict[str, str]:
        """Return what a person needs to use the lab by hand: ports, files, names."""

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def state_file(lab_name: str) -> Path:
    folder = Path(tempfile.gettempdir()) / f"supportdesk-lab-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{lab_name}.json"


def read_state(lab_name: str) -> dict[str, str]:
    """Return the summary of the running lab; end the program when there is none."""
    try:
        return dict(json.loads(state_file(lab_name).read_text()))
    except FileNotFoundError:
        raise SystemExit(f"The lab is not running: python -m tests.lab.{lab_name} start") from None


def serve(lab_name: str, make_lab: Callable[[], Lab]) -> None:
    """Keep the lab up until SIGTERM or Ctrl-C."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    state = state_file(lab_name)
    with make_lab() as lab:
        partial = state.with_suffix(".part")
        partial.write_text(json.dumps({"pid": str(os.getpid()), **lab.summary()}, indent=1))
        partial.rename(state)
        print(state.read_text(), flush=True)  # noqa: T201  # a command for people
        try:
            while not ended.wait(60):
                pass
        finally:
            state.unlink()


def start(lab_name: str, arguments: list[str]) -> None:
    state = state_file(lab_name)
    if state.exists():
        raise SystemExit(f"Already running (or left over): {state}")
    log = state.with_suffix(".log")
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", f"tests.lab.{lab_name}", "serve", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    wait_until(
        lambda: state.exists() or server.poll() is not None,
        seconds=120,
        what=f"the {lab_name} lab to come up",
    )
    if not state.exists():
        raise SystemExit(log.read_text())
    print(state.read_text())  # noqa: T201  # a command for people


def stop(lab_name: str) -> None:
    pid = int(read_state(lab_name)["pid"])
    state = state_file(lab_name)
    try:
        os.kill(pid, signal.SIGTERM)
    except ProcessLookupError:
        state.unlink()
        return
    wait_until(lambda: not Path(f"/proc/{pid}").exists(), seconds=60, what="the lab to end")


def run_common(
    lab_name: str,
    command: str,
    make_lab: Callable[[], Lab],
    install: Callable[[], None],
    start_arguments: list[str],
) -> bool:
    """Carry out a command that all labs have; return False for one that only this lab knows."""
    match command:
        case "install":
            install()
        case "serve":
            serve(lab_name, make_lab)
        case "start":
            start(lab_name, start_arguments)
        case "stop":
            stop(lab_name)
        case "status":
            print(json.dumps(read_state(lab_name), indent=1))  # noqa: T201  # for people
        case _:
            return False
    return True
