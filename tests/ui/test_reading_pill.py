"""The small clock in the reader says why it does not count, as the window knows it."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from supportdesk.ui.theme import Theme
from supportdesk.ui.widgets.pill import ClockPill
from tests.fakes.happenings import a_message, after, arrived
from tests.ui.rig import Rig


def _pill(rig: Rig) -> str:
    return rig.window.findChildren(ClockPill)[0].accessibleName()


def test_a_hidden_and_a_minimised_window_say_so(theme: Theme, qtbot: QtBot) -> None:
    rig = Rig(theme, qtbot)
    message = a_message(1, who="Ingrid Solheim", at=after(1))
    rig.desk.apply(arrived(message))
    rig.refresh()
    rig.window.choices.conversation_chosen.emit(message.key)
    rig.window.hide()
    qtbot.waitUntil(lambda: _pill(rig) == "Reading clock: window hidden", timeout=30_000)
    rig.window.setWindowState(Qt.WindowState.WindowMinimized)
    rig.window.show()
    qtbot.waitUntil(lambda: _pill(rig) == "Reading clock: window minimised", timeout=30_000)
