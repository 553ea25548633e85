"""What a thread says while the program ends, and before."""

import shiboken6
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from supportdesk.adapters.worker_signals import emit_if_heard


class Owner(QObject):
    said = Signal(str, object)


def test_values_arrive_while_the_owner_lives_and_nothing_is_raised_after(qtbot: QtBot) -> None:
    owner = Owner()
    heard: list[tuple[str, object]] = []
    owner.said.connect(lambda word, value: heard.append((word, value)))
    emit_if_heard(owner.said, "here", None)
    shiboken6.delete(owner)
    emit_if_heard(owner.said, "too late", None)
    assert heard == [("here", None)]
