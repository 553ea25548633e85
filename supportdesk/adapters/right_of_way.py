"""Who goes first when the founder scrolls: the window, before work that nobody waits for.

Texts read ahead and the index of the search keep a processor, the interpreter and the disk busy
for a minute after a first listing. Each frame of a list that is being scrolled would wait for them.
"""

from supportdesk.services.ports import Clock

_AFTER_A_MOVE_SECONDS = 1.0


class RightOfWay:
    """Taken on the GUI thread, looked at by any thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._taken_until = 0.0

    def take(self) -> None:
        """The founder has just scrolled, and may well go on."""
        self._taken_until = self._clock.monotonic_seconds() + _AFTER_A_MOVE_SECONDS

    @property
    def seconds_left(self) -> float:
        """For how long to leave the machine to the window; 0 when nobody scrolls."""
        return max(0.0, self._taken_until - self._clock.monotonic_seconds())
