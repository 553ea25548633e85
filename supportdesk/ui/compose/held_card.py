"""Not sent, because something came meanwhile: their words beside the founder's, three ways on."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget

from supportdesk.ui.inbox.message_prose import MessageProse
from supportdesk.ui.rows import ButtonRank
from supportdesk.ui.rows.composer import HeldChoice, HeldMessage, HeldView
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import RADIUS_CARD, Ink, TypeRole
from supportdesk.ui.widgets.box import STRETCH, Box, Grow, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.flow import flowing
from supportdesk.ui.widgets.label import Icon, Label, spoken

_BESIDE_EMS = 46
"""With less room mine stands below theirs."""


class HeldCard(Box):
    """Theirs and mine.

    Signals:
        chosen: A HeldChoice.
        message_asked: The key of something that came.
    """

    chosen = Signal(object)
    message_asked = Signal(str)

    def __init__(self, theme: Theme, view: HeldView, mine: str) -> None:
        super().__init__(theme, Ink.AMBER_BG, radius=RADIUS_CARD)
        self.view = view
        self.setAccessibleName(spoken(view.title, view.text))
        title = Label(theme, view.title, TypeRole.BODY_B, Ink.AMBER).wrapping()
        head = row(theme, Icon(theme, "warn", Ink.AMBER), Grow(title), gap=8)
        stack = column(theme, head, gap=8, margins=(12, 10, 12, 12), inside=self)
        if view.text:
            stack.addWidget(Label(theme, view.text).wrapping())
        # Above the words, which may be long: what can be done is in sight.
        stack.addLayout(row(theme, -2, Grow(self._buttons())))
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._sides.setSpacing(theme.gap(8))
        theirs = QWidget()
        inner = column(theme, gap=8, inside=theirs)
        for message in view.theirs:
            inner.addWidget(self._theirs(message))
        inner.addStretch(1)
        self._sides.addWidget(theirs, 1)
        self._sides.addWidget(self._mine(mine), 1)
        stack.addLayout(self._sides)

    def set_beside(self, is_beside: bool) -> None:
        direction = QBoxLayout.Direction
        self._sides.setDirection(direction.LeftToRight if is_beside else direction.TopToBottom)

    @classmethod
    def has_room_beside(cls, theme: Theme, width: int) -> bool:
        return width >= _BESIDE_EMS * theme.em()

    # --- inside ------------------------------------------------------------------------

    def _theirs(self, message: HeldMessage) -> QWidget:
        theme = self.theme
        card = Box(theme, Ink.PAGE, Ink.LINE, radius=RADIUS_CARD)
        name = f"{message.who}, {message.when}" if message.when else message.who
        card.setAccessibleName(name)
        who = Label(theme, message.who, TypeRole.BODY_B).wrapping()
        stack = column(theme, who, gap=3, margins=(12, 9, 10, 9), inside=card)
        if message.when:
            stack.addWidget(Label(theme, message.when, TypeRole.CAPTION, Ink.TEXT2))
        if message.text:
            stack.addSpacing(theme.gap(4))
            stack.addWidget(_words(theme, message.text, f"Text of {message.who}"))
        show = Button(theme, "Show", ButtonRank.GHOST, hint=f"Show {name}", small=True)
        show.clicked.connect(lambda: self.message_asked.emit(message.key))
        stack.addLayout(row(theme, -9, show, STRETCH))
        stack.addStretch(1)
        return card

    def _mine(self, text: str) -> QWidget:
        theme = self.theme
        card = Box(theme, Ink.PAGE, Ink.LINE, radius=RADIUS_CARD)
        card.setAccessibleName("Your text")
        who = Label(theme, "Your text", TypeRole.BODY_B)
        note = Label(theme, "kept, not sent", TypeRole.CAPTION, Ink.TEXT2)
        stack = column(theme, who, note, gap=3, margins=(12, 9, 10, 9), inside=card)
        stack.addSpacing(theme.gap(4))
        stack.addWidget(_words(theme, text, "Your text"))
        stack.addStretch(1)
        return card

    def _buttons(self) -> QWidget:
        theme = self.theme
        add = Button(theme, "Add to mine", ButtonRank.PRIMARY, hint="Go on writing, then send")
        send = Button(theme, "Send anyway", icon="send", hint="Send your text as it is")
        drop = Button(theme, "Drop mine", icon="trash", hint="Send nothing; your text goes")
        choices = (
            (add, HeldChoice.ADD_TO_MINE),
            (send, HeldChoice.SEND_ANYWAY),
            (drop, HeldChoice.DROP_MINE),
        )
        for button, choice in choices:
            button.clicked.connect(lambda _=False, one=choice: self.chosen.emit(one))
        return flowing(add, send, drop, gap=6)


def _words(theme: Theme, text: str, name: str) -> QWidget:
    words = MessageProse(theme, TypeRole.BODY)
    words.setAccessibleName(name)
    words.show_text(text)
    policy = words.sizePolicy()
    policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
    words.setSizePolicy(policy)
    return words
