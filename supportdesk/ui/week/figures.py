"""Figures that open the spans they are made of: the legend's sums and the big ones."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QAbstractButton

from supportdesk.ui.rows import SpanKind
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import RADIUS_CONTROL, Ink, TypeRole
from supportdesk.ui.week.texture import paint_texture
from supportdesk.ui.widgets.canvas import Canvas, is_focus_shown
from supportdesk.ui.widgets.tips import plain_tip

_PAD = 5
_LEAST_HEIGHT = 24


class LegendEntry(QAbstractButton):
    """A texture and its words: "read 10.1". It opens the spans of its kind."""

    def __init__(self, theme: Theme, kind: SpanKind) -> None:
        super().__init__()
        self._theme = theme
        self._kind = kind
        self._is_chosen = False
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_sum(self, minutes: float, *, is_chosen: bool) -> None:
        label = f"{self._kind.value} {minutes:.1f}"
        self.setText(label)
        self.setAccessibleName(f"{label} min")
        self.setAccessibleDescription("on show" if is_chosen else "")
        self.setToolTip(plain_tip(f"Show these {label} minutes of the week"))
        self._is_chosen = is_chosen
        metrics = self._theme.metrics(TypeRole.CAPTION)
        width = self._theme.mark(13) + 8 + metrics.horizontalAdvance(label) + 2 * _PAD
        self.setFixedSize(int(width), int(max(_LEAST_HEIGHT, metrics.height() + 8)))
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        click_or_pass(self, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        with Canvas.over(theme, self) as canvas:
            ground = QRectF(self.rect())
            if self._is_chosen:
                canvas.rounded(ground, RADIUS_CONTROL, Ink.SELECTED)
            elif self.underMouse():
                canvas.rounded(ground, RADIUS_CONTROL, Ink.HOVER)
            size = theme.mark(13)
            swatch = QRectF(_PAD + 0.5, (self.height() - size) / 2, size, size)
            paint_texture(canvas, swatch, self._kind)
            metrics = theme.metrics(TypeRole.CAPTION)
            base = (self.height() + metrics.ascent() - metrics.descent()) / 2
            canvas.text(_PAD + size + 7, base, self.text(), TypeRole.CAPTION, Ink.TEXT2)
            if is_focus_shown(self):
                canvas.focus_ring(ground.adjusted(1, 1, -1, -1), RADIUS_CONTROL)


class FigureButton(QAbstractButton):
    """A big figure that opens what it is made of; without that it is only read."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def show_figure(self, words: str, name: str, tip: str) -> None:
        """A figure without a tip opens nothing."""
        self.setText(words)
        self.setAccessibleName(name)
        self.setToolTip(plain_tip(tip))
        self.setEnabled(bool(tip))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if tip else Qt.FocusPolicy.NoFocus)
        shape = Qt.CursorShape.PointingHandCursor if tip else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)
        metrics = self._theme.metrics(TypeRole.FIGURE)
        self.setFixedSize(math.ceil(metrics.horizontalAdvance(words)), int(metrics.height()))
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        click_or_pass(self, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        with Canvas.over(self._theme, self) as canvas:
            ground = QRectF(self.rect())
            if self.underMouse() and self.isEnabled():
                canvas.rounded(ground, RADIUS_CONTROL, Ink.HOVER)
            base = self._theme.metrics(TypeRole.FIGURE).ascent()
            canvas.text(0, base, self.text(), TypeRole.FIGURE)
            if is_focus_shown(self):
                canvas.focus_ring(ground.adjusted(1, 1, -1, -1), RADIUS_CONTROL)


def click_or_pass(button: QAbstractButton, event: QKeyEvent) -> None:
    """Enter does what Space does; other keys go where Qt sends them."""
    if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        button.click()
    else:
        QAbstractButton.keyPressEvent(button, event)
