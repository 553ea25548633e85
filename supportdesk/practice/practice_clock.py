"""The practice day's clock: seconds since the day began, at the speed of the practice."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta


class PracticeClock:
    """Runs on an asyncio loop. Seconds of the script pass `speed` times as fast as real ones."""

    def __init__(self, loop: asyncio.AbstractEventLoop, *, now: datetime, speed: float) -> None:
        self._loop = loop
        self._began_at = loop.time()
        self._now = now
        self._speed = speed

    def elapsed_seconds(self) -> float:
        return (self._loop.time() - self._began_at) * self._speed

    def now(self) -> datetime:
        """The wall clock; it keeps real time, so that mail is never dated in the future."""
        return self._now + timedelta(seconds=self._loop.time() - self._began_at)

    def call_at(self, seconds: float, deed: Callable[[], None]) -> asyncio.TimerHandle:
        """Runs `deed` when the script reaches `seconds`."""
        return self._loop.call_at(self._began_at + seconds / self._speed, deed)

    async def sleep_until(self, seconds: float) -> None:
        """Returns when the script reaches `seconds`, at once if it has."""
        await asyncio.sleep((seconds - self.elapsed_seconds()) / self._speed)
