"""Collects what changed, so that a burst of events is shown once and not event by event."""

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from supportdesk.services.desk_state import Area

SETTLING_MILLISECONDS = 40
_RESTS = 10
"""While news pours in, most of the time is for what the founder does, not for showing it."""
_LONGEST_REST_MILLISECONDS = 300


class DirtyAreas(QObject):
    """One for all that shows the desk: the window and then the tray refresh.

    The timer is not started again by what comes while it runs: under a steady stream views are
    refreshed that often, never put off for ever.

    Signals:
        settled: A frozenset of `Area`, `SETTLING_MILLISECONDS` after the first of them, or later
            when showing the ones before took long and was just now.
    """

    settled = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._areas: frozenset[Area] = frozenset()
        self._since_shown = QElapsedTimer()
        self._rest = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._settle)

    def mark(self, areas: frozenset[Area]) -> None:
        """These are to be read anew."""
        if not areas:
            return
        self._areas |= areas
        if not self._timer.isActive():
            self._timer.start(max(SETTLING_MILLISECONDS, self._rest_left()))

    def stop(self) -> None:
        """Nothing is told any more."""
        self._timer.stop()
        self._areas = frozenset()

    def _rest_left(self) -> int:
        return self._rest - self._since_shown.elapsed() if self._since_shown.isValid() else 0

    def _settle(self) -> None:
        areas, self._areas = self._areas, frozenset()
        self._since_shown.start()
        self.settled.emit(areas)
        self._rest = min(_LONGEST_REST_MILLISECONDS, self._since_shown.elapsed() * _RESTS)
