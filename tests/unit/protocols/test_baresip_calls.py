from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from supportdesk.domain.calls import Call, CallId, MissedReason, Outcome
from supportdesk.domain.events import (
    CallAnswered,
    CalleeAnswered,
    CallEnded,
    CallerJoined,
    CallMissed,
)
from supportdesk.domain.health import SourceName
from supportdesk.protocols.baresip_calls import BaresipCalls, why_missed
from supportdesk.protocols.baresip_messages import CallTurn, ListedCall, Turn

DESK = SourceName("Desk")
T0 = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
CARLA = "sip:+15550100001@pbx"


def after(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def turn(kind: Turn, call_id: str = "a", param: str = "", uri: str = CARLA) -> CallTurn:
    return CallTurn(
        turn=kind, call_id=call_id, uri=uri, name="Carla", is_outgoing=False, param=param
    )


@pytest.fixture
def book() -> BaresipCalls:
    return BaresipCalls(DESK, "Desk")


def test_a_missed_call(book: BaresipCalls) -> None:
    (joined,) = book.apply(turn(Turn.INCOMING), T0)
    assert isinstance(joined, CallerJoined)
    assert (joined.caller.number, joined.caller.queue) == ("+15550100001", "")
    assert joined.caller.channel == "a"
    assert book.callers() == (joined.caller,)
    assert book.handle_of(CallId("a")) == "a"
    assert book.apply(turn(Turn.INCOMING), T0) == []
    assert book.apply(turn(Turn.RINGING), T0) == []
    (missed,) = book.apply(turn(Turn.CLOSED, param="Connection reset by peer"), after(9))
    assert isinstance(missed, CallMissed)
    assert (missed.waited_seconds, missed.reason) == (9, MissedReason.GAVE_UP)
    assert (missed.number, missed.name, missed.call_id) == ("+15550100001", "Carla", "a")
    assert book.callers() == ()
    assert book.handle_of(CallId("a")) == ""
    assert book.apply(turn(Turn.CLOSED), after(10)) == []


def test_an_answered_call(book: BaresipCalls) -> None:
    book.apply(turn(Turn.INCOMING), T0)
    (answered,) = book.apply(turn(Turn.ESTABLISHED), after(4))
    assert isinstance(answered, CallAnswered)
    assert (answered.by_interface, answered.hold_seconds) == ("Desk", 4)
    assert book.callers() == ()
    assert book.apply(turn(Turn.ESTABLISHED), after(5)) == []
    assert book.apply(turn(Turn.CLOSED), after(64)) == [
        CallEnded(phone=DESK, call_id=CallId("a"), talk_seconds=60, at=after(64))
    ]


def test_an_answer_whose_ring_was_not_heard(book: BaresipCalls) -> None:
    (answered,) = book.apply(turn(Turn.ESTABLISHED), T0)
    assert isinstance(answered, CallAnswered)
    assert (answered.hold_seconds, answered.number) == (0, "+15550100001")


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("Connection reset by peer", MissedReason.GAVE_UP),
        ("", MissedReason.GAVE_UP),
        ("Connection reset by user", MissedReason.DECLINED),
        ("Rejected by user", MissedReason.DECLINED),
        ("603 Declined", MissedReason.DECLINED),
        ("Local timeout", MissedReason.NOT_ANSWERED),
        ("Connection timed out", MissedReason.NOT_ANSWERED),
    ],
)
def test_why_a_call_was_missed(reason: str, expected: MissedReason) -> None:
    assert why_missed(reason) is expected


def test_who_rings_at_the_first_look_keeps_an_id_of_ours(book: BaresipCalls) -> None:
    listed = [ListedCall(uri=CARLA, is_ringing=True)]
    assert book.take_stock(listed, T0, unheard_since=T0) == []
    (caller,) = book.callers()
    assert (caller.number, caller.channel) == ("+15550100001", "")
    assert book.take_stock(listed, after(1), unheard_since=T0) == []
    (answered,) = book.apply(turn(Turn.ESTABLISHED), after(3))
    assert isinstance(answered, CallAnswered)
    assert answered.call_id == caller.call_id
    assert book.handle_of(caller.call_id) == "a"


