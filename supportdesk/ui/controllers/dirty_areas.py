"""Collects what changed, so that a burst of events is shown once and not event by event."""

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from supportdesk.services.desk_state import Area

SETTLING_MILLISECONDS = 40


class DirtyAreas(QObject):
    """One for all that shows the desk: the window and then the tray refresh.

    The timer is not started again by what comes while it runs: under a steady stream views are
    refreshed that often, never put off for ever.

    Signals:
        settled: A frozenset of `Area`, at most `SETTLING_MILLISECONDS` after the first of them.
    """

    settled = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._areas: frozenset[Area] = frozenset()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(SETTLING_MILLISECONDS)
        self._timer.timeout.connect(self._settle)

    def mark(self, areas: frozenset[Area]) -> None:
        """These are to be read anew."""
        if not areas:
            return
        self._areas |= areas
        if not self._timer.isActive():
            self._timer.start()

    def stop(self) -> None:
        """Nothing is told any more."""
        self._timer.stop()
        self._areas = frozenset()

    def _settle(self) -> None:
        areas, self._areas = self._areas, frozenset()
        self.settled.emit(areas)
