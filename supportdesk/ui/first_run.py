"""The first window: try the practice desk, or connect the inbox."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from supportdesk.ui.rows import Action, ButtonRank
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.box import STRETCH, Box, Grow, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.density import Density
from supportdesk.ui.widgets.drawing import Cup
from supportdesk.ui.widgets.label import Icon, Label
from supportdesk.ui.widgets.scroll import scrolling

_WIDTH = 804
_CARD_HEIGHT = 264
_PROMISE = (
    "supportdesk watches the shared inbox and the phones. It stays silent while your team copes "
    "and speaks up when it does not."
)
_PRACTICE = (
    "A make-believe bakery-software company, inside the app: customers write, some of them ring, "
    "one is cross. Answer, miss a call, see what happens. Nothing leaves this computer."
)
_CONNECT = (
    "Type the shared address, the server and the password, and test it before anything is "
    "saved. Reading changes nothing in the team's mailbox."
)
_SAFE = "Passwords go to this computer's key store. Your reading log never leaves this machine."


class FirstRunPage(Box):
    """Two offers; Enter takes the first."""

    asked = Signal(object, str)

    def __init__(self, theme: Theme, density: Density) -> None:
        super().__init__(theme, Ink.LIST)
        practice = Button(
            theme, "Open the practice desk", ButtonRank.PRIMARY, icon="play", key="Enter"
        )
        practice.clicked.connect(lambda: self.asked.emit(Action.OPEN_PRACTICE_DESK, ""))
        connect = Button(theme, "Connect your inbox", icon="mail")
        connect.clicked.connect(lambda: self.asked.emit(Action.CONNECT_MAIL, ""))
        offers = [
            self._offer(
                "desk",
                "Try it with the practice desk",
                _PRACTICE,
                practice,
                "Two seconds. No account, no password.",
            ),
            self._offer(
                "mail",
                "Connect your inbox",
                _CONNECT,
                connect,
                "About two minutes. Have the password ready.",
            ),
        ]
        is_wide = density is Density.WIDE
        cards = (
            row(theme, *[Grow(offer) for offer in offers], gap=20)
            if is_wide
            else column(theme, *offers, gap=16)
        )
        body = QWidget()
        body.setMaximumWidth(theme.mark(_WIDTH))
        column(
            theme,
            STRETCH,
            row(theme, -4, Cup(theme), STRETCH),
            8,
            Label(theme, "Hear your customers, all day, quietly.", TypeRole.HEAD).wrapping(),
            Label(theme, _PROMISE, ink=Ink.TEXT2).wrapping(),
            18,
            cards,
            18,
            self._foot(),
            STRETCH,
            gap=6,
            margins=(0, 24, 0, 24),
            inside=body,
        )
        page = QWidget()
        row(theme, 24, STRETCH, body, STRETCH, 24, gap=0, inside=page).setStretch(2, 100)
        column(theme, scrolling(page, "Welcome"), inside=self)
        self._practice = practice

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._practice.click()
        else:
            super().keyPressEvent(event)

    def sections(self) -> list[QWidget]:
        return [self]

    def _offer(self, icon: str, title: str, words: str, button: Button, note: str) -> Box:
        theme = self.theme
        card = Box.card(theme)
        card.setMinimumHeight(theme.mark(_CARD_HEIGHT))
        column(
            theme,
            Icon(theme, icon, Ink.ACCENT_TEXT, 30),
            6,
            Label(theme, title, TypeRole.TITLE).wrapping(),
            Label(theme, words, ink=Ink.TEXT2).wrapping(),
            STRETCH,
            row(theme, -2, button, STRETCH),
            Label(theme, note, TypeRole.CAPTION, Ink.TEXT2).wrapping(),
            gap=8,
            margins=(28, 24, 28, 22),
            inside=card,
        )
        return card

    def _foot(self) -> QWidget:
        theme = self.theme
        holder = QWidget()
        safe = Label(theme, _SAFE, TypeRole.CAPTION, Ink.TEXT2).wrapping()
        tray = Label(theme, "Look for this mark in your tray.", TypeRole.CAPTION, Ink.TEXT2)
        row(
            theme,
            Icon(theme, "lock", Ink.TEXT2, 16),
            Grow(safe),
            Icon(theme, "tray-listening", Ink.TEXT2, 16),
            tray,
            gap=7,
            inside=holder,
        )
        return holder
