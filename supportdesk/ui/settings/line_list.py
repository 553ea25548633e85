"""A list of short lines, each with a button that takes it away; the keyboard stays in it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLayout, QWidget

from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.box import Grow, clear, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.label import Label


class LineList(QWidget):
    """Says which line is to go; it goes when it is not shown any more.

    Signals:
        removed: The number of a line.
        rebuilt: There are other buttons than before.
    """

    removed = Signal(int)
    rebuilt = Signal()

    def __init__(self, theme: Theme, nothing: str) -> None:
        super().__init__()
        self._theme = theme
        self._shown: tuple[str, ...] | None = None
        self._removers: list[Button] = []
        self._nothing = Label(theme, nothing, TypeRole.CAPTION, Ink.TEXT2).wrapping()
        self._place = column(theme, gap=2)
        column(theme, self._nothing, self._place, gap=0, inside=self)

    def show_lines(self, lines: Sequence[str]) -> None:
        if tuple(lines) == self._shown:
            return
        at = next((at for at, one in enumerate(self._removers) if one.hasFocus()), None)
        self._shown = tuple(lines)
        self._nothing.setVisible(not lines)
        clear(self._place)
        self._removers = []
        for number, words in enumerate(lines):
            self._place.addLayout(self._line(number, words))
        if at is not None and self._removers:
            remover = self._removers[min(at, len(self._removers) - 1)]
            remover.show()  # what is not in sight yet takes no focus
            remover.setFocus(Qt.FocusReason.OtherFocusReason)
        self.rebuilt.emit()

    def _line(self, number: int, words: str) -> QLayout:
        remove = Button(self._theme, icon="close", small=True, hint=f"Remove {words}")
        remove.clicked.connect(lambda: self.removed.emit(number))
        self._removers.append(remove)
        return row(self._theme, Grow(Label(self._theme, words).wrapping()), remove)
