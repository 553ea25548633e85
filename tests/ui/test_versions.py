"""Earlier texts of a draft: looked at, brought back, and what was there before is not lost."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListWidget, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from supportdesk.domain.answers import Draft, DraftVersion
from supportdesk.domain.settings import SmtpSettings
from supportdesk.ui.compose.editor import Editor
from supportdesk.ui.compose.version_picker import VersionPicker
from supportdesk.ui.rows import Action
from supportdesk.ui.rows.versions import VersionRow
from supportdesk.ui.theme import Theme
from supportdesk.ui.widgets.button import Button
from tests.fakes.happenings import T0, a_message, arrived, settings_with
from tests.ui.looking import settle, words
from tests.ui.rig import Rig

ROWS = (
    VersionRow(number=2, when="20:32", words="3 words", text="Dear Jana, sorry"),
    VersionRow(number=1, when="20:31", words="2 words", text="Dear Jana"),
)


def button(dialog: QWidget, label: str) -> Button:
    return next(b for b in dialog.findChildren(Button) if b.text() == label)


def a_picker(theme: Theme, qtbot: QtBot, rows: tuple[VersionRow, ...]) -> VersionPicker:
    dialog = VersionPicker(theme, rows, None)
    # The test looks at it once it is closed.
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_the_newest_is_shown_and_enter_brings_one_back(theme: Theme, qtbot: QtBot) -> None:
    picker = a_picker(theme, qtbot, ROWS)
    (shown,) = picker.findChildren(QPlainTextEdit)
    (names,) = picker.findChildren(QListWidget)
    assert [names.item(place).text() for place in range(2)] == [
        "20:32 · 3 words",
        "20:31 · 2 words",
    ]
    assert shown.toPlainText() == "Dear Jana, sorry"
    QTest.keyClick(names, Qt.Key.Key_Down)
    assert shown.toPlainText() == "Dear Jana"
    with qtbot.waitSignal(picker.chosen) as chosen:
        button(picker, "Bring back").click()
    assert chosen.args == [1]
    assert not picker.isVisible()


def test_without_any_it_says_when_there_will_be_one(theme: Theme, qtbot: QtBot) -> None:
    picker = a_picker(theme, qtbot, ())
    assert any("There is no earlier text yet." in line for line in words(picker))
    assert not button(picker, "Bring back").isEnabled()
    with qtbot.assertNotEmitted(picker.chosen):
        QTest.keyClick(picker, Qt.Key.Key_Escape)
    assert not picker.isVisible()


@pytest.fixture
def rig(theme: Theme, qtbot: QtBot) -> Rig:
    settings = settings_with()
    mail = replace(settings.mail[0], smtp=SmtpSettings(host="smtp.example.org"))
    made = Rig(theme, qtbot, replace(settings, mail=(mail,)))
    made.acts.answering.has_heads = False
    return made


def composing(rig: Rig) -> Draft:
    message = a_message(1)
    rig.desk.apply(arrived(message))
    rig.refresh()
    assert rig.controller.open_item(message.key)
    rig.ask(Action.REPLY, message.key)
    settle()
    (draft,) = rig.acts.answering.drafts()
    return draft


def test_a_text_comes_back_and_undo_takes_it_away_again(rig: Rig, qtbot: QtBot) -> None:
    draft = composing(rig)
    (editor,) = rig.window.findChildren(Editor)
    editor.selectAll()
    QTest.keyClicks(editor, "All is gone")
    rig.acts.answering.earlier[draft.draft_id] = (
        DraftVersion(number=7, body="Dear Jana, it left today.", at=T0 - timedelta(minutes=2)),
    )
    rig.ask(Action.SHOW_VERSIONS, draft.draft_id)
    (picker,) = rig.window.findChildren(VersionPicker)
    (names,) = picker.findChildren(QListWidget)
    assert names.item(0).text().endswith("5 words")
    button(picker, "Bring back").click()
    settle()
    assert editor.text == "Dear Jana, it left today."
    rig.window.composers.flush()
    assert rig.acts.answering.drafts()[0].body == "Dear Jana, it left today."
    editor.undo()
    assert editor.text == "All is gone"
