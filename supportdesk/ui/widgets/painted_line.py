"""A line of words that is a button: it paints its ground and focus, subclasses their words."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy

from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import RADIUS_CONTROL, Ink
from supportdesk.ui.widgets.canvas import Canvas, is_focus_shown
from supportdesk.ui.widgets.tips import plain_tip


class PaintedLine(QPushButton):
    """As wide as there is room; pressed, hovered and focused as every other button."""

    def __init__(self, theme: Theme, name: str, tip: str) -> None:
        super().__init__()
        self.theme = theme
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        self.setToolTip(plain_tip(tip))

    def paint_words(self, canvas: Canvas, rect: QRectF) -> None:
        raise NotImplementedError

    def paintEvent(self, event: QPaintEvent) -> None:
        with Canvas.over(self.theme, self) as canvas:
            rect = QRectF(self.rect())
            if self.isDown() or self.underMouse():
                canvas.rounded(rect, RADIUS_CONTROL, Ink.PRESSED if self.isDown() else Ink.HOVER)
            self.paint_words(canvas, rect)
            if is_focus_shown(self):
                canvas.focus_ring(rect, RADIUS_CONTROL)
