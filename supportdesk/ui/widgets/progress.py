"""A thread toward a goal. The text beside it always says the number."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink
from supportdesk.ui.widgets.canvas import Canvas


class Progress(QWidget):
    """A share of a goal as a filled thread; `width` None takes the room there is."""

    def __init__(
        self, theme: Theme, share: float, *, width: int | None = 72, height: int = 6
    ) -> None:
        super().__init__()
        self._theme = theme
        self._share = min(1.0, max(0.0, share))
        self.setFixedHeight(theme.mark(height))
        if width is None:
            self.setMinimumWidth(10)
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        else:
            self.setFixedWidth(theme.mark(width))

    def set_share(self, share: float) -> None:
        self._share = min(1.0, max(0.0, share))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with Canvas.over(self._theme, self) as canvas:
            rect = QRectF(self.rect())
            radius = rect.height() / 2
            canvas.rounded(rect, radius, None, Ink.EDGE)
            if self._share > 0:
                filled = max(rect.width() * self._share, rect.height())
                canvas.rounded(QRectF(0, 0, filled, rect.height()), radius, Ink.ACCENT)
