from datetime import UTC, datetime, timedelta

from supportdesk.domain.calls import Call, CallId, MissedReason, Outcome
from supportdesk.domain.events import CallAnswered, CallEnded, CallerJoined, CallMissed, Event
from supportdesk.domain.health import SourceName
from supportdesk.protocols.hook_calls import HookCalls, HookEvent, HookTurn

START = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
NUMBER = "+420541220018"


class Hook:
    """Says turns of one call, seconds after the start."""

    def __init__(self) -> None:
        self.calls = HookCalls(SourceName("Hook"))

    def says(self, turn: HookTurn, after: float, number: str = NUMBER, **known: str) -> list[Event]:
        event = HookEvent(turn=turn, number=number, at=START + timedelta(seconds=after), **known)
        return self.calls.receive(event)


def test_a_call_rings_is_answered_and_ends() -> None:
    hook = Hook()
    (joined,) = hook.says(HookTurn.RINGING, 0, name="Pavel Kiss", to="support")
    assert isinstance(joined, CallerJoined)
    assert (joined.caller.name, joined.caller.queue) == ("Pavel Kiss", "support")
    (answered,) = hook.says(HookTurn.ANSWERED, 5, by="Anna")
    assert isinstance(answered, CallAnswered)
    assert (answered.by, answered.hold_seconds) == ("Anna", 5.0)
    assert answered.call_id == joined.caller.call_id
    (ended,) = hook.says(HookTurn.ENDED, 65)
    assert isinstance(ended, CallEnded)
    assert ended.talk_seconds == 60.0


def test_a_call_that_nobody_answers_is_missed() -> None:
    hook = Hook()
    hook.says(HookTurn.RINGING, 0, name="Pavel Kiss")
    (missed,) = hook.says(HookTurn.MISSED, 12)
    assert isinstance(missed, CallMissed)
    assert (missed.name, missed.waited_seconds, missed.reason) == (
        "Pavel Kiss",
        12.0,
        MissedReason.GAVE_UP,
    )


def test_the_end_of_an_unanswered_call_is_a_missed_call() -> None:
    hook = Hook()
    hook.says(HookTurn.RINGING, 0)
    (missed,) = hook.says(HookTurn.ENDED, 9)
    assert isinstance(missed, CallMissed)


def test_of_a_turn_alone_no_ringing_is_told() -> None:
    (missed,) = Hook().says(HookTurn.MISSED, 0, name="Pavel Kiss")
    assert isinstance(missed, CallMissed)
    assert (missed.number, missed.name, missed.waited_seconds) == (NUMBER, "Pavel Kiss", 0.0)
    (answered,) = Hook().says(HookTurn.ANSWERED, 0, by="Bob", name="Pavel Kiss", to="support")
    assert isinstance(answered, CallAnswered)
    assert (answered.number, answered.name, answered.queue) == (NUMBER, "Pavel Kiss", "support")
    assert answered.hold_seconds == 0.0


def test_missed_after_an_answer_is_the_end_of_the_call() -> None:
    hook = Hook()
    (answered,) = hook.says(HookTurn.ANSWERED, 0, by="Anna")
    assert isinstance(answered, CallAnswered)
    (ended,) = hook.says(HookTurn.MISSED, 30)
    assert isinstance(ended, CallEnded)
    assert ended.talk_seconds == 30.0


def test_a_turn_told_twice_changes_nothing() -> None:
    hook = Hook()
    hook.says(HookTurn.RINGING, 0)
    assert hook.says(HookTurn.RINGING, 1) == []
    hook.says(HookTurn.ANSWERED, 2)
    assert hook.says(HookTurn.ANSWERED, 3) == []
    hook.says(HookTurn.ENDED, 4)
    assert hook.says(HookTurn.ENDED, 5) == []


def test_calls_with_ids_are_told_apart_although_the_number_is_the_same() -> None:
    hook = Hook()
    hook.says(HookTurn.RINGING, 0, call_id="a")
    hook.says(HookTurn.RINGING, 1, call_id="b")
    (answered,) = hook.says(HookTurn.ANSWERED, 2, call_id="b")
    assert isinstance(answered, CallAnswered)
    assert answered.call_id == "b"
    (missed,) = hook.says(HookTurn.ENDED, 3, call_id="a")
    assert isinstance(missed, CallMissed)


def test_the_same_number_may_call_again_later() -> None:
    hook = Hook()
    (first,) = hook.says(HookTurn.RINGING, 0)
    hook.says(HookTurn.ENDED, 5)
    (second,) = hook.says(HookTurn.RINGING, 60)
    assert isinstance(first, CallerJoined)
    assert isinstance(second, CallerJoined)
    assert first.caller.call_id != second.caller.call_id


