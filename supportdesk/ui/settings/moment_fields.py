"""Fields for a day and for a time of the day: typed, or changed by the arrow keys."""

from __future__ import annotations

from datetime import date, time

from PySide6.QtCore import QDate, QLocale, QSize, Qt, QTime
from PySide6.QtGui import QPaintEvent, QTextCharFormat, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCalendarWidget,
    QDateEdit,
    QTimeEdit,
    QToolButton,
    QWidget,
)

from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink
from supportdesk.ui.widgets.canvas import Canvas

_MARK = 14
_STEPS = {"qt_calendar_prevmonth": "left", "qt_calendar_nextmonth": "right"}
"""The buttons of Qt's calendar, and what is drawn on them."""
_ENGLISH = QLocale(QLocale.Language.C)
"""Days are named as everywhere in the window, whatever the desktop speaks."""


class DayField(QDateEdit):
    """A day of the calendar, which a click on its mark opens."""

    def __init__(self, theme: Theme, name: str, day: date) -> None:
        super().__init__(_as_qdate(day))
        self._theme = theme
        self.setFont(theme.font())
        _name(self, name)
        self.setToolTip(f"{name}: type it, or change it with the arrow keys")
        self.setLocale(_ENGLISH)
        # The number comes first, for that is what one types.
        self.setDisplayFormat("d MMM yyyy, ddd")
        self.setCalendarPopup(True)
        self.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self._dress_calendar()
        theme.colours_changed.connect(self._dress_calendar)

    @property
    def day(self) -> date:
        chosen = self.date()
        return date(chosen.year(), chosen.month(), chosen.day())

    def set_day(self, day: date) -> None:
        self.setDate(_as_qdate(day))

    def set_bounds(self, first: date, last: date) -> None:
        self.setDateRange(_as_qdate(first), _as_qdate(last))

    def set_first_weekday(self, weekday: int) -> None:
        """Of the calendar; Monday is 0."""
        self.calendarWidget().setFirstDayOfWeek(Qt.DayOfWeek(weekday + 1))

    def _dress_calendar(self) -> None:
        """No red of its own: a weekend is a day like others, and marks follow the colours."""
        calendar = self.calendarWidget()
        calendar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        calendar.setContentsMargins(1, 1, 1, 1)
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        for weekday in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            calendar.setWeekdayTextFormat(weekday, QTextCharFormat())
        for button in calendar.findChildren(QToolButton):
            icon = _STEPS.get(button.objectName())
            if icon is not None:
                button.setIcon(self._theme.icon(icon, Ink.TEXT2, self._theme.mark(_MARK)))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The page scrolls past it."""
        event.ignore()

    def focusNextPrevChild(self, is_next: bool) -> bool:
        """Tab leaves the field; its parts are reached by the arrow keys."""
        return QWidget.focusNextPrevChild(self, is_next)

    def sizeHint(self) -> QSize:
        """With room for the mark, which grows with the text."""
        hint = super().sizeHint()
        return QSize(hint.width() + self._theme.mark(_MARK), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        size = self._theme.mark(_MARK)
        with Canvas.over(self._theme, self) as canvas:
            x = self.width() - size - self._theme.gap(9)
            canvas.icon("calendar", Ink.TEXT2, x, (self.height() - size) / 2, size)


class TimeField(QTimeEdit):
    """A time of the day."""

    def __init__(self, theme: Theme, name: str, at: time) -> None:
        super().__init__(_as_qtime(at))
        self.setFont(theme.font())
        _name(self, name)
        self.setToolTip(f"{name}: type it, or change it with the arrow keys")
        self.setLocale(_ENGLISH)
        self.setDisplayFormat("HH:mm")
        # Without buttons in sight the style sheet's padding does not reach the text.
        self.lineEdit().setTextMargins(theme.gap(9), 0, 0, 0)

    @property
    def at(self) -> time:
        chosen = self.time()
        return time(chosen.hour(), chosen.minute())

    def set_at(self, at: time) -> None:
        self.setTime(_as_qtime(at))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The page scrolls past it."""
        event.ignore()

    def focusNextPrevChild(self, is_next: bool) -> bool:
        """Tab leaves the field; its parts are reached by the arrow keys."""
        return QWidget.focusNextPrevChild(self, is_next)


def _as_qdate(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)


def _as_qtime(at: time) -> QTime:
    return QTime(at.hour, at.minute)


def _name(field: QDateEdit | QTimeEdit, name: str) -> None:
    """The line within it is a part of the field: one stop for Tab, one name."""
    field.setAccessibleName(name)
    field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    line = field.lineEdit()
    line.setAccessibleName(name)
    # A proxy would take the policy for itself.
    line.setFocusProxy(None)  # type: ignore[arg-type]  # the stubs do not know of None
    line.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    line.setFocusProxy(field)
