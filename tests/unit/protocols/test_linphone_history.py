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
    Event,
)
from supportdesk.domain.health import SourceName
from supportdesk.protocols.linphone_history import (
    RINGING_IS_BELIEVED_FOR,
    LinphoneHistory,
    capabilities,
)
from supportdesk.protocols.linphone_rows import HistoryRow, HistoryStatus

DESK = SourceName("Desk")
T0 = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
MISSED = HistoryRow(
    call_id=CallId("a"),
    number="+15550100001",
    name="Carla",
    is_outgoing=False,
    status=HistoryStatus.MISSED,
    started_at=T0,
    connected_at=None,
    duration=timedelta(seconds=9),
    is_final=True,
)
CALL = Call(
    phone=DESK,
    call_id=CallId("a"),
    number="+15550100001",
    name="Carla",
    queue="",
    started_at=T0,
    outcome=Outcome.MISSED,
    reason=MissedReason.NOT_ANSWERED,
)


def after(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def kinds(events: list[Event]) -> list[str]:
    return [type(event).__name__ for event in events]


@pytest.fixture
def history() -> LinphoneHistory:
    made = LinphoneHistory(DESK, "Desk", since=after(-60), is_first_look=True)
    assert made.apply([], T0) == []
    return made


def test_a_missed_call_is_told_once(history: LinphoneHistory) -> None:
    (missed,) = history.apply([MISSED], after(10))
    assert missed == CallMissed(
        phone=DESK,
        call_id=CallId("a"),
        number="+15550100001",
        name="Carla",
        queue="",
        waited_seconds=9,
        reason=MissedReason.NOT_ANSWERED,
        at=after(9),
    )
    assert history.apply([MISSED], after(11)) == []
    assert history.next_due() is None


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (HistoryStatus.DECLINED, MissedReason.DECLINED),
        (HistoryStatus.DECLINED_ELSEWHERE, MissedReason.DECLINED),
        (HistoryStatus.BROKEN_OFF, MissedReason.GAVE_UP),
    ],
)
def test_other_ends_without_a_talk(
    history: LinphoneHistory, status: HistoryStatus, reason: MissedReason
) -> None:
    (missed,) = history.apply([replace(MISSED, status=status)], after(10))
    assert isinstance(missed, CallMissed)
    assert missed.reason is reason


def test_an_answered_call_of_which_only_the_end_is_written(history: LinphoneHistory) -> None:
    row = replace(MISSED, status=HistoryStatus.ANSWERED, connected_at=after(4))
    answered, ended = history.apply([row], after(14))
    assert isinstance(answered, CallAnswered)
    assert (answered.hold_seconds, answered.by_interface, answered.at) == (4, "Desk", after(4))
    assert ended == CallEnded(phone=DESK, call_id=CallId("a"), talk_seconds=9, at=after(13))


def test_an_answer_on_another_phone_is_no_missed_call(history: LinphoneHistory) -> None:
    row = replace(MISSED, status=HistoryStatus.ANSWERED_ELSEWHERE)
    answered, ended = history.apply([row], after(14))
    assert isinstance(answered, CallAnswered)
    assert (answered.by, answered.hold_seconds) == ("another phone", 0)
    assert isinstance(ended, CallEnded)
    assert ended.talk_seconds == 0


def test_a_row_that_grows_with_its_call(history: LinphoneHistory) -> None:
    row = replace(MISSED, status=HistoryStatus.RINGING, duration=timedelta())
    (joined,) = history.apply([row], after(1))
    assert isinstance(joined, CallerJoined)
    assert history.callers() == (joined.caller,)
    assert history.next_due() == T0 + RINGING_IS_BELIEVED_FOR
    assert history.apply([row], after(2)) == []
    talking = replace(row, status=HistoryStatus.ANSWERED, connected_at=after(5), is_final=False)
    assert kinds(history.apply([talking], after(5))) == ["CallAnswered"]
    assert history.callers() == ()
    assert history.apply([talking], after(6)) == []
    over = replace(talking, duration=timedelta(seconds=30), is_final=True)
    assert kinds(history.apply([over], after(35))) == ["CallEnded"]
    assert history.apply([over], after(36)) == []


