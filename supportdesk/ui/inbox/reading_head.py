"""Above the message: its subject, to whom and when, the reading clock, steps and the menu."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QMenu, QWidget

from supportdesk.ui.rows import Action, ActionButton, ButtonRank, ClockView, MessageView
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.box import STRETCH, Grow, Item, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.density import Density
from supportdesk.ui.widgets.label import Elided, Label
from supportdesk.ui.widgets.pill import ClockPill


class ReadingHead(QWidget):
    """Built for one subject; the clock ticks in it."""

    asked = Signal(object)
    step_asked = Signal(int)

    def __init__(self, theme: Theme, density: Density, view: MessageView, clock: ClockView) -> None:
        super().__init__()
        self._theme = theme
        self._view = view
        self._pill = ClockPill(theme, clock)
        self._more = Button(theme, rank=ButtonRank.GHOST, icon="more", hint="More actions (.)")
        self._more.clicked.connect(self.open_menu)
        subject = Label(theme, view.subject or "(no subject)", TypeRole.TITLE).wrapping()
        if theme.is_large:
            address: Label = Label(theme, view.address_line, TypeRole.CAPTION, Ink.TEXT2).wrapping()
        else:
            address = Elided(theme, view.address_line, TypeRole.CAPTION, Ink.TEXT2)
        tools = [*self._steps(), self._more]
        if density is Density.NARROW:
            top = row(theme, self._pill, STRETCH, *tools, gap=0)
            column(theme, top, subject, address, gap=4, margins=(24, 10, 14, 10), inside=self)
            return
        words = column(theme, subject, address, gap=2)
        top = row(theme, self._pill, 4, *tools, gap=0)
        column(theme, row(theme, Grow(words), top), margins=(24, 12, 14, 10), inside=self)

    def show_clock(self, clock: ClockView) -> None:
        self._pill.show_clock(clock)

    def show_more(self, view: MessageView) -> None:
        """What the menu offers now."""
        self._view = view

    def open_menu(self) -> None:
        menu = QMenu(self)
        for action in self._view.more:
            self._add(menu, action)
        menu.aboutToHide.connect(menu.deleteLater)
        corner = self._more.rect().bottomRight() - QPoint(menu.sizeHint().width(), 0)
        menu.popup(self._more.mapToGlobal(corner))

    def _add(self, menu: QMenu, action: ActionButton) -> None:
        label = action.label.replace("&", "&&")
        words = f"{label}\t{action.shortcut}" if action.shortcut else label
        entry = menu.addAction(words)
        entry.setEnabled(action.is_enabled)
        entry.setToolTip(action.why_not)
        which: Action = action.action
        entry.triggered.connect(lambda: self.asked.emit(which))

    def _steps(self) -> list[Item]:
        tools: list[Item] = []
        for icon, hint, step in (("up", "Previous (k)", -1), ("down", "Next (j)", 1)):
            button = Button(self._theme, rank=ButtonRank.GHOST, icon=icon, hint=hint)
            button.clicked.connect(lambda _=False, by=step: self.step_asked.emit(by))
            tools.append(button)
        return tools
