"""The words of what is chosen in a picker, beside its list: to be read, not changed."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QPlainTextEdit

from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import RADIUS_CONTROL, Ink
from supportdesk.ui.widgets.box import Box, column


class ShownWords(QPlainTextEdit):
    """Tab goes on to the next control."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setReadOnly(True)
        self.setFont(theme.font())
        self.setAccessibleName("Its words")
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)

    def framed(self) -> Box:
        """With an edge, to stand beside a list."""
        frame = Box(self._theme, Ink.RAISED, Ink.LINE, radius=RADIUS_CONTROL)
        column(self._theme, self, margins=(6, 4, 3, 4), inside=frame)
        return frame
