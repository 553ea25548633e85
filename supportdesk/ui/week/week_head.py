"""The head of My week: which week, the weeks beside it, and what can be done with the log."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from supportdesk.ui.rows import ButtonRank, WeekView
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.box import row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.density import Density
from supportdesk.ui.widgets.flow import flowing
from supportdesk.ui.widgets.label import Label

_GAP = 4
_BESIDE, _BELOW = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom


class WeekHead(QWidget):
    """What can be done stands beside the week, or below it where its bounds take the room.

    Signals:
        add_asked: The day on which time is missing.
    """

    week_step = Signal(int)
    add_asked = Signal(object)
    correct_asked = Signal()
    export_asked = Signal()
    phone_week_asked = Signal()

    def __init__(self, theme: Theme, density: Density) -> None:
        super().__init__()
        self._theme = theme
        self._is_narrow = theme.is_large or density is Density.NARROW
        self._adding_to: date | None = None
        self._build_where()
        self._build_acts()
        title = Label(theme, "My week", TypeRole.TITLE)
        for words in (title, self._bounds):
            words.setMinimumHeight(self._later.sizeHint().height())
        where = (title, self._bounds, self._before, self._later)
        acts = (self._phone_week, self._add, self._correct, self._export)
        self._where, self._acts = self._line(*where), self._line(*acts)
        self._line_up = QBoxLayout(_BELOW if self._is_narrow else _BESIDE, self)
        self._line_up.setContentsMargins(0, 0, 0, 0)
        self._line_up.setSpacing(theme.gap(_GAP))
        for line in (self._where, self._acts):
            self._line_up.addWidget(line)
        if not self._is_narrow:
            self._put(_BESIDE)

    def show_head(self, view: WeekView) -> None:
        self._bounds.setText(view.bounds_label)
        self._later.set_possible(view.has_later_week, "This is the current week.")
        self._adding_to = view.adding_to
        self._add.set_possible(view.adding_to is not None, "This day is still to come.")
        self._settle()

    def set_correct_possible(self, is_possible: bool) -> None:
        self._correct.set_possible(is_possible, "Choose a span of the list.")

    def add(self) -> None:
        """Nothing on a day that is still to come."""
        if self._adding_to is not None:
            self.add_asked.emit(self._adding_to)

    # --- Qt ----------------------------------------------------------------------------

    def minimumSizeHint(self) -> QSize:
        """Of the wider line: the other one can go below it."""
        least = [line.minimumSizeHint() for line in (self._where, self._acts)]
        width = max(size.width() for size in least)
        return QSize(width, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._settle()

    # --- inside ------------------------------------------------------------------------

    def _build_where(self) -> None:
        theme, ghost = self._theme, ButtonRank.GHOST
        self._bounds = Label(theme, "", ink=Ink.TEXT2)
        self._bounds.setContentsMargins(theme.gap(_GAP), 0, 0, 0)
        self._before = Button(theme, rank=ghost, icon="left", hint="Week before")
        self._before.clicked.connect(lambda: self.week_step.emit(-1))
        self._later = Button(theme, rank=ghost, icon="right", hint="Week after")
        self._later.clicked.connect(lambda: self.week_step.emit(1))

    def _build_acts(self) -> None:
        """Nothing of them is the next thing to do: they keep back."""
        theme, ghost = self._theme, ButtonRank.GHOST
        hint = "Who is on the phones this week, and what came of it"
        self._phone_week = Button(theme, "Phone week", ghost, icon="phone", hint=hint)
        self._phone_week.clicked.connect(self.phone_week_asked)
        self._add = Button(theme, "Add time", ghost, icon="clock", hint="Add time (a)")
        self._add.clicked.connect(self.add)
        self._correct = Button(theme, "Correct", ghost, icon="note", hint="Correct (c)")
        self._correct.clicked.connect(self.correct_asked)
        hint = "Export all that was logged"
        self._export = Button(theme, "Export", ghost, icon="export", hint=hint)
        self._export.clicked.connect(self.export_asked)

    def _line(self, *parts: QWidget) -> QWidget:
        if self._is_narrow:
            return flowing(*parts, gap=self._theme.gap(_GAP))
        line = QWidget()
        row(self._theme, *parts, gap=_GAP, inside=line)
        return line

    def _settle(self) -> None:
        if self._is_narrow:
            return
        wanted = self._where.sizeHint().width() + self._acts.sizeHint().width()
        self._put(_BESIDE if wanted + self._theme.gap(_GAP) <= self.width() else _BELOW)

    def _put(self, direction: QBoxLayout.Direction) -> None:
        self._line_up.setDirection(direction)
        self._line_up.setAlignment(self._where, Qt.AlignmentFlag.AlignLeft)
        side = Qt.AlignmentFlag.AlignRight if direction is _BESIDE else Qt.AlignmentFlag.AlignLeft
        self._line_up.setAlignment(self._acts, side)
