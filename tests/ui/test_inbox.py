"""The inbox: choosing, reading, folding, and a message that comes again."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from supportdesk.ui.gallery import make_believe as scene
from supportdesk.ui.inbox.inbox_page import InboxPage
from supportdesk.ui.rows import Action, MessageView
from supportdesk.ui.theme import Theme
from supportdesk.ui.widgets.density import Density
from supportdesk.ui.widgets.prose import Prose
from tests.ui.looking import named, settle, words


@pytest.fixture
def inbox(theme: Theme, qtbot: QtBot) -> InboxPage:
    page = InboxPage(theme, Density.WIDE)
    qtbot.addWidget(page)
    page.resize(1024, 750)
    page.show()
    page.show_inbox(scene.INBOX)
    return page


def test_a_message_shows_subject_person_and_chooses_its_row(inbox: InboxPage, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(inbox.chosen):
        inbox.show_message(scene.MESSAGE)
    said = words(inbox)
    assert "Flour order went out twice again" in said
    assert "Promise open" in said
    assert inbox.message == scene.MESSAGE


def test_actions_ask_for_the_conversation(inbox: InboxPage, qtbot: QtBot) -> None:
    inbox.show_message(scene.MESSAGE)
    for name, action in (("Reply", Action.REPLY), ("Needs no reply", Action.NO_REPLY)):
        with qtbot.waitSignal(inbox.asked) as told:
            QTest.mouseClick(named(inbox, name), Qt.MouseButton.LeftButton)
        assert told.args == [action, "ingrid"]
    with qtbot.waitSignal(inbox.asked) as told:
        QTest.mouseClick(named(inbox, "Call back"), Qt.MouseButton.LeftButton)
    assert told.args == [Action.CALL_BACK, "person/ingrid"]


def test_quoted_text_is_folded_never_deleted(inbox: InboxPage) -> None:
    inbox.show_message(scene.MESSAGE)
    quotes = [p for p in inbox.findChildren(Prose) if p.accessibleName() == "Quoted text"]
    assert [quote.isVisible() for quote in quotes] == [False]
    fold = named(inbox, "14 quoted lines from Anna, Wed 18 Nov")
    QTest.mouseClick(fold, Qt.MouseButton.LeftButton)
    assert quotes[0].isVisible()
    assert "took the second one back" in quotes[0].toPlainText()


def has_red(widget: QWidget) -> bool:
    seen = widget.grab().toImage()
    points = ((x, y) for x in range(0, seen.width(), 4) for y in range(0, seen.height(), 4))
    return any(seen.pixelColor(x, y) == QColor(Qt.GlobalColor.red) for x, y in points)


def test_a_signature_in_html_is_one_click_away_with_its_logo(
    inbox: InboxPage, qtbot: QtBot
) -> None:
    signature = '<div>Ingrid<br><img src="cid:logo" alt=""></div>'
    mail = replace(scene.MESSAGE, html="<p>New.</p>", quoted_html=signature, quoted_text="")
    inbox.show_message(replace(mail, quoted_summary="Signature"))
    logo = QImage(40, 20, QImage.Format.Format_RGB32)
    logo.fill(Qt.GlobalColor.red)
    inbox.show_picture("cid:logo", logo)
    (folded,) = [p for p in inbox.findChildren(Prose) if p.accessibleName() == "Signature"]
    assert not folded.isVisible()
    QTest.mouseClick(named(inbox, "Signature"), Qt.MouseButton.LeftButton)
    assert folded.isVisible()
    assert "Ingrid" in folded.toPlainText()
    qtbot.waitUntil(lambda: has_red(folded), timeout=30_000)


def test_the_same_message_again_keeps_its_place(inbox: InboxPage) -> None:
    long = replace(scene.MESSAGE, html="<p>words and more words</p>" * 80)
    inbox.show_message(long)
    settle()
    area = next(a for a in inbox.findChildren(QScrollArea) if a.accessibleName() == "Message")
    area.verticalScrollBar().setValue(700)
    inbox.show_message(replace(long, quoted_summary="15 quoted lines"))
    settle()
    visible = [
        a
        for a in inbox.findChildren(QScrollArea)
        if a.accessibleName() == "Message" and a.isVisible()
    ]
    assert visible[-1].verticalScrollBar().value() == 700


def test_scrolling_and_selecting_are_activity(inbox: InboxPage, qtbot: QtBot) -> None:
    inbox.show_message(replace(scene.MESSAGE, html="<p>words and more words</p>" * 80))
    settle()
    area = next(a for a in inbox.findChildren(QScrollArea) if a.accessibleName() == "Message")
    with qtbot.waitSignal(inbox.activity):
        area.verticalScrollBar().setValue(100)
    text = named(inbox, "Message text")
    assert isinstance(text, Prose)
    with qtbot.waitSignal(inbox.activity):
        text.selectAll()


def test_the_clock_says_why(inbox: InboxPage) -> None:
    inbox.show_message(scene.MESSAGE)
    inbox.show_clock(scene.CLOCK)
    assert named(inbox, "Reading clock: counting 1:12").toolTip() == scene.CLOCK.why
    inbox.show_clock(scene.CLOCK_FULL)
    assert named(inbox, "Reading clock: full for this mail, 2:40").isVisible()


def test_a_message_without_words_says_so(inbox: InboxPage) -> None:
    inbox.show_message(MessageView(key="m", conversation_key="c", subject=""))
    assert "(no subject)" in words(inbox)
    assert "This message has no words of its own." in words(inbox)


def test_closing_a_message_ends_quietly(inbox: InboxPage) -> None:
    inbox.show_inbox(scene.QUIET_INBOX)
    inbox.show_message(scene.MESSAGE)
    inbox.show_message(None)
    assert "Everybody has an answer." in words(inbox)


def test_a_deaf_inbox_is_dated(inbox: InboxPage) -> None:
    inbox.show_inbox(scene.DEAF_INBOX)
    assert "Mail may be missing here" in words(inbox)
    assert scene.DEAF_INBOX.caption in words(inbox)
    inbox.show_inbox(scene.INBOX)
    assert "Mail may be missing here" not in words(inbox)


def test_next_and_previous_buttons_walk(inbox: InboxPage, qtbot: QtBot) -> None:
    inbox.show_message(scene.MESSAGE)
    with qtbot.waitSignal(inbox.list_scrolled), qtbot.waitSignal(inbox.chosen) as told:
        QTest.mouseClick(named(inbox, "Next (j)"), Qt.MouseButton.LeftButton)
    assert told.args == ["pavel"]


def test_actions_that_do_not_fit_go_into_more(inbox: InboxPage, qtbot: QtBot) -> None:
    inbox.show_message(scene.MESSAGE)
    inbox.resize(700, 700)
    settle()
    assert named(inbox, "Reply").isVisible()
    QTest.mouseClick(named(inbox, "Other actions"), Qt.MouseButton.LeftButton)
    menu = QApplication.activePopupWidget()
    assert menu is not None
    entries = {action.text(): action for action in menu.actions()}
    with qtbot.waitSignal(inbox.asked) as told:
        entries["Open in mail client"].trigger()
    assert told.args == [Action.OPEN_IN_CLIENT, "ingrid"]
    menu.close()
