"""Above the text: news, doubts, what is not kept. A banner each, in place of those before."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from supportdesk.ui.rows import Notice
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.widgets.banner import Banner
from supportdesk.ui.widgets.box import clear, column


class ComposerNotices(QWidget):
    """Hidden while there are none.

    Signals:
        asked: A button of one: Action, its target.
    """

    asked = Signal(object, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shown: tuple[object, ...] = ()
        self._stack = column(theme, gap=6, inside=self)

    def show_notices(self, notices: tuple[Notice, ...]) -> None:
        """The same again stay as they are, with the keyboard where it is."""
        shown = (notices, self._theme.scale)
        if shown == self._shown:
            return
        self._shown = shown
        clear(self._stack)
        for notice in notices:
            banner = Banner(self._theme, notice)
            banner.asked.connect(self.asked)
            self._stack.addWidget(banner)
        self.setVisible(bool(notices))
