"""SIGTERM and SIGINT into Qt's event loop.

Python runs a signal handler between two bytecodes, and an idle Qt loop runs none: the program
would not end until something else happens. The wakeup descriptor is written from C at once.
"""

import signal
import socket
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, Signal

_WANTED = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGHUP") if hasattr(signal, name)
)


class UnixSignals(QObject):
    """While it lives, the signals that ask a program to end arrive as a Qt signal.

    Signals:
        arrived: The number of the signal.
    """

    arrived = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reading, self._writing = socket.socketpair()
        self._reading.setblocking(False)
        self._writing.setblocking(False)
        self._notifier = QSocketNotifier(self._reading.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)
        self._old_descriptor = signal.set_wakeup_fd(
            self._writing.fileno(), warn_on_full_buffer=False
        )
        self._old_handlers = {number: signal.signal(number, _nothing) for number in _WANTED}

    def close(self) -> None:
        """Give the signals back to what handled them before."""
        for number, handler in self._old_handlers.items():
            signal.signal(number, handler)
        self._old_handlers = {}
        signal.set_wakeup_fd(self._old_descriptor)
        self._notifier.setEnabled(False)
        self._reading.close()
        self._writing.close()

    def _read(self, *_: object) -> None:
        for number in self._reading.recv(64):
            if number in self._old_handlers:
                self.arrived.emit(number)


def _nothing(_number: int, _frame: FrameType | None) -> None:
    """A Python handler has to be there; without one the default would end the program."""
