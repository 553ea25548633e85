"""The one crossing from workers to the GUI thread: a queue of events that a Qt signal announces."""

import threading
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, Slot

from supportdesk.domain.events import Event

_LONGEST_TURN_MILLISECONDS = 4


class QtPublisher(QObject):
    """Publisher port. Made on the GUI thread, which also runs the receiver.

    Events of one thread arrive in the order in which that thread published them. Of many at once
    the rest comes in turns of its own, between which the window paints and takes keys; Qt would
    deliver as many queued signals as there are in one. After `close` events are dropped: a worker
    that ends late has nobody left to tell.
    """

    _published = Signal()

    def __init__(self, receiver: Callable[[Event], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._receiver: Callable[[Event], None] | None = receiver
        self._waiting: deque[Event] = deque()
        self._turn = QElapsedTimer()
        self._next_turn = QTimer(self)
        self._next_turn.setSingleShot(True)
        self._next_turn.timeout.connect(self._deliver)
        self._gui_thread = threading.get_ident()
        self._published.connect(self._announced)

    def publish(self, event: Event) -> None:
        if self._receiver is not None:
            self._waiting.append(event)
            if threading.get_ident() != self._gui_thread:
                self._published.emit()
            elif not self._next_turn.isActive():
                # Also within the GUI thread a handler never runs inside another handler.
                self._next_turn.start()

    def close(self) -> None:
        self._receiver = None
        self._waiting.clear()

    @Slot()
    def _announced(self) -> None:
        if not self._next_turn.isActive():
            self._deliver()

    @Slot()
    def _deliver(self) -> None:
        self._turn.start()
        self._next_turn.start()  # also when the receiver fails: what waits is not lost
        while self._waiting and self._receiver is not None:
            self._receiver(self._waiting.popleft())
            if self._turn.elapsed() >= _LONGEST_TURN_MILLISECONDS:
                break
        if not self._waiting:
            self._next_turn.stop()