def test_two_who_ring_from_one_address_are_two(book: BaresipCalls) -> None:
    book.apply(turn(Turn.INCOMING, "a"), T0)
    book.apply(turn(Turn.INCOMING, "b"), T0)
    listed = [
        ListedCall(uri=CARLA, is_ringing=True, call_id="b"),
        ListedCall(uri=CARLA, is_ringing=True),
    ]
    assert book.take_stock(listed, after(1), unheard_since=T0) == []
    assert sorted(caller.call_id for caller in book.callers()) == ["a", "b"]


def test_a_call_whose_id_is_known_is_taken_with_it(book: BaresipCalls) -> None:
    book.take_stock(
        [ListedCall(uri=CARLA, is_ringing=True, call_id="a", name="Carla")], T0, unheard_since=T0
    )
    (caller,) = book.callers()
    assert (caller.call_id, caller.channel, caller.name) == ("a", "a", "Carla")


def test_what_was_answered_and_what_ended_unheard(book: BaresipCalls) -> None:
    book.apply(turn(Turn.INCOMING, "a"), T0)
    book.apply(turn(Turn.INCOMING, "b", uri="sip:2@pbx"), T0)
    book.apply(turn(Turn.ESTABLISHED, "b", uri="sip:2@pbx"), after(1))
    book.apply(turn(Turn.INCOMING, "c", uri="sip:3@pbx"), after(1))
    listed = [ListedCall(uri=CARLA, is_ringing=False)]
    answered, ended = book.take_stock(listed, after(60), unheard_since=after(31))
    assert isinstance(answered, CallAnswered)
    assert answered.call_id == "a"
    assert ended == CallEnded(
        phone=DESK, call_id=CallId("b"), talk_seconds=30, at=after(31), unheard_seconds=29
    )
    assert book.callers() == ()


def test_a_talk_that_may_be_a_call_of_the_founders_own_is_left_alone(book: BaresipCalls) -> None:
    assert book.take_stock([ListedCall(uri=CARLA, is_ringing=False)], T0, unheard_since=T0) == []
    (joined,) = book.apply(turn(Turn.INCOMING, "z"), after(1))
    assert isinstance(joined, CallerJoined)


def test_calls_of_the_run_before_are_taken_over(book: BaresipCalls) -> None:
    waiting = Call(
        phone=DESK,
        call_id=CallId("a"),
        number="+15550100001",
        name="Carla",
        queue="",
        started_at=T0,
        outcome=Outcome.WAITING,
    )
    talking = replace(
        waiting, call_id=CallId("b"), number="2", outcome=Outcome.TAKEN, wait_seconds=5
    )
    book.resume([waiting, talking])
    assert [caller.call_id for caller in book.callers()] == ["a"]
    assert (
        book.take_stock(
            [
                ListedCall(uri=CARLA, is_ringing=True),
                ListedCall(uri="sip:2@pbx", is_ringing=False, call_id="b"),
            ],
            after(20),
            unheard_since=after(20),
        )
        == []
    )
    (ended,) = book.apply(turn(Turn.CLOSED, "b", uri="sip:2@pbx"), after(35))
    assert ended == CallEnded(phone=DESK, call_id=CallId("b"), talk_seconds=30, at=after(35))


def test_what_cannot_go_on_any_more_ends_when_it_was_heard_last(book: BaresipCalls) -> None:
    rang = Call(
        phone=DESK,
        call_id=CallId("a"),
        number="+15550100001",
        name="Carla",
        queue="",
        started_at=T0,
        outcome=Outcome.WAITING,
    )
    talked = replace(rang, call_id=CallId("b"), outcome=Outcome.TAKEN)
    book.resume([rang, talked], over_before=after(1))
    assert book.callers() == ()
    listed = [
        ListedCall(uri=CARLA, is_ringing=True),
        ListedCall(uri=CARLA, is_ringing=False),
    ]
    assert book.take_stock(listed, after(90_000), unheard_since=after(60)) == [
        CallEnded(
            phone=DESK,
            call_id=CallId("b"),
            talk_seconds=60,
            at=after(60),
            unheard_seconds=90_000 - 60,
        )
    ]
    (caller,) = book.callers()
    assert caller.joined_at == after(90_000)
    assert book.take_stock(listed, after(90_001), unheard_since=after(60)) == []


def dialled(kind: Turn, call_id: str = "a") -> CallTurn:
    return replace(turn(kind, call_id), is_outgoing=True)


