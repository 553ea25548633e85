"""The window stays at hand while mail pours in: no step of the GUI thread is long.

Measured in processor time of this thread, so that a busy machine does not fail the test.
"""

import time
from functools import partial

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from supportdesk.domain.events import MessageChanged
from supportdesk.domain.mail import MessageSummary
from supportdesk.ui.rows import ConversationRow
from supportdesk.ui.theme import Theme
from tests.fakes.happenings import a_message, after, arrived
from tests.ui.test_controllers import Rig

_LONGEST_STEP_SECONDS = 0.05
_BURST = 100


class Heartbeat:
    """Remembers the longest stretch of work between two turns of the event loop."""

    def __init__(self, qtbot: QtBot) -> None:
        self._qtbot = qtbot
        self.beats = 0
        self.longest_seconds = 0.0
        self._last = time.thread_time()
        self._timer = QTimer()
        self._timer.timeout.connect(self._beat)
        self._timer.start(1)

    def start(self) -> None:
        self._last, self.longest_seconds = time.thread_time(), 0.0

    def wait(self, beats: int) -> None:
        wanted = self.beats + beats
        self._qtbot.waitUntil(lambda: self.beats >= wanted, timeout=20_000)

    def _beat(self) -> None:
        now = time.thread_time()
        self.beats += 1
        self.longest_seconds = max(self.longest_seconds, now - self._last)
        self._last = now


def _with_text(message: MessageSummary) -> MessageSummary:
    return a_message(message.address.uid, at=message.arrived_at, preview="The flour is late.")


def _first_words(rig: Rig) -> list[str]:
    listed = rig.window._shown.inbox.rows
    return [row.first_words for row in listed if isinstance(row, ConversationRow)]


@pytest.mark.parametrize("waiting", [300, 1800])
def test_a_burst_of_mail_is_taken_in_small_steps(theme: Theme, qtbot: QtBot, waiting: int) -> None:
    rig = Rig(theme, qtbot)
    rig.desk.apply(arrived(*(a_message(uid, at=after(uid)) for uid in range(1, waiting))))
    rig.refresh()
    rig.controller.open_item(a_message(10).key)
    heart = Heartbeat(qtbot)
    heart.wait(100)
    heart.start()
    burst = [a_message(waiting + number, at=after(-number)) for number in range(_BURST)]
    for message in burst:
        rig.acts.perform(partial(rig.desk.desk.apply, arrived(message)))
    for message in burst:
        changed = MessageChanged(message=_with_text(message), at=after(0))
        rig.acts.perform(partial(rig.desk.desk.apply, changed))
        heart.wait(1)
    qtbot.waitUntil(lambda: _first_words(rig).count("The flour is late.") == _BURST)
    heart.wait(50)
    assert heart.longest_seconds < _LONGEST_STEP_SECONDS
