"""Saved replies in the window: found by typing, put in, made, changed and deleted."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from supportdesk.domain.answers import Draft
from supportdesk.domain.errors import StoreError
from supportdesk.domain.mail import Mailer
from supportdesk.domain.settings import SmtpSettings
from supportdesk.ui.compose.reply_picker import ReplyPicker
from supportdesk.ui.compose.saved_reply_dialog import SavedReplyDialog
from supportdesk.ui.rows import Action
from supportdesk.ui.rows.composer import ReplyRow
from supportdesk.ui.theme import Theme
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.second_question import SecondQuestion
from tests.fakes.happenings import a_message, arrived, settings_with
from tests.ui.looking import settle, words
from tests.ui.rig import Rig

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


# --- at a composer -----------------------------------------------------------------------------


@pytest.fixture
def rig(theme: Theme, qtbot: QtBot) -> Rig:
    settings = settings_with()
    smtp = SmtpSettings(host="smtp.example.org")
    mail = replace(settings.mail[0], smtp=smtp, signature="Ada", name_in_from="Ada L.")
    made = Rig(theme, qtbot, replace(settings, mail=(mail,)))
    made.acts.answering.has_heads = False
    return made


def composing(rig: Rig) -> Draft:
    """An answer to Jana is begun."""
    sender = Mailer(name="Jana Nováková", email="jana@out.example")
    message = replace(a_message(1), sender=sender)
    rig.desk.apply(arrived(message))
    rig.refresh()
    assert rig.controller.open_item(message.key)
    rig.ask(Action.REPLY, message.key)
    settle()
    return the_draft(rig)


def the_draft(rig: Rig) -> Draft:
    rig.window.composers.flush()
    (draft,) = rig.acts.answering.drafts()
    return draft


def the_dialog(rig: Rig, kind: type[QDialog]) -> QDialog:
    settle()
    found = [one for one in rig.window.findChildren(kind) if one.isVisible()]
    assert len(found) == 1
    return found[0]


def picked(rig: Rig, draft: Draft) -> list[str]:
    """What is offered at the composer; the picker is closed again."""
    picker = the_dialog(rig, ReplyPicker)
    shown = words(picker)
    button(picker, "Cancel").click()
    settle()
    return shown


def test_what_is_chosen_goes_in_at_the_cursor_with_its_fields_filled(rig: Rig) -> None:
    key = rig.acts.saved_replies.save("Refund", "Dear {first name},\nit is on its way. {my name}")
    draft = composing(rig)
    rig.window.choices.replies_asked.emit(draft.draft_id)
    picker = the_dialog(rig, ReplyPicker)
    preview = picker.findChildren(QPlainTextEdit)[0].toPlainText()
    assert preview == "Dear Jana,\nit is on its way. Ada L."
    QTest.keyClick(picker, Qt.Key.Key_Return)
    settle()
    assert the_draft(rig).body.startswith(f"{preview}\n\n-- \nAda")
    rig.window.choices.reply_chosen.emit(draft.draft_id, "gone.txt")
    rig.window.choices.reply_chosen.emit("no-draft", key)
    assert the_draft(rig).body.count("on its way") == 1


def test_a_field_without_a_value_is_told(rig: Rig) -> None:
    key = rig.acts.saved_replies.save("Order", "Your order {order number} is ready.")
    draft = composing(rig)
    rig.window.choices.reply_chosen.emit(draft.draft_id, key)
    settle()
    assert "{order number}" in the_draft(rig).body
    assert any("{order number} stands in the text" in line for line in words(rig.window))


def test_a_new_one_is_made_of_what_is_written(rig: Rig) -> None:
    draft = composing(rig)
    rig.window.composers.insert(draft.draft_id, "We are sorry.")
    rig.window.choices.reply_made.emit(draft.draft_id)
    dialog = the_dialog(rig, SavedReplyDialog)
    assert dialog.findChildren(QPlainTextEdit)[0].toPlainText() == "We are sorry."
    name_of(dialog).setText("Apology")
    button(dialog, "Save").click()
    (made,) = rig.acts.saved_replies.replies()
    assert (made.name, made.text) == ("Apology", "We are sorry.")
    picked(rig, draft)


def test_one_is_changed_and_deleted_after_a_question(rig: Rig) -> None:
    replies = rig.acts.saved_replies
    key = replies.save("Refund", "a")
    draft = composing(rig)
    rig.window.choices.reply_edited.emit(draft.draft_id, key)
    dialog = the_dialog(rig, SavedReplyDialog)
    name_of(dialog).setText("Refunds")
    button(dialog, "Save").click()
    assert [(one.key, one.name) for one in replies.replies()] == [(key, "Refunds")]
    picked(rig, draft)
    rig.window.choices.reply_edited.emit(draft.draft_id, key)
    button(the_dialog(rig, SavedReplyDialog), "Delete…").click()
    button(the_dialog(rig, SecondQuestion), "Delete it").click()
    assert not replies.kept
    picked(rig, draft)
    rig.window.choices.reply_edited.emit(draft.draft_id, key)
    settle()
    assert not [one for one in rig.window.findChildren(SavedReplyDialog) if one.isVisible()]


def test_a_disk_that_is_full_is_said(rig: Rig) -> None:
    rig.acts.saved_replies.full = StoreError("The disk is full", "Make room")
    draft = composing(rig)
    rig.window.choices.reply_made.emit(draft.draft_id)
    dialog = the_dialog(rig, SavedReplyDialog)
    name_of(dialog).setText("Apology")
    dialog.findChildren(QPlainTextEdit)[0].setPlainText("We are sorry.")
    button(dialog, "Save").click()
    settle()
    assert any("The disk is full" in line for line in words(rig.window))
