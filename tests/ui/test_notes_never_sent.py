"""Internal notes are never part of a mail: no road leads from one into a draft (F47).

First by what is there: the modules that may know a note are listed, and none of them answers mail.
Then by doing all that makes a draft of a conversation with a note on it, and looking at each word.
"""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

import supportdesk
from supportdesk.domain.mail import MessageSummary, MessageText
from supportdesk.domain.settings import SmtpSettings
from supportdesk.ui.presenter.message import message_as_text
from supportdesk.ui.rows import Action
from supportdesk.ui.theme import Theme
from tests.fakes.happenings import SUPPORT, a_message, arrived, settings_with
from tests.ui.looking import settle
from tests.ui.rig import Rig

SECRET = "chinchilla"
# The first five carry shared ones into the mailbox of notes, and nowhere else.
_KNOW_NOTES = {
    *("adapters/claiming.py", "adapters/mail/claim_worker.py", "adapters/mail/notes_mailbox.py"),
    *("app_acts.py", "ui/controllers/acts.py"),
    "adapters/storage/desk_erasure.py",
    "adapters/storage/home_erasure.py",
    "adapters/storage/side_tables.py",
    "domain/side_marks.py",
    "services/mail_notes.py",
    "services/noted_promises.py",
    "services/side_marks.py",
    "services/side_store.py",
    "ui/controllers/side_acts.py",
    "ui/gallery/make_believe_beside.py",
    "ui/presenter/side.py",
}
_NOTE = re.compile(r"MailNote|mail_note|side\.notes|NoteCard")
_WIDGETS = {"ui/inbox/side_card.py", "ui/rows/side.py"}


@pytest.fixture
def rig(theme: Theme, qtbot: QtBot) -> Rig:
    settings = settings_with()
    mail = replace(settings.mail[0], smtp=SmtpSettings(host="smtp.example.org"))
    made = Rig(theme, qtbot, replace(settings, mail=(mail,)))
    made.acts.answering.has_heads = False
    return made


def noted(rig: Rig) -> MessageSummary:
    """A mail on show, with its text, and a note and a label of this word."""
    message = a_message(1, who="Jana", preview="Where is my order?")
    rig.acts.text = MessageText(
        account=SUPPORT, message_id=message.message_id, text="Where is my order?"
    )
    rig.desk.apply(arrived(message))
    side = rig.desk.desk.side
    side.notes.write(side.notes.new_key(message.key), message.key, SECRET, rig.desk.now)
    side.tags.add([message.key], SECRET)
    rig.refresh()
    assert rig.controller.open_item(message.key)
    settle()
    return message


def test_no_module_that_writes_mail_knows_of_notes() -> None:
    root = Path(supportdesk.__file__).parent
    knows = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if _NOTE.search(path.read_text(encoding="utf-8"))
    }
    assert knows - _WIDGETS == _KNOW_NOTES


@pytest.mark.parametrize("action", [Action.REPLY, Action.REPLY_ALL, Action.FORWARD])
def test_no_draft_has_a_word_of_a_note(rig: Rig, action: Action) -> None:
    message = noted(rig)
    shown = [one for one in rig.window.findChildren(QLabel) if one.text() == SECRET]
    assert shown, "the note is on show"
    for label in shown:
        label.setSelection(0, len(SECRET))
        assert label.selectedText() == SECRET
    assert rig.window.selected_words() == "", "what is selected of a note is not of the mail"
    rig.ask(action, message.key)
    settle()
    [draft] = rig.acts.answering.drafts()
    assert SECRET not in repr(draft)
    assert "order" in draft.quote


def test_a_note_being_typed_stays_out_of_the_composer(rig: Rig) -> None:
    message = noted(rig)
    rig.ask(Action.REPLY, message.key)
    settle()
    rig.ask(Action.NOTE_MAIL)
    settle()
    field = rig.window._shell.note._field
    QTest.keyClicks(field, f"{SECRET} and more")
    settle()
    rig.window.composers.flush()
    [draft] = rig.acts.answering.drafts()
    assert SECRET not in repr(draft)


def test_no_copy_of_the_message_has_it(rig: Rig) -> None:
    message = noted(rig)
    assert SECRET not in message_as_text(message, rig.acts.text)
    rig.ask(Action.COPY_MESSAGE, message.key)
    assert not any(SECRET in words for words in rig.acts.copied)
