"""The rail: a page is chosen by mouse, by key and by what a screen reader toggles."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from supportdesk.ui.rail import Rail
from supportdesk.ui.rows import Page
from supportdesk.ui.theme import Theme
from supportdesk.ui.widgets.density import Density
from tests.ui.looking import named


@pytest.fixture
def rail(theme: Theme, qtbot: QtBot) -> Rail:
    made = Rail(theme, Density.WIDE)
    qtbot.addWidget(made)
    made.resize(176, 600)
    made.show()
    made.set_page(Page.INBOX)
    return made


def item(rail: Rail, name: str) -> QAbstractButton:
    found = named(rail, name)
    assert isinstance(found, QAbstractButton)
    return found


def test_a_screen_reader_toggles_and_the_page_opens(rail: Rail, qtbot: QtBot) -> None:
    with qtbot.waitSignal(rail.page_asked) as told:
        item(rail, "Calls").toggle()
    assert told.args == [Page.CALLS]


def test_a_click_asks_once_also_for_the_page_that_is_on(rail: Rail) -> None:
    asked: list[Page] = []
    rail.page_asked.connect(asked.append)
    for name in ("My week", "My week", "Inbox"):
        QTest.mouseClick(item(rail, name), Qt.MouseButton.LeftButton)
    assert asked == [Page.WEEK, Page.WEEK, Page.INBOX]


def test_showing_a_page_asks_for_nothing(rail: Rail, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(rail.page_asked):
        rail.set_page(Page.HEALTH)
    assert item(rail, "Is it working?").isChecked()
    assert not item(rail, "Inbox").isChecked()
