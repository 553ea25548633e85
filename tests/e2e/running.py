"""`supportdesk` as a subprocess with a home of its own, read line by line as another program would.

Secrets come through CREDENTIALS_DIRECTORY, so that no key store is needed.
"""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.lab.waiting import wait_until

REPOSITORY = Path(__file__).parents[2]
Line = dict[str, Any]


def make_home(folder: Path, settings: str, secrets: dict[str, str] | None = None) -> Path:
    """Write settings.toml and the secrets (`mail/Support` as a file `mail.Support`)."""
    home = folder / "home"
    (home / "credentials").mkdir(parents=True, exist_ok=True)
    # The one nudge of the week comes by the hour of the day, on which no test may depend.
    if "[[mail]]" in settings and "[reading]" not in settings:
        settings += "\n[reading]\nnudge = false\n"
    (home / "settings.toml").write_text(settings)
    for name, secret in (secrets or {}).items():
        (home / "credentials" / name.replace("/", ".")).write_text(secret)
    return home


def environment(home: Path) -> dict[str, str]:
    """The environment of a run on this home, with no display and no desktop."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS")
    }
    return kept | {
        "SUPPORTDESK_HOME": str(home),
        "CREDENTIALS_DIRECTORY": str(home / "credentials"),
        "PYTHONPATH": str(REPOSITORY),
    }


def command(home: Path, *arguments: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
    """Run one command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "supportdesk", *arguments],
        env=environment(home),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def wait_until_noted(home: Path) -> None:
    """A run has noted what it told: one that dies between the two tells it again."""
    uri = f"{(home / 'desk.db').as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True)) as desk:
        wait_until(
            lambda: desk.execute("SELECT count(*) FROM untold").fetchone() == (0,),
            seconds=20,
            what="what was told to be noted",
        )


class Watch:
    """`supportdesk watch --json`; its lines as they come."""

    def __init__(self, home: Path, *arguments: str) -> None:
        self.lines: list[Line] = []
        self._heard_at: dict[int, float] = {}
        self._home = home
        self._arguments = arguments
        self._condition = threading.Condition()
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None

    def __enter__(self) -> Self:
        with (self._home / "stderr.txt").open("a") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "supportdesk", "watch", "--json", *self._arguments],
                env=environment(self._home),
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        self._reader = threading.Thread(target=self._read, name="watch reader", daemon=True)
        self._reader.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def stop(self) -> int:
        """End it politely; return its exit status."""
        return self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a crash would."""
        self._end(signal.SIGKILL)

    def wait_for(self, wanted: Callable[[Line], bool], *, seconds: float, what: str) -> Line:
        """The first line, also of those read already, that is wanted."""

        def found() -> Line | None:
            is_over = self._reader is not None and not self._reader.is_alive()
            line = next((line for line in list(self.lines) if wanted(line)), None)
            if line is None and is_over:
                raise AssertionError(self._told(f"{what}, and the program has ended"))
            return line

        try:
            line = wait_until(found, seconds=seconds, what=what)
        except TimeoutError as error:
            raise AssertionError(self._told(what)) from error
        assert line is not None
        return line

    def wait_for_turn(self, outcome: str, name: str | None = None, *, seconds: float = 30) -> Line:
        """The first line that tells of this turn of a call: of this caller, or of anybody."""

        def is_wanted(line: Line) -> bool:
            is_turn = line["what"] == "happened" and line.get("outcome") == outcome
            return is_turn and name in (None, line["name"])

        return self.wait_for(is_wanted, seconds=seconds, what=f"{name or 'a caller'} {outcome}")

    def wait_until_noted(self) -> None:
        wait_until_noted(self._home)

    def wait_until_listening(self, *sources: str, seconds: float = 20) -> None:
        def listens(line: Line) -> bool:
            states = {one["source"]: one["health"] for one in line.get("sources", [])}
            return all(states.get(source) == "listening" for source in sources)

        self.wait_for(listens, seconds=seconds, what=f"{sources} to be listened to")

    def told(self, what: str, kind: str = "") -> list[Line]:
        """The lines so far of this sort."""
        return [
            line
            for line in list(self.lines)
            if line["what"] == what and (not kind or line["kind"] == kind)
        ]

    def state(self) -> Line:
        return self.told("state")[-1]

    def covered(self) -> set[str]:
        """The keys that its alerts have spoken for."""
        shown = ("alert", "updated", "digest")
        return {key for line in list(self.lines) if line["what"] in shown for key in line["covers"]}

    def now(self) -> datetime:
        return datetime.now(UTC)

    def age_of(self, line: Line) -> float:
        """Seconds since this line was told."""
        return (self.now() - datetime.fromisoformat(line["at"])).total_seconds()

    def heard_at(self, line: Line) -> float:
        """When this line was read, by the monotonic clock of this process."""
        return self._heard_at[id(line)]

    def errors(self) -> str:
        return (self._home / "stderr.txt").read_text()

    def _told(self, what: str) -> str:
        lines = "\n".join(json.dumps(line, ensure_ascii=False) for line in self.lines)
        return f"never came: {what}\n{lines}\n{self.errors()}"

    def _end(self, number: signal.Signals) -> int:
        process = self._process
        if process is None:
            return 0
        if process.poll() is None:
            process.send_signal(number)
        status = process.wait(120)
        if self._reader is not None:
            self._reader.join(60)
        self._process = None
        return status

    def _read(self) -> None:
        process = self._process
        assert process is not None
        assert process.stdout is not None
        with process.stdout as stream:
            for text in stream:
                line: Line = json.loads(text)
                self._heard_at[id(line)] = time.monotonic()
                self.lines.append(line)
