"""The undo bar, the outbox and the saved replies."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from supportdesk.ui.compose.outbox_list import OutboxDialog
from supportdesk.ui.compose.reply_picker import ReplyPicker
from supportdesk.ui.compose.undo_bar import CountRing, UndoBar
from supportdesk.ui.gallery import make_believe as scene
from supportdesk.ui.gallery.make_believe_compose import COMPOSER, DRAFT, OUTBOX, REPLIES, UNDO
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.rows import Action, Page
from supportdesk.ui.theme import Theme
from tests.ui.looking import named, settle, type_keys, words

WAIT_MS = 30_000


@pytest.fixture
def window(theme: Theme, qtbot: QtBot) -> Iterator[MainWindow]:
    made = MainWindow(theme, lambda: b"", lambda _: None)
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.show_inbox(scene.INBOX)
    made.show_message(scene.MESSAGE)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow, timeout=WAIT_MS)
    yield made
    made.close()


def bar_of(window: MainWindow) -> UndoBar:
    return next(bar for bar in window.findChildren(UndoBar) if bar.isVisible())


def test_the_undo_bar_counts_down_and_takes_no_keyboard(window: MainWindow, qtbot: QtBot) -> None:
    window.show_composer(COMPOSER)
    window.composers.take_keyboard(DRAFT)
    typing = QApplication.focusWidget()
    window.show_undo(UNDO)
    settle()
    ring = bar_of(window).findChild(CountRing)
    assert ring is not None
    assert ring.seconds <= 8
    assert "Sending to Ingrid Solheim" in bar_of(window).accessibleName()
    assert QApplication.focusWidget() is typing
    window.show_undo(replace(UNDO, seconds_left=300, whole_seconds=300))
    assert ring.words in ("5m", "4m")
    window.show_undo(replace(UNDO, seconds_left=1.2))
    qtbot.waitUntil(lambda: ring.seconds == 0, timeout=WAIT_MS)
    assert ring.accessibleName() == "0 seconds left"


def test_it_asks_to_undo_or_to_send_at_once(window: MainWindow) -> None:
    told: list[tuple[str, str]] = []
    window.choices.undo_asked.connect(lambda one: told.append(("undo", one)))
    window.choices.send_now_asked.connect(lambda one: told.append(("now", one)))
    window.show_undo(UNDO)
    settle()
    QTest.mouseClick(named(window, "Go on writing"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(named(window, "Send without waiting"), Qt.MouseButton.LeftButton)
    assert told == [("undo", DRAFT), ("now", DRAFT)]


def test_it_stands_below_every_page_and_outlives_another_size(window: MainWindow) -> None:
    window.show_undo(UNDO)
    window.show_page(Page.CALLS)
    window._theme.set_text_scale(2.0)
    settle()
    assert "Sending to Ingrid Solheim" in words(bar_of(window))
    window.show_undo(None)
    settle()
    assert not any(bar.isVisible() for bar in window.findChildren(UndoBar))


def test_the_outbox_says_of_each_how_long_why_and_what_to_do(window: MainWindow) -> None:
    told: list[tuple[object, str]] = []
    window.choices.asked.connect(lambda action, target: told.append((action, target)))
    window.choices.outbox_chosen.connect(lambda one: told.append(("shown", one)))
    window.show_outbox(OUTBOX)
    window.choices.asked.emit(Action.SHOW_OUTBOX, "")
    dialog = window.findChild(OutboxDialog)
    assert dialog is not None
    said = words(dialog)
    assert {"3 not sent yet", "3 h 12", "Maison Aubry", "14 min"} <= set(said)
    for label in ("It has gone", "Remove them and send"):
        QTest.mouseClick(named(dialog, label), Qt.MouseButton.LeftButton)
    show = "Show the mail that this answers: to Pavel Kiss"
    QTest.mouseClick(named(dialog, show), Qt.MouseButton.LeftButton)
    assert told[1:] == [
        (Action.IT_HAS_GONE, "o1"),
        (Action.SEND_TO_OTHERS, "o2"),
        ("shown", "o3"),
    ]


def test_the_outbox_keeps_the_keyboard_where_it_was(window: MainWindow, qtbot: QtBot) -> None:
    window.show_outbox(OUTBOX)
    window.choices.asked.emit(Action.SHOW_OUTBOX, "")
    dialog = window.findChild(OutboxDialog)
    assert dialog is not None
    qtbot.waitUntil(dialog.isActiveWindow, timeout=WAIT_MS)
    named(dialog, "Send again").setFocus()
    window.show_outbox((replace(OUTBOX[0], age_label="3 h 13"), OUTBOX[2]))
    settle()
    assert (QApplication.focusWidget() or window).accessibleName() == "Send again"
    window.show_outbox(())
    assert "Everything you sent has gone out." in words(dialog)
    dialog.close()
    settle()
    window.choices.asked.emit(Action.SHOW_OUTBOX, "")
    assert any(one.isVisible() for one in window.findChildren(OutboxDialog))


@pytest.fixture
def picker(theme: Theme, qtbot: QtBot) -> Iterator[ReplyPicker]:
    made = ReplyPicker(theme, REPLIES, None)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.open_at(made.pos())
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow, timeout=WAIT_MS)
    yield made
    made.close()


def test_a_saved_reply_is_found_by_typing_and_taken_by_enter(picker: ReplyPicker) -> None:
    chosen: list[str] = []
    picker.chosen.connect(chosen.append)
    type_keys(picker, "TABLET")
    assert picker._words.toPlainText().endswith("please hold both keys")
    QTest.keyClick(named(picker, "Find a saved reply"), Qt.Key.Key_Return)
    assert chosen == ["2"]
    assert not picker.isVisible()


def test_a_name_that_begins_so_comes_first(picker: ReplyPicker) -> None:
    type_keys(picker, "we")
    assert picker._list.item(0).text() == "We are on it"
    assert picker._list.count() == 2


def test_the_arrows_go_through_the_list_while_the_field_has_the_keyboard(
    picker: ReplyPicker,
) -> None:
    field = named(picker, "Find a saved reply")
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert picker._list.currentRow() == 1
    assert field.hasFocus()
    type_keys(picker, "nothing of this")
    assert "No saved reply has these words." in words(picker)
    assert not picker._insert.isEnabled()
    picker._take()
    assert picker.isVisible()


def test_without_any_it_says_so(theme: Theme, qtbot: QtBot) -> None:
    made = ReplyPicker(theme, (), None)
    qtbot.addWidget(made)
    made.show()
    assert "There are no saved replies yet." in words(made)


def test_what_was_picked_is_told_with_its_draft(window: MainWindow) -> None:
    told: list[tuple[str, str]] = []
    window.choices.reply_chosen.connect(lambda draft, key: told.append((draft, key)))
    window.show_composer(replace(COMPOSER, body="", cursor=0))
    window.composers.take_keyboard(DRAFT)
    window.composers.show_replies(DRAFT, REPLIES)
    window.composers.show_replies("unknown", REPLIES)
    picker = window.findChild(ReplyPicker)
    assert picker is not None
    QTest.keyClick(named(picker, "Find a saved reply"), Qt.Key.Key_Return)
    assert told == [(DRAFT, "1")]
    window.composers.insert(DRAFT, REPLIES[0].text)
    window.composers.insert("unknown", "x")
    settle()
    composer = window.composers.docked_one
    assert composer is not None
    assert composer.editor.text == REPLIES[0].text
    assert window.focusWidget() is composer.editor
    composer.editor.undo()
    assert composer.editor.text == ""
