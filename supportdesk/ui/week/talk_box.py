"""Days since the founder last talked to a customer, and the next step."""

from __future__ import annotations

from PySide6.QtCore import Signal

from supportdesk.ui.rows import ActionButton, TalkCard
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import RADIUS_CARD, Ink, TypeRole
from supportdesk.ui.week.figures import FigureButton
from supportdesk.ui.widgets.box import STRETCH, Box, Grow, clear, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.label import Label


class TalkBox(Box):
    """Made anew only when what it says is another.

    Signals:
        asked: Action and its target.
        opened: The call of the talk.
        rebuilt: Its widgets are others.
    """

    asked = Signal(object, str)
    opened = Signal(str)
    rebuilt = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, Ink.PAGE, Ink.LINE, radius=RADIUS_CARD)
        self._shown: TalkCard | None = None
        self._place = column(theme, gap=3, margins=(16, 12, 16, 12), inside=self)

    def show_talk(self, card: TalkCard | None) -> None:
        self.setVisible(card is not None)
        if card == self._shown:
            return
        self._shown = card
        clear(self._place)
        if card is None:
            return
        theme, place = self.theme, self._place
        title = "Days since you last talked to a customer"
        place.addWidget(Label(theme, title, TypeRole.BODY_B).wrapping())
        sentence = Label(theme, card.sentence, TypeRole.CAPTION, Ink.TEXT2).wrapping()
        place.addLayout(row(theme, self._figure(card), 6, Grow(sentence), gap=6))
        if card.button is not None:
            place.addLayout(row(theme, -2, self._next_step(card.button), STRETCH))
        if card.note:
            place.addWidget(Label(theme, card.note, TypeRole.CAPTION, Ink.TEXT2).wrapping())
        place.addStretch(1)
        self.rebuilt.emit()

    def _figure(self, card: TalkCard) -> FigureButton:
        figure = FigureButton(self.theme)
        name = "1 day" if card.days == "1" else f"{card.days} days"
        figure.show_figure(card.days, name, "Open that call" if card.item else "")
        figure.clicked.connect(lambda: self.opened.emit(card.item))
        return figure

    def _next_step(self, action: ActionButton) -> Button:
        button = Button.for_action(self.theme, action, small=True)
        button.clicked.connect(lambda: self.asked.emit(action.action, action.target))
        return button
