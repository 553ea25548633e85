"""The one drawing: a cup on the desk, a few strokes of ink. No confetti."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink
from supportdesk.ui.widgets.canvas import Canvas


class Cup(QWidget):
    """Shown where the day is done and where it begins."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._scale = theme.mark(100) / 100
        self.setFixedSize(round(120 * self._scale), round(72 * self._scale))

    def paintEvent(self, event: QPaintEvent) -> None:
        with Canvas.over(self._theme, self) as canvas:
            painter = canvas.painter
            painter.scale(self._scale, self._scale)
            painter.setPen(self._pen(Ink.EDGE))
            painter.drawLine(QPointF(4, 66), QPointF(116, 66))
            painter.setBrush(self._theme.colour(Ink.TINT))
            painter.drawPath(_cup())
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(_handle())
            painter.setPen(self._pen(Ink.ACCENT))
            for x in (53, 66):
                painter.drawPath(_steam(x))

    def _pen(self, ink: Ink) -> QPen:
        return QPen(
            self._theme.colour(ink),
            2,
            Qt.PenStyle.SolidLine,
            Qt.PenCapStyle.RoundCap,
            Qt.PenJoinStyle.RoundJoin,
        )


def _cup() -> QPainterPath:
    path = QPainterPath(QPointF(44, 32))
    path.lineTo(44, 54)
    path.quadTo(44, 64, 54, 64)
    path.lineTo(66, 64)
    path.quadTo(76, 64, 76, 54)
    path.lineTo(76, 32)
    path.closeSubpath()
    return path


def _handle() -> QPainterPath:
    path = QPainterPath(QPointF(76, 38))
    path.cubicTo(90, 36, 90, 56, 76, 54)
    return path


def _steam(x: float) -> QPainterPath:
    path = QPainterPath(QPointF(x, 24))
    path.cubicTo(x - 5, 18, x + 5, 14, x, 7)
    return path
