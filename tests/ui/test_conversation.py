"""The reading pane as a conversation: one message open, the others a line each."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QTextBrowser
from pytestqt.qtbot import QtBot

from supportdesk.ui.gallery import make_believe as scene
from supportdesk.ui.inbox.inbox_page import InboxPage
from supportdesk.ui.inbox.message_lines import LineButton
from supportdesk.ui.rows import (
    Action,
    ActionButton,
    InvitationView,
    MessageLine,
    MessageView,
    NestedView,
    SealView,
)
from supportdesk.ui.theme import Theme
from supportdesk.ui.widgets.density import Density
from supportdesk.ui.widgets.prose import Prose
from tests.ui.looking import focused, named, settle, words


@pytest.fixture
def inbox(theme: Theme, qtbot: QtBot) -> InboxPage:
    page = InboxPage(theme, Density.WIDE)
    qtbot.addWidget(page)
    page.resize(1024, 750)
    page.show()
    page.show_inbox(scene.INBOX)
    return page


def a_line(number: int, *, is_new: bool = False) -> MessageLine:
    return MessageLine(
        key=f"m{number}",
        who="Ingrid Solheim",
        when=f"Mon {number} Nov, 09:00",
        first_words=f"Words {number}",
        is_new=is_new,
    )


def a_thread(before: int, after: int, *, new: tuple[int, ...] = ()) -> MessageView:
    lines = [a_line(number, is_new=number in new) for number in range(1, before + after + 2)]
    return replace(
        scene.MESSAGE,
        key=lines[before].key,
        head=lines[before],
        earlier=tuple(lines[:before]),
        later=tuple(lines[before + 1 :]),
    )


def shown_lines(inbox: InboxPage) -> list[str]:
    settle()
    spoken = [b.accessibleName() for b in inbox.findChildren(LineButton) if b.isVisible()]
    return [name.rpartition("Words ")[2] for name in spoken]


def test_the_others_are_a_line_each_and_open_by_click(inbox: InboxPage, qtbot: QtBot) -> None:
    inbox.show_message(a_thread(2, 1))
    assert shown_lines(inbox) == ["1", "2", "4"]
    with qtbot.waitSignal(inbox.message_asked) as told:
        QTest.mouseClick(named(inbox, a_line(1).accessible_text), Qt.MouseButton.LeftButton)
    assert told.args == ["m1"]


def test_a_long_past_is_folded_and_unfolds_in_place(inbox: InboxPage) -> None:
    inbox.show_message(a_thread(9, 0))
    assert "Words 1" not in " ".join(shown_lines(inbox))
    fold = named(inbox, "7 earlier messages")
    QTest.mouseClick(fold, Qt.MouseButton.LeftButton)
    settle()
    assert shown_lines(inbox) == [str(number) for number in range(1, 10)]
    assert focused().accessibleName() == a_line(7).accessible_text


def test_what_is_new_is_never_folded_and_says_so(inbox: InboxPage) -> None:
    inbox.show_message(a_thread(9, 0, new=(3,)))
    spoken = shown_lines(inbox)
    assert spoken == ["3, new", "8", "9"]


def test_an_answer_below_touches_no_selection_and_no_fold(inbox: InboxPage) -> None:
    inbox.show_message(a_thread(1, 0))
    text = named(inbox, "Message text")
    assert isinstance(text, QTextBrowser)
    text.selectAll()
    QTest.mouseClick(
        named(inbox, "14 quoted lines from Anna, Wed 18 Nov"), Qt.MouseButton.LeftButton
    )
    inbox.show_message(replace(a_thread(1, 1), attachments=scene.MESSAGE.attachments))
    assert named(inbox, "Message text") is text
    assert text.textCursor().hasSelection()
    assert named(inbox, "Quoted text").isVisible()
    assert named(inbox, a_line(3).accessible_text).isVisible()


def test_opening_an_earlier_one_brings_it_to_sight_and_to_the_keyboard(inbox: InboxPage) -> None:
    long = "<p>words and more words</p>" * 60
    inbox.show_message(replace(a_thread(2, 3), html=long))
    settle()
    line = named(inbox, a_line(5).accessible_text)
    line.setFocus()
    inbox.show_message(replace(a_thread(4, 1), html="<p>The fifth.</p>"))
    settle()
    assert focused().accessibleName() == "Message text"
    area = next(a for a in inbox.findChildren(QScrollArea) if a.accessibleName() == "Message")
    head = named(inbox, "Message text").mapTo(area.viewport(), named(inbox, "Message text").pos())
    assert 0 <= head.y() < area.viewport().height()


def test_an_invitation_says_when_where_and_who_and_can_be_saved(
    inbox: InboxPage, qtbot: QtBot
) -> None:
    save = ActionButton(action=Action.SAVE_INVITATION, label="Save as .ics", target="m")
    card = InvitationView(
        title="Stock count",
        when="Tue 24 Nov, 10:00 to 11:00",
        where="The mill",
        who="Ingrid",
        save=save,
    )
    inbox.show_message(replace(scene.MESSAGE, cards=(card,)))
    said = words(inbox)
    assert {"Invitation", "Stock count", "Tue 24 Nov, 10:00 to 11:00", "The mill"} <= set(said)
    with qtbot.waitSignal(inbox.asked) as told:
        QTest.mouseClick(named(inbox, "Save as .ics"), Qt.MouseButton.LeftButton)
    assert told.args == [Action.SAVE_INVITATION, "m"]


def test_a_forwarded_message_stays_closed_until_it_is_opened(inbox: InboxPage) -> None:
    card = NestedView(who="Mill", subject="Delivery", when="Mon 2 Nov, 08:00", text="Two pallets.")
    inbox.show_message(replace(scene.MESSAGE, cards=(card,)))
    assert "Two pallets." not in _prose(inbox)
    QTest.mouseClick(named(inbox, "Read it here"), Qt.MouseButton.LeftButton)
    settle()
    assert "Two pallets." in _prose(inbox)


def test_a_sealed_part_is_named_and_offers_the_mail_program(inbox: InboxPage, qtbot: QtBot) -> None:
    button = ActionButton(action=Action.OPEN_IN_CLIENT, label="Open it there", target="m")
    card = SealView(words="Encrypted with S/MIME; open it in your mail program.", button=button)
    inbox.show_message(replace(scene.MESSAGE, cards=(card,)))
    assert "Encrypted with S/MIME; open it in your mail program." in words(inbox)
    with qtbot.waitSignal(inbox.asked) as told:
        QTest.mouseClick(named(inbox, "Open it there"), Qt.MouseButton.LeftButton)
    assert told.args == [Action.OPEN_IN_CLIENT, "m"]


def test_waiting_is_quiet_then_still_lines_then_words(inbox: InboxPage, qtbot: QtBot) -> None:
    view = MessageView(key="m", conversation_key="c", subject="Flour", loading="Fetching the text.")
    view = replace(view, is_here=False)
    inbox.show_message(view)
    assert "Fetching the text." not in words(inbox)
    qtbot.waitUntil(lambda: "Fetching the text." in words(inbox), timeout=30_000)
    inbox.show_message(replace(view, loading="", text="Here it is."))
    assert "Fetching the text." not in words(inbox)
    assert "Here it is." in _prose(inbox)


def test_the_menu_holds_what_is_asked_for_less_often(inbox: InboxPage, qtbot: QtBot) -> None:
    offers = (
        ActionButton(action=Action.COPY_MESSAGE, label="Copy the message", shortcut="Ctrl+Shift+C"),
        ActionButton(
            action=Action.PRINT, label="Print…", is_enabled=False, why_not="It is not here yet."
        ),
    )
    inbox.show_message(replace(scene.MESSAGE, more=offers))
    QTest.mouseClick(named(inbox, "More actions (.)"), Qt.MouseButton.LeftButton)
    menu = QApplication.activePopupWidget()
    assert menu is not None
    entries = {action.text().partition("\t")[0]: action for action in menu.actions()}
    assert not entries["Print…"].isEnabled()
    with qtbot.waitSignal(inbox.asked) as told:
        entries["Copy the message"].trigger()
    assert told.args == [Action.COPY_MESSAGE, "ingrid"]
    menu.close()


def test_a_link_says_where_it_leads_before_it_is_opened(inbox: InboxPage, qtbot: QtBot) -> None:
    html = '<p>See <a href="https://larder.example/a?b=c">our page</a>.</p>'
    inbox.show_message(replace(scene.MESSAGE, html=html))
    text = named(inbox, "Message text")
    assert isinstance(text, Prose)
    text.setFocus()
    QTest.keyClick(text, Qt.Key.Key_Tab)
    line = named(inbox, "Link: leads to larder.example · https://larder.example/a?b=c")
    assert line.isVisible()
    with qtbot.waitSignal(inbox.link_asked) as told:
        QTest.keyClick(text, Qt.Key.Key_Return)
    assert told.args == ["https://larder.example/a?b=c", "our page"]


def test_a_long_message_is_read_by_keyboard_alone(inbox: InboxPage) -> None:
    inbox.show_message(replace(scene.MESSAGE, html="<p>words and more words</p>" * 80))
    text = named(inbox, "Message text")
    text.setFocus()
    area = next(a for a in inbox.findChildren(QScrollArea) if a.accessibleName() == "Message")
    bar = area.verticalScrollBar()
    places = []
    for key in (Qt.Key.Key_PageDown, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_Home):
        QTest.keyClick(text, key)
        places.append(bar.value())
    assert 0 < places[0] < places[1] == bar.maximum()
    assert places[3] == 0 < places[2] < places[1]
    assert inbox.turn_page(1)
    assert 0 < bar.value() < area.viewport().height()


@pytest.mark.parametrize(("turned", "steps"), [(120, 1), (-120, -1)])
def test_control_and_the_wheel_ask_for_another_size(
    inbox: InboxPage, qtbot: QtBot, turned: int, steps: int
) -> None:
    inbox.show_message(scene.MESSAGE)
    text = named(inbox, "Message text")
    assert isinstance(text, Prose)
    size = text.font().pointSizeF()
    with qtbot.waitSignal(inbox.zoom_asked) as told:
        QApplication.sendEvent(text.viewport(), _wheel(turned))
    assert told.args == [steps]
    assert text.font().pointSizeF() == size


def test_messages_grow_alone(inbox: InboxPage, theme: Theme) -> None:
    inbox.show_message(scene.MESSAGE)
    before = named(inbox, "Message text").font().pointSizeF()
    theme.set_reading_zoom(1.5)
    assert named(inbox, "Message text").font().pointSizeF() == pytest.approx(before * 1.5)
    theme.set_reading_zoom(1.0)


def _prose(inbox: InboxPage) -> str:
    settle()
    return "\n".join(p.toPlainText() for p in inbox.findChildren(Prose) if p.isVisible())


def _wheel(turned: int) -> QWheelEvent:
    return QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(),
        QPoint(0, turned),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
