from dataclasses import replace
from datetime import timedelta

from supportdesk.domain.calls import Call, CallId, MissedReason, Outcome
from supportdesk.domain.week import WeekId
from supportdesk.services.one_ring_share import OneRingShare, one_ring_share
from tests.fakes.happenings import OFFICE, T0, after, as_utc

WEEK = WeekId.containing(T0.date())
RING = timedelta(seconds=6)
_WEEK_SECONDS = 7 * 24 * 3600


def a_call(
    call_id: str, outcome: Outcome = Outcome.ANSWERED, *, waited: float = 1, at: float = 0
) -> Call:
    return Call(
        phone=OFFICE,
        call_id=CallId(call_id),
        number="+420 111",
        name="",
        queue="support",
        started_at=after(at),
        outcome=outcome,
        wait_seconds=waited,
    )


def share_of(*calls: Call) -> OneRingShare | None:
    return one_ring_share(calls, WEEK, RING, as_utc)


def test_answered_before_the_first_ring_was_over_counts() -> None:
    quick, taken = a_call("1", waited=5.9), a_call("2", Outcome.TAKEN, waited=1, at=1)
    slow = a_call("3", waited=6, at=2)
    share = share_of(slow, taken, quick)
    assert share == OneRingShare(within=(quick, taken), beyond=(slow,), unknown=())
    assert share.known == 3


def test_who_was_not_answered_is_among_the_others_however_soon_they_hung_up() -> None:
    gave_up = a_call("1", Outcome.MISSED, waited=2)
    returned = a_call("2", Outcome.CALLED_BACK, waited=40, at=1)
    share = share_of(gave_up, returned)
    assert share is not None
    assert share.beyond == (gave_up, returned)
    assert share.within == ()


def test_what_nobody_saw_counts_neither_way() -> None:
    vanished = a_call("1", Outcome.UNKNOWN)
    unseen = replace(a_call("2", Outcome.MISSED, at=1), reason=MissedReason.UNSEEN)
    untold = a_call("3", waited=0, at=2)
    share = share_of(vanished, unseen, untold)
    assert share is not None
    assert share.unknown == (vanished, unseen, untold)
    assert share.known == 0


def test_who_called_outside_the_opening_hours_counts_neither_way() -> None:
    late = replace(a_call("1", Outcome.MISSED), reason=MissedReason.AFTER_HOURS)
    answered = a_call("2", at=1)
    share = share_of(late, answered)
    assert share is not None
    assert (share.after_hours, share.within, share.known) == ((late,), (answered,), 1)
    assert share_of(late) is not None


def test_who_still_waits_is_not_counted_yet() -> None:
    assert share_of(a_call("1", Outcome.WAITING)) is None


def test_only_this_week_counts_and_a_week_without_calls_has_no_share() -> None:
    assert share_of() is None
    assert share_of(a_call("1", at=-_WEEK_SECONDS), a_call("2", at=_WEEK_SECONDS)) is None


def test_a_week_is_one_of_local_days() -> None:
    at_night = a_call("1", at=-9 * 3600 - 60 - 5 * 24 * 3600)  # Sunday 23:59 in UTC
    assert share_of(at_night) is None
    east = one_ring_share([at_night], WEEK, RING, lambda at: at + timedelta(hours=2))
    assert east is not None
    assert east.within == (at_night,)
