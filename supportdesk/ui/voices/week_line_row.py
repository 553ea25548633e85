"""One line of the page of a week: whether it is on it, and where it stands among its kind."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QMouseEvent, QShortcut

from supportdesk.ui.rows import ButtonRank
from supportdesk.ui.rows.week_words import WeekLine
from supportdesk.ui.settings.fields import Check
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import RADIUS_CARD, Ink, TypeRole
from supportdesk.ui.voices.felt_bar import FeltMark
from supportdesk.ui.widgets.box import STRETCH, Box, Grow, Item, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.label import Label


class WeekLineRow(Box):
    """A click anywhere puts it on the page or leaves it out; Alt with an arrow moves it.

    Signals:
        chosen: Whether it is to be on the page.
        moved: -1 up, 1 down.
        opened: Its source is wanted.
    """

    chosen = Signal(bool)
    moved = Signal(int)
    opened = Signal()

    def __init__(self, theme: Theme, view: WeekLine) -> None:
        super().__init__(theme, Ink.PAGE, Ink.LINE, radius=RADIUS_CARD)
        self.view = view
        self.check = Check(theme, "", is_on=view.is_on)
        self.check.setToolTip("On the page (Alt+Up and Alt+Down move it)")
        self.check.setFixedWidth(theme.mark(24))
        self.check.clicked.connect(lambda: self.chosen.emit(self.check.isChecked()))
        self._words = Label(theme, view.words, TypeRole.BODY).wrapping()
        self._source = Label(theme, view.source, TypeRole.CAPTION, Ink.TEXT2).wrapping()
        self._up = self._button("up", "Move up", -1)
        self._down = self._button("down", "Move down", 1)
        tools: list[Item] = [self._up, self._down]
        if view.open_words:
            opener = Button(
                theme, rank=ButtonRank.GHOST, icon="open", hint=view.open_words, small=True
            )
            opener.setAutoDefault(False)
            opener.clicked.connect(self.opened)
            tools.append(opener)
        lines: list[Item] = [self._words, self._source]
        if view.felt is not None:
            lines.insert(0, row(theme, FeltMark(theme, view.felt), STRETCH))
        row(
            theme,
            column(theme, self.check, STRETCH),
            Grow(column(theme, *lines, gap=3)),
            column(theme, row(theme, *tools, gap=0), STRETCH),
            gap=8,
            margins=(12, 9, 8, 9),
            inside=self,
        )
        for keys, by in (("Alt+Up", -1), ("Alt+Down", 1)):
            moving = QShortcut(QKeySequence(keys), self)
            moving.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            moving.activated.connect(lambda by=by: self.moved.emit(by))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.show_view(view)

    def show_view(self, view: WeekLine) -> None:
        """The same line, perhaps on the page now, masked, or in another place."""
        self.view = view
        self.check.setChecked(view.is_on)
        self.check.setAccessibleName(view.spoken)
        self._words.setText(view.words)
        self._words.set_ink(Ink.TEXT if view.is_on else Ink.TEXT2)
        self._source.setText(view.source)
        self._up.set_possible(view.may_rise, "It is the first of its kind")
        self._down.set_possible(view.may_sink, "It is the last of its kind")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.pos()):
            self.check.click()

    def _button(self, icon: str, hint: str, by: int) -> Button:
        button = Button(self.theme, rank=ButtonRank.GHOST, icon=icon, hint=hint, small=True)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: self.moved.emit(by))
        return button
