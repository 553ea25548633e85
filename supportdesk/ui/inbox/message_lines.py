"""The other messages of a conversation: a line each, opened in place by click or key."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtWidgets import QWidget

from supportdesk.ui.rows import ButtonRank, MessageLine
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.box import STRETCH, clear, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.canvas import Canvas
from supportdesk.ui.widgets.painted_line import PaintedLine

_FACE = 22
_DOT = 6
_NAME_SHARE = 0.4
_LEAST_WORDS = 40
_LEAST_WIDTH = 120
_LEAST_HEIGHT = 34
_NEAREST = 2
PULL = 9
"""The padding of a ghost button, so that its words line up with the text; room to pull it left."""
_OPENED_AT_ONCE = 25
_NEW_AT_MOST = 12


class LineButton(PaintedLine):
    """Initials, who, first words, when. New ones have a dot, bold and the word."""

    def __init__(self, theme: Theme, line: MessageLine) -> None:
        super().__init__(theme, line.accessible_text, f"{line.who}, {line.when}")
        self._line = line

    def sizeHint(self) -> QSize:
        theme = self.theme
        height = max(_LEAST_HEIGHT, theme.metrics().height() + theme.gap(14))
        return QSize(_LEAST_WIDTH * 3, int(height))

    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST_WIDTH, self.sizeHint().height())

    def paint_words(self, canvas: Canvas, rect: QRectF) -> None:
        theme, line = self.theme, self._line
        # Initials stand where the text of a message begins; the ground reaches round them.
        face = theme.mark(_FACE)
        canvas.avatar(rect.x(), rect.center().y() - face / 2, line.who, face)
        x = rect.x() + face + theme.gap(8)
        metrics = theme.metrics()
        base = rect.center().y() + (metrics.ascent() - metrics.descent()) / 2
        right = rect.right()
        width = canvas.text_right(right, base, line.when, TypeRole.CAPTION, Ink.TEXT2)
        right -= width + theme.gap(10)
        if line.is_new:
            right = self._paint_new(canvas, rect, right, base)
        role = TypeRole.BODY_B if line.is_new else TypeRole.BODY
        share = 1.0 if theme.is_large else _NAME_SHARE
        name_room = max((right - x) * share, 0.0)
        x += canvas.text(x, base, line.who, role, Ink.TEXT, width=name_room) + theme.gap(10)
        if right - x > theme.mark(_LEAST_WORDS):
            canvas.text(x, base, line.first_words, TypeRole.BODY, Ink.TEXT3, width=right - x)

    def _paint_new(self, canvas: Canvas, rect: QRectF, right: float, base: float) -> float:
        """The word and its dot; returns where the room for other words ends."""
        theme = self.theme
        width = canvas.text_right(right, base, "new", TypeRole.CAPTION_B, Ink.ACCENT_TEXT)
        dot = theme.mark(_DOT)
        x = right - width - theme.gap(5) - dot
        canvas.rounded(QRectF(x, rect.center().y() - dot / 2, dot, dot), dot / 2, Ink.ACCENT)
        return x - theme.gap(8)


class MessageLines(QWidget):
    """What lies before or after the open message; the far ones unfold first.

    Signals:
        asked: The key of the message to open.
    """

    asked = Signal(str)
    unfolded = Signal()

    def __init__(self, theme: Theme, lines: Sequence[MessageLine], *, are_earlier: bool) -> None:
        super().__init__()
        self._theme = theme
        self._lines = list(lines)
        self._are_earlier = are_earlier
        self._shown = _NEAREST
        self._buttons: dict[str, LineButton] = {}
        self._stack = column(theme, gap=0, margins=(PULL, 0, 0, 0), inside=self)
        self._build()

    def _build(self) -> None:
        clear(self._stack)
        self._buttons.clear()
        folded = self._folded()
        if folded and self._are_earlier:
            self._add_fold(folded)
        for line in self._lines:
            if line not in folded:
                self._add_line(line)
        if folded and not self._are_earlier:
            self._add_fold(folded)

    def _folded(self) -> list[MessageLine]:
        """Those too far away to show, and not new; a single one is shown, not folded.

        Of very many new ones the newest are shown: a line each for hundreds would hold the window.
        """
        shown = self._shown
        far = self._lines[:-shown] if self._are_earlier else self._lines[shown:]
        new = [line for line in far if line.is_new][-_NEW_AT_MOST:]
        folded = [line for line in far if line not in new]
        return folded if len(folded) > 1 else []

    def _add_fold(self, folded: list[MessageLine]) -> None:
        which = "earlier" if self._are_earlier else "later"
        fold = Button(
            self._theme,
            f"{len(folded)} {which} messages",
            ButtonRank.GHOST,
            icon="fold",
            small=True,
        )
        fold.giving_way()
        nearest = folded[-1] if self._are_earlier else folded[0]
        fold.clicked.connect(lambda: self._unfold(nearest))
        self._stack.addLayout(row(self._theme, -PULL, fold, STRETCH, gap=0))

    def _unfold(self, nearest: MessageLine) -> None:
        """A longer past unfolds step by step."""
        self._shown += _OPENED_AT_ONCE
        self._build()
        self.unfolded.emit()
        button = self._buttons[nearest.key]
        button.show()
        button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _add_line(self, line: MessageLine) -> None:
        button = LineButton(self._theme, line)
        button.clicked.connect(lambda: self.asked.emit(line.key))
        self._buttons[line.key] = button
        self._stack.addWidget(button)