def test_a_clock_set_back_gives_no_negative_wait() -> None:
    hook = Hook()
    hook.says(HookTurn.RINGING, 60)
    (missed,) = hook.says(HookTurn.MISSED, 0)
    assert isinstance(missed, CallMissed)
    assert missed.waited_seconds == 0.0


def a_call(outcome: Outcome, *, call_id: str = "", waited: float = 0) -> Call:
    return Call(
        phone=SourceName("Hook"),
        call_id=CallId(call_id or f"{NUMBER}@{START.isoformat()}"),
        number=NUMBER,
        name="Pavel Kiss",
        queue="support",
        started_at=START,
        outcome=outcome,
        wait_seconds=waited,
    )


def test_a_call_that_rang_before_a_restart_goes_on() -> None:
    for call_id in ("", "own-7"):
        hook = Hook()
        hook.calls.resume([a_call(Outcome.WAITING, call_id=call_id)], START)
        (answered,) = hook.says(HookTurn.ANSWERED, 14, by="Bob", call_id=call_id)
        assert isinstance(answered, CallAnswered)
        assert answered.call_id == (call_id or f"{NUMBER}@{START.isoformat()}")
        assert answered.hold_seconds == 14.0


def test_a_talk_that_began_before_a_restart_ends_with_its_length() -> None:
    hook = Hook()
    hook.calls.resume([a_call(Outcome.ANSWERED, waited=14)], START)
    (ended,) = hook.says(HookTurn.ENDED, 74)
    assert isinstance(ended, CallEnded)
    assert ended.talk_seconds == 60.0


def test_a_call_whose_end_was_never_told_swallows_nothing() -> None:
    hook = Hook()
    day = 24 * 3600
    hook.calls.resume([a_call(Outcome.ANSWERED)], START + timedelta(days=1))
    assert hook.says(HookTurn.ENDED, day) == []
    hook.says(HookTurn.ANSWERED, day + 1)
    (again,) = hook.says(HookTurn.RINGING, day + 600)
    assert isinstance(again, CallerJoined)


def test_a_ringing_that_never_ended_does_not_swallow_the_next_call() -> None:
    hook = Hook()
    (first,) = hook.says(HookTurn.RINGING, 0)
    assert hook.says(HookTurn.RINGING, 1800) == []
    (second,) = hook.says(HookTurn.RINGING, 1801)
    assert isinstance(first, CallerJoined)
    assert isinstance(second, CallerJoined)
    assert first.caller.call_id != second.caller.call_id
    (missed,) = hook.says(HookTurn.ENDED, 1810)
    assert isinstance(missed, CallMissed)
    assert missed.call_id == second.caller.call_id


def test_a_call_with_an_id_is_one_call_however_long_it_rings() -> None:
    hook = Hook()
    hook.says(HookTurn.RINGING, 0, call_id="7")
    assert hook.says(HookTurn.RINGING, 3600, call_id="7") == []
    (missed,) = hook.says(HookTurn.ENDED, 7200, call_id="7")
    assert isinstance(missed, CallMissed)


def test_a_talk_whose_end_was_never_told_does_not_swallow_a_missed_call_of_the_next_day() -> None:
    hook = Hook()
    hook.says(HookTurn.ANSWERED, 0)
    (missed,) = hook.says(HookTurn.MISSED, 13 * 3600)
    assert isinstance(missed, CallMissed)
    hook.says(HookTurn.ANSWERED, 14 * 3600)
    (again,) = hook.says(HookTurn.ANSWERED, 28 * 3600)
    assert isinstance(again, CallAnswered)


def test_the_last_open_call_of_a_number_is_meant_where_the_id_is_left_out() -> None:
    hook = Hook()
    hook.says(HookTurn.RINGING, 0, call_id="a")
    hook.says(HookTurn.RINGING, 1, call_id="b")
    (answered,) = hook.says(HookTurn.ANSWERED, 2)
    (ended,) = hook.says(HookTurn.ENDED, 3)
    (missed,) = hook.says(HookTurn.ENDED, 4)
    assert isinstance(answered, CallAnswered)
    assert isinstance(ended, CallEnded)
    assert isinstance(missed, CallMissed)
    assert (answered.call_id, ended.call_id, missed.call_id) == ("b", "b", "a")


def test_an_id_that_comes_only_with_a_later_turn_is_of_the_same_call() -> None:
    hook = Hook()
    (joined,) = hook.says(HookTurn.RINGING, 0)
    (answered,) = hook.says(HookTurn.ANSWERED, 2, call_id="7")
    (ended,) = hook.says(HookTurn.ENDED, 3, call_id="7")
    assert isinstance(joined, CallerJoined)
    assert isinstance(answered, CallAnswered)
    assert isinstance(ended, CallEnded)
    assert answered.call_id == ended.call_id == joined.caller.call_id


