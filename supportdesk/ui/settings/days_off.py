"""Days off: the list of those to come, and two fields that add a day or several."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLayout, QWidget

from supportdesk.ui.settings.forms import DaysOff
from supportdesk.ui.settings.moment_fields import DayField
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.box import Grow, clear, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.flow import flowing
from supportdesk.ui.widgets.label import Label

_LONGEST = timedelta(days=366)
_BACK = timedelta(days=366)
_AHEAD = timedelta(days=3 * 366)


class DaysOffField(QWidget):
    """Tells which days to add and which to take away; the list is what it is shown.

    Signals:
        added: The first and the last of the days.
        removed: The `DaysOff`.
        rebuilt: There are other buttons than before.
    """

    added = Signal(object, object)
    removed = Signal(object)
    rebuilt = Signal()

    def __init__(self, theme: Theme, today: date) -> None:
        super().__init__()
        self._theme = theme
        self._shown: tuple[DaysOff, ...] | None = None
        self._today: date | None = None
        self._removers: list[Button] = []
        self._place = column(theme, gap=2)
        self._more = Label(theme, "", TypeRole.CAPTION, Ink.TEXT2).wrapping()
        self._first = DayField(theme, "First day off", today)
        self._last = DayField(theme, "Last day off", today)
        self._add = Button(theme, "Add", icon="check", small=True, hint="Add these days off")
        self._first.dateChanged.connect(lambda _: self._bound_last())
        self._add.clicked.connect(self._on_add)
        # Where they wrap, the word goes with what it is about.
        until = QWidget()
        row(theme, Label(theme, "to", ink=Ink.TEXT2), self._last, gap=6, inside=until)
        entry = flowing(self._first, until, self._add, gap=6)
        column(theme, self._place, self._more, entry, gap=6, inside=self)
        self._start_on(today)

    def show_days(self, days: tuple[DaysOff, ...], note: str, today: date) -> None:
        self._start_on(today)
        self._more.setText(note)
        self._more.setVisible(bool(note))
        if days == self._shown:
            return
        at = self._focused_line()
        self._shown = days
        clear(self._place)
        self._removers = []
        for one in days:
            self._place.addLayout(self._line(one))
        self._place_focus(at)
        self.rebuilt.emit()

    def set_first_weekday(self, weekday: int) -> None:
        for field in (self._first, self._last):
            field.set_first_weekday(weekday)

    # --- inside ------------------------------------------------------------------------

    def _start_on(self, today: date) -> None:
        """Once a day; what stands in the fields is the founder's until then."""
        if today == self._today:
            return
        self._today = today
        self._first.set_bounds(today - _BACK, today + _AHEAD)
        self._first.set_day(today)
        self._bound_last()
        self._last.set_day(today)

    def _bound_last(self) -> None:
        """Never before the first; one day off is the usual."""
        first = self._first.day
        self._last.set_bounds(first, first + _LONGEST)

    def _on_add(self) -> None:
        self.added.emit(self._first.day, self._last.day)

    def _line(self, days: DaysOff) -> QLayout:
        remove = Button(self._theme, icon="close", small=True, hint=f"Remove {days.label}")
        remove.clicked.connect(lambda: self.removed.emit(days))
        self._removers.append(remove)
        return row(self._theme, Grow(Label(self._theme, days.label).wrapping()), remove)

    def _focused_line(self) -> int | None:
        return next((at for at, one in enumerate(self._removers) if one.hasFocus()), None)

    def _place_focus(self, at: int | None) -> None:
        """The keyboard stays in the list: on the line that came in place of the removed one."""
        if at is None:
            return
        if not self._removers:
            self._first.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        remover = self._removers[min(at, len(self._removers) - 1)]
        remover.show()  # what is not in sight yet takes no focus
        remover.setFocus(Qt.FocusReason.OtherFocusReason)
