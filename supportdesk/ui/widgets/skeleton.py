"""What stands where words will be: still lines after 300 ms, a sentence after 3 s (no spinner)."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import RADIUS_CHIP, Ink, TypeRole
from supportdesk.ui.widgets.box import column
from supportdesk.ui.widgets.canvas import Canvas
from supportdesk.ui.widgets.label import Label

_LINES_AFTER_MS = 300
_WORDS_AFTER_MS = 3000
_LINES = (0.94, 0.99, 0.9, 0.55)


class _Lines(QWidget):
    """Bars where lines of text will be; they do not move."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._step = theme.metrics(TypeRole.READ).height() + theme.gap(8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(240, int(self._step * len(_LINES)))

    def paintEvent(self, event: QPaintEvent) -> None:
        height = self._step * 0.45
        with Canvas.over(self._theme, self) as canvas:
            for number, share in enumerate(_LINES):
                rect = QRectF(0, number * self._step + height / 2, self.width() * share, height)
                canvas.rounded(rect, RADIUS_CHIP, Ink.HOVER)


class Skeleton(QWidget):
    """Shows nothing of itself while the wait is too short to notice."""

    def __init__(self, theme: Theme, words: str) -> None:
        super().__init__()
        self.setAccessibleName(words)
        self._lines = _Lines(theme)
        self._words = Label(theme, words, ink=Ink.TEXT2).wrapping()
        column(theme, self._words, self._lines, gap=8, inside=self)
        self._words.hide()
        self._lines.hide()
        self._later(_LINES_AFTER_MS, self._lines)
        self._later(_WORDS_AFTER_MS, self._words)

    def _later(self, milliseconds: int, widget: QWidget) -> None:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(widget.show)
        timer.start(milliseconds)
