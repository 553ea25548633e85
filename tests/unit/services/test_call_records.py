from dataclasses import replace

import pytest

from supportdesk.domain.calls import CallId, MissedReason, Outcome
from supportdesk.domain.events import CallAnswered, CalleeAnswered, CallMissed
from supportdesk.domain.one_ring import Need, NeededCaller
from supportdesk.domain.settings import PhoneKind, PhoneSettings
from supportdesk.services.call_records import (
    Gap,
    MissedSince,
    after_hours,
    answered_call,
    called,
    gap_of,
    is_done_by_hand,
    is_founder,
    is_founders_talk,
    is_over,
    missed_call,
    refused_caller,
    unknown_call,
    unseen_calls,
    waiting_call,
)
from tests.fakes.happenings import OFFICE, T0, a_caller, a_snapshot, after


def phone(founder: str, kind: PhoneKind = PhoneKind.ASTERISK) -> PhoneSettings:
    return PhoneSettings(name=OFFICE, kind=kind, founder=founder)


WAITING = waiting_call(a_caller("1"))
ANSWERED = CallAnswered(
    phone=OFFICE,
    call_id=CallId("1"),
    by="Anna",
    by_interface="PJSIP/101",
    hold_seconds=14,
    at=after(14),
)
MISSED = CallMissed(
    phone=OFFICE,
    call_id=CallId("1"),
    number="",
    name="",
    queue="",
    waited_seconds=41,
    reason=MissedReason.GAVE_UP,
    at=after(41),
)


def test_a_waiting_call_and_its_caller_say_the_same() -> None:
    assert WAITING.caller == replace(a_caller("1"), channel="")
    assert WAITING.outcome is Outcome.WAITING


def test_an_answer_names_who_and_after_how_long() -> None:
    call = answered_call(WAITING, ANSWERED, phone("PJSIP/100"))
    assert (call.outcome, call.by, call.wait_seconds) == (Outcome.ANSWERED, "Anna", 14)
    assert call.number == WAITING.number


def test_an_answer_on_the_founders_phone_is_taken() -> None:
    call = answered_call(WAITING, replace(ANSWERED, by_interface="PJSIP/100"), phone("PJSIP/100"))
    assert (call.outcome, call.by) == (Outcome.TAKEN, "you")
    without = answered_call(WAITING, replace(ANSWERED, by_interface=""), phone(""))
    assert without.outcome is Outcome.ANSWERED


def test_after_hours_nobody_was_meant_to_answer() -> None:
    call = missed_call(MISSED, a_caller("1"), None)
    assert after_hours(call) == replace(call, reason=MissedReason.AFTER_HOURS)
    for reason in (MissedReason.DECLINED, MissedReason.UNSEEN):
        other = replace(call, reason=reason)
        assert after_hours(other) == other


@pytest.mark.parametrize(("founder", "by"), [("PJSIP/100", "you"), ("PJSIP/200", "Anna")])
def test_a_call_that_the_team_made_begins_with_its_answer(founder: str, by: str) -> None:
    event = CalleeAnswered(
        phone=OFFICE,
        call_id=CallId("2"),
        number="+420777000111",
        by="Anna",
        by_interface="PJSIP/100",
        at=after(9),
    )
    call = called(event, "Jana", phone(founder))
    assert (call.outcome, call.by, call.label) == (Outcome.CALLED, by, "Jana")
    assert call.started_at == call.answered_at == after(9)
    assert not is_over(call)
    assert is_over(replace(call, closed_at=after(60)))


@pytest.mark.parametrize(
    ("by", "founder", "outcome"),
    [
        ("you", "", Outcome.TAKEN),
        ("petra", "Petra", Outcome.TAKEN),
        ("", "", Outcome.ANSWERED),
        ("", "Petra", Outcome.ANSWERED),
        ("Anna", "Petra", Outcome.ANSWERED),
    ],
)
def test_a_hook_names_the_founder(by: str, founder: str, outcome: Outcome) -> None:
    call = answered_call(WAITING, replace(ANSWERED, by_interface="", by=by), phone(founder))
    assert (call.outcome, call.by) == (outcome, "you" if outcome is Outcome.TAKEN else by)


def test_an_answered_call_that_nobody_saw_joining() -> None:
    call = answered_call(None, ANSWERED, phone(""))
    assert (call.number, call.started_at, call.by) == ("", T0, "Anna")


def test_a_miss_keeps_what_the_caller_told() -> None:
    call = missed_call(MISSED, a_caller("1"), None)
    assert (call.number, call.name, call.queue) == ("+420111222333", "Pavel Kiss", "support")
    assert (call.wait_seconds, call.reason) == (41, MissedReason.GAVE_UP)
    better = missed_call(replace(MISSED, name="P. Kiss"), a_caller("1"), None)
    assert better.name == "P. Kiss"


@pytest.mark.parametrize(
    ("need", "reason"),
    [
        (Need.ALL_BUSY, MissedReason.NOBODY_FREE),
        (Need.NOBODY_THERE, MissedReason.NOBODY_THERE),
        (Need.OTHERS_FIRST, MissedReason.GAVE_UP),
        (Need.NOT_KNOWN, MissedReason.GAVE_UP),
    ],
)
def test_hanging_up_on_a_team_that_could_not_answer_says_so(
    need: Need, reason: MissedReason
) -> None:
    needed = NeededCaller(caller=a_caller("1"), need=need, due_at=T0)
    assert missed_call(MISSED, a_caller("1"), needed).reason is reason
    timed_out = replace(MISSED, reason=MissedReason.TIMED_OUT)
    assert missed_call(timed_out, a_caller("1"), needed).reason is MissedReason.TIMED_OUT


