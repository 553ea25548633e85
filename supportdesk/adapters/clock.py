"""The wall clock and the monotonic clock of this machine."""

import time
from datetime import UTC, datetime


class SystemClock:
    """Clock port on the real clocks; CLOCK_MONOTONIC does not run during sleep on Linux."""

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251 - the one place that may

    def monotonic_seconds(self) -> float:
        return time.monotonic()
