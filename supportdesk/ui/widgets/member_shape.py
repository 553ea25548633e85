"""The state of a member as a shape first, a colour second: readable in print."""

from __future__ import annotations

from typing import assert_never

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPen

from supportdesk.ui.rows import MemberState
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.canvas import Canvas

_INKS = {
    MemberState.FREE: Ink.ACCENT,
    MemberState.RINGING: Ink.AMBER_MARK,
    MemberState.ON_A_CALL: Ink.TEXT2,
    MemberState.PAUSED: Ink.TEXT3,
    MemberState.GONE: Ink.TEXT3,
    MemberState.UNKNOWN: Ink.BRICK_MARK,
    MemberState.STANDING_BY: Ink.ACCENT,
}


def paint_member_shape(canvas: Canvas, state: MemberState, x: float, y: float, size: int) -> None:
    """Ring, diamond, disc, bars, dash, question mark or square, in a box of `size`."""
    painter = canvas.painter
    colour = canvas.theme.colour(_INKS[state])
    inner = QRectF(x + 1, y + 1, size - 2, size - 2)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, 2))
    match state:
        case MemberState.FREE:
            painter.drawEllipse(inner)
        case MemberState.STANDING_BY:
            painter.drawRoundedRect(inner.adjusted(1, 1, -1, -1), 2, 2)
        case MemberState.ON_A_CALL:
            painter.setBrush(colour)
            painter.drawEllipse(inner)
        case MemberState.RINGING:
            painter.setBrush(colour)
            half = size / 2
            painter.drawPolygon(
                [
                    QPointF(x + half, y),
                    QPointF(x + size, y + half),
                    QPointF(x + half, y + size),
                    QPointF(x, y + half),
                ]
            )
        case MemberState.PAUSED:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            width = size * 0.28
            painter.drawRoundedRect(QRectF(x + size * 0.14, y, width, size), 1.5, 1.5)
            painter.drawRoundedRect(QRectF(x + size * 0.58, y, width, size), 1.5, 1.5)
        case MemberState.GONE:
            painter.drawLine(QPointF(x + 1, y + size / 2), QPointF(x + size - 1, y + size / 2))
        case MemberState.UNKNOWN:
            painter.setPen(colour)
            painter.setFont(canvas.theme.font(TypeRole.BODY_B))
            box = QRectF(x - 4, y - 4, size + 8, size + 8)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "?")
        case _:
            assert_never(state)
