from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from supportdesk.domain.calls import Call, Caller, CallId, Capabilities, MissedReason, Outcome
from supportdesk.domain.events import (
    CallAnswered,
    CalleeAnswered,
    CallEnded,
    CallerJoined,
    CallMissed,
    Event,
    PhoneSnapshotTaken,
    SourceHeard,
)
from supportdesk.domain.health import SourceName
from supportdesk.domain.reading import DroppedTime, DropRule, Span, SpanKind
from supportdesk.domain.settings import PhoneKind, PhoneSettings
from supportdesk.services.talks import Talks

PRAGUE = ZoneInfo("Europe/Prague")
OFFICE = SourceName("Office")
CALL = CallId("1700000000.1")
NOON = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)
ASTERISK = PhoneSettings(name=OFFICE, kind=PhoneKind.ASTERISK, founder="PJSIP/100")


def talks_on(*phones: PhoneSettings) -> Talks:
    return Talks(phones=phones, to_local=lambda at: at.astimezone(PRAGUE))


def joined(call: CallId = CALL, name: str = "Pavel Kiss") -> CallerJoined:
    caller = Caller(
        phone=OFFICE,
        call_id=call,
        number="+420601000001",
        name=name,
        queue="support",
        joined_at=NOON,
    )
    return CallerJoined(caller=caller, at=NOON)


def answered(by_interface: str = "PJSIP/100", by: str = "Petra") -> CallAnswered:
    return CallAnswered(
        phone=OFFICE, call_id=CALL, by=by, by_interface=by_interface, hold_seconds=9.0, at=NOON
    )


def ended(talk_seconds: float = 240.0) -> CallEnded:
    at = NOON + timedelta(seconds=max(0.0, talk_seconds))
    return CallEnded(phone=OFFICE, call_id=CALL, talk_seconds=talk_seconds, at=at)


