"""The second question before the whole reading log is deleted."""

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
_STAYS = (
    "Mail, calls and notes stay, and so do your goal and your days off. What you have exported and"
    " the log of another computer stay where they are."
)


class DeleteLogDialog(QDialog):
    """Keeping the log is what Enter and Escape do."""

    agreed = Signal()

    def __init__(self, theme: Theme, what_goes: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Delete everything I logged")
        words = f"This deletes {what_goes}, with every correction. It cannot be undone."
        keep = Button(theme, "Keep the log", ButtonRank.PRIMARY)
        keep.setDefault(True)
        keep.clicked.connect(self.reject)
        delete = Button(theme, "Delete all of it", icon="close")
        delete.setAutoDefault(False)
        delete.clicked.connect(self._on_delete)
        column(
            theme,
            Label(theme, "Delete everything you logged?", TypeRole.TITLE).wrapping(),
            Label(theme, words).wrapping(),
            Label(theme, _STAYS, ink=Ink.TEXT2).wrapping(),
            STRETCH,
            row(theme, STRETCH, delete, keep),
            gap=8,
            margins=(24, 20, 24, 20),
            inside=self,
        )
        self.setFixedWidth(theme.mark(_WIDTH))
        keep.setFocus(Qt.FocusReason.OtherFocusReason)

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
