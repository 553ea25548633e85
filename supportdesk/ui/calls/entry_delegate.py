"""Past calls: who, why, what became of it, and what was noted of it."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRectF

from supportdesk.ui.rows import CallEntry, CallMark
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.canvas import Canvas
from supportdesk.ui.widgets.chips import chips_height, paint_chips
from supportdesk.ui.widgets.row_list import RowDelegate, RowState

_MARK = 17
_LEAST_LINE = 48


class _Look(NamedTuple):
    icon: str
    ink: Ink


_LOOKS = {
    CallMark.MISSED: _Look("phone-missed", Ink.BRICK),
    CallMark.DONE: _Look("done", Ink.ACCENT_TEXT),
    CallMark.ANSWERED: _Look("phone", Ink.TEXT2),
    CallMark.TAKEN: _Look("phone-in", Ink.ACCENT_TEXT),
    CallMark.CALLED: _Look("phone-out", Ink.TEXT2),
    CallMark.WAITING: _Look("phone-ring", Ink.AMBER),
    CallMark.UNKNOWN: _Look("deaf", Ink.TEXT3),
    CallMark.GAP: _Look("deaf", Ink.BRICK),
}
_LOUD = (CallMark.MISSED, CallMark.WAITING, CallMark.GAP)


class EntryDelegate(RowDelegate):
    """Open = brick mark and 600; closed = tick and quiet ink."""

    inset = 4

    def row_height(self, row: object, width: int) -> float:
        theme = self.theme
        height = theme.gap(20) + 2 * theme.metrics().height() + 2
        if isinstance(row, CallEntry) and row.note:
            height += theme.metrics().height() + 2
        if isinstance(row, CallEntry) and row.chips:
            room = width - self._left() - theme.gap(16)
            height += theme.gap(5) + chips_height(theme, row.chips, room)
        return height

    def paint_row(self, canvas: Canvas, rect: QRectF, row: object, state: RowState) -> None:
        if not isinstance(row, CallEntry):
            return
        theme = self.theme
        metrics = theme.metrics()
        right = rect.right() - theme.gap(16)
        base = rect.y() + theme.gap(10) + metrics.ascent()
        look = _LOOKS[row.mark]
        mark_top = base - metrics.ascent() + 1
        canvas.icon(look.icon, look.ink, rect.x() + theme.gap(18), mark_top, theme.mark(_MARK))
        x = rect.x() + self._left()
        self._paint_head(canvas, row, x, base, right)
        base += metrics.height() + 2
        self._paint_why(canvas, row, x, base, right)
        if row.note:
            base += metrics.height() + 2
            canvas.text(x, base, f"“{row.note}”", TypeRole.BODY, Ink.TEXT2, width=right - x)
        if row.chips:
            top = base + metrics.descent() + theme.gap(5)
            paint_chips(canvas, x, top, row.chips, right - x)
        if state.has_line:
            canvas.line(x, rect.bottom(), right, rect.bottom())

    def _left(self) -> int:
        return self.theme.gap(18) + self.theme.mark(_MARK) + self.theme.gap(12)

    def _paint_head(
        self, canvas: Canvas, row: CallEntry, x: float, base: float, right: float
    ) -> None:
        caption = self.theme.metrics(TypeRole.CAPTION)
        age_role = TypeRole.CAPTION_B if row.is_hot else TypeRole.CAPTION
        age_ink = Ink.AMBER if row.is_hot else Ink.TEXT2
        age = canvas.text_right(right, base, row.age_label, age_role, age_ink)
        tries = f"{row.tries} tries" if row.tries > 1 else ""
        room = right - x - age - caption.horizontalAdvance(tries) - 20
        is_loud = row.mark in _LOUD
        role = TypeRole.BODY_B if is_loud else TypeRole.BODY
        ink = Ink.TEXT2 if row.mark is CallMark.DONE else Ink.TEXT
        advance = canvas.text(x, base, row.who, role, ink, width=room)
        canvas.text(x + advance + 8, base, tries, TypeRole.CAPTION, Ink.TEXT2, tabular=True)

    def _paint_why(
        self, canvas: Canvas, row: CallEntry, x: float, base: float, right: float
    ) -> None:
        x += canvas.text(x, base, row.why, TypeRole.BODY, Ink.TEXT2, width=right - x) + 12
        room = right - x
        if row.tries_line and room > self.theme.mark(_LEAST_LINE):
            canvas.text(
                x, base, row.tries_line, TypeRole.CAPTION, Ink.TEXT3, width=room, tabular=True
            )