def later(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def snapshot_with(caller: Caller) -> PhoneSnapshotTaken:
    return PhoneSnapshotTaken(
        phone=OFFICE,
        callers=(caller,),
        members=None,
        capabilities=Capabilities(
            sees_waiting=True, sees_busy=True, sees_missed=True, can_take=True, can_dial=True
        ),
        at=NOON,
    )


def taken(wait_seconds: float = 0.0) -> Call:
    return Call(
        phone=OFFICE,
        call_id=CALL,
        number="+420601000001",
        name="Pavel Kiss",
        queue="support",
        started_at=NOON,
        outcome=Outcome.TAKEN,
        by="you",
        wait_seconds=wait_seconds,
    )


def told(talks: Talks, *events: Event) -> list[Span]:
    return [talk for event in events for talk in talks.apply(event)]


class TestTalk:
    def test_the_founder_s_own_call_counts_from_answer_to_hang_up(self) -> None:
        talks = talks_on(ASTERISK)
        (talk,) = told(talks, joined(), answered(), ended())
        assert (talk.kind, talk.label, talk.counted_seconds) == (SpanKind.TALK, "Pavel Kiss", 240.0)
        assert talk.item == "call/Office/1700000000.1"
        assert talk.started_at == NOON
        assert talk.utc_offset == timedelta(hours=1)

    def test_a_call_that_the_founder_passed_on_counts_until_then(self) -> None:
        """Taken at noon, back in the queue after 30 s, then 600 s of Anna's."""
        talks = talks_on(ASTERISK)
        anna = replace(answered("PJSIP/201", "Anna"), at=later(50))
        over = replace(ended(600.0), at=later(650))
        again = replace(joined(), at=later(30))
        (talk,) = told(talks, joined(), answered(), again, anna, over)
        assert (talk.label, talk.started_at, talk.counted_seconds) == ("Pavel Kiss", NOON, 30.0)
        assert told(talks, joined(), answered(), again, anna, over) == [talk]

    def test_passed_on_without_a_wait_it_counts_until_the_other_answers(self) -> None:
        talks = talks_on(ASTERISK)
        anna = replace(answered("PJSIP/201", "Anna"), at=later(50))
        over = replace(ended(600.0), at=later(650))
        (talk,) = told(talks, joined(), answered(), joined(), anna, over)
        assert (talk.started_at, talk.counted_seconds) == (NOON, 50.0)
        assert told(talks, answered(), replace(anna, at=NOON), over) == []

    def test_a_call_that_comes_back_to_the_founder_is_two_talks(self) -> None:
        events: list[Event] = [joined(), answered()]
        events += [replace(joined(), at=later(30)), replace(answered(), at=later(40))]
        events += [replace(ended(60.0), at=later(100))]
        first, second = told(talks_on(ASTERISK), *events)
        assert (first.started_at, first.counted_seconds) == (NOON, 30.0)
        assert (second.started_at, second.counted_seconds) == (later(40), 60.0)

    @pytest.mark.parametrize(("deaf_since", "seconds"), [(None, 90.0), (20, 20.0)])
    def test_who_waits_again_when_the_phone_is_heard_was_passed_on_before(
        self, deaf_since: float | None, seconds: float
    ) -> None:
        heard_again = replace(
            snapshot_with(joined().caller),
            at=later(90),
            deaf_since=None if deaf_since is None else later(deaf_since),
        )
        (talk,) = told(talks_on(ASTERISK), joined(), answered(), heard_again)
        assert talk.counted_seconds == seconds

    def test_a_talk_of_the_run_before_is_passed_on_too(self) -> None:
        talks = talks_on(ASTERISK)
        talks.resume([taken(wait_seconds=10.0)])
        (talk,) = told(talks, replace(joined(), at=later(70)))
        assert (talk.started_at, talk.counted_seconds) == (later(10), 60.0)

    def test_a_colleague_s_call_does_not(self) -> None:
        talks = talks_on(ASTERISK)
        assert told(talks, joined(), answered("PJSIP/101", "Anna"), ended()) == []

    def test_told_twice_it_is_one_talk(self) -> None:
        talks = talks_on(ASTERISK)
        again: list[Event] = [joined(), answered(), ended()]
        first, second = told(talks, *again, *again)
        assert first == second
        assert told(talks, ended()) == []

    def test_a_call_known_from_a_snapshot_keeps_its_name(self) -> None:
        snapshot = snapshot_with(joined(name="").caller)
        (talk,) = told(talks_on(ASTERISK), snapshot, answered(), ended())
        assert talk.label == "+420601000001"

    def test_a_talk_outlives_a_restart(self) -> None:
        call = taken()
        talks = talks_on(ASTERISK)
        talks.resume([call])
        (talk,) = told(talks, ended())
        assert (talk.label, talk.counted_seconds) == ("Pavel Kiss", 240.0)
        talks.resume([replace(call, outcome=Outcome.ANSWERED, by="Anna")])
        talks.resume([replace(call, outcome=Outcome.WAITING, by="")])
        assert told(talks, ended(30)) == []
        talks.resume([replace(call, outcome=Outcome.ANSWERED, by="pjsip/100")])
        assert len(told(talks, ended(60))) == 1
        talks.resume([replace(call, outcome=Outcome.CALLED, by="Anna")])
        assert told(talks, ended(80)) == []
        talks.resume([replace(call, outcome=Outcome.CALLED, by="you")])
        assert len(told(talks, ended(90))) == 1

    def test_whom_the_founder_calls_is_talked_to(self) -> None:
        talks = talks_on(ASTERISK)
        called = CalleeAnswered(
            phone=OFFICE,
            call_id=CALL,
            number="+420601000001",
            by="Petra",
            by_interface="PJSIP/100",
            at=NOON,
        )
        (talk,) = told(talks, called, ended())
        assert (talk.label, talk.counted_seconds) == ("+420601000001", 240.0)
        assert told(talks, replace(called, by="Anna", by_interface="PJSIP/201"), ended()) == []

    def test_a_caller_nobody_announced(self) -> None:
        (talk,) = told(talks_on(ASTERISK), answered(), ended())
        assert talk.label == "Unknown number"

    def test_a_missed_caller_is_forgotten(self) -> None:
        missed = CallMissed(
            phone=OFFICE,
            call_id=CALL,
            number="+420601000001",
            name="Pavel Kiss",
            queue="support",
            waited_seconds=30.0,
            reason=MissedReason.GAVE_UP,
            at=NOON,
        )
        (talk,) = told(talks_on(ASTERISK), joined(), missed, answered(), ended())
        assert talk.label == "Unknown number"

    @pytest.mark.parametrize("seconds", [0.0, -1.0])
    def test_no_talk_no_span(self, seconds: float) -> None:
        assert told(talks_on(ASTERISK), joined(), answered(), ended(seconds)) == []

    def test_a_line_left_open_counts_a_day_at_most(self) -> None:
        (talk,) = told(talks_on(ASTERISK), joined(), answered(), ended(40 * 3600.0))
        assert talk.counted_seconds == 24 * 3600.0
        assert talk.counted_until == ended(40 * 3600.0).at

    def test_other_events_are_none_of_its_business(self) -> None:
        assert told(talks_on(ASTERISK), SourceHeard(source=OFFICE, at=NOON)) == []

    @pytest.mark.parametrize(
        ("phone", "by_interface", "by", "is_mine"),
        [
            (ASTERISK, "pjsip/100", "", True),
            (PhoneSettings(name=OFFICE, kind=PhoneKind.ASTERISK), "", "", False),
            (PhoneSettings(name=OFFICE, kind=PhoneKind.BARESIP), "", "", True),
            (PhoneSettings(name=OFFICE, kind=PhoneKind.LINPHONE), "another", "another", False),
            (PhoneSettings(name=OFFICE, kind=PhoneKind.HOOK), "", "", True),
            (PhoneSettings(name=OFFICE, kind=PhoneKind.HOOK), "", "you", True),
            (PhoneSettings(name=OFFICE, kind=PhoneKind.HOOK), "", "Anna", False),
            (PhoneSettings(name=OFFICE, kind=PhoneKind.HOOK, founder="Petra"), "", "petra", True),
            (PhoneSettings(name=SourceName("Home"), kind=PhoneKind.BARESIP), "", "", False),
        ],
    )
    def test_whose_call_it_is(
        self,
        phone: PhoneSettings,
        by_interface: str,
        by: str,
        is_mine: bool,
    ) -> None:
        counted = told(talks_on(phone), joined(), answered(by_interface, by), ended())
        assert bool(counted) is is_mine

    def test_new_settings_are_used_at_once(self) -> None:
        talks = talks_on()
        assert told(talks, answered(), ended()) == []
        talks.use((ASTERISK,))
        assert len(told(talks, answered(), ended())) == 1


class TestATalkWhoseEndNobodySaw:
    """The phone was not heard when it ended: it is over when the phone is heard again."""

    def unseen(self, talk_seconds: float, unheard_seconds: float) -> CallEnded:
        return replace(ended(talk_seconds), unheard_seconds=unheard_seconds)

    def test_it_counts_until_the_phone_was_heard_last_and_says_so(self) -> None:
        (talk,) = told(talks_on(ASTERISK), joined(), answered(), self.unseen(240.0, 90.0))
        assert (talk.started_at, talk.counted_seconds) == (NOON, 240.0)
        assert talk.dropped == (DroppedTime(rule=DropRule.UNHEARD, seconds=90.0),)

    def test_of_a_night_it_says_ten_minutes(self) -> None:
        (talk,) = told(talks_on(ASTERISK), answered(), self.unseen(240.0, 8 * 3600.0))
        assert talk.dropped_seconds == 600.0

    def test_answered_at_the_last_moment_it_is_there_to_be_put_right(self) -> None:
        (talk,) = told(talks_on(ASTERISK), answered(), self.unseen(0.0, 90.0))
        assert (talk.started_at, talk.counted_seconds, talk.dropped_seconds) == (NOON, 0.0, 90.0)

    def test_one_that_is_never_told_to_have_ended_counts_nothing(self) -> None:
        next_day = replace(joined(CallId("2")), at=later(86_400))
        assert told(talks_on(ASTERISK), joined(), answered(), next_day) == []
