"""A timer for one moment of the clock: what a session names is what Qt waits for."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, QTimer


class DueTimer(QTimer):
    """Rings once; a new moment takes the place of the one before."""

    def __init__(self, act: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self.setSingleShot(True)
        self.timeout.connect(act)

    def wait_until(self, due_at: datetime, now: datetime) -> None:
        """Ring then, or in the next turn of the event loop if that is over."""
        self.start(max(0, round((due_at - now).total_seconds() * 1000)))
