"""A row of the list: what it had to elide can be read, and is only ever read as text."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from supportdesk.ui.inbox.conversation_delegate import ConversationDelegate
from supportdesk.ui.rows import ChipKind, ChipView, ConversationRow, SectionRow, listed
from supportdesk.ui.theme import Theme
from supportdesk.ui.theme.tokens import Ink
from supportdesk.ui.widgets.tips import plain_tip
from supportdesk.ui.widgets.windowed_list import WindowedList

LONG = "Could not log in on the tablet since the update of last week, and neither could Anna"


def row(who: str = "Ingrid", subject: str = "Flour") -> ConversationRow:
    return ConversationRow(key="r", who=who, subject=subject, age_label="3 h 12")


@pytest.fixture
def view(theme: Theme, qtbot: QtBot) -> WindowedList:
    made = WindowedList("Conversations", still=(SectionRow,))
    made.setItemDelegate(ConversationDelegate(theme, made))
    qtbot.addWidget(made)
    made.resize(376, 400)
    made.show()
    return made


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_what_does_not_fit_is_named(theme: Theme, view: WindowedList, scale: float) -> None:
    theme.set_text_scale(scale)
    delegate = view.itemDelegate()
    assert isinstance(delegate, ConversationDelegate)
    assert delegate.elided(row(), 376) == []
    assert delegate.elided(row(subject=LONG), 376) == [LONG]
    assert delegate.elided(row(who=LONG), 376) == [LONG]
    tries = ChipView(label="3rd try today, first at 09:02", kind=ChipKind.KNOCK)
    assert delegate.elided(replace(row(), chips=(tries,)), 600) == []
    assert delegate.elided(replace(row(), chips=(tries,)), 220)[-1] == tries.label


def test_words_without_markup_stay_as_they_are() -> None:
    assert plain_tip("all\nis 'well'") == "all\nis 'well'"
    assert plain_tip("R&D") == "<qt>R&amp;D</qt>"
    assert plain_tip("<b>x</b>\ny") == "<qt>&lt;b&gt;x&lt;/b&gt;<br>y</qt>"
    assert plain_tip("") == ""


def test_the_pointer_reads_it_whole_and_markup_is_text(view: WindowedList, qtbot: QtBot) -> None:
    view.show_source(listed(row(subject=f"<img src='file:///etc/hostname'> {LONG}")))
    place = QPoint(100, 20)
    view.viewport().setFocus()
    event = QHelpEvent(QHelpEvent.Type.ToolTip, place, view.viewport().mapToGlobal(place))
    QApplication.sendEvent(view.viewport(), event)
    assert QToolTip.text().startswith("<qt>&lt;img src=")
    QToolTip.hideText()


@pytest.mark.parametrize("found", ["log", "since", "Anna"])
def test_what_was_found_in_a_subject_is_in_sight_in_large_text(
    theme: Theme, view: WindowedList, found: str
) -> None:
    theme.set_text_scale(2.0)
    start = LONG.index(found)
    marked = replace(row(subject=LONG), subject_marks=((start, start + len(found)),))
    view.show_source(listed(marked))
    picture = view.viewport().grab().toImage()
    tint = theme.colour(Ink.TINT).rgb()
    columns = {
        x
        for x in range(picture.width())
        for y in range(0, picture.height(), 3)
        if picture.pixel(x, y) == tint
    }
    assert len(columns) >= theme.metrics().horizontalAdvance(found) * 0.9
