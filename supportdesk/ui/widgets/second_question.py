"""The question before something is deleted for good: what goes, what stays, and a way back."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QWidget

from supportdesk.ui.rows import ButtonRank
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.box import STRETCH, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.label import Label

_WIDTH = 460


class SecondQuestion(QDialog):
    """Keeping it is what Enter and Escape do.

    Args of the constructor:
        title: Of the window.
        question: As a title, with its question mark.
        goes: Sentences on what goes.
        stays: Sentences on what stays.
        keep: The button that leaves all as it is.
        delete: The other.
    """

    agreed = Signal()

    def __init__(
        self,
        theme: Theme,
        parent: QWidget | None,
        *,
        title: str,
        question: str,
        goes: str,
        stays: str,
        keep: str,
        delete: str,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        keeping = Button(theme, keep, ButtonRank.PRIMARY)
        keeping.setDefault(True)
        keeping.clicked.connect(self.reject)
        deleting = Button(theme, delete, icon="close")
        deleting.setAutoDefault(False)
        deleting.clicked.connect(self._on_delete)
        column(
            theme,
            Label(theme, question, TypeRole.TITLE).wrapping(),
            Label(theme, goes).wrapping(),
            Label(theme, stays, ink=Ink.TEXT2).wrapping(),
            STRETCH,
            row(theme, STRETCH, deleting, keeping),
            gap=8,
            margins=(24, 20, 24, 20),
            inside=self,
        )
        self.setFixedWidth(theme.mark(_WIDTH))
        keeping.setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        layout = self.layout()
        if layout is not None:
            layout.invalidate()
            layout.activate()
            self.resize(self.width(), layout.totalHeightForWidth(self.width()))

    def _on_delete(self) -> None:
        self.agreed.emit()
        self.accept()
