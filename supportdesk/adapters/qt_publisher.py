"""The one crossing from workers to the GUI thread: a queued Qt signal that carries one event."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot

from supportdesk.domain.events import Event


class QtPublisher(QObject):
    """Publisher port. Made on the GUI thread, which also runs the receiver.

    Events of one thread arrive in the order in which that thread published them. After `close`
    events are dropped: a worker that ends late has nobody left to tell.
    """

    _published = Signal(object)

    def __init__(self, receiver: Callable[[Event], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._receiver: Callable[[Event], None] | None = receiver
        # Queued also within the GUI thread: a handler never runs inside another handler.
        self._published.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def publish(self, event: Event) -> None:
        if self._receiver is not None:
            self._published.emit(event)

    def close(self) -> None:
        self._receiver = None

    @Slot(object)
    def _deliver(self, event: Event) -> None:
        if self._receiver is not None:
            self._receiver(event)
