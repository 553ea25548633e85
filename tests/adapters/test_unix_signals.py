"""A program that idles in Qt's loop ends when it is asked to."""

import os
import signal
import subprocess
import sys

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.adapters.desktop.unix_signals import UnixSignals

IDLE_PROGRAM = """
import signal, sys
from PySide6.QtCore import QCoreApplication
from supportdesk.adapters.desktop.unix_signals import UnixSignals
app = QCoreApplication([])
signals = UnixSignals()
signals.arrived.connect(lambda number: print("arrived", number, flush=True) or app.quit())
print("ready", flush=True)
app.exec()
signals.close()
print("clean end", flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_an_idle_program_ends_at_once(number: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", IDLE_PROGRAM], stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
        program.send_signal(number)
        said, _ = program.communicate(timeout=30)
    assert said == f"arrived {int(number)}\nclean end\n"
    assert program.returncode == 0


def test_other_signals_are_not_told_and_handlers_come_back(qtbot: QtBot) -> None:
    seen: list[int] = []
    before = signal.getsignal(signal.SIGTERM)
    old_user = signal.signal(signal.SIGUSR1, lambda *_: None)
    signals = UnixSignals()
    signals.arrived.connect(seen.append)
    os.kill(os.getpid(), signal.SIGUSR1)
    os.kill(os.getpid(), signal.SIGTERM)
    qtbot.waitUntil(lambda: bool(seen))
    signals.close()
    signal.signal(signal.SIGUSR1, old_user)
    assert seen == [signal.SIGTERM]
    assert signal.getsignal(signal.SIGTERM) == before
    assert signal.set_wakeup_fd(-1) == -1
