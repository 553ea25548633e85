"""Where the link under the pointer or the keyboard leads, in the corner of the reading pane."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from supportdesk.domain.links import host_of
from supportdesk.domain.text import clean_line
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import RADIUS_CHIP, Ink, TypeRole
from supportdesk.ui.widgets.box import Box, column
from supportdesk.ui.widgets.label import Label

_LONGEST = 400


class LinkLine(Box):
    """Lies over the pane, takes no room and no click; the true host stands first."""

    def __init__(self, theme: Theme, pane: QWidget) -> None:
        super().__init__(theme, Ink.RAISED, Ink.LINE, radius=RADIUS_CHIP)
        self.setParent(pane)
        self._pane = pane
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._label = Label(theme, "", TypeRole.CAPTION, Ink.TEXT2)
        column(theme, self._label, margins=(8, 3, 8, 3), inside=self)
        self.hide()

    def show_link(self, url: str, above: int) -> None:
        """Say where it leads, ending `above` pixels from the top of the pane; "" hides it."""
        if not url:
            self.hide()
            return
        theme = self.theme
        room = self._pane.width() - theme.gap(32)
        words = link_words(url)
        metrics = theme.metrics(TypeRole.CAPTION)
        self._label.setText(metrics.elidedText(words, Qt.TextElideMode.ElideRight, room))
        self.setAccessibleName(f"Link: {words}")
        self.resize(self.sizeHint())
        self.move(theme.gap(8), above - self.height() - theme.gap(4))
        self.show()
        self.raise_()


def link_words(url: str) -> str:
    """The true host, then the address whole: a long one cannot hide where it leads."""
    address = clean_line(url[:_LONGEST])
    host = host_of(url)
    if not host:
        return address
    return f"leads to {host} · {address}"
