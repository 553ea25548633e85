"""The list of past calls, driven as the founder drives it, on a real desk."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from supportdesk.domain.calls import Call, CallId, MemberState, Outcome
from supportdesk.domain.events import CallAnswered, CallEnded, DialProgressed
from supportdesk.domain.health import Hearing
from supportdesk.domain.mail import Mailer
from supportdesk.domain.settings import PhoneKind, PhoneSettings
from supportdesk.services.calls_board import REMEMBERED
from supportdesk.ui.calls.past_panel import PastPanel
from supportdesk.ui.inbox.person_dialog import PersonDialog
from supportdesk.ui.presenter.words import local_time
from supportdesk.ui.rows import Action, CallEntry, CallMark, CallsFilter, CallsTab, Page, PastCalls
from supportdesk.ui.theme import Theme
from supportdesk.ui.widgets.button import Button
from tests.fakes.happenings import (
    DOOR,
    OFFICE,
    T0,
    UNABLE,
    a_caller,
    a_member,
    a_snapshot,
    after,
    health,
    joined,
    missed,
    settings_with,
)
from tests.ui.looking import named, settle, words
from tests.ui.rig import Rig


@pytest.fixture
def rig(theme: Theme, qtbot: QtBot) -> Rig:
    made = Rig(theme, qtbot)
    made.desk.listen(a_member("Anna"))
    made.window.resize(1200, 800)
    made.window.show_page(Page.CALLS)
    qtbot.waitUntil(lambda: made.desk.desk.calls.history.is_whole, timeout=30_000)
    return made


def answer(rig: Rig, call_id: str, *, hold: float, at: float = 0, name: str = "Noor Haddad") -> str:
    caller = a_caller(call_id, number=f"+31{call_id}", name=name, at=after(at))
    rig.desk.apply(joined(caller))
    rig.desk.apply(
        CallAnswered(
            phone=OFFICE,
            call_id=caller.call_id,
            number=caller.number,
            name=name,
            queue="support",
            by="Anna",
            by_interface="PJSIP/Anna",
            hold_seconds=hold,
            at=after(at + hold),
        )
    )
    rig.refresh()
    return caller.key


def past(rig: Rig) -> PastCalls:
    return rig.window._shown.calls.past


def entries(rig: Rig) -> list[CallEntry]:
    source = past(rig).rows
    found = source.rows(0, source.count)
    return [row for row in found if isinstance(row, CallEntry)]


def labels(rig: Rig) -> list[str]:
    return [action.label for action in past(rig).actions if action.label]


def press(rig: Rig, key: str) -> None:
    settle()
    QTest.keyClicks(rig.window.focusWidget() or rig.window, key)


def test_d_marks_the_chosen_one_as_done_and_u_takes_it_back(rig: Rig) -> None:
    key = rig.miss("1")
    press(rig, "j")
    assert past(rig).chosen == key
    assert labels(rig) == ["Call back", "Done", "All done", "Note"]
    press(rig, "d")
    [row] = entries(rig)
    assert row.mark is CallMark.DONE
    assert row.chips[0].label.startswith("marked as done")
    assert labels(rig) == ["Call back", "Not done", "Note"]
    press(rig, "u")
    assert entries(rig)[0].mark is CallMark.MISSED
    assert rig.window._shown.calls.banner is None


def test_what_was_done_is_taken_back_on_its_row_too(rig: Rig) -> None:
    rig.miss("1")
    press(rig, "j")
    press(rig, "d")
    rig.desk.wait(120)
    rig.refresh()
    assert rig.window._shown.calls.banner is None
    press(rig, "d")
    assert entries(rig)[0].mark is CallMark.MISSED


def test_who_is_chosen_stays_chosen_when_they_call_again(rig: Rig) -> None:
    rig.miss("1", number="+4201", name="Early")
    key = rig.miss("2", at=30)
    for _ in range(2):
        press(rig, "j")
    panel = rig.window.findChild(PastPanel)
    assert isinstance(panel, PastPanel)
    assert (past(rig).chosen, panel.list.current_key) == (key, key)
    again = rig.miss("3", at=60)
    assert [row.tries for row in entries(rig)] == [1, 2]
    assert (past(rig).chosen, panel.list.current_key) == (key, key)
    assert labels(rig) == ["Call back", "Done", "All done", "Note"]
    assert past(rig).actions[0].target == again
    press(rig, "d")
    assert [row.mark for row in entries(rig)] == [CallMark.MISSED, CallMark.DONE]
    assert (past(rig).chosen, panel.list.current_key) == (key, key)


def test_who_is_joined_with_another_stays_chosen_in_their_row(rig: Rig) -> None:
    first = rig.miss("1", number="+4201", name="Bakery")
    rig.miss("2", number="+4202", at=30)
    for _ in range(2):
        press(rig, "j")
    for number in ("+4201", "+4202"):
        rig.desk.join(Mailer(name="Jana", email="jana@nova.example"), number)
    rig.refresh()
    [row] = entries(rig)
    assert (row.key, past(rig).chosen) == (first, first)


def test_one_key_does_all_and_undo_takes_all_back(rig: Rig) -> None:
    for number in range(3):
        rig.miss(str(number), number=f"+42054122001{number}", at=number)
    assert past(rig).note == "3 people still waiting"
    press(rig, "D")
    assert [row.mark for row in entries(rig)] == [CallMark.DONE] * 3
    assert past(rig).note == "nobody is waiting for a call back"
    assert "All done" not in labels(rig)
    banner = rig.window._shown.calls.banner
    assert banner is not None
    assert banner.title == "Done: 3 people"
    QTest.mouseClick(named(rig.window, "Undo"), Qt.MouseButton.LeftButton)
    assert [row.mark for row in entries(rig)] == [CallMark.MISSED] * 3


def test_oldest_unreturned_first_then_what_was_returned(rig: Rig) -> None:
    done = rig.miss("0", number="+4201", name="Done")
    rig.miss("2", number="+4203", name="Late", at=60)
    rig.miss("1", number="+4202", name="Early", at=30)
    rig.ask(Action.MISSED_DONE, done)
    assert [row.who for row in entries(rig)] == ["Early", "Late", "Done"]


def test_tabs_narrow_the_list(rig: Rig) -> None:
    rig.miss("1")
    answer(rig, "2", hold=3, at=20)
    QTest.mouseClick(_button(rig, "Answered"), Qt.MouseButton.LeftButton)
    assert [row.who for row in entries(rig)] == ["Noor Haddad"]
    QTest.mouseClick(_button(rig, "All calls"), Qt.MouseButton.LeftButton)
    assert [row.who for row in entries(rig)] == ["Noor Haddad", "Pavel Kiss"]
    QTest.mouseClick(_button(rig, "Mine"), Qt.MouseButton.LeftButton)
    assert entries(rig) == []
    assert "No such calls yet." in words(rig.window)
    rig.window.choices.calls_filter_changed.emit(CallsFilter(tab=CallsTab.OPEN))
    assert [row.who for row in entries(rig)] == ["Pavel Kiss"]


def _button(rig: Rig, label: str) -> Button:
    settle()
    found = [one for one in rig.window.findChildren(Button) if one.text() == label]
    return next(one for one in found if one.isVisible())


def test_queue_and_day_narrow_it_further(rig: Rig) -> None:
    rig.miss("1")
    today = past(rig).days[0].day
    yesterday = past(rig).days[1].day
    for wanted, count in (
        (CallsFilter(queue="support"), 1),
        (CallsFilter(queue="sales"), 0),
        (CallsFilter(day=today), 1),
        (CallsFilter(day=yesterday), 0),
        (CallsFilter(tab=CallsTab.ALL, day=yesterday), 0),
        (CallsFilter(tab=CallsTab.ALL, day=today, queue="support"), 1),
    ):
        rig.window.choices.calls_filter_changed.emit(wanted)
        assert len(entries(rig)) == count, wanted


def test_slash_searches_all_calls_and_esc_leaves(rig: Rig) -> None:
    answer(rig, "2", hold=3, name="Tomáš Beran")
    rig.miss("1", at=20)
    press(rig, "/")
    field = named(rig.window, "Search calls")
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, "tomas")
    assert past(rig).filter == CallsFilter(tab=CallsTab.ALL, words="tomas")
    assert [row.who for row in entries(rig)] == ["Tomáš Beran"]
    QTest.keyClicks(field, "zzz")
    assert entries(rig) == []
    assert "tomaszzz" in past(rig).nothing
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert past(rig).filter == CallsFilter()
    assert [row.who for row in entries(rig)] == ["Pavel Kiss"]


def test_a_name_given_later_finds_the_calls_from_before(rig: Rig) -> None:
    rig.miss("1", name="Bakery")
    rig.window.choices.calls_filter_changed.emit(CallsFilter(tab=CallsTab.ALL, words="nova"))
    assert entries(rig) == []
    rig.desk.join(Mailer(name="Jana Nová", email="jana@nova.example"), "+420541220018")
    rig.refresh()
    assert [row.who for row in entries(rig)] == ["Jana Nová"]


def test_words_of_a_note_find_its_call(rig: Rig) -> None:
    key = rig.miss("1")
    desk = rig.desk.desk
    call = desk.calls.call(key)
    assert call is not None
    desk.notes.write(desk.notes.new_key(key), call, "Čeká na fakturu", rig.desk.now)
    rig.window.choices.calls_filter_changed.emit(CallsFilter(tab=CallsTab.ALL, words="faktur"))
    [row] = entries(rig)
    assert row.note == "Čeká na fakturu"


def test_older_calls_than_are_remembered_are_read_and_can_be_returned(
    theme: Theme, qtbot: QtBot
) -> None:
    made = Rig(theme, qtbot)
    old = Call(
        phone=OFFICE,
        call_id=CallId("old"),
        number="+420777",
        name="Long Ago",
        queue="support",
        started_at=T0 - REMEMBERED - timedelta(days=9),
        outcome=Outcome.ANSWERED,
    )
    made.desk.store.save_call(old)
    made.desk.listen(a_member("Anna"))
    made.window.show_page(Page.CALLS)
    made.window.choices.calls_filter_changed.emit(CallsFilter(tab=CallsTab.ALL))
    qtbot.waitUntil(lambda: bool(entries(made)), timeout=30_000)
    assert entries(made)[0].who == "Long Ago"
    made.ask(Action.CALL_BACK, old.key)
    assert made.acts.dialled == ["call back +420777"]


def test_figures_open_the_callers_behind_them(rig: Rig) -> None:
    quick = answer(rig, "2", hold=2)
    slow = answer(rig, "3", hold=9, at=10)
    gone = rig.miss("1", at=20)
    figure = rig.window._shown.calls.ring_figure
    assert figure is not None
    assert (figure.figure and figure.figure.words, figure.of_what) == ("1", "of 3 calls")
    within = named(rig.window, "1 of 3 calls within one ring this week: show them")
    QTest.mouseClick(within, Qt.MouseButton.LeftButton)
    assert past(rig).title == CallsTab.WITHIN_RING.value
    assert [row.key for row in entries(rig)] == [quick]
    others = named(rig.window, "the 2 that were not, caller by caller")
    others.setFocus()
    QTest.keyClick(others, Qt.Key.Key_Space)
    assert [row.key for row in entries(rig)] == [gone, slow]
    assert entries(rig)[0].why == "hung up after 9 s, nobody was free"
    QTest.keyClick(rig.window, Qt.Key.Key_Escape)
    assert past(rig).filter == CallsFilter()


def test_calls_that_nobody_saw_are_named_and_not_counted(rig: Rig) -> None:
    rig.desk.apply(a_snapshot(at=after(500), deaf_since=after(80), missed_meanwhile=2))
    rig.refresh()
    [row] = entries(rig)
    assert row.mark is CallMark.GAP
    assert row.why == "2 calls missed"
    figure = rig.window._shown.calls.ring_figure
    assert figure is not None
    assert figure.figure is None
    assert figure.parts[0].words.startswith("2 calls not counted")
    rig.window.choices.calls_filter_changed.emit(CallsFilter(tab=CallsTab.ALL))
    assert [entry.why for entry in entries(rig)] == ["2 calls missed"]
    assert past(rig).note == "2 calls"


def test_a_gap_without_misses_is_in_the_history(rig: Rig) -> None:
    answer(rig, "1", hold=1)
    rig.desk.apply(a_snapshot(at=after(500), deaf_since=after(80)))
    rig.window.choices.calls_filter_changed.emit(CallsFilter(tab=CallsTab.ALL))
    assert [entry.mark for entry in entries(rig)] == [CallMark.GAP, CallMark.ANSWERED]
    assert entries(rig)[0].why == "the queues missed nobody"
    assert past(rig).note == "1 call", "a gap is no call"


def test_no_missed_calls_is_not_said_of_a_night_that_nobody_heard(
    theme: Theme, qtbot: QtBot
) -> None:
    rig = Rig(theme, qtbot, settings_with(phone=(DESK_PHONE,)))
    rig.window.show_page(Page.CALLS)
    rig.desk.listen()
    rig.refresh()
    assert past(rig).nothing == "No missed calls."
    rig.desk.apply(a_snapshot(members=None, at=after(500), deaf_since=after(80)))
    rig.refresh()
    assert past(rig).nothing.startswith("No missed calls that we know of.")
    rig.desk.apply(health(OFFICE, Hearing.DEAF, since=rig.desk.now))
    rig.refresh()
    assert past(rig).nothing.endswith("a phone is not heard now.")
    rig.controller.stop()


# --- one call for one click --------------------------------------------------------------------


def test_a_double_click_places_one_call(rig: Rig) -> None:
    rig.miss("1")
    button = _button(rig, "Call back the oldest")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    QTest.mouseDClick(_button(rig, "Call back the oldest"), Qt.MouseButton.LeftButton)
    press(rig, "b")
    assert rig.acts.dialled == ["call back +420541220018"]


def test_a_double_click_on_take_rings_once(rig: Rig) -> None:
    rig.desk.apply(joined(a_caller("1")))
    rig.refresh()
    take = named(rig.window, "Take the call of Pavel Kiss")
    QTest.mouseClick(take, Qt.MouseButton.LeftButton)
    QTest.mouseDClick(take, Qt.MouseButton.LeftButton)
    assert rig.acts.dialled == ["take 1"]


def test_after_it_failed_the_same_can_be_called_again(rig: Rig) -> None:
    key = rig.miss("1")
    rig.ask(Action.CALL_BACK, key)
    assert _banner(rig) == "Ringing your phone"
    _progress(rig, "Your phone rings")
    rig.ask(Action.CALL_BACK, key)
    _progress(rig, "They are busy", is_over=True, has_failed=True)
    assert _banner(rig) == "They are busy"
    rig.ask(Action.CALL_BACK, key)
    assert len(rig.acts.dialled) == 1
    rig.desk.wait(3)
    rig.ask(Action.CALL_BACK, key)
    assert len(rig.acts.dialled) == 2


def _progress(rig: Rig, said: str, *, is_over: bool = False, has_failed: bool = False) -> None:
    event = DialProgressed(
        phone=OFFICE,
        call_id=None,
        number="+420541220018",
        words=said,
        is_over=is_over,
        has_failed=has_failed,
        at=rig.desk.now,
    )
    rig.controller.event_seen(event)


def _banner(rig: Rig) -> str:
    banner = rig.window._shown.calls.banner
    return banner.title if banner else ""


DESK_PHONE = PhoneSettings(name=OFFICE, kind=PhoneKind.BARESIP)


def test_a_softphone_calls_the_customer_at_once_and_the_words_say_so(
    theme: Theme, qtbot: QtBot
) -> None:
    rig = Rig(theme, qtbot, settings_with(phone=(DESK_PHONE,)))
    rig.desk.listen()
    rig.ask(Action.CALL_BACK, rig.miss("1"))
    banner = rig.window._shown.calls.banner
    assert banner is not None
    assert (banner.title, banner.text) == ("Calling Pavel Kiss", "Talk at this computer.")
    caller = a_caller("2", name="Noor Haddad", at=after(30))
    rig.desk.apply(joined(caller))
    rig.ask(Action.TAKE_CALL, caller.key)
    assert _banner(rig) == "Answering Noor Haddad"
    assert rig.acts.dialled == ["call back +420541220018", "take 2"]


def test_a_call_of_a_phone_that_cannot_dial_is_returned_by_the_one_that_can(
    theme: Theme, qtbot: QtBot
) -> None:
    door = PhoneSettings(name=DOOR, kind=PhoneKind.HOOK)
    rig = Rig(theme, qtbot, settings_with(phone=(door, DESK_PHONE)))
    rig.desk.listen()
    rig.desk.apply(replace(missed("1", name="Ann"), phone=DOOR))
    rig.ask(Action.CALL_BACK, "call/Door/1")
    assert _banner(rig) == "Calling Ann"


def test_where_callers_cannot_be_handed_over_their_number_is_copied(rig: Rig) -> None:
    rig.desk.apply(a_snapshot(a_caller("1"), members=None, capabilities=UNABLE))
    rig.acts.can_ring = False
    rig.refresh()
    [caller] = rig.window._shown.calls.waiting
    assert (caller.can_take, caller.take_label) == (True, "Copy")
    copy = named(rig.window, "Copy the number of Pavel Kiss")
    QTest.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert rig.acts.links == []
    assert rig.acts.copied == ["+420111222333"]
    assert _banner(rig) == "Pick it up on your phone"


def test_a_withheld_number_that_cannot_be_handed_over_says_why(rig: Rig) -> None:
    nobody = a_caller("1", number="", name="")
    rig.desk.apply(a_snapshot(nobody, members=None, capabilities=UNABLE))
    rig.acts.can_ring = False
    rig.refresh()
    [caller] = rig.window._shown.calls.waiting
    assert not caller.can_take
    assert "withheld" in caller.why_not
    rig.ask(Action.TAKE_CALL, nobody.key)
    assert rig.acts.links == rig.acts.copied == []
    assert _banner(rig) == "Pick it up on your phone"


def test_an_address_is_called_by_sip(rig: Rig) -> None:
    rig.acts.can_ring = False
    rig.ask(Action.CALL_BACK, rig.miss("1", number="noor@haddad.example"))
    assert rig.acts.links == ["sip:noor@haddad.example"]


def test_a_member_on_a_call_says_with_whom_and_since_when(rig: Rig) -> None:
    answer(rig, "1", hold=2)
    anna = a_member("Anna", MemberState.ON_A_CALL, since=after(2))
    rig.desk.apply(a_snapshot(members=(anna,)))
    rig.desk.wait(130)
    rig.refresh()
    [member] = rig.window._shown.calls.members
    assert member.since_line == "2 min with Noor Haddad"
    assert member.more.startswith("since ")
    assert member.accessible_text.startswith("Anna: on a call, 2 min with Noor Haddad, since ")


def test_nobody_at_the_phones_is_as_loud_as_everybody_busy(rig: Rig) -> None:
    rig.desk.apply(a_snapshot(members=(a_member("Anna", MemberState.GONE),)))
    rig.refresh()
    view = rig.window._shown.calls
    assert (view.team_label, view.is_team_full) == ("nobody at the phones", True)


def test_l_asks_for_the_live_board(rig: Rig) -> None:
    press(rig, "l")
    QTest.mouseClick(_button(rig, "Live board"), Qt.MouseButton.LeftButton)
    assert rig.acts.asked[-2:] == ["live board", "live board"]


def test_whoever_calls_is_given_a_name_and_their_notes_are_put_right(rig: Rig) -> None:
    key = rig.miss("1", name="")
    notes = rig.desk.desk.notes
    call = rig.desk.desk.calls.call(key)
    assert call is not None
    notes.write("n1", call, "Wants bread", after(30))
    press(rig, "j")
    QTest.mouseClick(
        named(rig.window, "Who this is: name, numbers, notes (p)"), Qt.MouseButton.LeftButton
    )
    dialog = about(rig)
    assert dialog.windowTitle() == "About 420541220018"
    QTest.keyClicks(named(dialog, f"Note, {local_time(after(30))}"), "Fresh: ")
    QTest.mouseClick(named(dialog, "Save"), Qt.MouseButton.LeftButton)
    assert _banner(rig) == "The note about 420541220018 has your new words"
    assert entries(rig)[0].note == "Fresh: Wants bread"
    press(rig, "p")
    dialog = about(rig)
    felt = named(dialog, f"How the call felt, {local_time(after(30))}")
    QTest.keyClick(felt, Qt.Key.Key_L)
    QTest.mouseClick(named(dialog, "Save"), Qt.MouseButton.LeftButton)
    assert _banner(rig) == "The note about 420541220018 has your felt word"
    assert entries(rig)[0].note == "Felt let down: Fresh: Wants bread"
    press(rig, "u")
    assert notes.of_call(key)[0].felt is None
    press(rig, "p")
    dialog = about(rig)
    QTest.keyClicks(named(dialog, "Name"), "Pavel of the bakery")
    QTest.keyClick(named(dialog, "Name"), Qt.Key.Key_Return)
    assert _banner(rig) == "420541220018 is called Pavel of the bakery now"
    assert entries(rig)[0].who == "Pavel of the bakery"
    press(rig, "u")
    assert _banner(rig) == ""
    assert entries(rig)[0].who == "+420541220018"
    assert notes.of_call(key)[0].words == "Fresh: Wants bread"


def about(rig: Rig) -> PersonDialog:
    return next(one for one in rig.window.findChildren(PersonDialog) if one.isVisible())


def test_a_withheld_number_is_nobody_to_be_named(rig: Rig) -> None:
    key = rig.miss("1", number="", name="")
    press(rig, "j")
    assert Action.EDIT_PERSON not in [action.action for action in past(rig).actions]
    rig.ask(Action.EDIT_PERSON, key)
    assert rig.window.findChildren(PersonDialog) == []


def test_an_alert_opens_its_call_chosen(rig: Rig) -> None:
    key = rig.miss("1")
    over = answer(rig, "2", hold=2, at=20)
    rig.desk.apply(CallEnded(phone=OFFICE, call_id=CallId("2"), talk_seconds=60, at=after(90)))
    assert rig.controller.open_item(over)
    assert (past(rig).filter.tab, past(rig).chosen) == (CallsTab.ALL, over)
    assert rig.controller.open_item(key)
    assert (past(rig).filter.tab, past(rig).chosen) == (CallsTab.MISSED, key)
    again = rig.miss("3", at=200)
    rig.window.choices.calls_filter_changed.emit(CallsFilter(tab=CallsTab.ALL))
    rig.window.choices.call_chosen.emit(key)
    assert rig.controller.open_item(again)
    assert (past(rig).filter.tab, past(rig).chosen) == (CallsTab.MISSED, key)


def test_without_a_phone_there_is_an_offer(theme: Theme, qtbot: QtBot) -> None:
    made = Rig(theme, qtbot, settings_with(phone=()))
    made.window.show_page(Page.CALLS)
    assert made.window._shown.calls.empty is not None


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("", "hung up after 9 s, nobody was free; number withheld"),
        ("monkeys", "hung up after 9 s, nobody was free; this cannot be dialled"),
    ],
)
def test_who_cannot_be_called_back_has_no_button_and_the_row_says_why(
    rig: Rig, number: str, why: str
) -> None:
    key = rig.miss("1", number=number, name="")
    rig.window.choices.call_chosen.emit(key)
    assert [entry.why for entry in entries(rig)] == [why]
    assert labels(rig) == ["Done", "All done", "Note"]


def test_of_calls_that_were_only_counted_nobody_knows_how_many_wait(rig: Rig) -> None:
    rig.miss("1", number="+420541220018")
    rig.miss("2", number="+420541220019", at=30)
    rig.desk.apply(a_snapshot(at=after(500), deaf_since=after(80), missed_meanwhile=1))
    rig.refresh()
    assert past(rig).note == "2 people, 1 unknown still waiting"
