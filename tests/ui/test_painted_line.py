"""A line of words that is a button looks pressed while it is, and has its name."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from supportdesk.ui.inbox.message_lines import LineButton
from supportdesk.ui.inbox.person_card import FactButton
from supportdesk.ui.rows import MessageLine, PersonFact, PersonLine
from supportdesk.ui.theme import Theme
from supportdesk.ui.theme.tokens import Ink

LINE = MessageLine(key="m", who="Ingrid Solheim", when="Fri 20 Nov", first_words="Third Friday")
FACT = PersonLine(fact=PersonFact.MAIL, label="Mail", text="Tue: “Flour”", key="m")


def ground(button: QPushButton) -> str:
    return button.grab().toImage().pixelColor(button.width() // 2, 3).name().upper()


def test_lines_look_and_are_called_alike(theme: Theme, qtbot: QtBot) -> None:
    lines = [LineButton(theme, LINE), FactButton(theme, FACT)]
    for line in lines:
        qtbot.addWidget(line)
        line.resize(QSize(500, 34))
        at_rest = ground(line)
        line.setDown(True)
        assert ground(line) == theme.hex(Ink.PRESSED).upper() != at_rest
    assert [line.accessibleName() for line in lines] == [
        "Open the message of Ingrid Solheim, Fri 20 Nov, Third Friday",
        "Open Mail, Tue: “Flour”",
    ]
    assert [line.toolTip() for line in lines] == ["Ingrid Solheim, Fri 20 Nov", "Tue: “Flour”"]
