"""A short list of names to pick from, in the colours of the window."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink


class PickList(QListWidget):
    """Chosen is the selected ground, with or without the keyboard."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self.setFont(theme.font())
        self.setAccessibleName(name)
        self.setUniformItemSizes(True)
        theme.colours_changed.connect(self._retheme)
        self._retheme()

    def add_line(self, words: str) -> QListWidgetItem:
        item = QListWidgetItem(words)
        item.setToolTip(words)
        height = int(self._theme.metrics().height() + self._theme.gap(10))
        item.setSizeHint(QSize(10, height))
        self.addItem(item)
        return item

    def _retheme(self) -> None:
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Highlight, self._theme.colour(Ink.SELECTED))
        palette.setColor(QPalette.ColorRole.HighlightedText, self._theme.colour(Ink.TEXT))
        self.setPalette(palette)
