"""When to try again: capped exponential delays with jitter, computed from the caller's `now`."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta


class Backoff:
    """Counts failures in a row and names the moment of the next try.

    Delays double from `first_seconds` up to `cap_seconds`. Each is shortened by a random part of
    at most `jitter`, so that many clients of one server do not return in the same instant.
    """

    def __init__(
        self,
        *,
        first_seconds: float = 1.0,
        cap_seconds: float = 60.0,
        jitter: float = 0.2,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._first_seconds = first_seconds
        self._cap_seconds = cap_seconds
        self._jitter = jitter
        self._chance = chance
        self._failures = 0

    @property
    def failures(self) -> int:
        """Failures since the last success."""
        return self._failures

    def failed(
        self, now: datetime, *, at_least_seconds: float = 0.0, cap_seconds: float | None = None
    ) -> datetime:
        """Count a failure and return when to try again.

        A failure of a kind that asks for more patience names its own shortest delay and cap.
        """
        cap = max(self._cap_seconds if cap_seconds is None else cap_seconds, at_least_seconds)
        delay_seconds = self._first_seconds
        for _ in range(self._failures):
            delay_seconds *= 2
            if delay_seconds >= cap:
                break
        self._failures += 1
        delay_seconds = min(max(delay_seconds, at_least_seconds), cap)
        return now + timedelta(seconds=delay_seconds * (1 - self._jitter * self._chance()))

    def succeeded(self) -> None:
        """Start over with the shortest delay."""
        self._failures = 0
