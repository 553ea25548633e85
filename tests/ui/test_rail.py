"""The rail: a page is chosen by mouse, by key and by what a screen reader toggles."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from supportdesk.ui.rail import Rail
from supportdesk.ui.rows import Page
from supportdesk.ui.theme import Theme
from supportdesk.ui.theme.tokens import TypeRole
from supportdesk.ui.widgets.density import Density
from tests.ui.looking import named, settle


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


@pytest.mark.parametrize(("height", "has_words"), [(1200, True), (420, False)])
def test_short_of_height_the_icons_stand_alone_and_none_is_cut(
    theme: Theme, qtbot: QtBot, height: int, has_words: bool
) -> None:
    theme.set_text_scale(2.0)
    window = QWidget()
    qtbot.addWidget(window)
    rail = Rail(theme, Density.NARROW)
    rail.setParent(window)
    rail.resize(rail.width(), height)
    window.show()
    settle()
    items = rail.findChildren(QAbstractButton)
    assert all(rail.rect().contains(one.geometry()) for one in items)
    assert len({one.height() for one in items}) == 1
    words_and_icon = theme.metrics(TypeRole.CAPTION).height() + theme.mark(20)
    assert (items[0].height() > words_and_icon) is has_words
    assert item(rail, "Settings").toolTip() == "Settings"
