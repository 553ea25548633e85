"""The quiet state: one drawing, one sentence, at most two offers."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal

from supportdesk.ui.rows import EmptyView
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.box import STRETCH, Box, Item, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.drawing import Cup
from supportdesk.ui.widgets.label import Label


class EmptyCard(Box):
    """Fills a pane when there is nothing to read."""

    asked = Signal(object, str)

    def __init__(self, theme: Theme, view: EmptyView) -> None:
        super().__init__(theme, Ink.PAGE)
        head = Label(theme, view.head, TypeRole.HEAD).wrapping()
        sentence = Label(theme, view.sentence, ink=Ink.TEXT2).wrapping()
        for label in (head, sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        items: list[Item] = [STRETCH, row(theme, STRETCH, Cup(theme), STRETCH), 10, head, sentence]
        if view.buttons:
            buttons: list[Item] = []
            for action in view.buttons:
                button = Button.for_action(theme, action)
                button.clicked.connect(
                    lambda _=False, a=action: self.asked.emit(a.action, a.target)
                )
                buttons.append(button)
            items += [12, row(theme, STRETCH, *buttons, STRETCH, gap=6)]
        column(theme, *items, STRETCH, gap=6, margins=(32, 16, 32, 16), inside=self)
