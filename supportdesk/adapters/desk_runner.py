"""Runs the desk on Qt's event loop: events in, notices out, and one timer for what falls due.

It lives on the thread that owns the desk store. The timer is armed for the desk's next wakeup
and for nothing else, so a quiet desk sleeps.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal

from supportdesk.adapters.worker_signals import make_precise
from supportdesk.domain.alerts import AlertRaised, AlertUpdated, AlertWithdrawn, Happened, Notice
from supportdesk.domain.events import Event
from supportdesk.services.desk import Desk
from supportdesk.services.desk_state import Turn
from supportdesk.services.ports import AlertPresenter, Clock

_LONGEST_TIMER_SECONDS = 24 * 3600.0
_AFTER_A_MISTAKE_SECONDS = 10.0


class DeskRunner(QObject):
    """Owns the wakeup timer. Hands notices to the presenter and tells views what changed.

    Signals:
        noticed: A `Notice`, in order.
        changed: A frozenset of `Area`, after the notices of one turn.
        event_seen: Each `Event`, after the desk has folded it in.
    """

    noticed = Signal(object)
    changed = Signal(object)
    event_seen = Signal(object)

    def __init__(
        self,
        *,
        desk: Desk,
        clock: Clock,
        one_transaction: Callable[[], AbstractContextManager[None]],
        presenter: AlertPresenter | None = None,
        parent: QObject | None = None,
    ) -> None:
        """With `one_transaction` around it, a turn is kept whole before anything is told of it."""
        super().__init__(parent)
        self._one_transaction = one_transaction
        self.desk = desk
        self._clock = clock
        self._presenter = presenter
        self._is_stopped = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        make_precise(self._timer)
        self._timer.timeout.connect(self._due)

    def receive(self, event: Event) -> None:
        """Fold one event in; the receiver of the publisher."""
        self.perform(lambda now: self.desk.apply(event, now))
        self.event_seen.emit(event)

    def perform(self, act: Callable[[datetime], Turn]) -> None:
        """Do something with the desk now, and tell what came of it. After `stop`: nothing."""
        if self._is_stopped:
            return
        try:
            with self._one_transaction():
                turn = act(self._clock.now())
        except Exception:
            # Our bug, told by whoever catches what nobody handles. The desk must still wake up.
            self._arm(_AFTER_A_MISTAKE_SECONDS)
            raise
        self._tell(turn)
        self.desk.shown(turn.notices)

    def tell(self, notices: tuple[Notice, ...]) -> None:
        """Tell notices that do not come from the desk, such as a broken settings file."""
        self._tell(Turn(notices=notices))

    def stop(self) -> None:
        """No more wakeups: what the desk is kept in will be closed."""
        self._is_stopped = True
        self._timer.stop()

    def _due(self) -> None:
        self.perform(self.desk.tick)

    def _tell(self, turn: Turn) -> None:
        for notice in turn.notices:
            self._present(notice)
            self.noticed.emit(notice)
        if turn.changed:
            self.changed.emit(turn.changed)
        self._arm()

    def _present(self, notice: Notice) -> None:
        if self._presenter is None:
            return
        match notice:
            case AlertRaised() | AlertUpdated():
                self._presenter.show(notice.alert, is_news=notice.is_news)
            case AlertWithdrawn():
                self._presenter.withdraw(notice.alert.key)
            case Happened():
                pass

    def _arm(self, at_least_seconds: float = 0.0) -> None:
        if self._is_stopped:
            return
        now = self._clock.now()
        left = (self.desk.next_wakeup(now) - now).total_seconds()
        seconds = min(max(left, at_least_seconds), _LONGEST_TIMER_SECONDS)
        # Rounded up: a timer that fires too early would only arm itself again.
        self._timer.start(int(seconds * 1000) + 1)
