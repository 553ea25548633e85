"""The reading clock: always on show, always says whether it counts and why not."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from supportdesk.ui.rows import ClockView
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.canvas import Canvas
from supportdesk.ui.widgets.tips import plain_tip

_LEAST_HEIGHT = 24


class ClockPill(QWidget):
    """Counting = tint and clock; waiting = outline, two bars and the reason."""

    def __init__(self, theme: Theme, view: ClockView) -> None:
        super().__init__()
        self._theme = theme
        self._view = view
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_clock(view)

    def show_clock(self, view: ClockView) -> None:
        is_longer = len(view.label) != len(self._view.label)
        self._view = view
        self.setAccessibleName(f"Reading clock: {view.label}")
        self.setToolTip(plain_tip(view.why))
        if is_longer:
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        theme = self._theme
        metrics = theme.metrics(TypeRole.CAPTION, tabular=True)
        width = metrics.horizontalAdvance(self._view.label) + theme.mark(15) + theme.gap(22)
        height = max(_LEAST_HEIGHT, metrics.height() + theme.gap(9))
        return QSize(int(width) + 2, int(height))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, is_counting = self._theme, self._view.is_counting
        with Canvas.over(theme, self) as canvas:
            rect = QRectF(self.rect())
            fill, line = (Ink.TINT, None) if is_counting else (None, Ink.EDGE)
            canvas.rounded(rect, rect.height() / 2, fill, line)
            size = theme.mark(15)
            ink = Ink.ACCENT_TEXT if is_counting else Ink.TEXT2
            name = "clock" if is_counting else "pause"
            canvas.icon(name, ink, theme.gap(8), (rect.height() - size) / 2, size)
            metrics = theme.metrics(TypeRole.CAPTION)
            base = rect.center().y() + (metrics.ascent() - metrics.descent()) / 2
            x = theme.gap(8) + size + theme.gap(5)
            canvas.text(x, base, self._view.label, TypeRole.CAPTION, ink, tabular=True)
