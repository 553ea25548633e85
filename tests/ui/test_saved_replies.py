"""Saved replies in the window: found by typing, put in, made, changed and deleted."""

from collections.abc import Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from supportdesk.ui.compose.reply_picker import ReplyPicker
from supportdesk.ui.compose.saved_reply_dialog import SavedReplyDialog
from supportdesk.ui.rows.composer import ReplyRow
from supportdesk.ui.theme import Theme
from supportdesk.ui.widgets.button import Button
from tests.ui.looking import words

REPLIES = (
    ReplyRow(key="apology.txt", name="Apology", text="We are sorry."),
    ReplyRow(key="refund.txt", name="Refund", text="It is on its way."),
)


def button(dialog: QWidget, label: str) -> Button:
    return next(b for b in dialog.findChildren(Button) if b.text() == label)


def name_of(dialog: QWidget) -> QLineEdit:
    return next(one for one in dialog.findChildren(QLineEdit) if one.accessibleName() == "Name")


def a_picker(theme: Theme, qtbot: QtBot, replies: Sequence[ReplyRow]) -> ReplyPicker:
    dialog = ReplyPicker(theme, replies, None)
    # The test looks at it once it is closed.
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


@pytest.fixture
def picker(theme: Theme, qtbot: QtBot) -> ReplyPicker:
    return a_picker(theme, qtbot, REPLIES)


def form(
    theme: Theme, qtbot: QtBot, name: str = "", text: str = "", *, is_new: bool = True
) -> SavedReplyDialog:
    dialog = SavedReplyDialog(theme, name, text, None, is_new=is_new)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_typing_finds_and_enter_takes(picker: ReplyPicker, qtbot: QtBot) -> None:
    with qtbot.waitSignal(picker.chosen) as chosen:
        QTest.keyClicks(picker.findChildren(QLineEdit)[0], "way")
        QTest.keyClick(picker, Qt.Key.Key_Return)
    assert chosen.args == ["refund.txt"]


def test_one_is_chosen_to_be_changed_and_a_new_one_asked_for(
    theme: Theme, qtbot: QtBot, picker: ReplyPicker
) -> None:
    with qtbot.waitSignal(picker.change_asked) as changed:
        button(picker, "Change…").click()
    assert changed.args == ["apology.txt"]
    empty = a_picker(theme, qtbot, ())
    button(empty, "Change…").click()
    assert "There are no saved replies yet." in words(empty)
    with qtbot.waitSignal(empty.new_asked):
        button(empty, "New…").click()


def test_a_new_one_needs_a_name_and_words(theme: Theme, qtbot: QtBot) -> None:
    dialog = form(theme, qtbot)
    saved: list[tuple[str, str]] = []
    dialog.saved.connect(lambda name, text: saved.append((name, text)))
    button(dialog, "Save").click()
    assert any("Give it a name" in line for line in words(dialog))
    name_of(dialog).setText(" Refund ")
    button(dialog, "Save").click()
    assert any("Write the words" in line for line in words(dialog))
    assert any("{first name}" in line for line in words(dialog))
    assert not saved
    QTest.keyClicks(dialog.findChildren(QPlainTextEdit)[0], "Dear {name}")
    button(dialog, "Save").click()
    assert saved == [("Refund", "Dear {name}")]
    assert not button(dialog, "Delete…").isVisible()


def test_one_that_is_known_can_be_deleted_and_left_as_it_is(theme: Theme, qtbot: QtBot) -> None:
    dialog = form(theme, qtbot, "Refund", "It is on its way.", is_new=False)
    with qtbot.assertNotEmitted(dialog.saved), qtbot.waitSignal(dialog.delete_asked):
        button(dialog, "Delete…").click()
    again = form(theme, qtbot, "Refund", "It is on its way.", is_new=False)
    with qtbot.assertNotEmitted(again.saved):
        QTest.keyClick(again, Qt.Key.Key_Escape)
    assert not again.isVisible()
