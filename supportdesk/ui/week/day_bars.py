"""Bars by day; a day opens by click, arrows or Enter."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QWidget

from supportdesk.ui.rows import DayBar, SpanKind
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import RADIUS_CARD, Ink, TypeRole
from supportdesk.ui.week.texture import paint_texture
from supportdesk.ui.widgets.canvas import Canvas, is_focus_shown

_WIDEST_BAR = 44
_GAP = 2
_NICE_STEPS = (2, 3, 4, 5, 10, 15, 20, 30, 60, 120, 240)


def scale_top(most: float) -> float:
    """The upper end of the scale: two nice steps that hold the longest day."""
    for step in _NICE_STEPS:
        if most <= 2 * step:
            return 2.0 * step
    return 2 * math.ceil(most / 2)


class DayBars(QWidget):
    """Totals on top, 0 written out for past days, future days empty."""

    day_chosen = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._days: tuple[DayBar, ...] = ()
        self._chosen: date | None = None
        self.setMinimumHeight(theme.mark(190))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)

    def show_days(self, days: Sequence[DayBar], chosen: date) -> None:
        self._days = tuple(days)
        self._chosen = chosen
        words = next((day.accessible_text for day in days if day.day == chosen), "")
        self.setAccessibleName(f"Minutes by day. Chosen: {words}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._days:
            return
        with Canvas.over(self._theme, self) as canvas:
            top_value = scale_top(max(day.total_minutes for day in self._days))
            self._paint_scale(canvas, top_value)
            for position, day in enumerate(self._days):
                self._paint_day(canvas, position, day, top_value)
            if is_focus_shown(self):
                place = self._column(self._chosen_position())
                canvas.focus_ring(place.adjusted(1, 1, -1, -1), RADIUS_CARD)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._choose(self._position_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        position = self._position_at(event.position().x())
        is_open = 0 <= position < len(self._days) and not self._days[position].is_future
        shape = Qt.CursorShape.PointingHandCursor if is_open else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)
        self.setToolTip(self._days[position].accessible_text if is_open else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        self._choose(self._chosen_position() + step)

    # --- where things are --------------------------------------------------------------

    def _left(self) -> float:
        return self._theme.metrics(TypeRole.CAPTION).horizontalAdvance("88 min") + 10

    def _top(self) -> float:
        return self._theme.metrics(TypeRole.CAPTION).height() + 8

    def _bottom(self) -> float:
        return self.height() - 2 * self._theme.metrics(TypeRole.CAPTION).height() - 10

    def _column(self, position: int) -> QRectF:
        width = (self.width() - self._left()) / max(1, len(self._days))
        return QRectF(self._left() + position * width + 3, 0, width - 6, self.height())

    def _position_at(self, x: float) -> int:
        width = (self.width() - self._left()) / max(1, len(self._days))
        return int((x - self._left()) // width) if width > 0 else -1

    def _chosen_position(self) -> int:
        days = [day.day for day in self._days]
        return days.index(self._chosen) if self._chosen in days else 0

    def _choose(self, position: int) -> None:
        if 0 <= position < len(self._days) and not self._days[position].is_future:
            self.day_chosen.emit(self._days[position].day)

    # --- painting ----------------------------------------------------------------------

    def _paint_scale(self, canvas: Canvas, top_value: float) -> None:
        metrics = self._theme.metrics(TypeRole.CAPTION)
        left, bottom = self._left(), self._bottom()
        per_minute = (bottom - self._top()) / top_value
        for value in (0.0, top_value / 2, top_value):
            y = bottom - value * per_minute
            canvas.line(left, y, self.width(), y, Ink.EDGE if value == 0 else Ink.LINE)
            words = f"{value:g} min" if value == top_value else f"{value:g}"
            base = y + metrics.ascent() / 2 - 2
            canvas.text_right(left - 8, base, words, TypeRole.CAPTION, Ink.TEXT3)

    def _paint_day(self, canvas: Canvas, position: int, day: DayBar, top_value: float) -> None:
        place = self._column(position)
        bottom = self._bottom()
        if day.day == self._chosen:
            canvas.rounded(place, RADIUS_CARD, Ink.SELECTED)
            canvas.line(place.left(), bottom, place.right(), bottom, Ink.EDGE)
        top = self._paint_bar(canvas, place, day, (bottom - self._top()) / top_value)
        centre = place.center().x()
        if day.total_minutes > 0:
            words = f"{day.total_minutes:.1f}"
            canvas.text_centred(centre, top - 6, words, TypeRole.CAPTION_B, Ink.TEXT)
        elif not day.is_future:
            canvas.text_centred(centre, bottom - 6, "0", TypeRole.CAPTION, Ink.TEXT3)
        self._paint_names(canvas, centre, day)

    def _paint_bar(self, canvas: Canvas, place: QRectF, day: DayBar, per_minute: float) -> float:
        """Stacks the kinds from the base line; returns the top of the stack."""
        width = min(self._theme.mark(_WIDEST_BAR), (place.width() + 6) * 0.56)
        y = self._bottom()
        kinds = (
            (SpanKind.READ, day.read_minutes),
            (SpanKind.REPLY, day.reply_minutes),
            (SpanKind.TALK, day.talk_minutes),
        )
        for kind, minutes in kinds:
            if minutes > 0:
                height = max(4.0, minutes * per_minute - _GAP)
                x = place.center().x() - width / 2
                paint_texture(canvas, QRectF(x, y - height, width, height), kind)
                y -= height + _GAP
        return y

    def _paint_names(self, canvas: Canvas, centre: float, day: DayBar) -> None:
        metrics = self._theme.metrics(TypeRole.CAPTION)
        is_chosen = day.day == self._chosen
        role = TypeRole.CAPTION_B if is_chosen else TypeRole.CAPTION
        ink = Ink.TEXT3 if day.is_future else Ink.TEXT2
        ink = Ink.ACCENT_TEXT if is_chosen else ink
        base = self._bottom() + 6 + metrics.ascent()
        canvas.text_centred(centre, base, day.weekday, role, ink)
        canvas.text_centred(centre, base + metrics.height(), day.number, role, ink)