def test_whom_the_founder_calls_is_reached_and_talked_to(book: BaresipCalls) -> None:
    assert book.apply(dialled(Turn.RINGING), T0) == []
    (reached,) = book.apply(dialled(Turn.ESTABLISHED), after(5))
    assert isinstance(reached, CalleeAnswered)
    assert (reached.number, reached.by_interface) == ("+15550100001", "Desk")
    assert book.apply(dialled(Turn.ESTABLISHED), after(6)) == []
    assert book.callers() == ()
    assert book.apply(dialled(Turn.CLOSED), after(65)) == [
        CallEnded(phone=DESK, call_id=CallId("a"), talk_seconds=60, at=after(65))
    ]
    assert book.apply(dialled(Turn.CLOSED), after(66)) == []


def test_a_call_that_was_dialled_and_not_answered_reaches_nobody(book: BaresipCalls) -> None:
    assert book.apply(dialled(Turn.CLOSED), T0) == []


def test_a_caller_of_the_same_number_is_another_call(book: BaresipCalls) -> None:
    book.apply(turn(Turn.INCOMING, "in"), T0)
    (reached,) = book.apply(dialled(Turn.ESTABLISHED, "out"), after(5))
    assert isinstance(reached, CalleeAnswered)
    assert [caller.call_id for caller in book.callers()] == ["in"]


TALKS = ListedCall(uri=CARLA, is_ringing=False)
RINGS = ListedCall(uri=CARLA, is_ringing=True)


@pytest.mark.parametrize("listed", [[TALKS, RINGS], [RINGS, TALKS]])
@pytest.mark.parametrize("first_is_talk", [True, False])
def test_a_second_ring_of_the_same_person_is_not_taken_for_an_answer(
    book: BaresipCalls, listed: list[ListedCall], *, first_is_talk: bool
) -> None:
    talk, ring = ("a", "b") if first_is_talk else ("b", "a")
    book.apply(turn(Turn.INCOMING, "a"), T0)
    book.apply(turn(Turn.INCOMING, "b"), T0)
    book.apply(turn(Turn.ESTABLISHED, talk), after(1))
    assert book.take_stock(listed, after(5), unheard_since=after(5)) == []
    assert [caller.call_id for caller in book.callers()] == [ring]
    (ended,) = book.apply(turn(Turn.CLOSED, talk), after(61))
    assert isinstance(ended, CallEnded)
    assert ended.talk_seconds == 60


def test_a_ring_after_an_unheard_end_is_a_new_call(book: BaresipCalls) -> None:
    book.apply(turn(Turn.ESTABLISHED, "a"), T0)
    (ended,) = book.take_stock([RINGS], after(60), unheard_since=after(30))
    assert isinstance(ended, CallEnded)
    assert (ended.call_id, ended.talk_seconds) == ("a", 30)
    (caller,) = book.callers()
    assert caller.call_id != "a"


def test_a_ring_whose_id_is_told_is_not_the_talk_of_the_run_before(book: BaresipCalls) -> None:
    call = Call(
        phone=DESK,
        call_id=CallId("t"),
        number="+15550100001",
        name="",
        queue="",
        started_at=T0,
        outcome=Outcome.TAKEN,
    )
    book.resume([call])
    listed = [TALKS, replace(RINGS, call_id="new")]
    assert book.take_stock(listed, after(9), unheard_since=T0) == []
    assert [caller.call_id for caller in book.callers()] == ["new"]


def test_a_call_from_here_is_known_by_its_id(book: BaresipCalls) -> None:
    book.apply(turn(Turn.INCOMING, "in"), T0)
    book.apply(dialled(Turn.ESTABLISHED, "out"), T0)
    listed = [RINGS, replace(TALKS, call_id="out", is_outgoing=True)]
    assert book.take_stock(listed, after(1), unheard_since=after(1)) == []
    (ended,) = book.apply(dialled(Turn.CLOSED, "out"), after(60))
    assert isinstance(ended, CallEnded)
    assert ended.talk_seconds == 60


def test_a_talk_that_was_dialled_goes_on_in_the_next_run(book: BaresipCalls) -> None:
    call = Call(
        phone=DESK,
        call_id=CallId("a"),
        number="+15550100001",
        name="",
        queue="",
        started_at=T0,
        outcome=Outcome.CALLED,
        by="you",
    )
    book.resume([call])
    listed = [ListedCall(uri=CARLA, is_ringing=False)]
    assert book.take_stock(listed, after(9), unheard_since=T0) == []
    assert book.apply(dialled(Turn.CLOSED), after(60)) == [
        CallEnded(phone=DESK, call_id=CallId("a"), talk_seconds=60, at=after(60))
    ]
