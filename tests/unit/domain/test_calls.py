from dataclasses import replace

import pytest

from supportdesk.domain.calls import (
    Call,
    Caller,
    CallId,
    MemberState,
    Outcome,
    call_key,
    seconds_between,
)
from tests.fakes.happenings import OFFICE, T0, a_caller, a_member, after

CALL = Call(
    phone=OFFICE,
    call_id=CallId("1.5"),
    number="+420111",
    name="Pavel",
    queue="support",
    started_at=T0,
    outcome=Outcome.MISSED,
)


@pytest.mark.parametrize(
    ("state", "is_free", "can_answer", "is_there"),
    [
        (MemberState.FREE, True, True, True),
        (MemberState.RINGING, False, True, True),
        (MemberState.ON_A_CALL, False, False, True),
        (MemberState.PAUSED, False, False, False),
        (MemberState.GONE, False, False, False),
        (MemberState.UNKNOWN, False, False, False),
    ],
)
def test_what_a_member_can_do(
    state: MemberState, is_free: bool, can_answer: bool, is_there: bool
) -> None:
    member = a_member("Anna", state)
    assert (member.is_free, member.can_answer, member.is_there) == (is_free, can_answer, is_there)


def test_caller_and_call_share_the_key() -> None:
    caller = a_caller("1.5")
    assert caller.key == CALL.key == call_key(OFFICE, CallId("1.5")) == "call/Office/1.5"


@pytest.mark.parametrize("one", [a_caller("1.5"), CALL])
def test_a_label_is_the_name_then_the_number(one: Caller | Call) -> None:
    assert replace(one, name="Pavel").label == "Pavel"
    assert replace(one, name="").label == one.number
    assert replace(one, name="", number="").label == "Unknown number"


def test_a_missed_call_is_open_until_somebody_reaches_that_person() -> None:
    assert CALL.is_open
    assert not replace(CALL, closed_at=T0).is_open
    assert not replace(CALL, outcome=Outcome.ANSWERED).is_open


def test_a_clock_that_was_set_back_makes_no_wait_negative() -> None:
    assert seconds_between(T0, after(2.5)) == 2.5
    assert seconds_between(after(1), T0) == 0


def test_the_caller_of_a_call_is_who_waited() -> None:
    waited = a_caller("1.5", number="+420111", name="Pavel")
    assert CALL.caller == replace(waited, channel="")


@pytest.mark.parametrize("outcome", Outcome)
def test_a_wait_ends_by_an_answer_or_without_one(outcome: Outcome) -> None:
    call = replace(CALL, outcome=outcome, wait_seconds=14)
    assert call.waited_until == after(14)
    assert call.is_answered == (outcome in (Outcome.ANSWERED, Outcome.TAKEN))
    assert call.was_missed == (outcome in (Outcome.MISSED, Outcome.CALLED_BACK))
    assert call.is_talk == (call.is_answered or outcome is Outcome.CALLED)
    assert call.answered_at == (after(14) if call.is_talk else None)


@pytest.mark.parametrize("outcome", Outcome)
def test_what_is_going_on_is_a_wait_or_a_talk_that_has_no_end(outcome: Outcome) -> None:
    call = replace(CALL, outcome=outcome, closed_at=None)
    assert call.is_going_on == (call.is_talk or outcome is Outcome.WAITING)
    assert replace(call, closed_at=T0).is_going_on == (outcome is Outcome.WAITING)
