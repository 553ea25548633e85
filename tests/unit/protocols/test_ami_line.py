"""The life of one customer's line."""

from dataclasses import replace
from itertools import product

import pytest

from supportdesk.domain.calls import Call, Caller, CallId, MissedReason, Outcome
from supportdesk.domain.health import SourceName
from supportdesk.protocols.ami import Packet
from supportdesk.protocols.ami_line import TABLE, Line, Phase, Turn, resumed_line
from tests.unit.protocols.scripted_pbx import at

OFFICE = SourceName("Office")


@pytest.fixture
def line() -> Line:
    return Line(
        call_id=CallId("1.0"),
        channel="PJSIP/trunk-1",
        number="+1555",
        name="Carla",
        extension="800",
        started_at=at(0),
    )


def test_every_turn_of_a_living_line_is_in_the_table() -> None:
    living = [phase for phase in Phase if phase is not Phase.ENDED]
    assert set(TABLE) == set(product(living, Turn))


@pytest.mark.parametrize("turn", Turn)
def test_nothing_happens_to_a_line_that_ended(line: Line, turn: Turn) -> None:
    line.turn(Turn.HUNG_UP, at(1))
    with pytest.raises(KeyError):
        line.turn(turn, at(2))


def test_a_wait_begins_with_the_first_queue_and_goes_on_in_the_next(line: Line) -> None:
    line.turn(Turn.JOINED, at(2))
    line.left_because = MissedReason.TIMED_OUT
    line.turn(Turn.JOINED, at(10))
    assert line.waiting_since == at(2)
    assert line.waited_seconds(at(12)) == 10
    assert line.left_because is MissedReason.TIMED_OUT


def test_before_any_queue_the_wait_counts_from_the_beginning(line: Line) -> None:
    assert line.waited_seconds(at(3)) == 3
    assert line.waited_seconds(at(-3)) == 0, "a clock that was set back"


def test_events_may_still_come_of_what_a_list_told_a_moment_ago(line: Line) -> None:
    assert not line.is_ahead_of_events(at(1))
    line.listed_at = at(1)
    assert [line.is_ahead_of_events(at(seconds)) for seconds in (2.9, 3)] == [True, False]


def test_waiting_again_after_a_talk_is_a_new_wait(line: Line) -> None:
    line.turn(Turn.RANG, at(1))
    line.turn(Turn.ANSWERED, at(3))
    line.turn(Turn.JOINED, at(10))
    assert line.waiting_since == at(10)
    assert line.talked_seconds(at(12)) == 0
    line.turn(Turn.ANSWERED, at(15))
    assert line.talked_seconds(at(20)) == 5, "the first talk was somebody else's time"


def test_the_talk_ends_where_the_bridge_was_left(line: Line) -> None:
    line.turn(Turn.ANSWERED, at(5))
    line.left_bridge_at = at(9)
    assert line.talked_seconds(at(60)) == 4
    line.turn(Turn.ANSWERED, at(11))
    assert line.talked_seconds(at(60)) == 55, "transferred to somebody else"


def test_nobody_talked_to_a_line_that_waits(line: Line) -> None:
    line.turn(Turn.JOINED, at(1))
    assert line.talked_seconds(at(9)) == 0


def test_a_turn_calls_off_giving_up(line: Line) -> None:
    line.turn(Turn.JOINED, at(1))
    line.give_up_at = at(5)
    line.turn(Turn.JOINED, at(2))
    assert line.give_up_at is None


def test_it_learns_what_is_new_and_keeps_what_is_withheld(line: Line) -> None:
    line.learn(Packet(b"Channel: PJSIP/other-2\r\nCallerIDNum: +1777\r\nCallerIDName: New"))
    assert (line.channel, line.number, line.name) == ("PJSIP/other-2", "+1777", "New")
    line.learn(Packet(b"CallerIDNum: <unknown>\r\nCallerIDName: <unknown>"))
    assert (line.channel, line.number, line.name) == ("PJSIP/other-2", "+1777", "New")


