"""How long the GUI thread is held: the gaps between the ticks of a fast timer on it."""

import time
from collections.abc import Callable

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer

_TICK_SECONDS = 0.001


class Holding(QObject):
    """Counts each turn of the event loop while it runs.

    `held` is the processor time that the GUI thread itself spent in a turn: what others do on
    this machine does not count. `waited` is the time on the wall.
    """

    def __init__(self) -> None:
        super().__init__()
        self.held: list[float] = []
        self.waited: list[float] = []
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(1)
        self._timer.timeout.connect(self._tick)
        self._held = self._waited = 0.0

    def start(self) -> None:
        self._held, self._waited = time.thread_time(), time.perf_counter()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def _tick(self) -> None:
        held, waited = time.thread_time(), time.perf_counter()
        self.held.append(held - self._held)
        self.waited.append(max(0.0, waited - self._waited - _TICK_SECONDS))
        self._held, self._waited = held, waited


def run_until(is_done: Callable[[], bool], *, seconds: float) -> bool:
    """Turn the event loop until it is so; False when it never was."""
    ends_at = time.perf_counter() + seconds
    loop = QEventLoop()
    watch = QTimer()
    watch.timeout.connect(lambda: loop.quit() if _is_over(is_done, ends_at) else None)
    watch.start(5)
    loop.exec()
    watch.stop()
    return is_done()


def _is_over(is_done: Callable[[], bool], ends_at: float) -> bool:
    return is_done() or time.perf_counter() > ends_at
