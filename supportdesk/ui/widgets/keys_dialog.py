"""All keys on one sheet, opened by `?`."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QDialog, QGridLayout, QScrollArea, QWidget

from supportdesk.ui.rows import ButtonRank
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.box import STRETCH, Item, column, row
from supportdesk.ui.widgets.button import Button, key_cap_width, paint_key_cap
from supportdesk.ui.widgets.canvas import Canvas
from supportdesk.ui.widgets.label import Label
from supportdesk.ui.widgets.scroll import scrolling

_AROUND = 220
_LEAST_HEIGHT = 200


class KeyCap(QWidget):
    """A key as printed on the board."""

    def __init__(self, theme: Theme, key: str) -> None:
        super().__init__()
        self._theme = theme
        self._key = key
        height = theme.metrics(TypeRole.CAPTION).height() + 3
        self.setFixedSize(int(key_cap_width(theme, key)) + 1, int(height))
        self.setAccessibleName(key)

    def paintEvent(self, event: QPaintEvent) -> None:
        with Canvas.over(self._theme, self) as canvas:
            paint_key_cap(canvas, 0, 0, self._key, Ink.TEXT2, Ink.EDGE)


class KeysDialog(QDialog):
    """Lines of (keys, words); Esc or Close leaves."""

    def __init__(
        self, theme: Theme, lines: Sequence[tuple[tuple[str, ...], str]], parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("All keys")
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.gap(16))
        grid.setVerticalSpacing(theme.gap(8))
        for line, (keys, words) in enumerate(lines):
            caps: list[Item] = [KeyCap(theme, key) for key in keys]
            grid.addLayout(row(theme, *caps, STRETCH, gap=4), line, 0)
            grid.addWidget(Label(theme, words), line, 1)
        sheet = QWidget()
        column(theme, grid, margins=(0, 0, 12, 0), inside=sheet)
        area = scrolling(sheet, "All keys")
        area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._fit(area, sheet)
        close = Button(theme, "Close", ButtonRank.SECONDARY)
        close.clicked.connect(self.accept)
        note = "Single keys rest while you type in a field."
        column(
            theme,
            Label(theme, "All keys", TypeRole.TITLE),
            area,
            row(theme, Label(theme, note, TypeRole.CAPTION, Ink.TEXT2), 24, STRETCH, close),
            gap=16,
            margins=(24, 20, 24, 18),
            inside=self,
        )

    def _fit(self, area: QScrollArea, sheet: QWidget) -> None:
        """All of it where the screen has the room; else it scrolls by wheel and arrows."""
        hint = sheet.sizeHint()
        room = self.screen().availableSize().height() - _AROUND
        bar = area.verticalScrollBar().sizeHint().width()
        area.setMinimumSize(hint.width() + bar, min(hint.height(), max(_LEAST_HEIGHT, room)))
