"""Bars by day over one scale; a day opens by click, arrows or Enter."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from supportdesk.ui.rows import DayBar, SpanChoice
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.week.day_column import BarScale, DayColumn
from supportdesk.ui.week.roving import rove_to
from supportdesk.ui.widgets.canvas import Canvas

_DAYS = 7
_NICE_STEPS = (2, 3, 4, 5, 10, 15, 20, 30, 60, 120, 240)


def scale_top(most: float) -> float:
    """The upper end of the scale: two nice steps that hold the longest day."""
    for step in _NICE_STEPS:
        if most <= 2 * step:
            return 2.0 * step
    return 2 * math.ceil(most / 2)


class DayBars(QWidget):
    """Totals on top, 0 written out for past days, future days empty.

    Signals:
        chosen: SpanChoice.
        opened: The founder wants to go on in the spans.
    """

    chosen = Signal(object)
    opened = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._top_value = scale_top(0)
        self.setMinimumHeight(theme.mark(190))
        self.setAccessibleName("Minutes by day")
        self._columns = [DayColumn(theme, self) for _ in range(_DAYS)]
        for at, column in enumerate(self._columns):
            column.chosen.connect(self.chosen)
            column.opened.connect(self.opened)
            column.stepped.connect(lambda by, at=at: self._step(at, by))

    def show_days(self, days: Sequence[DayBar], choice: SpanChoice) -> None:
        self._top_value = scale_top(max(day.total_minutes for day in days))
        for column, day in zip(self._columns, days, strict=True):
            column.show_day(day, choice)
        entry = next((one for one in self._columns if one.is_chosen), self._columns[0])
        rove_to(entry, self._columns)
        self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        with Canvas.over(self._theme, self) as canvas:
            metrics = self._theme.metrics(TypeRole.CAPTION)
            left, scale = self._left(), self._scale()
            for value in (0.0, self._top_value / 2, self._top_value):
                y = scale.bottom - value * scale.per_minute
                canvas.line(left, y, self.width(), y, Ink.EDGE if value == 0 else Ink.LINE)
                words = f"{value:g} min" if value == self._top_value else f"{value:g}"
                base = y + metrics.ascent() / 2 - 2
                canvas.text_right(left - 8, base, words, TypeRole.CAPTION, Ink.TEXT3)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    # --- inside ------------------------------------------------------------------------

    def _step(self, at: int, by: int) -> None:
        """To a neighbour or an end, as far as days have come."""
        open_to = [place for place, one in enumerate(self._columns) if one.isEnabled()]
        wanted = max(open_to[0], min(open_to[-1], at + by))
        if wanted != at:
            self._columns[wanted].setFocus()
            self._columns[wanted].choose()

    def _arrange(self) -> None:
        left, scale = self._left(), self._scale()
        width = (self.width() - left) / _DAYS
        for at, column in enumerate(self._columns):
            begin, end = round(left + at * width), round(left + (at + 1) * width)
            column.setGeometry(begin, 0, end - begin, self.height())
            column.use_scale(scale)
        self.update()

    def _scale(self) -> BarScale:
        caption = self._theme.metrics(TypeRole.CAPTION).height()
        top, bottom = caption + 8, self.height() - 2 * caption - 10
        return BarScale(bottom, (bottom - top) / self._top_value)

    def _left(self) -> float:
        return self._theme.metrics(TypeRole.CAPTION).horizontalAdvance("88 min") + 10
