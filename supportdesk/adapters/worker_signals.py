"""Signals that a thread of its own emits; at the end of the program their owner may be gone.

What every tray app needs of the `Qt` namespace is named here without it. Whoever touches `Qt` first
has PySide6 make its 1,500 enum members, 1.1 MB, and an idle tray needs two of them. In the window,
which touches it anyway, `Qt` is used like everywhere.
"""

import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QTimer, SignalInstance

if TYPE_CHECKING:
    from PySide6.QtCore import Qt

_QUEUED_CONNECTION = 2
_PRECISE_TIMER = 0


def connect_queued(signal: SignalInstance, slot: Callable[..., object]) -> None:
    """Call the slot in a turn of the event loop of its own, on the thread of its owner."""
    signal.connect(slot, cast("Qt.ConnectionType", _QUEUED_CONNECTION))


def make_precise(timer: QTimer) -> None:
    """To the millisecond: others may be late or early by a twentieth."""
    timer.setProperty("timerType", _PRECISE_TIMER)


def emit_if_heard(signal: SignalInstance, *values: object) -> None:
    """Emit from any thread; once Qt has taken the owner apart nobody waits for the word."""
    with contextlib.suppress(RuntimeError):
        signal.emit(*values)
