"""How long the GUI thread is held: what an input would wait that came at any moment.

Time for which the kernel let others run although the GUI thread was ready is not counted (Linux
tells it per thread): a bench on a busy machine would measure its neighbours. Waiting for the
interpreter, which a worker holds, is counted.
"""

import os
import threading
import time
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer

from tests.bench.figures import percentile

_BEAT_SECONDS = 0.002


class HoldProbe(QObject):
    """A timer that beats every 2 ms. A beat that comes late tells how long the loop was held.

    It is Python itself, so that a worker's hold on the interpreter counts like any other.
    """

    def __init__(self) -> None:
        super().__init__()
        self._late: list[float] = []
        self._last = 0.0
        self._kept_waiting = _KeptWaiting()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(int(_BEAT_SECONDS * 1000))
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        self._late = []
        self._kept_waiting.news()
        self._last = time.perf_counter()
        self._timer.start()

    def stop(self) -> "Holds":
        self._timer.stop()
        return Holds(self._late)

    def _beat(self) -> None:
        now = time.perf_counter()
        late = now - self._last - _BEAT_SECONDS
        self._late.append(max(0.0, late - self._kept_waiting.news()))
        self._last = now


class _KeptWaiting:
    """For how long the thread that made it was ready to run and did not."""

    def __init__(self) -> None:
        path = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
        self._file = os.open(path, os.O_RDONLY) if path.exists() else None
        self._known = 0

    def news(self) -> float:
        """In seconds, since the last time that this was asked; nothing where nobody tells."""
        if self._file is None:
            return 0.0
        now = int(os.pread(self._file, 64, 0).split()[1])
        news, self._known = now - self._known, now
        return news / 1e9


class Holds:
    """What was measured, in milliseconds."""

    def __init__(self, late: list[float]) -> None:
        self.longest = max(late, default=0.0) * 1000
        self.p99 = percentile(_waits(late), 0.99) * 1000
        self.seconds = sum(late) + len(late) * _BEAT_SECONDS
        self.over_50 = sum(one > 0.05 for one in late)


def _waits(late: list[float]) -> list[float]:
    """What each of evenly coming inputs would have waited: a long hold delays many of them."""
    waits = []
    for one in late:
        waits.append(one)
        left = one - _BEAT_SECONDS
        while left > 0:
            waits.append(left)
            left -= _BEAT_SECONDS
    return waits
