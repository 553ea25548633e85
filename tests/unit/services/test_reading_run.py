from datetime import UTC, datetime, timedelta

import pytest

from supportdesk.domain.reading import DroppedTime, DropRule, Moment, SpanKind
from supportdesk.services.reading_run import (
    PERSIST_SECONDS,
    FullMark,
    Run,
    Subject,
    minutes_and_seconds,
)

NINE = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


def moment(monotonic: float, slept: float = 0.0) -> Moment:
    return Moment(
        now=NINE + timedelta(seconds=monotonic + slept),
        monotonic_seconds=monotonic,
        boot_seconds=monotonic + slept,
        utc_offset=timedelta(hours=1),
    )


def subject(**more: object) -> Subject:
    fields: dict[str, object] = {
        "kind": SpanKind.READ,
        "item": "mail/Support/<1@x>",
        "label": "Ingrid",
        "cap_seconds": 20.0,
        "allowance_seconds": 20.0,
    }
    return Subject(**(fields | more))  # type: ignore[arg-type]  # defaults that a test overrides


def run_of(what: Subject) -> Run:
    return Run(span_id="a", clock="run-1", subject=what, start=moment(0), last=moment(0))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0:00"),
        (59.9, "0:59"),
        (60, "1:00"),
        (160, "2:40"),
        (3660, "61:00"),
        (3.9999999, "0:04"),
    ],
)
def test_minutes_and_seconds(seconds: float, words: str) -> None:
    assert minutes_and_seconds(seconds) == words


class TestSubject:
    def test_the_first_seconds_are_earned_once_they_are_past(self) -> None:
        letter = subject()
        run = run_of(letter)
        letter.earn(3.0, run)
        assert (run.free_seconds, run.counted_seconds, letter.earned_seconds) == (3.0, 0.0, 0.0)
        letter.earn(1.0, run)
        assert (run.free_seconds, run.counted_seconds, letter.earned_seconds) == (0.0, 4.0, 4.0)
        letter.earn(1.0, run)
        assert run.counted_seconds == 5.0

    def test_it_is_full_when_nothing_is_left(self) -> None:
        letter = subject(is_past_free=True)
        letter.earn(20.0, run_of(letter))
        assert letter.is_full

    def test_a_longer_text_raises_what_is_left(self) -> None:
        letter = subject()
        letter.recap(140.0)
        assert (letter.cap_seconds, letter.allowance_seconds) == (140.0, 140.0)

    def test_not_when_it_was_full_a_moment_ago(self) -> None:
        letter = subject(is_reopened=True, allowance_seconds=0.0)
        letter.recap(140.0)
        assert letter.is_full

    def test_only_a_full_visit_may_be_granted_more(self) -> None:
        assert not subject().may_be_granted
        assert subject(full_at=moment(0)).may_be_granted
        assert not subject(full_at=moment(0), is_reopened=True).may_be_granted

    def test_its_limit_in_words(self) -> None:
        assert subject(earned_seconds=140.0).limit == "This mail counts until about 2:40."
        assert subject(kind=SpanKind.REPLY).limit == "Each key counts for 30 s of writing."


class TestFullMark:
    @pytest.mark.parametrize(
        ("at", "holds"),
        [(moment(60), True), (moment(61), False), (moment(1, slept=3600), False)],
    )
    def test_it_holds_for_a_minute_by_any_clock(self, at: Moment, holds: bool) -> None:
        assert FullMark(at=moment(0), earned_seconds=20.0).holds(at) is holds


class TestRun:
    def test_it_is_handed_out_first_at_once_then_now_and_then(self) -> None:
        letter = subject(is_past_free=True)
        run = run_of(letter)
        assert not run.is_due(moment(0), is_paused=False)
        letter.earn(4.0, run)
        assert run.is_due(moment(4), is_paused=False)
        assert run.saved(moment(4)).counted_seconds == 4.0
        letter.earn(1.0, run)
        assert not run.is_due(moment(5), is_paused=False)
        assert run.is_due(moment(5), is_paused=True)
        assert run.is_due(moment(4 + PERSIST_SECONDS), is_paused=False)

    def test_dropping_ends_the_free_seconds(self) -> None:
        letter = subject()
        run = run_of(letter)
        letter.earn(2.0, run)
        run.drop(DropRule.LOCKED, 5.0)
        assert run.as_span().dropped == (
            DroppedTime(rule=DropRule.SKIMMED, seconds=2.0),
            DroppedTime(rule=DropRule.LOCKED, seconds=5.0),
        )

    def test_a_moment_is_not_worth_keeping(self) -> None:
        letter = subject()
        run = run_of(letter)
        letter.earn(0.9, run)
        assert not run.is_worth_keeping
        run.drop(DropRule.LOCKED, 0.2)
        assert run.is_worth_keeping

    def test_a_span_is_never_longer_than_the_time_it_took(self) -> None:
        letter = subject(is_past_free=True)
        run = run_of(letter)
        letter.earn(4.0006, run)
        assert run.as_span().counted_seconds == 4.0
