"""Opening hours: the list of those that hold, and an entry for days and times."""

from __future__ import annotations

from datetime import time

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from supportdesk.ui.settings.alert_forms import OpenHours
from supportdesk.ui.settings.fields import Check
from supportdesk.ui.settings.line_list import LineList
from supportdesk.ui.settings.moment_fields import TimeField
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink
from supportdesk.ui.widgets.box import column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.flow import flowing
from supportdesk.ui.widgets.label import Label

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_SHORT = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WORKING_DAYS = range(5)
_OPENS, _CLOSES = time(9), time(17)


class HoursField(QWidget):
    """Tells all hours that shall hold.

    Signals:
        changed: A tuple of `OpenHours`.
        rebuilt: There are other buttons than before.
    """

    changed = Signal(object)
    rebuilt = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._hours: tuple[OpenHours, ...] = ()
        self._lines = LineList(theme, "Always open. With opening hours, calls outside them wait.")
        self._days = [Check(theme, day, is_on=at in _WORKING_DAYS) for at, day in enumerate(_SHORT)]
        for check, name in zip(self._days, _DAY_NAMES, strict=True):
            check.setAccessibleName(f"Open on {name}")
            # The box of the next day stands apart from the word of this one.
            check.setMinimumWidth(check.sizeHint().width() + theme.gap(8))
            check.toggled.connect(lambda _: self._settle())
        self._opens = TimeField(theme, "Opens at", _OPENS)
        self._closes = TimeField(theme, "Closes at", _CLOSES)
        self._add = Button(theme, "Add", icon="check", small=True, hint="Add these opening hours")
        self._add.clicked.connect(self._on_add)
        self._lines.removed.connect(self._on_removed)
        self._lines.rebuilt.connect(self.rebuilt)
        until = QWidget()
        row(theme, Label(theme, "to", ink=Ink.TEXT2), self._closes, gap=6, inside=until)
        times = flowing(self._opens, until, self._add, gap=6)
        column(theme, self._lines, flowing(*self._days, gap=0), times, gap=6, inside=self)

    def show_hours(self, hours: tuple[OpenHours, ...]) -> None:
        self._hours = hours
        self._lines.show_lines([hours_words(one) for one in hours])

    # --- inside ------------------------------------------------------------------------

    def _chosen_days(self) -> tuple[int, ...]:
        return tuple(at for at, day in enumerate(self._days) if day.isChecked())

    def _settle(self) -> None:
        self._add.set_possible(bool(self._chosen_days()), "Choose a day first")

    def _on_add(self) -> None:
        new = OpenHours(weekdays=self._chosen_days(), opens=self._opens.at, closes=self._closes.at)
        if new not in self._hours:
            self.changed.emit((*self._hours, new))

    def _on_removed(self, number: int) -> None:
        self.changed.emit(tuple(one for at, one in enumerate(self._hours) if at != number))


def hours_words(hours: OpenHours) -> str:
    """Mon – Fri, 09:00 to 17:00."""
    closes = "24:00" if hours.closes == time(0) else f"{hours.closes:%H:%M}"
    return f"{_days_words(hours.weekdays)}, {hours.opens:%H:%M} to {closes}"


def _days_words(weekdays: tuple[int, ...]) -> str:
    runs: list[list[int]] = []
    for day in sorted(weekdays):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(
        DAYS[run[0]] if len(run) == 1 else f"{DAYS[run[0]]} – {DAYS[run[-1]]}" for run in runs
    )