def test_who_was_seen_ringing_has_waited_until_the_end(history: LinphoneHistory) -> None:
    row = replace(MISSED, status=HistoryStatus.RINGING, duration=timedelta())
    history.apply([row], after(1))
    (missed,) = history.apply([replace(row, status=HistoryStatus.MISSED)], after(12))
    assert isinstance(missed, CallMissed)
    assert (missed.waited_seconds, missed.at) == (12, after(12))


def test_a_ringing_that_never_ends_is_given_up(history: LinphoneHistory) -> None:
    row = replace(MISSED, status=HistoryStatus.RINGING, duration=timedelta())
    history.apply([row], after(1))
    late = T0 + RINGING_IS_BELIEVED_FOR
    assert kinds(history.apply([row], late)) == ["CallMissed"]
    assert history.callers() == ()


def test_whom_the_founder_reached_is_told(history: LinphoneHistory) -> None:
    row = replace(MISSED, is_outgoing=True, status=HistoryStatus.ANSWERED, connected_at=after(3))
    reached, ended = history.apply([row], after(10))
    assert isinstance(reached, CalleeAnswered)
    assert (reached.number, reached.by, reached.at) == ("+15550100001", "you", after(3))
    assert isinstance(ended, CallEnded)
    assert ended.talk_seconds == row.duration.total_seconds()
    assert history.apply([row], after(11)) == []
    begun = replace(row, call_id=CallId("g"), duration=timedelta(), is_final=False)
    assert kinds(history.apply([begun], after(11))) == ["CalleeAnswered"]
    assert history.apply([begun], after(12)) == []
    assert kinds(history.apply([replace(row, call_id=CallId("g"))], after(20))) == ["CallEnded"]
    nobody = replace(row, call_id=CallId("b"), status=HistoryStatus.RINGING, connected_at=None)
    assert history.apply([nobody], after(11)) == []


def test_what_lay_there_at_the_first_look_is_history() -> None:
    history = LinphoneHistory(DESK, "Desk", since=after(9), is_first_look=True)
    rings = replace(MISSED, call_id=CallId("r"), status=HistoryStatus.RINGING, started_at=after(9))
    assert kinds(history.apply([MISSED, rings], after(10))) == ["CallerJoined"]
    same_second = replace(MISSED, call_id=CallId("b"), started_at=after(9), duration=timedelta())
    long_ago = replace(MISSED, call_id=CallId("c"), started_at=after(-600))
    events = history.apply([same_second, MISSED, long_ago], after(40))
    assert [event.call_id for event in events if isinstance(event, CallMissed)] == ["b"]


def test_the_next_run_tells_what_was_missed_in_between_and_nothing_again() -> None:
    before = replace(MISSED, started_at=after(-600))
    known = replace(MISSED, call_id=CallId("k"), started_at=after(-30))
    new = replace(MISSED, call_id=CallId("n"), started_at=after(300))
    out = replace(
        MISSED,
        call_id=CallId("o"),
        is_outgoing=True,
        status=HistoryStatus.ANSWERED,
        connected_at=after(-30),
    )
    history = LinphoneHistory(DESK, "Desk", since=T0, known=[replace(CALL, call_id=CallId("k"))])
    events = history.apply([new, out, known, before], after(900))
    assert [event.call_id for event in events if isinstance(event, CallMissed)] == ["n"]
    assert len(events) == 1


def test_calls_that_the_last_run_left_open_are_ended_by_this_one() -> None:
    waiting = replace(CALL, call_id=CallId("w"), outcome=Outcome.WAITING, reason=None)
    talking = replace(CALL, call_id=CallId("t"), outcome=Outcome.TAKEN, reason=None)
    history = LinphoneHistory(DESK, "Desk", since=after(9000), known=[waiting, talking])
    events = history.apply(
        [
            replace(MISSED, call_id=CallId("w")),
            replace(
                MISSED,
                call_id=CallId("t"),
                status=HistoryStatus.ANSWERED,
                connected_at=after(2),
            ),
        ],
        after(9001),
    )
    assert kinds(events) == ["CallMissed", "CallEnded"]


def test_what_each_version_can_tell() -> None:
    uri = "sip:NUMBER@pbx"
    old, new = capabilities(uri, is_live=False), capabilities(uri, is_live=True)
    assert (old.sees_waiting, new.sees_waiting) == (False, True)
    assert (new.can_take, new.can_dial, new.dial_uri) == (False, False, uri)
    assert any("who rings now" in sentence for sentence in old.limits)
    assert len(new.limits) == 2
