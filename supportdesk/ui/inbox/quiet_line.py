"""A remark beside a message that is no warning: one line, and what can be done about it."""

from __future__ import annotations

from PySide6.QtCore import Signal

from supportdesk.ui.rows import Notice
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import RADIUS_CARD, Ink, TypeRole
from supportdesk.ui.widgets.box import Box, Grow, Item, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.label import Icon, Label


class QuietLine(Box):
    """Words and buttons side by side; large text puts the buttons below."""

    asked = Signal(object, str)

    def __init__(self, theme: Theme, notice: Notice) -> None:
        super().__init__(theme, Ink.LIST, Ink.LINE, radius=RADIUS_CARD)
        self.setAccessibleName(f"{notice.title}. {notice.text}".strip())
        words = column(theme, Label(theme, notice.title).wrapping(), gap=1)
        if notice.text:
            text = Label(theme, notice.text, TypeRole.CAPTION, Ink.TEXT2).wrapping()
            words.addWidget(text)
        line: list[Item] = [Icon(theme, "file-image", Ink.TEXT2), Grow(words)]
        buttons: list[Item] = []
        for action in notice.buttons:
            button = Button.for_action(theme, action, small=True).giving_way()
            button.clicked.connect(lambda _=False, a=action: self.asked.emit(a.action, a.target))
            buttons.append(button)
        margins = (12, 5, 8, 5)
        if theme.is_large and buttons:
            below = row(theme, *buttons, gap=4)
            below.addStretch(1)
            column(theme, row(theme, *line), below, gap=4, margins=margins, inside=self)
        else:
            row(theme, *line, *buttons, margins=margins, inside=self)
