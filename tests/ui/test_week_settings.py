"""My week in the settings: each change is told and kept at once, and what holds is shown."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from PySide6.QtCore import QDate, QPoint, QPointF, Qt, QTime
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDateEdit, QLineEdit, QTimeEdit, QWidget
from pytestqt.qtbot import QtBot

from supportdesk.domain import settings as domain
from supportdesk.domain.errors import Problem
from supportdesk.domain.nudge import NudgeAnswer
from supportdesk.services.weekly_nudge import NudgeState
from supportdesk.ui.controllers.settings_forms import (
    reading_options,
    reading_settings,
    week_card_view,
)
from supportdesk.ui.presenter.days_off import days_off, days_off_note
from supportdesk.ui.rows import Page
from supportdesk.ui.settings.forms import (
    DaysOff,
    ReadingOptions,
    WeekCardView,
    WeekPeriod,
    WeekStart,
)
from supportdesk.ui.settings.settings_page import SettingsPage
from supportdesk.ui.settings.week_card import WeekCard
from supportdesk.ui.theme import Theme
from supportdesk.ui.widgets.tab_order import arrange_tabs
from tests.ui.looking import focused, named, settle, words
from tests.ui.rig import Rig

TODAY = date(2026, 11, 22)
CHRISTMAS = tuple(date(2026, 12, day) for day in range(21, 28))


def view_of(reading: ReadingOptions | None = None) -> WeekCardView:
    reading = reading or ReadingOptions()
    return WeekCardView(
        reading=reading,
        days_off=days_off(reading.days_off, TODAY),
        days_off_note=days_off_note(reading.days_off, TODAY),
        today=TODAY,
    )


class Card:
    """The card, and what it told; as the controller does, it is shown what it told."""

    def __init__(self, theme: Theme, qtbot: QtBot) -> None:
        self.widget = WeekCard(theme, "One ring, seconds")
        qtbot.addWidget(self.widget)
        self.told: list[ReadingOptions] = []
        self.widget.reading_changed.connect(self._told)
        self.widget.show_week(view_of())
        self.widget.resize(600, 500)
        self.widget.show()
        self.widget.activateWindow()

    def _told(self, reading: ReadingOptions) -> None:
        self.told.append(reading)
        self.widget.show_week(view_of(reading))

    def show(self, reading: ReadingOptions) -> None:
        self.widget.show_week(view_of(reading))

    def pick(self, name: str, position: int) -> None:
        box = named(self.widget, name)
        assert isinstance(box, QComboBox)
        box.setCurrentIndex(position)
        box.activated.emit(position)

    def click(self, name: str) -> None:
        QTest.mouseClick(named(self.widget, name), Qt.MouseButton.LeftButton)

    def day_field(self, name: str) -> QDateEdit:
        field = named(self.widget, name)
        assert isinstance(field, QDateEdit)
        return field

    def is_on_show(self, name: str) -> bool:
        settle()
        found = [w for w in self.widget.findChildren(QWidget) if w.accessibleName() == name]
        return any(widget.isVisible() for widget in found)


@pytest.fixture
def card(theme: Theme, qtbot: QtBot) -> Card:
    return Card(theme, qtbot)


# --- the card ----------------------------------------------------------------------------------


def test_the_goal_is_told(card: Card) -> None:
    goal = named(card.widget, "Goal in minutes a week")
    assert isinstance(goal, QLineEdit)
    goal.clear()
    QTest.keyClicks(goal, "45")
    QTest.keyClick(goal, Qt.Key.Key_Return)
    assert card.told == [ReadingOptions(goal_minutes=45)]


def test_period_and_first_day_are_told(card: Card) -> None:
    card.pick("A week begins on", 2)
    assert card.told[-1] == ReadingOptions(week_starts=WeekStart.SUNDAY)
    card.pick("This week is", 1)
    assert card.told[-1].period is WeekPeriod.LAST_7_DAYS
    assert not card.is_on_show("A week begins on")
    card.pick("This week is", 0)
    assert card.told[-1] == ReadingOptions(week_starts=WeekStart.SUNDAY)
    assert card.is_on_show("A week begins on")


def test_what_the_desktop_says_is_named(card: Card) -> None:
    box = named(card.widget, "A week begins on")
    assert isinstance(box, QComboBox)
    assert box.itemText(0) == "Monday, as the desktop says"
    card.widget.show_week(replace(view_of(), desktop_first_day="Sunday"))
    assert box.itemText(0) == "Sunday, as the desktop says"
    calendar = card.day_field("First day off").calendarWidget()
    assert calendar is not None
    assert calendar.firstDayOfWeek() is Qt.DayOfWeek.Sunday


def test_the_nudge_is_switched_off_and_has_an_hour(card: Card) -> None:
    assert not card.is_on_show("Remind me at")
    card.pick("Remind me", 1)
    assert card.told[-1].nudge_at == time(9)
    at = named(card.widget, "Remind me at")
    assert isinstance(at, QTimeEdit)
    at.setTime(QTime(7, 30))
    at.editingFinished.emit()
    assert card.told[-1].nudge_at == time(7, 30)
    card.click("Remind me when I am behind")
    assert (card.told[-1].is_nudge_wanted, card.told[-1].nudge_at) == (False, time(7, 30))
    assert not card.is_on_show("Remind me")
    assert not card.is_on_show("Remind me at")
    card.click("Remind me when I am behind")
    card.pick("Remind me", 0)
    assert card.told[-1] == ReadingOptions()


def test_when_the_reminder_comes_is_said_while_it_is_wanted(card: Card) -> None:
    said = "At 08:40, when you usually begin to read."
    card.widget.show_week(replace(view_of(), nudge_words=said))
    assert said in words(card.widget)
    silent = ReadingOptions(is_nudge_wanted=False)
    card.widget.show_week(replace(view_of(silent), nudge_words=said))
    assert said not in words(card.widget)


def test_days_off_are_added_and_removed(card: Card) -> None:
    card.day_field("First day off").setDate(QDate(2026, 12, 21))
    assert card.day_field("Last day off").date() == QDate(2026, 12, 21)
    card.day_field("Last day off").setDate(QDate(2026, 12, 23))
    card.click("Add these days off")
    assert card.told[-1].days_off == CHRISTMAS[:3]
    assert "Mon 21 Dec – Wed 23 Dec" in words(card.widget)
    card.click("Add these days off")
    assert len(card.told) == 1
    card.click("Remove Mon 21 Dec – Wed 23 Dec")
    assert card.told[-1].days_off == ()
    assert "Mon 21 Dec – Wed 23 Dec" not in words(card.widget)


def test_days_beside_each_other_become_one_line(card: Card) -> None:
    card.show(ReadingOptions(days_off=CHRISTMAS[:2]))
    for field in ("First day off", "Last day off"):
        card.day_field(field).setDate(QDate(2026, 12, 23))
    card.click("Add these days off")
    assert card.told[-1].days_off == CHRISTMAS[:3]
    assert "Mon 21 Dec – Wed 23 Dec" in words(card.widget)


def test_the_last_day_is_never_before_the_first(card: Card) -> None:
    first, last = card.day_field("First day off"), card.day_field("Last day off")
    first.setDate(QDate(2027, 1, 4))
    last.setDate(QDate(2026, 12, 31))
    assert last.date() == QDate(2027, 1, 4)
    last.setDate(QDate(2029, 1, 1))
    assert last.date() == QDate(2028, 1, 5)


def test_what_is_typed_stays_until_the_day_ends(card: Card) -> None:
    card.day_field("First day off").setDate(QDate(2026, 12, 21))
    card.show(ReadingOptions(goal_minutes=40))
    assert card.day_field("First day off").date() == QDate(2026, 12, 21)
    card.widget.show_week(replace(view_of(), today=TODAY + timedelta(days=1)))
    assert card.day_field("First day off").date() == QDate(2026, 11, 23)


def test_days_off_by_keyboard(card: Card) -> None:
    first = card.day_field("First day off")
    first.setFocus()
    QTest.keyClicks(first, "24")
    assert first.date() == QDate(2026, 11, 24)
    QTest.keyClick(named(card.widget, "Add these days off"), Qt.Key.Key_Space)
    assert card.told[-1].days_off == (date(2026, 11, 24),)


def test_a_field_of_a_moment_is_one_stop_for_tab(card: Card) -> None:
    card.show(ReadingOptions(nudge_at=time(9)))
    settle()
    arrange_tabs([card.widget])  # as the window does
    card.day_field("First day off").setFocus()
    names = []
    for _ in range(6):
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
        names.append(focused().accessibleName())
    assert names == [
        "Last day off",
        "Add these days off",
        "Remind me when I am behind",
        "Remind me",
        "Remind me at",
        "Export…",
    ]
    assert not card.told


def test_a_click_into_the_line_begins_typing(card: Card) -> None:
    field = card.day_field("First day off")
    QTest.mouseClick(field.lineEdit(), Qt.MouseButton.LeftButton)
    assert focused() is field


def test_the_keyboard_stays_in_the_list_when_a_line_goes(card: Card) -> None:
    card.show(ReadingOptions(days_off=(date(2026, 12, 1), date(2026, 12, 5))))
    line = named(card.widget, "Remove Tue 1 Dec")
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_Space)
    settle()
    assert focused() is named(card.widget, "Remove Sat 5 Dec")
    QTest.keyClick(focused(), Qt.Key.Key_Space)
    settle()
    assert focused() is card.day_field("First day off")


def test_the_calendar_has_no_colours_of_its_own(card: Card) -> None:
    calendar = card.day_field("First day off").calendarWidget()
    for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
        brush = calendar.weekdayTextFormat(day).foreground()
        assert brush.style() is Qt.BrushStyle.NoBrush


def test_the_page_scrolls_past_its_fields(card: Card) -> None:
    card.show(ReadingOptions(nudge_at=time(9)))
    for name in ("First day off", "Remind me at", "This week is", "Remind me"):
        field = named(card.widget, name)
        before = field.property("text") or field.property("currentText")
        centre = QPointF(field.rect().center())
        turn = QWheelEvent(
            centre,
            field.mapToGlobal(centre),
            QPoint(),
            QPoint(0, 120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(field, turn)
        assert field.property("text") or field.property("currentText") == before
        assert not turn.isAccepted()
    assert not card.told


# --- days off in words ---------------------------------------------------------------------------


def test_days_that_follow_each_other_are_one_line() -> None:
    days = [date(2027, 1, 1), date(2026, 12, 31), date(2026, 12, 24), date(2026, 12, 31)]
    assert days_off(days, TODAY) == (
        DaysOff(first=days[2], last=days[2], label="Thu 24 Dec"),
        DaysOff(first=days[1], last=days[0], label="Thu 31 Dec – Fri 1 Jan 2027"),
    )


def test_days_long_over_are_counted() -> None:
    old = [TODAY - timedelta(days=back) for back in (85, 86, 400)]
    days = [*old, TODAY - timedelta(days=84)]
    assert [one.label for one in days_off(days, TODAY)] == ["Fri 28 Aug – Sun 30 Aug"]
    assert days_off_note(days, TODAY) == "1 day off before that."
    assert days_off_note(days[:2], TODAY) == "2 days off before that."
    assert days_off_note([], TODAY) == ""


# --- kept in the file ----------------------------------------------------------------------------


def test_options_and_settings_say_the_same() -> None:
    settings = domain.ReadingSettings(
        goal_minutes=22.5,
        week_starts=domain.WeekStart.SUNDAY,
        period=domain.WeekPeriod.LAST_7_DAYS,
        holidays=CHRISTMAS,
        is_nudge_wanted=False,
        nudge_at=time(8, 15),
    )
    shown = reading_options(settings)
    assert reading_settings(shown, settings) == settings
    changed = reading_settings(replace(shown, goal_minutes=25), settings)
    assert changed == replace(settings, goal_minutes=25.0)


def test_an_hour_that_is_not_learned_yet_is_told_as_that() -> None:
    def said(nudge: NudgeState, at: time | None = None) -> str:
        settings = domain.ReadingSettings(nudge_at=at)
        return week_card_view(settings, TODAY, nudge=nudge).nudge_words

    due = NudgeState(answer=NudgeAnswer.TOO_EARLY, hour=time(9))
    why = "Its hour has not come yet today."
    learned = replace(due, hour=time(8, 40), is_learned=True)
    assert said(due) == f"At 09:00. {why} Your own hour is learned from 5 days of reading."
    assert said(learned) == f"At 08:40, when you usually begin to read. {why}"
    assert said(due, time(9)) == f"At 09:00. {why}"


@pytest.fixture
def rig(theme: Theme, qtbot: QtBot) -> Rig:
    made = Rig(theme, qtbot)
    made.window.show_page(Page.SETTINGS)
    return made


def shown_card(rig: Rig) -> WeekCardView:
    return rig.window._shown.settings.week


def test_a_change_is_kept_and_shown_at_once(rig: Rig) -> None:
    options = ReadingOptions(period=WeekPeriod.LAST_7_DAYS, days_off=CHRISTMAS)
    rig.window.choices.reading_changed.emit(options)
    assert rig.acts.kept.reading.period is domain.WeekPeriod.LAST_7_DAYS
    assert rig.acts.kept.reading.holidays == CHRISTMAS
    assert shown_card(rig).reading == options
    assert [one.first for one in shown_card(rig).days_off] == [CHRISTMAS[0]]


def test_what_cannot_be_written_is_said_and_what_holds_is_shown(rig: Rig) -> None:
    before = shown_card(rig).reading
    rig.acts.problem = Problem(title="settings.toml cannot be written", advice="Free some room.")
    rig.window.choices.reading_changed.emit(replace(before, goal_minutes=45))
    (page,) = rig.window.findChildren(SettingsPage)
    assert "settings.toml cannot be written" in words(page)
    assert shown_card(rig).reading == before
    rig.acts.problem = None
    rig.window.choices.reading_changed.emit(replace(before, goal_minutes=45))
    assert "settings.toml cannot be written" not in words(page)
    assert shown_card(rig).reading.goal_minutes == 45
