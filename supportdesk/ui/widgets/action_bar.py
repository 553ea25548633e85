"""A bar of actions that keeps whole buttons only; what does not fit goes into More."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QSizePolicy

from supportdesk.ui.rows import Action, ActionButton, ButtonRank
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink
from supportdesk.ui.widgets.box import STRETCH, Box, Edge, Item, row
from supportdesk.ui.widgets.button import Button

_GAP = 3
_SIDES = 34


class ActionBar(Box):
    """The actions on one message, and the way to all keys."""

    asked = Signal(object)

    def __init__(self, theme: Theme, actions: Sequence[ActionButton]) -> None:
        super().__init__(theme, Ink.PAGE, edges=Edge.TOP)
        self._actions = list(actions)
        self._buttons = [Button.for_action(theme, action) for action in actions]
        for button, action in zip(self._buttons, actions, strict=True):
            button.clicked.connect(lambda _=False, a=action.action: self.asked.emit(a))
        self._more = Button(theme, rank=ButtonRank.GHOST, icon="more", hint="Other actions")
        self._more.clicked.connect(self._open_menu)
        self._keys = Button(theme, rank=ButtonRank.GHOST, icon="keyboard", hint="All keys (?)")
        self._keys.clicked.connect(lambda: self.asked.emit(Action.SHOW_ALL_KEYS))
        items: list[Item] = [*self._buttons, self._more, STRETCH, self._keys]
        row(theme, *items, gap=_GAP, margins=(22, 8, 12, 8), inside=self)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        tallest = self._keys.sizeHint().height()
        return QSize(100, tallest + self.theme.gap(16) + 1)

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        widths = [button.sizeHint().width() + _GAP for button in self._buttons]
        room = self.width() - self.theme.gap(_SIDES) - self._keys.sizeHint().width() - 8
        if sum(widths) > room:
            room -= self._more.sizeHint().width() + _GAP
        used = 0
        is_cut = False
        for button, width in zip(self._buttons, widths, strict=True):
            used += width
            is_cut = is_cut or used > room
            button.setVisible(not is_cut)
        self._more.setVisible(is_cut)

    def _open_menu(self) -> None:
        menu = QMenu(self)
        for button, action in zip(self._buttons, self._actions, strict=True):
            if button.isVisible():
                continue
            entry = menu.addAction(action.label)
            entry.setEnabled(action.is_enabled)
            entry.triggered.connect(lambda _=False, a=action.action: self.asked.emit(a))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._more.mapToGlobal(QPoint(0, -menu.sizeHint().height())))
