"""Three kinds of minutes by texture in one hue: read solid, reply hatched, talk hollow."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath, QPen

from supportdesk.ui.rows import SpanKind
from supportdesk.ui.theme.tokens import Ink
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
