"""A practice day that stands still until a test is ready for it, as long as that may take."""

import asyncio
from collections.abc import Callable
from datetime import datetime

import pytest

from supportdesk.practice import desk
from supportdesk.practice.practice_clock import PracticeClock


class HeldClock(PracticeClock):
    """Shows second 0 until the day begins."""

    def __init__(self, loop: asyncio.AbstractEventLoop, *, now: datetime, speed: float) -> None:
        super().__init__(loop, now=now, speed=speed)
        self._has_begun = asyncio.Event()
        self._held: list[tuple[asyncio.TimerHandle, float, Callable[[], None]]] = []

    def begin(self) -> None:
        """From any thread."""
        self._loop.call_soon_threadsafe(self._begin)

    def elapsed_seconds(self) -> float:
        return super().elapsed_seconds() if self._has_begun.is_set() else 0.0

    def call_at(self, seconds: float, deed: Callable[[], None]) -> asyncio.TimerHandle:
        if self._has_begun.is_set():
            return super().call_at(seconds, deed)
        handle = self._loop.call_later(3600, deed)
        self._held.append((handle, seconds, deed))
        return handle

    async def sleep_until(self, seconds: float) -> None:
        await self._has_begun.wait()
        await super().sleep_until(seconds)

    def _begin(self) -> None:
        self._began_at = self._loop.time()
        self._has_begun.set()
        for handle, seconds, deed in self._held:
            if not handle.cancelled():
                handle.cancel()
                super().call_at(seconds, deed)


class Day:
    """Of the desk that is started next."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._clocks: list[HeldClock] = []
        monkeypatch.setattr(desk, "PracticeClock", self._clock)

    def begin(self) -> None:
        self._clocks[-1].begin()

    def _clock(
        self, loop: asyncio.AbstractEventLoop, *, now: datetime, speed: float
    ) -> PracticeClock:
        self._clocks.append(HeldClock(loop, now=now, speed=speed))
        return self._clocks[-1]