def test_who_dialled_one_phone_is_not_missed_for_what_the_team_did() -> None:
    needed = NeededCaller(caller=a_caller("1"), need=Need.NOBODY_THERE, due_at=T0)
    direct = replace(a_caller("1"), queue="")
    call = missed_call(replace(MISSED, queue=""), direct, needed)
    assert (call.queue, call.reason) == ("", MissedReason.GAVE_UP)


def test_somebody_turned_away_began_when_they_rang() -> None:
    assert refused_caller(MISSED).joined_at == T0


def test_one_call_for_each_that_was_missed_in_the_gap() -> None:
    snapshot = a_snapshot(at=after(420), deaf_since=T0, missed_meanwhile=2)
    calls = unseen_calls(snapshot)
    assert len({call.key for call in calls}) == 2
    assert {(call.started_at, call.wait_seconds) for call in calls} == {(T0, 420.0)}
    assert unseen_calls(a_snapshot(at=after(1), missed_meanwhile=1))[0].wait_seconds == 0


def test_of_a_call_that_was_only_answered_the_answer_says_who() -> None:
    lone = replace(ANSWERED, number="+33 1", name="Aubry", queue="support", hold_seconds=0)
    call = answered_call(None, lone, phone(""))
    assert (call.number, call.name, call.queue) == ("+33 1", "Aubry", "support")


def test_what_is_over() -> None:
    assert not is_over(WAITING)
    assert not is_over(unknown_call(WAITING, after(9)))
    answered = answered_call(WAITING, ANSWERED, phone(""))
    assert not is_over(answered)
    assert is_over(replace(answered, closed_at=T0))
    assert is_over(missed_call(MISSED, a_caller("1"), None))


def test_what_is_going_on() -> None:
    answered = answered_call(WAITING, ANSWERED, phone(""))
    assert WAITING.is_going_on
    assert answered.is_going_on
    assert not replace(answered, closed_at=T0).is_going_on
    assert not unknown_call(WAITING, after(9)).is_going_on


def test_a_phone_that_does_not_tell_how_long_was_heard_to_ring() -> None:
    silent = replace(ANSWERED, hold_seconds=0, at=after(9))
    assert answered_call(WAITING, silent, phone("")).wait_seconds == 9
    assert answered_call(None, silent, phone("")).wait_seconds == 0
    assert answered_call(unknown_call(WAITING, after(3)), silent, phone("")).wait_seconds == 0


def test_a_vanished_call_is_unknown_and_closed() -> None:
    call = unknown_call(WAITING, after(9))
    assert (call.outcome, call.wait_seconds, call.closed_at) == (Outcome.UNKNOWN, 9, after(9))
    assert unknown_call(WAITING, after(-9)).wait_seconds == 0


def test_a_gap_says_how_many_were_missed_if_the_phone_can_tell() -> None:
    told = gap_of(a_snapshot(at=after(90), missed_meanwhile=2), after(30))
    assert told == Gap(phone=OFFICE, since=after(30), until=after(90), missed=2)
    assert gap_of(a_snapshot(at=after(90)), after(30)).missed is None


def test_done_by_hand_names_nobody() -> None:
    missed = missed_call(MISSED, a_caller("1"), None)
    assert not is_done_by_hand(missed)
    assert is_done_by_hand(replace(missed, closed_at=T0))
    assert not is_done_by_hand(replace(missed, closed_at=T0, by="Anna"))
    assert not is_done_by_hand(replace(missed, closed_at=T0, outcome=Outcome.UNKNOWN))


@pytest.mark.parametrize(("missed", "may_be_more"), [(0, False), (2, False), (None, True)])
def test_a_gap_that_nobody_counted_may_hide_more(missed: int | None, *, may_be_more: bool) -> None:
    gap = Gap(phone=OFFICE, since=T0, until=after(60), missed=missed)
    assert MissedSince(count=0, gaps=(gap,)).may_be_more is may_be_more
    assert not MissedSince(count=0).may_be_more
    assert MissedSince(count=0, is_heard=False).may_be_more


@pytest.mark.parametrize(
    ("kind", "founder", "interface", "by", "is_theirs"),
    [
        (PhoneKind.ASTERISK, "PJSIP/100", "pjsip/100", "", True),
        (PhoneKind.ASTERISK, "PJSIP/100", "", "pjsip/100", True),
        (PhoneKind.ASTERISK, "PJSIP/100", "PJSIP/201", "you", False),
        (PhoneKind.ASTERISK, "", "", "", False),
        (PhoneKind.ASTERISK, "", "PJSIP/201", "Anna", False),
        (PhoneKind.BARESIP, "", "office", "", True),
        (PhoneKind.BARESIP, "", "", "you", True),
        (PhoneKind.LINPHONE, "", "another phone", "another phone", False),
        (PhoneKind.HOOK, "", "", "you", True),
        (PhoneKind.HOOK, "", "", "Anna", False),
        (PhoneKind.HOOK, "Petra", "", "petra", True),
    ],
)
def test_whose_call_it_is(
    kind: PhoneKind, founder: str, interface: str, by: str, is_theirs: bool
) -> None:
    assert is_founder(phone(founder, kind), interface, by) is is_theirs
    assert is_founders_talk(phone(founder, kind), interface, by) is is_theirs


@pytest.mark.parametrize(
    ("kind", "is_theirs"),
    [(PhoneKind.HOOK, True), (PhoneKind.BARESIP, True), (PhoneKind.ASTERISK, False)],
)
def test_what_names_nobody_tells_of_the_phone_on_this_desk(
    kind: PhoneKind, is_theirs: bool
) -> None:
    assert not is_founder(phone("Petra", kind), "", "")
    assert is_founders_talk(phone("Petra", kind), "", "") is is_theirs
