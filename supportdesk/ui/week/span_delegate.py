"""One span of the log: time, kind, what, how; counted at the right, dropped and why in amber.

What a hand wrote or changed has a dashed edge, a mark, and what it was before.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPen

from supportdesk.ui.rows import SpanKind, SpanRow
from supportdesk.ui.theme.tokens import RADIUS_CARD, Ink, TypeRole
from supportdesk.ui.widgets.canvas import Canvas
from supportdesk.ui.widgets.row_list import RowDelegate, RowState

_ICONS = {
    SpanKind.READ: "mail",
    SpanKind.REPLY: "reply",
    SpanKind.TALK: "phone-in",
    SpanKind.ROBOT: "robot",
}
_NOTHING = "0:00"
_BY_HAND_MARK = 13
_DASHES = (4, 3)
_EDGE_INSET = 2


class SpanDelegate(RowDelegate):
    """48 px at 10 pt; large text puts the dropped seconds on a line of their own."""

    inset = 4

    def row_height(self, row: object, width: int) -> float:
        theme = self.theme
        height = theme.gap(17) + 2 * theme.metrics().height()
        if theme.is_large and isinstance(row, SpanRow) and row.dropped_line:
            height += theme.metrics(TypeRole.CAPTION).height() + 2
        return height

    def paint_row(self, canvas: Canvas, rect: QRectF, row: object, state: RowState) -> None:
        if not isinstance(row, SpanRow):
            return
        theme = self.theme
        metrics = theme.metrics()
        base = rect.y() + theme.gap(9) + metrics.ascent()
        x = rect.x() + theme.gap(14)
        canvas.text(x, base, row.time_label, TypeRole.BODY, Ink.TEXT2, tabular=True)
        # In a list of several days the weekday stands before the time, of any width.
        widest = "00:00" if len(row.time_label) <= len("00:00") else "Wed 00:00"
        x += metrics.horizontalAdvance(widest) + theme.gap(14)
        size = theme.mark(17)
        mark_top = base - metrics.ascent() / 2 - size / 2 + 1
        canvas.icon(_ICONS[row.kind], Ink.TEXT2, x, mark_top, size)
        x += size + theme.gap(12)
        right = rect.right() - theme.gap(16)
        ink = Ink.TEXT3 if row.counted_label == _NOTHING else Ink.TEXT
        counted = canvas.text_right(right, base, row.counted_label, TypeRole.BODY_B, ink) + 12
        if row.before:
            end = right - counted
            counted += canvas.text_right(end, base, row.before, TypeRole.CAPTION, Ink.TEXT2) + 12
        canvas.text(x, base, row.what, width=right - counted - x)
        self._paint_how(canvas, row, x, base + metrics.height(), right)
        if row.is_by_hand:
            self._paint_edge(canvas, rect)
        elif state.has_line:
            canvas.line(x, rect.bottom(), right, rect.bottom())

    def _paint_how(self, canvas: Canvas, row: SpanRow, x: float, base: float, right: float) -> None:
        if row.is_by_hand:
            size = self.theme.mark(_BY_HAND_MARK)
            top = base - self.theme.metrics(TypeRole.CAPTION).ascent() / 2 - size / 2 + 1
            canvas.icon("note", Ink.TEXT2, x, top, size)
            x += size + 4
        how = canvas.text(x, base, row.how, TypeRole.CAPTION, Ink.TEXT2, width=right - x)
        if self.theme.is_large:
            base += self.theme.metrics(TypeRole.CAPTION).height() + 2
            canvas.text(x, base, row.dropped_line, TypeRole.CAPTION, Ink.AMBER, width=right - x)
        else:
            room = right - x - how - 16
            canvas.text_right(
                right, base, row.dropped_line, TypeRole.CAPTION, Ink.AMBER, width=room
            )

    def _paint_edge(self, canvas: Canvas, rect: QRectF) -> None:
        pen = QPen(self.theme.colour(Ink.EDGE), 1)
        pen.setDashPattern(_DASHES)
        canvas.painter.setPen(pen)
        canvas.painter.setBrush(Qt.BrushStyle.NoBrush)
        side = self.inset + _EDGE_INSET
        edge = rect.adjusted(side + 0.5, 2.5, -side - 0.5, -2.5)
        canvas.painter.drawRoundedRect(edge, RADIUS_CARD, RADIUS_CARD)
