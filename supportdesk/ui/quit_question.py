"""The question before quitting while an answer is counted down or being written."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QWidget

from supportdesk.ui.rows import ButtonRank
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.box import STRETCH, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.label import Label

_WIDTH = 480


class QuitChoice(Enum):
    """What the founder wants of it."""

    SEND_NOW = "send-now"
    KEEP = "keep"
    STAY = "stay"


class QuitQuestion(QDialog):
    """Staying is what Enter and Escape do.

    Signals:
        chosen: A `QuitChoice`; the dialog stays until `accept` or `reject`.
    """

    chosen = Signal(object)

    def __init__(
        self, theme: Theme, parent: QWidget | None, *, question: str, text: str, can_send: bool
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Quit supportdesk")
        self._question = Label(theme, question, TypeRole.TITLE).wrapping()
        self._text = Label(theme, text, ink=Ink.TEXT2).wrapping()
        stay = Button(theme, "Stay", ButtonRank.PRIMARY)
        stay.setDefault(True)
        self._keep = Button(theme, "Keep as draft and quit")
        self._send = Button(theme, "Send now and quit", icon="send")
        buttons = [self._send, self._keep, stay]
        for button, choice in zip(buttons, QuitChoice, strict=True):
            button.clicked.connect(lambda _=False, one=choice: self.chosen.emit(one))
        for other in (self._keep, self._send):
            other.setAutoDefault(False)
        self._send.setVisible(can_send)
        column(
            theme,
            self._question,
            self._text,
            STRETCH,
            row(theme, STRETCH, *buttons),
            gap=8,
            margins=(24, 20, 24, 20),
            inside=self,
        )
        self.setFixedWidth(theme.mark(_WIDTH))
        stay.setFocus(Qt.FocusReason.OtherFocusReason)

    def say(self, question: str, text: str, keep: str) -> None:
        """It goes on, or did not go: other words, and no other try from here."""
        self._question.setText(question)
        self._text.setText(text)
        self._keep.set_label(keep)
        self._send.hide()
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    def reject(self) -> None:
        """Escape, or the frame's button."""
        self.chosen.emit(QuitChoice.STAY)
        super().reject()

    def _fit(self) -> None:
        layout = self.layout()
        if layout is not None:
            layout.invalidate()
            layout.activate()
            self.resize(self.width(), layout.totalHeightForWidth(self.width()))
