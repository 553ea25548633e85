"""Above an answer: whom it is for, since when it is kept, and the ways out of the pane."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from supportdesk.ui.rows import ButtonRank
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import TypeRole
from supportdesk.ui.widgets.box import clear, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.label import Elided


class ComposerTitle(QWidget):
    """Built anew whenever it says something else: nothing is typed in it."""

    versions_asked = Signal()
    move_asked = Signal()
    leave_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shown: tuple[object, ...] = ()
        self._line = row(theme, gap=2, inside=self)

    def show_title(self, title: str, kept: str, *, is_apart: bool) -> None:
        shown = (title, kept, is_apart, self._theme.scale)
        if shown == self._shown:
            return
        self._shown = shown
        gap = self._theme.gap
        clear(self._line)
        self._line.setContentsMargins(gap(24), gap(6), gap(10), gap(2))
        self._line.addWidget(Elided(self._theme, title, TypeRole.BODY_B), 1)
        if kept:
            hint = f"{kept}: what it was before"
            since = Button(self._theme, kept, ButtonRank.GHOST, hint=hint, small=True)
            since.clicked.connect(self.versions_asked)
            self._line.addWidget(since.giving_way())
        words = "Back into the main window" if is_apart else "Into a window of its own"
        move = self._ghost("dock" if is_apart else "window", f"{words} (Ctrl+Shift+O)")
        move.clicked.connect(self.move_asked)
        away = self._ghost("close", "Put away, kept (Esc)")
        away.clicked.connect(self.leave_asked)
        self._line.addWidget(move)
        self._line.addWidget(away)

    def _ghost(self, icon: str, hint: str) -> Button:
        return Button(self._theme, rank=ButtonRank.GHOST, icon=icon, hint=hint, small=True)