def test_who_rings_with_an_id_is_not_the_call_without_one() -> None:
    hook = Hook()
    hook.says(HookTurn.RINGING, 0)
    (joined,) = hook.says(HookTurn.RINGING, 1, call_id="7")
    assert isinstance(joined, CallerJoined)
    assert joined.caller.call_id == "7"


def test_what_comes_after_the_end_of_a_call_changes_nothing() -> None:
    hook = Hook()
    hook.says(HookTurn.RINGING, 0, call_id="7")
    hook.says(HookTurn.MISSED, 5, call_id="7")
    for turn in HookTurn:
        assert hook.says(turn, 60, call_id="7") == []
    (again,) = hook.says(HookTurn.RINGING, 60, call_id="8")
    assert isinstance(again, CallerJoined)


def test_a_missed_call_that_is_told_twice_without_an_id_is_one() -> None:
    hook = Hook()
    (missed,) = hook.says(HookTurn.MISSED, 0)
    assert isinstance(missed, CallMissed)
    assert hook.says(HookTurn.MISSED, 1) == []
    (again,) = hook.says(HookTurn.MISSED, 6)
    assert isinstance(again, CallMissed)
    assert again.call_id != missed.call_id
    (joined,) = hook.says(HookTurn.RINGING, 7)
    (soon,) = hook.says(HookTurn.MISSED, 8)
    assert isinstance(joined, CallerJoined)
    assert isinstance(soon, CallMissed)


def test_of_ends_only_the_latest_are_remembered() -> None:
    hook = Hook()
    for number in range(2_000):
        hook.says(HookTurn.MISSED, number, call_id=str(number))
    assert hook.says(HookTurn.RINGING, 2_000, call_id="1999") == []
    assert hook.says(HookTurn.RINGING, 2_000, call_id="1") != []


def test_two_who_hide_their_number_at_once_are_two_callers() -> None:
    hook = Hook()
    (first,) = hook.says(HookTurn.RINGING, 0, number="")
    (second,) = hook.says(HookTurn.RINGING, 2, number="")
    assert isinstance(first, CallerJoined)
    assert isinstance(second, CallerJoined)
    assert first.caller.call_id != second.caller.call_id
    assert hook.says(HookTurn.RINGING, 2, number="") == []
    (answered,) = hook.says(HookTurn.ANSWERED, 5, number="", by="Anna")
    assert isinstance(answered, CallAnswered)
    assert answered.call_id == second.caller.call_id
    (missed,) = hook.says(HookTurn.MISSED, 6, number="")
    assert isinstance(missed, CallMissed)
    assert (missed.call_id, missed.number) == (first.caller.call_id, "")
    (ended,) = hook.says(HookTurn.ENDED, 65, number="")
    assert isinstance(ended, CallEnded)
    assert ended.call_id == second.caller.call_id
    assert hook.says(HookTurn.ENDED, 66, number="") == []


def test_an_id_tells_apart_those_who_hide_their_number() -> None:
    hook = Hook()
    hook.says(HookTurn.RINGING, 0, number="", call_id="a")
    hook.says(HookTurn.RINGING, 0, number="", call_id="b")
    (missed,) = hook.says(HookTurn.MISSED, 1, number="", call_id="a")
    assert isinstance(missed, CallMissed)
    assert missed.call_id == CallId("a")
    (left,) = hook.says(HookTurn.ENDED, 2, number="")
    assert isinstance(left, CallMissed)
    assert left.call_id == CallId("b")


def test_of_those_who_hide_their_number_each_missed_call_counts() -> None:
    hook = Hook()
    (first,) = hook.says(HookTurn.MISSED, 0, number="")
    (second,) = hook.says(HookTurn.MISSED, 1, number="")
    assert isinstance(first, CallMissed)
    assert isinstance(second, CallMissed)
    assert first.call_id != second.call_id


def test_whoever_hides_their_number_is_known_again_after_a_restart() -> None:
    before = Hook()
    (joined,) = before.says(HookTurn.RINGING, 0, number="")
    assert isinstance(joined, CallerJoined)
    caller = joined.caller
    call = Call(
        phone=caller.phone,
        call_id=caller.call_id,
        number="",
        name="",
        queue="",
        started_at=caller.joined_at,
        outcome=Outcome.WAITING,
    )
    after = Hook()
    after.calls.resume([call], START)
    (missed,) = after.says(HookTurn.MISSED, 9, number="")
    assert isinstance(missed, CallMissed)
    assert missed.call_id == caller.call_id
