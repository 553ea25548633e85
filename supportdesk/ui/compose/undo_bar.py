"""Across the window while a message is about to go: how long it can be taken back, and by what."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from supportdesk.ui.rows import ButtonRank
from supportdesk.ui.rows.composer import UndoView
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.box import Box, Edge, clear, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.canvas import Canvas
from supportdesk.ui.widgets.label import Elided

_RING = 30
_TICK_MS = 250
_DEGREE = 16
_MOST_SECONDS = 99


class UndoBar(Box):
    """Hidden until it is shown something. It never takes the keyboard.

    Signals:
        undo_asked, send_now_asked: draft_id.
    """

    undo_asked = Signal(str)
    send_now_asked = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, Ink.TINT, edges=Edge.TOP)
        self._view: UndoView | None = None
        self._left = QElapsedTimer()
        self._ring = CountRing(theme)
        self._words = Elided(theme, "", TypeRole.BODY_B, Ink.ACCENT_TEXT)
        self._line = row(theme, gap=10, margins=(16, 6, 16, 6), inside=self)
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._count)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._place()
        self.hide()

    def show_undo(self, view: UndoView | None) -> None:
        """None hides it: it is sent, or taken back."""
        is_new = view is not None and (self._view is None or view.draft_id != self._view.draft_id)
        self._view = view
        self.setVisible(view is not None)
        if view is None:
            self._tick.stop()
            return
        self._left.start()
        self._tick.start()
        self._count()
        if is_new:
            name = f"{view.words}. {math.ceil(view.seconds_left)} seconds to undo"
            self.setAccessibleName(name)
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    # --- inside ------------------------------------------------------------------------

    def _place(self) -> None:
        theme = self.theme
        undo = Button(theme, "Undo", icon="undo", key="u", hint="Go on writing", small=True)
        undo.clicked.connect(lambda: self._on_draft(self.undo_asked.emit))
        now = Button(theme, "Send now", ButtonRank.GHOST, hint="Send without waiting", small=True)
        now.clicked.connect(lambda: self._on_draft(self.send_now_asked.emit))
        clear(self._line)
        self._line.addWidget(self._ring)
        self._line.addWidget(self._words, 1)
        self._line.addWidget(undo)
        self._line.addWidget(now)

    def _on_draft(self, ask: Callable[[str], object]) -> None:
        if self._view is not None:
            ask(self._view.draft_id)

    def _count(self) -> None:
        view = self._view
        if view is None:
            return
        left = max(0.0, view.seconds_left - self._left.elapsed() / 1000)
        self._ring.show_left(left, view.whole_seconds)
        self._words.set_text(view.words)
        if left <= 0:
            self._tick.stop()


class CountRing(QWidget):
    """What is left, as a ring and as whole seconds."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._seconds = 0
        self._share = 0.0
        size = theme.mark(_RING)
        self.setFixedSize(size, size)

    @property
    def seconds(self) -> int:
        return self._seconds

    @property
    def words(self) -> str:
        """There is room for two figures."""
        seconds = self._seconds
        return str(seconds) if seconds <= _MOST_SECONDS else f"{math.ceil(seconds / 60)}m"

    def show_left(self, left: float, whole: float) -> None:
        """The ring goes by whole seconds, as the figure does: nothing moves in between."""
        seconds = math.ceil(left)
        share = min(1.0, seconds / whole) if whole > 0 else 0.0
        if (seconds, share) != (self._seconds, self._share):
            self._seconds, self._share = seconds, share
            self.setAccessibleName(f"{seconds} seconds left")
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        with Canvas.over(theme, self) as canvas:
            rect = QRectF(self.rect()).adjusted(2, 2, -2, -2)
            painter = canvas.painter
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour(Ink.SOFT), 3))
            painter.drawEllipse(rect)
            painter.setPen(QPen(theme.colour(Ink.ACCENT), 3))
            painter.drawArc(rect, 90 * _DEGREE, round(360 * self._share * _DEGREE))
            metrics = theme.metrics(TypeRole.CAPTION_B)
            base = rect.center().y() + (metrics.ascent() - metrics.descent()) / 2
            centre = rect.center().x()
            canvas.text_centred(centre, base, self.words, TypeRole.CAPTION_B, Ink.ACCENT_TEXT)
