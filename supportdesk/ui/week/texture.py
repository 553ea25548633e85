"""Three kinds of minutes by texture in one hue: read solid, reply hatched, talk hollow."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from supportdesk.ui.rows import SpanKind
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.canvas import Canvas

_STROKE = 1.5
_HATCH = 6
_FILLS = {SpanKind.READ: Ink.ACCENT, SpanKind.REPLY: Ink.SOFT, SpanKind.TALK: Ink.PAGE}


def paint_texture(canvas: Canvas, rect: QRectF, kind: SpanKind) -> None:
    canvas.rounded(rect, 2, _FILLS[kind], Ink.ACCENT, _STROKE)
    if kind is not SpanKind.REPLY:
        return
    painter = canvas.painter
    painter.save()
    path = QPainterPath()
    path.addRoundedRect(rect.adjusted(1, 1, -1, -1), 2, 2)
    painter.setClipPath(path)
    painter.setPen(QPen(canvas.theme.colour(Ink.ACCENT), _STROKE))
    x = rect.x() - rect.height()
    while x < rect.right():
        painter.drawLine(QPointF(x, rect.bottom()), QPointF(x + rect.height(), rect.y()))
        x += _HATCH
    painter.restore()


class LegendEntry(QWidget):
    """A texture and its words: "read 10.1"."""

    def __init__(self, theme: Theme, kind: SpanKind, label: str) -> None:
        super().__init__()
        self._theme = theme
        self._kind = kind
        self._label = label
        metrics = theme.metrics(TypeRole.CAPTION)
        width = theme.mark(14) + 12 + metrics.horizontalAdvance(label)
        self.setFixedSize(int(width), int(metrics.height() + 4))
        self.setAccessibleName(f"{label} min")

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        with Canvas.over(theme, self) as canvas:
            size = theme.mark(13)
            swatch = QRectF(0.5, (self.height() - size) / 2, size, size)
            paint_texture(canvas, swatch, self._kind)
            metrics = theme.metrics(TypeRole.CAPTION)
            base = (self.height() + metrics.ascent() - metrics.descent()) / 2
            canvas.text(size + 7, base, self._label, TypeRole.CAPTION, Ink.TEXT2)
