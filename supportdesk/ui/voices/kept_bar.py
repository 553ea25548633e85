"""Below every page: words that were typed are kept, and how they were felt can be chosen."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy

from supportdesk.ui.rows import ButtonRank
from supportdesk.ui.rows.voices import KeptWords
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink
from supportdesk.ui.voices.felt_bar import FeltBar
from supportdesk.ui.widgets.box import Box, Edge, Grow, clear, row
from supportdesk.ui.widgets.button import Button


class KeptBar(Box):
    """Hidden until words were typed; words of a mail have theirs in the text.

    Signals:
        felt_chosen: Key of the quote, and a `Felt` or None.
        undo_asked: Key of the quote.
        left: It is not to be asked any more.
    """

    felt_chosen = Signal(str, object)
    undo_asked = Signal(str)
    left = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, Ink.LIST, edges=Edge.TOP)
        self._kept: KeptWords | None = None
        self._place = row(theme, gap=0)
        close = Button(theme, rank=ButtonRank.GHOST, icon="close", hint="Close", small=True)
        close.clicked.connect(self.left)
        row(theme, Grow(self._place), close, gap=6, margins=(16, 6, 12, 6), inside=self)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setAccessibleName("Kept just now")
        self.hide()

    def show_kept(self, kept: KeptWords | None) -> None:
        if kept == self._kept:
            return
        self._kept = kept
        clear(self._place)
        if kept is not None:
            bar = FeltBar(self.theme, kept.felt)
            bar.chosen.connect(lambda felt: self.felt_chosen.emit(kept.key, felt))
            bar.undo_asked.connect(lambda: self.undo_asked.emit(kept.key))
            self._place.addWidget(bar)
        self.setVisible(kept is not None)
