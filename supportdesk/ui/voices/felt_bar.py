"""Below words that were just kept: how they were felt, by hand and never guessed."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSignalBlocker, QSize, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from supportdesk.domain.voices import Felt
from supportdesk.ui.rows import ButtonRank
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import RADIUS_CARD, Ink, TypeRole
from supportdesk.ui.widgets.box import Box, Grow, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.canvas import Canvas
from supportdesk.ui.widgets.flow import flowing
from supportdesk.ui.widgets.label import Icon, Label

FELT_ICONS = {
    Felt.DELIGHTED: "felt-delighted",
    Felt.RELIEVED: "felt-relieved",
    Felt.PUZZLED: "felt-puzzled",
    Felt.FRUSTRATED: "felt-frustrated",
    Felt.LET_DOWN: "felt-let-down",
}
"""Gestures of a line, never faces."""

KEPT = "Kept, felt"
_MARK = 18


class FeltBar(Box):
    """The five words to choose from; the chosen one once more takes it back.

    Signals:
        chosen: A `Felt`, or None for no word.
        undo_asked: These words shall not be kept after all.
    """

    chosen = Signal(object)
    undo_asked = Signal()

    def __init__(self, theme: Theme, felt: Felt | None = None, label: str = KEPT) -> None:
        super().__init__(theme, Ink.RAISED, Ink.EDGE, radius=RADIUS_CARD)
        self.setAccessibleName(f"{label}: how it was felt")
        self._buttons = {one: self._button(one) for one in Felt}
        first = Label(theme, label, TypeRole.BODY_B)
        first.setMinimumHeight(self._buttons[Felt.DELIGHTED].sizeHint().height())
        undo = Button(
            theme,
            rank=ButtonRank.GHOST,
            icon="undo",
            hint="Do not keep these words (u)",
            small=True,
        )
        undo.clicked.connect(self.undo_asked)
        # Without a gap the five fit into one line of the reading column, in wide fonts too.
        words = flowing(first, *self._buttons.values(), gap=0)
        mark = Icon(theme, "check", Ink.ACCENT_TEXT, 16)
        row(theme, mark, Grow(words), undo, gap=7, margins=(10, 3, 6, 3), inside=self)
        self.show_felt(felt)

    def show_felt(self, felt: Felt | None) -> None:
        """What is chosen now; nothing is told."""
        for one, button in self._buttons.items():
            with QSignalBlocker(button):
                button.setChecked(one is felt)
            button.update()

    def _button(self, felt: Felt) -> Button:
        button = Button(self.theme, felt.value, ButtonRank.GHOST, icon=FELT_ICONS[felt], small=True)
        button.setCheckable(True)
        button.setAccessibleName(f"felt {felt.value}")
        # A screen reader toggles it without a click.
        button.toggled.connect(lambda is_on: self._choose(felt if is_on else None))
        return button

    def _choose(self, felt: Felt | None) -> None:
        self.show_felt(felt)
        self.chosen.emit(felt)


class FeltMark(QWidget):
    """The felt word of a quote: its line and the word."""

    def __init__(self, theme: Theme, felt: Felt) -> None:
        super().__init__()
        self._theme = theme
        self._felt = felt
        self.setFixedSize(felt_mark_size(theme, felt))
        self.setAccessibleName(f"felt {felt.value}")

    def paintEvent(self, event: QPaintEvent) -> None:
        with Canvas.over(self._theme, self) as canvas:
            paint_felt(canvas, QRectF(self.rect()), self._felt)


def felt_mark_size(theme: Theme, felt: Felt) -> QSize:
    metrics = theme.metrics(TypeRole.CAPTION_B)
    width = theme.mark(_MARK) + theme.gap(6) + metrics.horizontalAdvance(felt.value) + 4
    return QSize(int(width), int(max(theme.mark(20), metrics.height() + 2)))


def paint_felt(canvas: Canvas, rect: QRectF, felt: Felt) -> None:
    """The mark and its word at the left of a place, in its middle."""
    theme = canvas.theme
    size, metrics = theme.mark(_MARK), theme.metrics(TypeRole.CAPTION_B)
    centre = rect.center().y()
    canvas.icon(FELT_ICONS[felt], Ink.ACCENT_TEXT, rect.x(), centre - size / 2, size)
    base = centre + (metrics.ascent() - metrics.descent()) / 2
    x = rect.x() + size + theme.gap(6)
    canvas.text(x, base, felt.value, TypeRole.CAPTION_B, Ink.ACCENT_TEXT)
