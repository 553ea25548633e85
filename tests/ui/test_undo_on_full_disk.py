"""A disk that takes nothing: an undo and a removal say so, and can be asked for again."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from supportdesk.domain.errors import StoreError
from supportdesk.domain.mail import MessageId, MessageText
from supportdesk.domain.voices import Felt, Quote
from supportdesk.services.voices import Voices
from supportdesk.ui.inbox.message_prose import MessageProse
from supportdesk.ui.rows import Action, Page
from supportdesk.ui.theme import Theme
from tests.fakes.happenings import SUPPORT, a_message, arrived, settings_with
from tests.ui.looking import settle
from tests.ui.rig import Rig

_WORDS = "I had my coffee sitting down."
_NOT_UNDONE = "Not undone: The disk is full"


@pytest.fixture
def rig(theme: Theme, qtbot: QtBot) -> Rig:
    made = Rig(theme, qtbot, settings_with())
    made.acts.text = MessageText(
        account=SUPPORT, message_id=MessageId("<1@out.example>"), text=_WORDS
    )
    return made


def voices(rig: Rig) -> Voices:
    return rig.desk.desk.voices


def keep_selected(rig: Rig) -> Quote:
    message = a_message(1, who="Ruth")
    rig.desk.apply(arrived(message))
    rig.refresh()
    assert rig.controller.open_item(message.key)
    settle()
    prose = next(one for one in rig.window.findChildren(MessageProse) if one.isVisible())
    cursor = QTextCursor(prose.document())
    cursor.select(QTextCursor.SelectionType.Document)
    prose.setTextCursor(cursor)
    rig.ask(Action.KEEP_QUOTE, "")
    return voices(rig).search()[0]


def on_voices(rig: Rig) -> Quote:
    quote = voices(rig).keep(_WORDS, who="Ruth", said_at=rig.desk.now, now=rig.desk.now)
    rig.window.show_page(Page.VOICES)
    settle()
    return quote


def learn(rig: Rig, words: str) -> None:
    rig.ask(Action.LEARNED, "")
    QTest.keyClicks(rig.window._shell.note._field, words)
    QTest.keyClick(rig.window._shell.note._field, Qt.Key.Key_Return)
    settle()


def lessons(rig: Rig) -> list[str]:
    return [one.words for one in voices(rig).lessons.between()]


def beside_message(rig: Rig) -> list[str]:
    view = rig.window._shown.message
    return [one.title for one in view.notices] if view is not None else []


def on_page(rig: Rig) -> str:
    notice = rig.window._shown.voices.notice
    return notice.title if notice is not None else ""


def _full(*_args: object) -> None:
    raise StoreError("The disk is full", "Make room on it.")


def test_words_beside_a_message(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_selected(rig)
    with monkeypatch.context() as disk:
        disk.setattr(voices(rig), "remove", _full)
        rig.ask(Action.UNDO, "")
    assert beside_message(rig) == [_NOT_UNDONE]
    assert len(voices(rig).search()) == 1
    rig.ask(Action.UNDO, "")
    assert voices(rig).search() == ()


def test_a_felt_word_beside_a_message(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    quote = keep_selected(rig)
    rig.window.choices.felt_chosen.emit(quote.key, Felt.RELIEVED)
    with monkeypatch.context() as disk:
        disk.setattr(voices(rig), "put", _full)
        rig.ask(Action.UNDO, "")
    assert beside_message(rig) == [_NOT_UNDONE]
    rig.ask(Action.UNDO, "")
    assert voices(rig).search() == (quote,)


@pytest.mark.parametrize("page", [Page.INBOX, Page.CALLS, Page.VOICES])
def test_what_was_learned_on_any_page(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, page: Page
) -> None:
    if page is Page.INBOX:
        keep_selected(rig)
    rig.window.show_page(page)
    learn(rig, "Coffee matters.")
    undo = {
        Page.INBOX: Action.UNDO,
        Page.CALLS: Action.UNDO_MISSED_DONE,
        Page.VOICES: Action.UNDO_VOICES,
    }[page]
    said: dict[Page, Callable[[], str]] = {
        Page.INBOX: lambda: beside_message(rig)[0],
        Page.CALLS: lambda: getattr(rig.window._shown.calls.banner, "title", ""),
        Page.VOICES: lambda: on_page(rig),
    }
    with monkeypatch.context() as disk:
        disk.setattr(voices(rig).lessons, "remove", _full)
        rig.ask(undo, "")
    assert said[page]() == _NOT_UNDONE
    assert lessons(rig) == ["Coffee matters."]
    rig.ask(undo, "")
    assert lessons(rig) == []


def test_a_note_beside_kept_words(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    quote = on_voices(rig)
    voices(rig).edit_note(quote.key, "Ask her in May")
    with monkeypatch.context() as disk:
        disk.setattr(voices(rig), "put", _full)
        rig.ask(Action.REMOVE_QUOTE_NOTE, quote.key)
    assert on_page(rig) == "Still kept: The disk is full"
    rig.ask(Action.REMOVE_QUOTE_NOTE, quote.key)
    assert voices(rig).search() == (quote,)


def test_a_felt_word_of_what_was_noted_of_a_call(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    call = rig.desk.desk.calls.call(rig.miss())
    assert call is not None
    notes = rig.desk.desk.notes
    note = notes.write(notes.new_key(call.key), call, "She bakes at night", rig.desk.now)
    rig.window.show_page(Page.CALLS)
    settle()
    with monkeypatch.context() as disk:
        disk.setattr(rig.desk.store, "save_call_note", _full)
        rig.window.choices.felt_chosen.emit(note.key, Felt.RELIEVED)
    banner = rig.window._shown.calls.banner
    assert banner is not None
    assert banner.title == "Not changed: The disk is full"
    assert notes.note(note.key) == note
    rig.window.choices.felt_chosen.emit(note.key, Felt.RELIEVED)
    assert notes.note(note.key) == replace(note, felt=Felt.RELIEVED)


def test_a_felt_word_on_the_page(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    quote = on_voices(rig)
    with monkeypatch.context() as disk:
        disk.setattr(voices(rig), "put", _full)
        rig.window.choices.felt_chosen.emit(quote.key, Felt.RELIEVED)
    assert on_page(rig) == "Not changed: The disk is full"
    rig.window.choices.felt_chosen.emit(quote.key, Felt.RELIEVED)
    with monkeypatch.context() as disk:
        disk.setattr(voices(rig), "put", _full)
        rig.ask(Action.UNDO_VOICES, "")
    assert on_page(rig) == _NOT_UNDONE
    rig.ask(Action.UNDO_VOICES, "")
    assert voices(rig).search() == (quote,)
