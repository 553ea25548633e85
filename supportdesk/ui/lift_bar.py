"""Above every page: one of the team asks the founder for a mail or a call."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy

from supportdesk.ui.rows import Notice
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink
from supportdesk.ui.widgets.banner import Banner
from supportdesk.ui.widgets.box import Box, Edge, clear, column


class LiftBar(Box):
    """Hidden until somebody asks.

    Signals:
        asked: `Action` and its target.
    """

    asked = Signal(object, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, Ink.LIST, edges=Edge.BOTTOM)
        self._notice: Notice | None = None
        self._place = column(theme, gap=0, margins=(16, 8, 16, 8), inside=self)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setAccessibleName("Lifted to you")
        self.hide()

    def show_lift(self, notice: Notice | None) -> None:
        """The same again changes nothing: the keyboard may be in it."""
        if notice == self._notice:
            return
        self._notice = notice
        clear(self._place)
        if notice is not None:
            banner = Banner(self.theme, notice)
            banner.asked.connect(self.asked)
            self._place.addWidget(banner)
        self.setVisible(notice is not None)
