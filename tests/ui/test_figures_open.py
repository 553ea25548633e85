"""No number without words (F86): on My week and on Calls each figure opens what it is made of.

A new number on one of these pages fails here until it is a button that leads somewhere, or the
heading of the very rows that it counts.
"""

import re
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget

from supportdesk.ui.calls.calls_page import CallsPage
from supportdesk.ui.calls.ring_card import RingCard
from supportdesk.ui.calls.team_card import Member
from supportdesk.ui.calls.waiting_list import WaitingList
from supportdesk.ui.gallery.make_believe_calls import CALLS
from supportdesk.ui.gallery.make_believe_week import WEEK
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.rows import CallEntry
from supportdesk.ui.theme import Theme
from supportdesk.ui.week.day_column import DayColumn
from supportdesk.ui.week.week_page import WeekPage
from supportdesk.ui.widgets.label import Label
from supportdesk.ui.widgets.row_list import RowList
from tests.ui.screens import shown

_WEEK = "3-week"
_CALLS = "2-calls"
_NOTHING_YET = "still to come"
_DAY = r"\w{3} \d{1,2}( \w{3})?( \d{4})?"

# Labels with a number in them, and where what it counts can be seen and opened.
_STANDS_BESIDE = {
    _WEEK: {
        rf"{_DAY} – {_DAY}": "the days of the bars",
        r"of 30 minutes with customers": "the rest of the button before it",
        r"12 to go\..*": "what the button leaves of the goal",
        r"Pavel Kiss, Wednesday 16:42, 4 min\..*": "the talk that the button opens",
        r"Oldest missed call, 1 h 20": "the button below calls back",
        r"12 weeks": "a disc each",
        r"5 of 9 reached 30": "discs with a tick",
        r"\w+day \d{1,2} \w{3}": "the day whose rows are listed",
        r"\d+:\d\d counted, \d+:\d\d not counted": "the sum of the rows below",
    },
    _CALLS: {
        r"2": "the rows of who waits",
        r"longest first · one ring is 6 s": "a setting, not a figure",
        r"2 people still waiting": "the rows of who was missed",
        r"3 of 3 busy": "the members below",
        r"of 31 calls": "the rest of the button before it",
    },
}


def page_of(screen: QWidget, name: str) -> QWidget:
    assert isinstance(screen, MainWindow)
    if name == _WEEK:
        assert WEEK.talk is not None
        screen.show_week(replace(WEEK, talk=replace(WEEK.talk, item="call-7")))
    pages: dict[str, type[QWidget]] = {_WEEK: WeekPage, _CALLS: CallsPage}
    return next(one for one in screen.findChildren(pages[name]) if one.isVisible())


def figures(page: QWidget) -> list[QAbstractButton]:
    """Buttons that say a number."""
    buttons = page.findChildren(QAbstractButton)
    said = ((one, f"{one.text()} {one.accessibleName()}") for one in buttons if one.isVisible())
    return [one for one, words in said if re.search(r"\d", words) and _NOTHING_YET not in words]


def told_by(window: MainWindow) -> list[str]:
    """The names of all that the founder's choices say from now on."""
    told: list[str] = []
    choices = window.choices
    choices.asked.connect(lambda _action, _key: told.append("asked"))
    choices.day_chosen.connect(lambda _choice: told.append("day"))
    choices.week_chosen.connect(lambda _start: told.append("week"))
    choices.item_chosen.connect(lambda _key: told.append("item"))
    choices.span_chosen.connect(lambda _key: told.append("span"))
    choices.calls_filter_changed.connect(lambda _filter: told.append("calls"))
    return told


@pytest.mark.parametrize("name", [_WEEK, _CALLS])
def test_every_figure_that_is_a_button_leads_somewhere(theme: Theme, name: str) -> None:
    with shown(theme, name) as screen:
        page = page_of(screen, name)
        assert isinstance(screen, MainWindow)
        told = told_by(screen)
        found = figures(page)
        assert len(found) >= 3
        for figure in found:
            words = figure.accessibleName() or figure.text()
            assert figure.isEnabled(), words
            assert figure.focusPolicy() != Qt.FocusPolicy.NoFocus, words
            told.clear()
            figure.click()
            assert told, f"{words!r} opens nothing"


@pytest.mark.parametrize("name", [_WEEK, _CALLS])
def test_every_other_number_stands_beside_what_it_counts(theme: Theme, name: str) -> None:
    with shown(theme, name) as screen:
        page = page_of(screen, name)
        labels = [one.text() for one in page.findChildren(Label) if one.isVisible()]
        numbers = [text for text in labels if re.search(r"\d", text)]
        known = _STANDS_BESIDE[name]
        unknown = [
            text for text in numbers if not any(re.fullmatch(one, text, re.S) for one in known)
        ]
        assert unknown == [], "make it a button that opens what it is made of"


def test_every_day_with_minutes_opens_them_by_mouse_and_keyboard(theme: Theme) -> None:
    with shown(theme, _WEEK) as screen:
        page = page_of(screen, _WEEK)
        assert isinstance(screen, MainWindow)
        chosen: list[date | None] = []
        screen.choices.day_chosen.connect(lambda choice: chosen.append(choice.day))
        columns = [one for one in page.findChildren(DayColumn) if one.isEnabled()]
        assert len(columns) == sum(not day.is_future for day in WEEK.days)
        for column in columns:
            QTest.mouseClick(column, Qt.MouseButton.LeftButton)
            column.setFocus()
            QTest.keyClick(column, Qt.Key.Key_Return)
        assert set(chosen) == {day.day for day in WEEK.days if not day.is_future}


def test_what_heads_a_list_is_the_number_of_its_rows(theme: Theme) -> None:
    with shown(theme, _CALLS) as screen:
        page = page_of(screen, _CALLS)
        words = [one.text() for one in page.findChildren(Label) if one.isVisible()]
        waiting = page.findChildren(WaitingList)[0].findChildren(RowList)[0].model()
        assert str(waiting.rowCount()) in words
        past = CALLS.past.rows.rows(0, CALLS.past.rows.count)
        missed = [entry for entry in past if isinstance(entry, CallEntry) and entry.is_open]
        assert f"{len(missed)} people still waiting" in words
        members = page.findChildren(Member)
        busy = [one for one in members if "on a call" in one.accessibleName()]
        assert f"{len(busy)} of {len(busy)} busy" in words


def test_the_figure_of_reached_weeks_counts_the_discs_with_a_tick() -> None:
    reached = [one for one in WEEK.twelve_weeks if (one.minutes or 0) >= WEEK.goal_minutes]
    assert WEEK.twelve_weeks_sentence.startswith(f"{len(reached)} of ")


def test_the_one_ring_share_opens_both_of_its_sides(theme: Theme) -> None:
    """Those within one ring, and caller by caller those who were not; no third figure."""
    with shown(theme, _CALLS) as screen:
        page = page_of(screen, _CALLS)
        card = next(one for one in page.findChildren(RingCard) if one.isVisible())
        names = [one.accessibleName() for one in figures(card)]
        assert names == [
            "27 of 31 calls within one ring this week: show them",
            "the 4 that were not, caller by caller",
        ]
