"""A window of its own for a composer: moved there as it is, and back."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from supportdesk.ui.compose.composer import Composer
from supportdesk.ui.theme.icons import app_icon
from supportdesk.ui.theme.theme import Theme

_EMS_WIDE, _EMS_HIGH = 56, 46
_LEAST_EMS = (34, 24)


class ComposeWindow(QWidget):
    """Holds one composer. Closing it puts the draft away, which keeps it.

    Signals:
        closed: The founder closed it.
    """

    closed = Signal()

    def __init__(self, theme: Theme, composer: Composer) -> None:
        super().__init__()
        self._theme = theme
        self.setWindowIcon(app_icon())
        self.setWindowTitle(composer.title)
        em = theme.em()
        self.setMinimumSize(*(round(ems * em) for ems in _LEAST_EMS))
        room = self.screen().availableSize()
        self.resize(
            min(round(_EMS_WIDE * em), room.width()), min(round(_EMS_HIGH * em), room.height())
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(composer)
        composer.show()
        for keys in ("Ctrl+W", "Ctrl+F4"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.close)

    def closeEvent(self, event: QCloseEvent) -> None:
        event.accept()
        # Of its own accord only: whoever takes the composer away closes it, too.
        if self.findChild(Composer, options=Qt.FindChildOption.FindDirectChildrenOnly) is not None:
            self.closed.emit()
