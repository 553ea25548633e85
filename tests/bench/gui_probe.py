"""How long the GUI thread is held: what an input would wait that came at any moment.

Linux tells for each thread how long it was ready to run and did not, because the kernel let others
run. That time of the GUI thread is not counted, and neither is the longest such time of a worker
meanwhile, which may have held the interpreter just then: a bench on a busy machine would measure
its neighbours. `raw` figures count everything.
"""

import os
import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer

from tests.bench.figures import percentile

_BEAT_SECONDS = 0.002
_LOOK_FOR_THREADS = 250
_TASKS = Path("/proc/self/task")


class HoldProbe(QObject):
    """A timer that beats every 2 ms. A beat that comes late tells how long the loop was held.

    It is Python itself, so that a worker's hold on the interpreter counts like any other.
    """

    def __init__(self) -> None:
        super().__init__()
        self._raw: list[float] = []
        self._late: list[float] = []
        self._last = 0.0
        self._kept_waiting = KeptWaiting()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(int(_BEAT_SECONDS * 1000))
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        self._raw, self._late = [], []
        self._kept_waiting.news()
        self._last = time.perf_counter()
        self._timer.start()

    def stop(self) -> "Holds":
        self._timer.stop()
        return Holds(self._late, self._raw)

    def _beat(self) -> None:
        now = time.perf_counter()
        late = max(0.0, now - self._last - _BEAT_SECONDS)
        self._raw.append(late)
        self._late.append(max(0.0, late - self._kept_waiting.news()))
        self._last = now


class KeptWaiting:
    """For how long threads of this process were ready to run and did not."""

    def __init__(self) -> None:
        self._files: dict[str, int] = {}
        self._known: dict[str, int] = {}
        self._asked = 0
        self._own = str(os.getpid())

    def news(self) -> float:
        """In seconds, since the last time that this was asked; nothing where nobody tells."""
        if self._asked % _LOOK_FOR_THREADS == 0:
            self._look_for_threads()
        self._asked += 1
        waited = {thread: self._of(thread) for thread in list(self._files)}
        own = waited.pop(self._own, 0)
        return (own + max(waited.values(), default=0)) / 1e9

    def _of(self, thread: str) -> int:
        try:
            now = int(os.pread(self._files[thread], 64, 0).split()[1])
        except (OSError, IndexError):  # it has ended
            os.close(self._files.pop(thread))
            return 0
        waited = now - self._known.get(thread, now)
        self._known[thread] = now
        return waited

    def _look_for_threads(self) -> None:
        if not _TASKS.exists():
            return
        for task in _TASKS.iterdir():
            if task.name not in self._files:
                try:
                    self._files[task.name] = os.open(task / "schedstat", os.O_RDONLY)
                except OSError:
                    continue  # it has ended


class Holds:
    """What was measured, in milliseconds."""

    def __init__(self, late: Sequence[float], raw: Sequence[float]) -> None:
        self.longest = max(late, default=0.0) * 1000
        self.p99 = percentile(_waits(late), 0.99) * 1000
        self.raw_longest = max(raw, default=0.0) * 1000
        self.raw_p99 = percentile(_waits(raw), 0.99) * 1000
        self.seconds = sum(raw) + len(raw) * _BEAT_SECONDS


def _waits(late: Sequence[float]) -> list[float]:
    """What each of evenly coming inputs would have waited: a long hold delays many of them."""
    waits = []
    for one in late:
        waits.append(one)
        left = one - _BEAT_SECONDS
        while left > 0:
            waits.append(left)
            left -= _BEAT_SECONDS
    return waits
