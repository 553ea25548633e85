"""On the Voices page: what the page of this week has on it, and the way to it."""

from __future__ import annotations

from PySide6.QtCore import Signal

from supportdesk.ui.rows import ButtonRank
from supportdesk.ui.rows.week_words import WeekBanner
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import RADIUS_CARD, Ink, TypeRole
from supportdesk.ui.widgets.box import STRETCH, Box, Grow, Item, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.density import Density
from supportdesk.ui.widgets.label import Label, spoken

_TITLE = "The week in their words"


class WeekWordsBanner(Box):
    """Hidden while there is nothing to put on a page."""

    open_asked = Signal()
    copy_asked = Signal()

    def __init__(self, theme: Theme, density: Density) -> None:
        super().__init__(theme, Ink.TINT, radius=RADIUS_CARD)
        self._words = Label(theme, "", ink=Ink.TEXT2).wrapping()
        words = column(theme, Label(theme, _TITLE, TypeRole.TITLE), self._words, gap=3)
        copy = Button(theme, "Copy", ButtonRank.GHOST, icon="copy", hint="Copy the page")
        copy.clicked.connect(self.copy_asked)
        opened = Button(theme, "Open the page", ButtonRank.PRIMARY, icon="quote", key="w")
        opened.clicked.connect(self.open_asked)
        parts: tuple[Item, ...] = (Grow(words), copy, opened)
        if theme.is_large or density is Density.NARROW:
            parts = (Grow(column(theme, words, row(theme, copy, opened, STRETCH, gap=6), gap=8)),)
        row(theme, *parts, gap=6, margins=(20, 14, 16, 14), inside=self)
        self.hide()

    def show_view(self, view: WeekBanner | None) -> None:
        self.setVisible(view is not None)
        if view is not None:
            self._words.setText(view.words)
            self.setAccessibleName(spoken(_TITLE, view.words))
