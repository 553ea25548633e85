"""Who waits, twelve at once: all can be seen and reached by pointer, wheel and keyboard."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from supportdesk.ui.calls.calls_page import CallsPage
from supportdesk.ui.calls.waiting_list import WaitingArea
from supportdesk.ui.gallery.make_believe_calls import CALLS
from supportdesk.ui.rows import Action, CallerRow
from supportdesk.ui.theme import Theme
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.density import Density
from supportdesk.ui.widgets.row_list import RowList

TWELVE = tuple(
    CallerRow(key=f"call-{number}", position=number, who=f"Caller {number}", rings=3)
    for number in range(1, 13)
)


@pytest.fixture
def page(theme: Theme, qtbot: QtBot) -> CallsPage:
    return shown(theme, qtbot, Density.WIDE)


def shown(theme: Theme, qtbot: QtBot, density: Density) -> CallsPage:
    made = CallsPage(theme, density)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    qtbot.waitExposed(made)
    made.show_calls(replace(CALLS, waiting=TWELVE))
    QApplication.processEvents()
    return made


def area_of(page: CallsPage) -> WaitingArea:
    found = page.findChild(WaitingArea)
    assert found is not None
    return found


def button_of(page: CallsPage, number: int) -> Button:
    buttons = [one for one in area_of(page).findChildren(Button) if not one.isHidden()]
    name = f"Take the call of Caller {number}"
    return next(one for one in buttons if one.accessibleName() == name)


def is_in_sight(page: CallsPage, number: int) -> bool:
    button, port = button_of(page, number), area_of(page).viewport()
    top = button.mapTo(port, QPoint(0, 0)).y()
    return top >= 0 and top + button.height() <= port.height()


def test_twelve_callers_take_half_of_the_page_and_scroll(page: CallsPage) -> None:
    area = area_of(page)
    assert area.height() <= page.height() // 2
    assert area.verticalScrollBar().maximum() > 0
    assert is_in_sight(page, 1)
    assert not is_in_sight(page, 12)
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    assert is_in_sight(page, 12)


def test_two_callers_take_their_own_height_alone(page: CallsPage) -> None:
    page.show_calls(replace(CALLS, waiting=TWELVE[:2]))
    QApplication.processEvents()
    area = area_of(page)
    assert area.verticalScrollBar().maximum() == 0
    assert is_in_sight(page, 1)
    assert is_in_sight(page, 2)


def test_tab_brings_each_button_in_sight(page: CallsPage, qtbot: QtBot) -> None:
    page.activateWindow()
    button_of(page, 1).setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(button_of(page, 1).hasFocus, timeout=30_000)
    for number in range(1, 13):
        assert button_of(page, number).hasFocus()
        assert is_in_sight(page, number), number
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, Qt.Key.Key_Tab)


def test_the_arrow_keys_bring_each_row_in_sight(page: CallsPage, qtbot: QtBot) -> None:
    rows = area_of(page).findChild(RowList)
    assert rows is not None
    page.activateWindow()
    rows.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(rows.hasFocus, timeout=30_000)
    for _ in range(12):
        QTest.keyClick(rows, Qt.Key.Key_Down)
    assert is_in_sight(page, 12)
    QTest.keyClick(rows, Qt.Key.Key_Home)
    assert is_in_sight(page, 1)


def test_a_button_out_of_sight_at_first_takes_its_own_caller(page: CallsPage, qtbot: QtBot) -> None:
    area_of(page).verticalScrollBar().setValue(area_of(page).verticalScrollBar().maximum())
    with qtbot.waitSignal(page.asked) as told:
        QTest.mouseClick(button_of(page, 12), Qt.MouseButton.LeftButton)
    assert told.args == [Action.TAKE_CALL, "call-12"]


def test_a_tick_moves_nothing(page: CallsPage) -> None:
    bar = area_of(page).verticalScrollBar()
    bar.setValue(bar.maximum())
    later = tuple(replace(caller, time_label="0:59") for caller in TWELVE)
    page.show_calls(replace(CALLS, waiting=later))
    QApplication.processEvents()
    assert bar.value() == bar.maximum()


def test_a_narrow_page_scrolls_as_a_whole(theme: Theme, qtbot: QtBot) -> None:
    page = shown(theme, qtbot, Density.NARROW)
    assert area_of(page).verticalScrollBar().maximum() == 0
    assert area_of(page).height() > page.height() // 2


def test_who_cannot_be_taken_has_their_number_to_copy(page: CallsPage) -> None:
    copied = replace(TWELVE[0], take_label="Copy", take_hint="Copies the number")
    page.show_calls(replace(CALLS, waiting=(copied, TWELVE[1])))
    names = [one.accessibleName() for one in area_of(page).findChildren(Button)]
    assert "Copy the number of Caller 1" in names
