"""Promises in the window: made by a note, kept and moved by a key, listed once, taken back."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from supportdesk.domain.mail import MessageSummary
from supportdesk.domain.promises import Promise, PromiseState
from supportdesk.ui.inbox.person_card import FactButton
from supportdesk.ui.inbox.snooze_menu import MomentDialog
from supportdesk.ui.rows import (
    Action,
    CallEntry,
    CallsFilter,
    CallsTab,
    ChipKind,
    ConversationRow,
    MessageView,
    PersonFact,
)
from supportdesk.ui.theme import Theme
from tests.fakes.happenings import a_caller, a_message, after, arrived, joined
from tests.ui.looking import settle
from tests.ui.rig import Rig, rows_of
from tests.ui.test_side_acts import headings, press, the_line

HOUR = 3600.0


@pytest.fixture
def rig(theme: Theme, qtbot: QtBot) -> Rig:
    made = Rig(theme, qtbot)
    made.desk.listen()
    return made


def promised_by_mail(rig: Rig, words: str = "Flour in 2 hours !", uid: int = 1) -> MessageSummary:
    """The founder notes it while the mail is open."""
    message = a_message(uid, who="Jana", subject="Flour")
    rig.desk.apply(arrived(message))
    rig.refresh()
    assert rig.controller.open_item(message.key)
    settle()
    rig.ask(Action.NOTE_MAIL, message.key)
    line = the_line(rig)
    QTest.keyClicks(line, words)
    QTest.keyClick(line, Qt.Key.Key_Return)
    rig.refresh()
    settle()
    return message


def promised_by_phone(rig: Rig, words: str = "Call back in 1 hour !") -> str:
    key = rig.miss()
    rig.ask(Action.MISSED_DONE, key)
    rig.ask(Action.NOTE_CALL, key)
    line = the_line(rig)
    QTest.keyClicks(line, words)
    QTest.keyClick(line, Qt.Key.Key_Return)
    settle()
    return key


def made(rig: Rig) -> Promise:
    [promise] = rig.desk.promises.made.values()
    return promise


def shown(rig: Rig) -> MessageView:
    rig.refresh()
    message = rig.window._shown.message
    assert message is not None
    return message


def lines(rig: Rig) -> list[str]:
    person = shown(rig).person
    assert person is not None
    return [f"{one.label}: {one.text}" for one in person.lines if one.fact is PersonFact.PROMISE]


def wait(rig: Rig, seconds: float) -> None:
    rig.desk.wait(seconds)
    rig.refresh()
    settle()


def the_menu(rig: Rig) -> QMenu:
    settle()
    found = [one for one in rig.window.findChildren(QMenu) if one.title() == "The promise is due"]
    return found[-1]


def test_a_note_with_a_mark_is_a_due_line_on_the_card_and_y_keeps_it(rig: Rig) -> None:
    promised_by_mail(rig)
    assert (made(rig).words, made(rig).due) == ("Flour in 2 hours", after(2 * HOUR))
    [line] = lines(rig)
    assert line.startswith("Promise due today ")
    assert "“Flour in 2 hours”" in line
    rows = [one for one in rows_of(rig) if isinstance(one, ConversationRow)]
    assert any(chip.kind is ChipKind.PROMISE for chip in rows[0].chips)
    press(rig, "y")
    assert made(rig).state is PromiseState.KEPT
    assert lines(rig) == []
    press(rig, "u")
    assert made(rig).state is PromiseState.OPEN
    assert len(lines(rig)) == 1


def test_who_does_not_wait_is_listed_with_what_was_promised_and_counts_when_it_is_due(
    rig: Rig,
) -> None:
    message = promised_by_mail(rig)
    assert headings(rig) == ["Waiting for an answer"], "one who waits is not listed twice"
    rig.ask(Action.NO_REPLY, message.key)
    assert headings(rig) == ["Promised, soonest first"]
    assert rig.desk.desk.state(rig.desk.now).number == 0
    wait(rig, 2 * HOUR)
    assert headings(rig) == ["Promised, and due"]
    state = rig.desk.desk.state(rig.desk.now)
    assert (state.number, len(state.promised_due)) == (1, 1)
    assert rig.window._shown.inbox.caption == "Nobody is waiting · 1 promise due"
    assert rig.window._shown.rail.inbox_count == "1"
    strip = rig.window._shown.strip
    assert strip is not None
    assert "1 promise due" in [one.text for one in strip.segments]
    [row] = [one for one in rows_of(rig) if isinstance(one, ConversationRow)]
    assert (row.first_words, row.is_hot) == ("You promised: “Flour in 2 hours”", True)
    press(rig, "y")
    assert rig.desk.desk.state(rig.desk.now).number == 0


def test_a_promise_outlives_its_mail(rig: Rig) -> None:
    message = promised_by_mail(rig)
    rig.desk.desk.inbox.forget(message.account)
    rig.refresh()
    assert headings(rig) == ["Promised, soonest first"]
    [row] = [one for one in rows_of(rig) if isinstance(one, ConversationRow)]
    assert (row.key, row.who, row.subject) == (message.key, "Jana", "Flour in 2 hours")
    rig.window.choices.conversation_chosen.emit(row.key)
    settle()
    banner = rig.window._shown.inbox.banner
    assert banner is not None
    assert banner.title == "This mail has left the mailbox"


def test_shift_y_moves_it_or_drops_it(rig: Rig) -> None:
    promised_by_mail(rig)
    press(rig, "Y")
    entries = {one.text().partition("\t")[0]: one for one in the_menu(rig).actions()}
    entries["In a week"].trigger()
    settle()
    moved = made(rig).due
    assert moved > after(6 * 24 * HOUR)
    press(rig, "u")
    assert made(rig).due == after(2 * HOUR)
    press(rig, "Y")
    entries = {one.text().partition("\t")[0]: one for one in the_menu(rig).actions()}
    entries["It needs not be kept any more"].trigger()
    settle()
    assert made(rig).state is PromiseState.DROPPED
    press(rig, "Y")
    press(rig, "y")
    assert made(rig).state is PromiseState.DROPPED, "there is nothing left to keep"


def test_any_other_moment_can_be_picked(rig: Rig) -> None:
    promised_by_mail(rig)
    rig.ask(Action.PROMISE_MOVE, made(rig).key)
    entries = {one.text().partition("\t")[0]: one for one in the_menu(rig).actions()}
    entries["Pick date and time…"].trigger()
    settle()
    [dialog] = rig.window.findChildren(MomentDialog)
    assert dialog.windowTitle() == "The promise is due"
    dialog.chosen.emit(after(30 * HOUR))
    assert made(rig).due == after(30 * HOUR)
    dialog.reject()
    rig.ask(Action.PROMISE_MOVE, "promise/none")


def test_its_line_opens_what_it_was_noted_of(rig: Rig) -> None:
    message = promised_by_mail(rig)
    settle()
    facts = [one for one in rig.window.findChildren(FactButton) if one.isVisible()]
    [promise] = [one for one in facts if "Promise due" in one.accessibleName()]
    opened: list[str] = []
    rig.window.choices.item_chosen.connect(opened.append)
    promise.click()
    assert opened == [message.key]


def test_what_was_promised_on_the_phone_is_on_the_calls_page(rig: Rig) -> None:
    key = promised_by_phone(rig)
    call = rig.desk.desk.calls.call(key)
    assert call is not None
    rig.controller.open_item(key)
    settle()
    past = rig.window._shown.calls.past
    [entry] = past.rows.rows(0, past.rows.count)
    assert isinstance(entry, CallEntry)
    assert entry.chips[0].kind is ChipKind.PROMISE
    assert past.promise is not None
    assert past.promise.label.startswith("Promise due today ")
    rig.window.choices.calls_filter_changed.emit(CallsFilter(tab=CallsTab.OPEN))
    assert rig.window._shown.calls.past.rows.count == 1, "it is among what is to be done"
    rig.controller.open_item(key)
    wait(rig, HOUR)
    state = rig.desk.desk.state(rig.desk.now)
    assert (state.number, rig.window._shown.rail.calls_count) == (1, "1")
    press(rig, "y")
    assert made(rig).state is PromiseState.KEPT
    assert rig.desk.desk.state(rig.desk.now).number == 0
    press(rig, "u")
    assert made(rig).state is PromiseState.OPEN


def test_who_rings_is_told_with_what_was_promised_to_them(rig: Rig) -> None:
    promised_by_phone(rig)
    rig.desk.apply(joined(a_caller("2", number="+420541220018", name="Pavel Kiss")))
    rig.controller.open_page(rig.window.page)
    rig.refresh()
    rig.controller.open_item("call/Office/2")
    settle()
    [caller] = rig.window._shown.calls.waiting
    assert caller.last_line.startswith("Promised, due today ")
    assert "“Call back in 1 hour”" in caller.last_line


def test_on_a_full_disk_it_is_said_and_nothing_changes(rig: Rig) -> None:
    promised_by_mail(rig)
    rig.desk.promises.is_full = True
    rig.ask(Action.PROMISE_KEPT, made(rig).key)
    settle()
    assert made(rig).state is PromiseState.OPEN
    banner = rig.window._shown.inbox.banner
    assert banner is not None
    assert banner.text.startswith("Nothing was changed.")
