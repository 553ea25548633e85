"""What was promised about the chosen call: the words, when they are due, and its two buttons."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from supportdesk.ui.rows import ActionButton, PersonLine
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.box import Grow, Item, clear, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.flow import flowing
from supportdesk.ui.widgets.label import Elided, Icon, Label


class PromiseLine(QWidget):
    """Takes no room while nothing was promised."""

    asked = Signal(object, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._line: PersonLine | None = None
        self._place = column(theme, gap=0, inside=self)
        self.hide()

    def show_line(self, line: PersonLine | None) -> None:
        if line == self._line:
            return
        had_focus = any(one.hasFocus() for one in self.findChildren(Button))
        self._line = line
        clear(self._place)
        self.setVisible(line is not None)
        if line is None:
            return
        self.setAccessibleName(f"{line.label}, {line.text}")
        buttons = [self._button(one) for one in line.buttons]
        mark = Icon(self._theme, "promise", Ink.AMBER, 15)
        label = Label(self._theme, line.label, TypeRole.CAPTION_B, Ink.AMBER)
        if self._theme.is_large:
            words = Label(self._theme, line.text, TypeRole.CAPTION, Ink.TEXT2).wrapping()
            self._place.addLayout(row(self._theme, mark, Grow(label), gap=7))
            self._place.addWidget(words)
            self._place.addWidget(flowing(*buttons, gap=4))
        else:
            text = Elided(self._theme, line.text, TypeRole.CAPTION, Ink.TEXT2)
            items: list[Item] = [mark, label, Grow(text), *buttons]
            self._place.addLayout(row(self._theme, *items, gap=7))
        if had_focus and buttons:
            buttons[0].setFocus()

    def _button(self, action: ActionButton) -> Button:
        button = Button.for_action(self._theme, action, small=True)
        button.clicked.connect(lambda: self.asked.emit(action.action, action.target))
        return button
