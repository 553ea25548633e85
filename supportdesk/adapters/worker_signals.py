"""Signals that a thread of its own emits; at the end of the program their owner may be gone."""

import contextlib

from PySide6.QtCore import SignalInstance


def emit_if_heard(signal: SignalInstance, *values: object) -> None:
    """Emit from any thread; once Qt has taken the owner apart nobody waits for the word."""
    with contextlib.suppress(RuntimeError):
        signal.emit(*values)
