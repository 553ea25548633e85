"""Signals that a thread of its own emits; at the end of the program their owner may be gone.

They need no `QueuedConnection`: Qt queues by itself what another thread emits. Whoever touches the
`Qt` namespace first has PySide6 make its 1,500 enum members: 1.1 MB, which an idle tray does
without. In the window, which touches it anyway, `Qt` is used like everywhere.
"""

import contextlib

from PySide6.QtCore import QTimer, SignalInstance

_PRECISE_TIMER = 0


def make_precise(timer: QTimer) -> None:
    """To the millisecond: others may be late or early by a twentieth."""
    timer.setProperty("timerType", _PRECISE_TIMER)


def emit_if_heard(signal: SignalInstance, *values: object) -> None:
    """Emit from any thread; once Qt has taken the owner apart nobody waits for the word."""
    with contextlib.suppress(RuntimeError):
        signal.emit(*values)
