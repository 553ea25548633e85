"""My week in the settings: how a week is counted, days off, the nudge, the log as a whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QWidget

from supportdesk.ui.settings.days_off import DaysOffField
from supportdesk.ui.settings.fields import Check, ChoiceField, FormGrid, NumberField
from supportdesk.ui.settings.forms import (
    DaysOff,
    LogWish,
    NudgeHour,
    ReadingOptions,
    WeekCardView,
    WeekPeriod,
    WeekStart,
)
from supportdesk.ui.settings.moment_fields import TimeField
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.banner import Banner
from supportdesk.ui.widgets.box import clear, column
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.flow import flowing
from supportdesk.ui.widgets.label import Label

_PERIODS = (
    (WeekPeriod.WEEK, "a week of the calendar"),
    (WeekPeriod.LAST_7_DAYS, "today and the six days before it"),
)
_HOURS = (
    (NudgeHour.LEARNED, "when I usually begin to read"),
    (NudgeHour.CHOSEN, "at a time of the day"),
)
_USUAL_HOUR = time(9)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ONCE = "Once a week at most, and only when there is something to read."
_HOLLOW = "A week with a day off is drawn hollow and never falls short."


class WeekCard(QWidget):
    """Tells each change at once, as whole options.

    Signals:
        reading_changed: `ReadingOptions`.
        log_asked: `LogWish`.
        rebuilt: There are other buttons than before.
    """

    reading_changed = Signal(object)
    log_asked = Signal(object)
    rebuilt = Signal()

    def __init__(self, theme: Theme, widest_label: str) -> None:
        super().__init__()
        self._theme = theme
        self._view = WeekCardView()
        self._goal = NumberField(theme, "Goal in minutes a week", 30, 1, 2400)
        self._period = ChoiceField(theme, "This week is", _PERIODS, WeekPeriod.WEEK)
        self._starts = ChoiceField(theme, "A week begins on", _starts("Monday"), WeekStart.LOCALE)
        self._days_off = DaysOffField(theme, self._view.today)
        self._nudge = Check(theme, "Remind me when I am behind", is_on=True)
        self._hour = ChoiceField(theme, "Remind me", _HOURS, NudgeHour.LEARNED)
        self._at = TimeField(theme, "Remind me at", _USUAL_HOUR)
        self._grid = grid = FormGrid(theme, widest_label)
        grid.add("Minutes a week", self._goal)
        grid.add("This week is", self._period)
        self._starts_row = grid.add("It begins on", self._starts)
        grid.add_lines("Days off", self._days_off)
        grid.add_note(_HOLLOW)
        grid.add("", self._nudge)
        self._once_row = grid.add_note(_ONCE)
        self._hour_row = grid.add("Remind me", self._hour)
        self._at_row = grid.add("At", self._at)
        self._nudge_words = Label(theme, "", TypeRole.CAPTION, Ink.TEXT2).wrapping()
        self._words_row = grid.add("", self._nudge_words)
        log_buttons = (
            self._wish_button(LogWish.EXPORT, "Export…", "export"),
            self._wish_button(LogWish.IMPORT, "Import another computer's log…"),
            self._wish_button(LogWish.DELETE, "Delete everything I logged…"),
        )
        self._notice_place = column(theme, gap=0)
        grid.add_lines("The log", flowing(*log_buttons, gap=6))
        column(theme, grid, self._notice_place, gap=8, inside=self)
        self._connect()

    def show_week(self, view: WeekCardView) -> None:
        before, self._view = self._view, view
        if view.desktop_first_day != before.desktop_first_day:
            self._starts.setItemText(0, _as_desktop(view.desktop_first_day))
        self._nudge_words.setText(view.nudge_words)
        self._show_reading(view.reading)
        self._days_off.show_days(view.days_off, view.days_off_note, view.today)
        self._days_off.set_first_weekday(_first_weekday(view))
        if view.log_notice != before.log_notice:
            clear(self._notice_place)
            if view.log_notice is not None:
                self._notice_place.addWidget(Banner(self._theme, view.log_notice))

    # --- inside ------------------------------------------------------------------------

    def _connect(self) -> None:
        self._goal.editingFinished.connect(self._on_change)
        self._period.picked.connect(self._on_change)
        self._starts.picked.connect(self._on_change)
        self._nudge.toggled.connect(lambda _: self._on_change())
        self._hour.picked.connect(self._on_change)
        self._at.editingFinished.connect(self._on_change)
        self._days_off.added.connect(self._on_added)
        self._days_off.removed.connect(self._on_removed)
        self._days_off.rebuilt.connect(self.rebuilt)

    def _wish_button(self, wish: LogWish, label: str, icon: str = "") -> Button:
        button = Button(self._theme, label, icon=icon, small=True).giving_way()
        button.clicked.connect(lambda: self.log_asked.emit(wish))
        return button

    def _show_reading(self, reading: ReadingOptions) -> None:
        blockers = [QSignalBlocker(field) for field in (self._nudge, self._at)]
        self._goal.set_number(reading.goal_minutes)
        self._period.set_value(reading.period)
        self._starts.set_value(reading.week_starts)
        self._nudge.setChecked(reading.is_nudge_wanted)
        is_learned = reading.nudge_at is None
        self._hour.set_value(NudgeHour.LEARNED if is_learned else NudgeHour.CHOSEN)
        if reading.nudge_at is not None:
            self._at.set_at(reading.nudge_at)
        self._grid.set_row_visible(self._starts_row, reading.period is WeekPeriod.WEEK)
        self._grid.set_row_visible(self._once_row, reading.is_nudge_wanted)
        self._grid.set_row_visible(self._hour_row, reading.is_nudge_wanted)
        self._grid.set_row_visible(self._at_row, reading.is_nudge_wanted and not is_learned)
        has_words = reading.is_nudge_wanted and bool(self._nudge_words.text())
        self._grid.set_row_visible(self._words_row, has_words)
        for blocker in blockers:
            blocker.unblock()

    def _on_change(self) -> None:
        is_learned = self._hour.value is NudgeHour.LEARNED
        self._tell(
            ReadingOptions(
                goal_minutes=self._goal.number,
                period=self._period.value,
                week_starts=self._starts.value,
                days_off=self._view.reading.days_off,
                is_nudge_wanted=self._nudge.isChecked(),
                nudge_at=None if is_learned else self._at.at,
            )
        )

    def _on_added(self, first: date, last: date) -> None:
        self._tell_days_off({*self._view.reading.days_off, *_days(first, last)})

    def _on_removed(self, days: DaysOff) -> None:
        gone = _days(days.first, days.last)
        self._tell_days_off({day for day in self._view.reading.days_off if day not in gone})

    def _tell_days_off(self, days: set[date]) -> None:
        self._tell(replace(self._view.reading, days_off=tuple(sorted(days))))

    def _tell(self, reading: ReadingOptions) -> None:
        if reading != self._view.reading:
            self._view = replace(self._view, reading=reading)
            self._show_reading(reading)
            self.reading_changed.emit(reading)


def _days(first: date, last: date) -> frozenset[date]:
    return frozenset(first + timedelta(days=at) for at in range((last - first).days + 1))


def _starts(desktop_first_day: str) -> list[tuple[WeekStart, str]]:
    return [
        (WeekStart.LOCALE, _as_desktop(desktop_first_day)),
        (WeekStart.MONDAY, "Monday"),
        (WeekStart.SUNDAY, "Sunday"),
    ]


def _as_desktop(first_day: str) -> str:
    return f"{first_day}, as the desktop says"


def _first_weekday(view: WeekCardView) -> int:
    """For the calendars that open in the card."""
    match view.reading.week_starts:
        case WeekStart.LOCALE:
            return _WEEKDAYS.index(view.desktop_first_day)
        case WeekStart.MONDAY:
            return _WEEKDAYS.index("Monday")
        case WeekStart.SUNDAY:
            return _WEEKDAYS.index("Sunday")