def test_a_caller_is_a_line_as_the_desk_sees_it(line: Line) -> None:
    assert line.caller(OFFICE).joined_at == at(0)
    line.turn(Turn.JOINED, at(2))
    line.queue = "support"
    assert line.caller(OFFICE) == Caller(
        phone=OFFICE,
        call_id=CallId("1.0"),
        number="+1555",
        name="Carla",
        queue="support",
        joined_at=at(2),
        channel="PJSIP/trunk-1",
    )


@pytest.mark.parametrize(
    ("facts", "cause", "reason"),
    [
        ({}, 16, MissedReason.NOBODY_THERE),
        ({"has_hung_up_itself": True}, 16, MissedReason.GAVE_UP),
        ({"has_hung_up_itself": True}, 17, MissedReason.BUSY),
        ({"dial_status": "BUSY"}, 16, MissedReason.BUSY),
        ({"dial_status": "NOANSWER"}, 17, MissedReason.NOT_ANSWERED),
        ({"dial_status": "CANCEL", "has_hung_up_itself": True}, 127, MissedReason.GAVE_UP),
        ({"dial_status": "CHANUNAVAIL"}, 16, MissedReason.PHONE_OFFLINE),
        ({"dial_status": "CONGESTION"}, 34, MissedReason.PHONE_OFFLINE),
        ({}, 3, MissedReason.PHONE_OFFLINE),
        ({}, 18, MissedReason.PHONE_OFFLINE),
        ({}, 20, MissedReason.PHONE_OFFLINE),
        ({}, 27, MissedReason.PHONE_OFFLINE),
        ({"queue": "support"}, 3, MissedReason.NOBODY_THERE),
        ({"left_because": MissedReason.NOBODY_FREE}, 17, MissedReason.NOBODY_FREE),
        ({"queue_status": "JOINEMPTY"}, 16, MissedReason.NOBODY_THERE),
        ({"queue_status": "JOINUNAVAIL"}, 16, MissedReason.NOBODY_THERE),
        (
            {"queue_status": "LEAVEEMPTY", "left_because": MissedReason.TIMED_OUT},
            16,
            MissedReason.NOBODY_THERE,
        ),
        ({"queue_status": "LEAVEUNAVAIL"}, 16, MissedReason.NOBODY_THERE),
        ({"queue_status": "FULL"}, 16, MissedReason.TIMED_OUT),
        ({"dial_status": "NOANSWER"}, 16, MissedReason.NOT_ANSWERED),
        ({"dial_status": "NOANSWER", "queue": "q"}, 16, MissedReason.NOT_ANSWERED),
        ({"dial_status": "NOANSWER", "has_hung_up_itself": True}, 16, MissedReason.GAVE_UP),
        (
            {"queue_status": "TIMEOUT", "left_because": MissedReason.TIMED_OUT},
            16,
            MissedReason.TIMED_OUT,
        ),
    ],
)
def test_why_a_line_was_missed(
    line: Line, facts: dict[str, object], cause: int, reason: MissedReason
) -> None:
    for name, value in facts.items():
        setattr(line, name, value)
    assert line.why_missed(cause) is reason


def test_a_call_of_an_earlier_run_goes_on() -> None:
    call = Call(
        phone=OFFICE,
        call_id=CallId("1.0"),
        number="+1555",
        name="Carla",
        queue="support",
        started_at=at(0),
        outcome=Outcome.WAITING,
    )
    waits = resumed_line(call)
    assert (waits.phase, waits.is_in_queue, waits.is_told) == (Phase.WAITING, True, True)
    assert waits.waited_seconds(at(9)) == 9.0
    assert not resumed_line(replace(call, queue="")).is_in_queue
    talks = resumed_line(replace(call, outcome=Outcome.TAKEN, wait_seconds=4.0))
    assert (talks.phase, talks.is_in_queue) == (Phase.TALKING, False)
    assert talks.talked_seconds(at(64)) == 60.0


def test_a_phone_that_rings_after_the_queue_decides_and_a_queue_begins_anew(line: Line) -> None:
    line.turn(Turn.JOINED, at(1))
    line.queue, line.left_because = "support", MissedReason.TIMED_OUT
    line.turn(Turn.RANG, at(2))
    line.dial_status = "NOANSWER"
    assert line.why_missed(16) is MissedReason.NOT_ANSWERED
    line.turn(Turn.JOINED, at(3))
    assert line.why_missed(16) is MissedReason.NOBODY_THERE
