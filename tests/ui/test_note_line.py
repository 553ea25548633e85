"""The line for a note: when it opens, whom it leaves alone, and what is kept of the words."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from supportdesk.domain.calls import CallId
from supportdesk.domain.events import CallAnswered, CalleeAnswered, CallEnded, Event
from supportdesk.domain.settings import PhoneKind, PhoneSettings
from supportdesk.domain.voices import Felt
from supportdesk.ui.calls.note_line import NoteLine
from supportdesk.ui.rows import Page
from supportdesk.ui.rows.note import NoteKind, NoteView
from supportdesk.ui.theme import Theme
from supportdesk.ui.voices.felt_bar import FeltBar
from tests.fakes.happenings import (
    OFFICE,
    T0,
    a_caller,
    a_member,
    after,
    joined,
    missed,
    settings_with,
)
from tests.ui.rig import Rig

WORDS = "  Wants two ovens; <b>soon</b> "


@pytest.fixture
def rig(theme: Theme, qtbot: QtBot) -> Iterator[Rig]:
    made = Rig(theme, qtbot)
    made.desk.listen(a_member("100"))
    made.window.activateWindow()
    qtbot.waitUntil(made.window.isActiveWindow)
    yield made
    made.controller.stop()


def happen(rig: Rig, *events: Event) -> None:
    for event in events:
        rig.desk.apply(event)
        rig.controller.event_seen(event)


def own_call(
    rig: Rig,
    call_id: str = "1",
    *,
    by: str = "PJSIP/100",
    interface: str | None = None,
    name: str = "Pavel",
) -> None:
    answered = CallAnswered(
        phone=OFFICE,
        call_id=CallId(call_id),
        number=f"+420 {call_id}",
        name=name,
        queue="support",
        by=by,
        by_interface=by if interface is None else interface,
        hold_seconds=5,
        at=T0,
    )
    ended = CallEnded(phone=OFFICE, call_id=CallId(call_id), talk_seconds=60, at=after(60))
    happen(rig, joined(a_caller(call_id, number=f"+420 {call_id}", name=name)), answered, ended)


def called(rig: Rig, number: str, *, by: str = "PJSIP/100") -> CallEnded:
    """Somebody of the team talks to them; what comes when they hang up is returned."""
    out = CallId("out")
    answered = CalleeAnswered(
        phone=OFFICE, call_id=out, number=number, by=by, by_interface=by, at=after(9)
    )
    happen(rig, answered)
    return CallEnded(phone=OFFICE, call_id=out, talk_seconds=30, at=after(39))


def field_of(rig: Rig) -> QLineEdit:
    return rig.window._shell.note.findChildren(QLineEdit)[0]


def line_of(rig: Rig) -> NoteLine:
    return rig.window._shell.note


def words_kept(rig: Rig) -> list[tuple[str, str]]:
    return [(note.label, note.words) for note in rig.desk.store.call_notes()]


def test_after_the_founders_own_call_a_line_asks_for_a_note(rig: Rig) -> None:
    assert line_of(rig).isHidden()
    own_call(rig)
    assert line_of(rig).isVisible()
    field = field_of(rig)
    assert field.accessibleName() == "Note about this call with Pavel"
    assert field.hasFocus()
    QTest.keyClicks(field, WORDS)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert words_kept(rig) == [("Pavel", WORDS)]
    assert line_of(rig).isHidden()
    [note] = rig.desk.desk.notes.of_call("call/Office/1")
    assert note.number == "4201"


def felt_bar_of(rig: Rig) -> FeltBar | None:
    return next((one for one in rig.window.findChildren(FeltBar) if one.isVisible()), None)


def test_how_a_noted_call_felt_is_asked_in_the_same_place(rig: Rig) -> None:
    own_call(rig)
    QTest.keyClicks(field_of(rig), WORDS)
    assert felt_bar_of(rig) is None
    QTest.keyClick(field_of(rig), Qt.Key.Key_Return)
    bar = felt_bar_of(rig)
    assert bar is not None
    bar.chosen.emit(Felt.RELIEVED)
    assert [note.felt for note in rig.desk.store.call_notes()] == [Felt.RELIEVED]
    bar.chosen.emit(None)
    assert [note.felt for note in rig.desk.store.call_notes()] == [None]
    bar.undo_asked.emit()
    assert words_kept(rig) == []
    assert felt_bar_of(rig) is None


def test_a_skipped_note_asks_nothing(rig: Rig) -> None:
    own_call(rig)
    QTest.keyClick(field_of(rig), Qt.Key.Key_Escape)
    assert felt_bar_of(rig) is None


def test_a_colleagues_call_asks_for_nothing(rig: Rig) -> None:
    own_call(rig, by="PJSIP/200")
    assert line_of(rig).isHidden()
    happen(rig, CallEnded(phone=OFFICE, call_id=CallId("none"), talk_seconds=1, at=T0))
    assert line_of(rig).isHidden()


@pytest.mark.parametrize(
    ("kind", "interface", "by", "is_asked"),
    [
        (PhoneKind.BARESIP, OFFICE, "you", True),
        (PhoneKind.LINPHONE, OFFICE, "you", True),
        (PhoneKind.LINPHONE, "another phone", "another phone", False),
        (PhoneKind.HOOK, "", "you", True),
        (PhoneKind.HOOK, "", "", True),
        (PhoneKind.HOOK, "", "Anna", False),
        (PhoneKind.ASTERISK, "", "", False),
    ],
)
def test_a_phone_that_knows_the_founders_calls_asks_after_each_of_them(
    theme: Theme, qtbot: QtBot, kind: PhoneKind, interface: str, by: str, is_asked: bool
) -> None:
    phone = PhoneSettings(name=OFFICE, kind=kind)
    rig = Rig(theme, qtbot, settings_with(phone=(phone,)))
    rig.desk.listen()
    own_call(rig, by=by, interface=interface)
    assert line_of(rig).isVisible() is is_asked
    rig.controller.stop()


def test_what_a_phone_tells_of_hours_later_asks_for_nothing(rig: Rig) -> None:
    rig.desk.wait(3 * 3600)
    own_call(rig)
    happen(rig, called(rig, "+420 111"))
    assert line_of(rig).isHidden()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_enter_on_an_empty_line_and_escape_skip(rig: Rig, key: Qt.Key) -> None:
    own_call(rig)
    QTest.keyClicks(field_of(rig), " ")
    QTest.keyClick(field_of(rig), key)
    assert line_of(rig).isHidden()
    assert words_kept(rig) == []


def test_words_are_written_before_they_are_kept(rig: Rig, qtbot: QtBot) -> None:
    own_call(rig)
    QTest.keyClicks(field_of(rig), "He wi")
    qtbot.waitUntil(lambda: words_kept(rig) == [("Pavel", "He wi")], timeout=30_000)
    QTest.keyClicks(field_of(rig), "ll pay")
    QTest.keyClick(field_of(rig), Qt.Key.Key_Return)
    assert words_kept(rig) == [("Pavel", "He will pay")]


def test_escape_takes_back_what_was_written(rig: Rig, qtbot: QtBot) -> None:
    own_call(rig)
    QTest.keyClicks(field_of(rig), "He")
    qtbot.waitUntil(lambda: bool(words_kept(rig)), timeout=30_000)
    QTest.keyClick(field_of(rig), Qt.Key.Key_Escape)
    assert words_kept(rig) == []


def test_words_survive_another_page_a_new_text_size_and_the_end(
    rig: Rig, theme: Theme, qtbot: QtBot
) -> None:
    own_call(rig)
    QTest.keyClicks(field_of(rig), "He will")
    rig.window.show_page(Page.WEEK)
    assert line_of(rig).isVisible()
    before = line_of(rig)
    theme.set_text_scale(2.0)
    qtbot.waitUntil(lambda: line_of(rig) is not before)
    assert field_of(rig).text() == "He will"
    QTest.keyClicks(field_of(rig), " pay")
    rig.controller.stop()
    assert words_kept(rig) == [("Pavel", "He will pay")]


def test_whoever_types_goes_on_typing(rig: Rig) -> None:
    other = QLineEdit(rig.window)
    other.show()
    other.setFocus()
    own_call(rig)
    assert line_of(rig).isVisible()
    assert other.hasFocus()


def test_another_window_keeps_the_keyboard(rig: Rig, qtbot: QtBot) -> None:
    other = QLineEdit()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    other.setFocus()
    qtbot.waitUntil(other.hasFocus)
    own_call(rig)
    assert line_of(rig).isVisible()
    assert QApplication.focusWidget() is other
    assert QApplication.activeWindow() is other


def test_the_keyboard_goes_back_to_where_it_was(rig: Rig) -> None:
    rig.window.show_page(Page.CALLS)
    before = rig.window.focusWidget()
    assert before is not None
    own_call(rig)
    assert field_of(rig).hasFocus()
    QTest.keyClick(field_of(rig), Qt.Key.Key_Escape)
    assert before.hasFocus()


def test_what_had_the_keyboard_may_be_gone(rig: Rig, qtbot: QtBot) -> None:
    place = QWidget(rig.window)
    place.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    place.show()
    place.setFocus()
    own_call(rig)
    place.hide()
    QTest.keyClick(field_of(rig), Qt.Key.Key_Escape)
    assert not place.hasFocus()
    assert not field_of(rig).hasFocus()


def test_a_call_that_ends_while_words_are_typed_waits_its_turn(rig: Rig) -> None:
    own_call(rig)
    QTest.keyClicks(field_of(rig), "First")
    own_call(rig, "2", name="Ingrid")
    assert field_of(rig).text() == "First"
    QTest.keyClick(field_of(rig), Qt.Key.Key_Return)
    assert field_of(rig).text() == ""
    assert field_of(rig).hasFocus()
    QTest.keyClicks(field_of(rig), "Second")
    QTest.keyClick(field_of(rig), Qt.Key.Key_Return)
    assert sorted(words_kept(rig)) == [("Ingrid", "Second"), ("Pavel", "First")]
    assert line_of(rig).isHidden()


def test_an_empty_line_makes_room_for_the_next_call(rig: Rig) -> None:
    own_call(rig)
    own_call(rig, "2", name="Ingrid")
    assert field_of(rig).accessibleName() == "Note about this call with Ingrid"


def test_a_call_back_asks_when_it_has_ended(rig: Rig) -> None:
    happen(rig, missed("7", number="+420 7", name="Luc", waited=9))
    ended = called(rig, "+4207")
    assert line_of(rig).isHidden()
    happen(rig, ended)
    QTest.keyClicks(field_of(rig), "Sorted out")
    QTest.keyClick(field_of(rig), Qt.Key.Key_Return)
    [note] = rig.desk.desk.notes.of_call("call/Office/out")
    assert (note.label, note.words) == ("Luc", "Sorted out")
    assert rig.desk.desk.calls.history.call("call/Office/out") is not None


def test_a_call_to_a_number_that_never_called(rig: Rig) -> None:
    happen(rig, called(rig, "+49 9"))
    QTest.keyClicks(field_of(rig), "Order")
    QTest.keyClick(field_of(rig), Qt.Key.Key_Return)
    [note] = rig.desk.desk.notes.of_numbers(["+499"])
    assert (note.label, note.words) == ("+49 9", "Order")


def test_a_colleagues_call_back_asks_nothing(rig: Rig) -> None:
    happen(rig, called(rig, "+49 9", by="PJSIP/201"))
    assert line_of(rig).isHidden()


def test_the_buttons_do_the_same(theme: Theme, qtbot: QtBot) -> None:
    line = NoteLine(theme)
    qtbot.addWidget(line)
    line.show_call("call/1", "")
    assert line.accessibleName() == "Note about this call"
    told: list[tuple[str, ...]] = []
    line.kept.connect(lambda *what: told.append(what))
    line.skipped.connect(lambda *what: told.append(what))
    keep, skip = line._buttons
    QTest.mouseClick(skip, Qt.MouseButton.LeftButton)
    line.show_note(NoteView(call="call/2", label="Jana", words="Bread"))
    QTest.mouseClick(keep, Qt.MouseButton.LeftButton)
    assert told == [("call/1",), ("call/2", "Bread")]
    line.show_note(None)
    assert line.isHidden()


def test_a_long_quote_that_is_offered_again_is_whole(theme: Theme, qtbot: QtBot) -> None:
    line = NoteLine(theme)
    qtbot.addWidget(line)
    words = "Nobody picks up. " * 200
    told: list[tuple[str, ...]] = []
    line.kept.connect(lambda *what: told.append(what))
    line.show_note(NoteView(call="call/1", label="Jana", words=words, kind=NoteKind.QUOTE))
    QTest.mouseClick(line._buttons[0], Qt.MouseButton.LeftButton)
    assert told == [("call/1", words)]


def test_what_is_told_late_of_another_call_changes_nothing(rig: Rig) -> None:
    own_call(rig)
    choices = rig.window.choices
    choices.note_typed.emit("call/Office/9", "x")
    choices.note_kept.emit("call/Office/9", "x")
    choices.note_skipped.emit("call/Office/9")
    assert line_of(rig).isVisible()
    assert words_kept(rig) == []
