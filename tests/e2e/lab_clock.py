"""A clock that a test moves while the app runs on it, and the app on such a clock.

    python -m tests.e2e.lab_clock FOLDER

The hand (`ClockHand`, in the test) writes what the clock shall do into a file of FOLDER, and the
clock (`LabClock`, in the app) looks there whenever it is read.
"""

import json
import sys
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

from supportdesk.adapters.clock import SystemClock
from supportdesk.commands.app import run_app

RATE = 8.0
LONGEST_STEP_SECONDS = 8.0
"""A machine that is slow slows the clock down, instead of looking as if it had slept."""
_PLAN = "plan.json"


class LabClock(SystemClock):
    """Goes as time does until it is taken in hand; then as far, or as fast, as it is told."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._real = time.monotonic()
        self._began = (super().now(), super().monotonic_seconds(), super().boot_seconds())
        self._passed = self._moved = self._skipped = 0.0

    def now(self) -> datetime:
        return self._began[0] + timedelta(seconds=self._seconds())

    def monotonic_seconds(self) -> float:
        return self._began[1] + self._seconds()

    def boot_seconds(self) -> float:
        return self._began[2] + self._seconds()

    def _seconds(self) -> float:
        with self._lock:
            real = time.monotonic()
            passed, self._real = real - self._real, real
            plan = _read(self._folder / _PLAN)
            if plan is None:
                self._passed += passed
                return self._passed
            if plan["flows"]:
                step = passed
            else:
                step = min(passed * RATE, LONGEST_STEP_SECONDS, plan["go"] - self._moved)
                self._moved += step
            self._passed += step + plan["skip"] - self._skipped
            self._skipped = plan["skip"]
            return self._passed


class ClockHand:
    """Moves a `LabClock` in another process."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / _PLAN
        self._plan = {"go": 0.0, "skip": 0.0, "flows": 0.0}

    def stop(self) -> None:
        """From now on time passes only by the two methods after this."""
        self._write()

    def go_on(self, seconds: float) -> None:
        """Fast, but in steps that beats can follow."""
        self._plan["go"] += seconds
        self._write()

    def skip(self, seconds: float) -> None:
        """All at once, as for who was away."""
        self._plan["skip"] += seconds
        self._write()

    def pass_by(self, seconds: float) -> None:
        """All at once, for who was not stopped: time goes on by itself after it."""
        self._plan["flows"] = 1.0
        self.skip(seconds)

    def _write(self) -> None:
        unfinished = self._file.with_suffix(".part")
        unfinished.write_text(json.dumps(self._plan))
        unfinished.replace(self._file)


def _read(plan: Path) -> dict[str, float] | None:
    try:
        read: dict[str, float] = json.loads(plan.read_text())
    except FileNotFoundError:
        return None
    return read


if __name__ == "__main__":
    sys.exit(run_app(LabClock(Path(sys.argv[1]))))
