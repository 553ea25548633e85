"""The clocks of this machine: of the wall, of being awake, and of time itself."""

import time
from datetime import UTC, datetime

# Linux has a clock of its own that runs on while the computer sleeps; on macOS CLOCK_MONOTONIC
# does, and Python's monotonic() does not. Windows' monotonic() runs on itself.
_RUNS_IN_SLEEP: int | None = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))


class SystemClock:
    """Clock port on the real clocks; CLOCK_MONOTONIC does not run during sleep on Linux."""

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251 - the one place that may

    def monotonic_seconds(self) -> float:
        return time.monotonic()

    def boot_seconds(self) -> float:
        return time.monotonic() if _RUNS_IN_SLEEP is None else time.clock_gettime(_RUNS_IN_SLEEP)
