"""The spell check in a composer: what is wrong is underlined, and nothing that is typed moves."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QContextMenuEvent, QTextCharFormat, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from supportdesk.domain.settings import AnsweringSettings, SmtpSettings
from supportdesk.ui.compose.editor import Editor
from supportdesk.ui.rows import Action
from supportdesk.ui.theme import Theme
from tests.fakes.happenings import a_message, arrived, settings_with
from tests.fakes.speller import FakeSpeller
from tests.ui.looking import settle, words
from tests.ui.rig import Rig

WAVE = QTextCharFormat.UnderlineStyle.WaveUnderline


def a_rig(theme: Theme, qtbot: QtBot, language: str) -> Rig:
    settings = settings_with()
    smtp = SmtpSettings(host="smtp.example.org")
    mail = replace(settings.mail[0], smtp=smtp, signature="Wrongg")
    answering = AnsweringSettings(spelling=language)
    made = Rig(theme, qtbot, replace(settings, mail=(mail,), answering=answering))
    made.acts.answering.has_heads = False
    return made


@pytest.fixture
def rig(theme: Theme, qtbot: QtBot) -> Rig:
    return a_rig(theme, qtbot, "en_US")


def composing(rig: Rig) -> Editor:
    message = a_message(1)
    rig.desk.apply(arrived(message))
    rig.refresh()
    assert rig.controller.open_item(message.key)
    rig.ask(Action.REPLY, message.key)
    settle()
    (editor,) = [one for one in rig.window.findChildren(Editor) if one.isVisible()]
    return editor


def speller(rig: Rig) -> FakeSpeller:
    return rig.acts.spellers["en_US"]


def marked(editor: Editor) -> list[str]:
    """The underlined words, from the formats that the layout shows."""
    found = []
    block = editor.document().firstBlock()
    while block.isValid():
        text = block.text().encode("utf-16-le")
        for one in block.layout().formats():
            if one.format.underlineStyle() is WAVE:
                part = text[2 * one.start : 2 * (one.start + one.length)]
                found.append(part.decode("utf-16-le"))
        block = block.next()
    return found


def test_what_is_wrong_is_underlined_once_it_is_known(rig: Rig) -> None:
    editor = composing(rig)
    QTest.keyClicks(editor, "Dear Jana, it jumpd and jumpd.")
    editor.insert("\n👩‍👩‍👧 jumpd\n> jumpd quoted")
    before = editor.text
    steps = editor.document().availableUndoSteps()
    speller(rig).learn("jumpd", "Wrongg")
    assert marked(editor) == ["jumpd", "jumpd", "jumpd"]
    assert editor.text == before
    assert editor.document().availableUndoSteps() == steps
    rig.window.composers.flush()
    assert not {"jumpd quoted", "Wrongg"} & speller(rig).asked


def test_the_word_that_is_being_typed_is_not_wrong_yet(rig: Rig) -> None:
    editor = composing(rig)
    QTest.keyClicks(editor, "wron")
    speller(rig).learn("wron")
    assert marked(editor) == []
    QTest.keyClicks(editor, " ")
    assert marked(editor) == ["wron"]


def test_a_right_click_mends_it_as_one_step(rig: Rig) -> None:
    editor = composing(rig)
    QTest.keyClicks(editor, "I recieve it")
    speller(rig).learn("recieve")
    cursor = editor.textCursor()
    cursor.setPosition(5)
    editor.setTextCursor(cursor)
    reason = QContextMenuEvent.Reason.Keyboard
    place = QPoint(1, 1)
    event = QContextMenuEvent(reason, place, editor.mapToGlobal(place))
    QApplication.sendEvent(editor.viewport(), event)
    settle()
    ((word, then),) = speller(rig).wanted
    assert word == "recieve"
    (menu,) = [one for one in editor.findChildren(QMenu) if one.isVisible()]
    then(["receive", "relieve"])
    texts = [one.text() for one in menu.actions() if one.isVisible()]
    assert texts[:2] == ["receive", "relieve"]
    menu.actions()[0].trigger()
    menu.close()
    settle()
    assert editor.text.startswith("I receive it")
    editor.undo()
    assert editor.text.startswith("I recieve it")
    # An answer that comes after the menu was left does nothing.
    then(["receive"])


def test_a_right_word_has_the_ordinary_menu(rig: Rig) -> None:
    editor = composing(rig)
    QTest.keyClicks(editor, "fine")
    editor.moveCursor(QTextCursor.MoveOperation.Start)
    menu = editor.createStandardContextMenu()
    assert menu.actions()
    menu.deleteLater()
    assert not speller(rig).wanted


def test_it_is_there_only_while_a_composer_is_on_show(rig: Rig) -> None:
    composing(rig)
    assert speller(rig).is_on
    QTest.keyClicks(rig.window.findChildren(Editor)[0], "kept")
    rig.window.composers.flush()
    (draft,) = rig.acts.answering.drafts()
    rig.window.choices.draft_put_away.emit(draft.draft_id)
    settle()
    assert not speller(rig).is_on
    rig.controller.stop()
    assert speller(rig).is_stopped


def test_a_window_of_its_own_is_checked_too(rig: Rig) -> None:
    editor = composing(rig)
    QTest.keyClicks(editor, "kept")
    rig.window.composers.flush()
    (draft,) = rig.acts.answering.drafts()
    composer = rig.window.composers.docked_one
    assert composer is not None
    composer.moved.emit(draft.draft_id)
    settle()
    assert rig.window.composers.is_any_on_show
    assert speller(rig).is_on
    speller(rig).learn("kept")
    QTest.keyClicks(editor, " on")
    assert marked(editor) == ["kept"]
    composer.put_away.emit(draft.draft_id)
    settle()
    assert not speller(rig).is_on


def test_what_stands_in_the_way_is_said(rig: Rig) -> None:
    composing(rig)
    speller(rig).fail()
    settle()
    assert any("Spelling is not checked" in line for line in words(rig.window))


def test_without_a_language_nobody_is_asked(theme: Theme, qtbot: QtBot) -> None:
    rig = a_rig(theme, qtbot, "")
    composing(rig)
    assert rig.acts.spellers == {}
