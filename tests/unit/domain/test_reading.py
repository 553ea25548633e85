from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.domain.reading import (
    CLOCK_TOLERANCE_SECONDS,
    EARLIEST,
    GAP_SECONDS,
    DroppedTime,
    DropRule,
    Moment,
    Span,
    SpanKind,
    after_ids,
    broken_by,
    dropped_between,
    expected_seconds,
    grown_since,
    impossible_start,
    joined_by_id,
    made_at,
    span_id_at,
    visit_cap,
    with_dropped,
)

NINE = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


def moment(monotonic: float, *, slept: float = 0.0, set_by: float = 0.0) -> Moment:
    return Moment(
        now=NINE + timedelta(seconds=monotonic + slept + set_by),
        monotonic_seconds=monotonic,
        boot_seconds=500.0 + monotonic + slept,
        utc_offset=timedelta(hours=1),
    )


def span(span_id: str, counted: float = 10.0, corrects: str = "", **more: object) -> Span:
    fields: dict[str, object] = {
        "span_id": span_id,
        "kind": SpanKind.READ,
        "item": "mail/Support/<1@x>",
        "label": "Ingrid Solheim",
        "started_at": NINE,
        "utc_offset": timedelta(hours=1),
        "counted_seconds": counted,
        "corrects": corrects,
    }
    return Span(**(fields | more))  # type: ignore[arg-type]  # defaults that a test overrides


class TestHowMuchAVisitMayEarn:
    @pytest.mark.parametrize(("words", "seconds"), [(0, 0.0), (220, 60.0), (110, 30.0), (-5, 0.0)])
    def test_expected_time_is_220_words_a_minute(self, words: int, seconds: float) -> None:
        assert expected_seconds(words) == seconds

    @pytest.mark.parametrize(
        ("words", "images", "seconds"),
        [
            (0, 0, 20.0),
            (220, 0, 140.0),
            (220, 2, 160.0),
            (0, 1, 30.0),
            (-10, -10, 20.0),
            (100_000, 0, 360.0),
            (0, 1_000, 360.0),
        ],
    )
    def test_the_cap(self, words: int, images: int, seconds: float) -> None:
        assert visit_cap(words, images) == seconds

    def test_four_hundred_words_earn_two_to_four_minutes_hands_off(self) -> None:
        assert 120.0 <= visit_cap(400, 0) <= 240.0

    @given(words=st.integers(), images=st.integers())
    def test_the_cap_stays_between_20_s_and_6_min(self, words: int, images: int) -> None:
        assert 20.0 <= visit_cap(words, images) <= 360.0

    @given(
        words=st.integers(0, 5000),
        images=st.integers(0, 50),
        more_words=st.integers(0, 5000),
        more_images=st.integers(0, 50),
    )
    def test_more_to_read_never_lowers_the_cap(
        self, words: int, images: int, more_words: int, more_images: int
    ) -> None:
        assert visit_cap(words + more_words, images + more_images) >= visit_cap(words, images)


class TestBeatsThatDoNotJoin:
    def test_a_beat_a_second_joins(self) -> None:
        assert broken_by(start=moment(0), last=moment(1), at=moment(2)) is None

    def test_ten_seconds_join_and_more_do_not(self) -> None:
        at_the_edge = moment(GAP_SECONDS)
        assert broken_by(start=moment(0), last=moment(0), at=at_the_edge) is None
        beyond = moment(GAP_SECONDS + 0.1)
        assert broken_by(start=moment(0), last=moment(0), at=beyond) is DropRule.ASLEEP

    def test_sleep_shows_in_the_clock_of_the_boot_where_the_monotonic_one_stands_still(
        self,
    ) -> None:
        after_eight_hours = moment(1.0, slept=8 * 3600)
        assert broken_by(start=moment(0), last=moment(0), at=after_eight_hours) is DropRule.ASLEEP

    def test_short_sleeps_add_up(self) -> None:
        last = moment(2.0, slept=1.5)
        assert broken_by(start=moment(0), last=moment(0), at=last) is None
        at = moment(3.0, slept=3.0)
        assert broken_by(start=moment(0), last=last, at=at) is DropRule.ASLEEP

    def test_a_clock_that_was_set_in_sleep_is_sleep(self) -> None:
        at = moment(1.0, slept=3600, set_by=-3600)
        assert broken_by(start=moment(0), last=moment(0), at=at) is DropRule.ASLEEP

    @pytest.mark.parametrize("jump", [-3600.0, -3.0, 3.0, 3600.0])
    def test_a_clock_that_was_set(self, jump: float) -> None:
        at = moment(1.0, set_by=jump)
        assert broken_by(start=moment(0), last=moment(0), at=at) is DropRule.CLOCK_JUMPED

    def test_slewing_is_no_jump(self) -> None:
        at = moment(60.0, set_by=CLOCK_TOLERANCE_SECONDS / 2)
        assert broken_by(start=moment(0), last=moment(59.0), at=at) is None

    def test_many_small_jumps_are_one(self) -> None:
        last = moment(2.0, set_by=1.8)
        at = moment(3.0, set_by=2.7)
        assert broken_by(start=moment(0), last=last, at=at) is DropRule.CLOCK_JUMPED

    def test_what_is_dropped_is_what_really_passed(self) -> None:
        assert dropped_between(moment(0), moment(2.0, slept=8 * 3600)) == 8 * 3600 + 2
        assert dropped_between(moment(0), moment(2.0, set_by=-3600)) == 2.0

    def test_time_never_drops_backwards(self) -> None:
        assert dropped_between(moment(5), moment(4)) == 0.0


class TestDroppedTime:
    def test_neighbours_of_one_rule_join_and_order_stays(self) -> None:
        dropped = with_dropped((), DropRule.CAPPED, 5.0)
        dropped = with_dropped(dropped, DropRule.CAPPED, 2.0)
        dropped = with_dropped(dropped, DropRule.LOCKED, 1.0)
        dropped = with_dropped(dropped, DropRule.CAPPED, 4.0)
        assert dropped == (
            DroppedTime(rule=DropRule.CAPPED, seconds=7.0),
            DroppedTime(rule=DropRule.LOCKED, seconds=1.0),
            DroppedTime(rule=DropRule.CAPPED, seconds=4.0),
        )

    def test_no_time_leaves_no_entry(self) -> None:
        assert with_dropped((), DropRule.CAPPED, 0.0) == ()

    def test_a_span_knows_its_end_and_whose_hand_it_is(self) -> None:
        dropped = (DroppedTime(rule=DropRule.LOCKED, seconds=130.0),)
        reading = span("a", counted=48.0, dropped=dropped)
        assert reading.counted_until == NINE + timedelta(seconds=48)
        assert reading.dropped_seconds == 130.0
        assert not reading.is_by_hand
        assert span("b", corrects="a").is_by_hand
        assert span("c", reason="read it on paper").is_by_hand


class TestSpanIds:
    @given(
        entropy=st.integers(0, 2**74 - 1),
        at=st.integers(0, 200 * 365).map(lambda days: NINE + timedelta(days=days)),
    )
    def test_they_are_uuids_of_version_7(self, entropy: int, at: datetime) -> None:
        made = UUID(span_id_at(at, entropy))
        assert made.version == 7
        assert made.variant == "specified in RFC 4122"
        assert made.int >> 80 == int(at.timestamp() * 1000)

    def test_later_ids_are_greater(self) -> None:
        earlier = span_id_at(NINE, 2**74 - 1)
        later = span_id_at(NINE + timedelta(milliseconds=1), 0)
        assert earlier < later

    @given(a=st.integers(0, 2**74 - 1), b=st.integers(0, 2**74 - 1))
    def test_all_randomness_reaches_the_id(self, a: int, b: int) -> None:
        assert (span_id_at(NINE, a) == span_id_at(NINE, b)) == (a == b)


class TestWhenAnIdWasMade:
    def test_it_is_in_the_id(self) -> None:
        assert made_at(span_id_at(NINE, 7)) == NINE
        assert made_at("a") is None
        assert made_at("6ba7b810-9dad-11d1-80b4-00c04fd430c8") is None
        assert made_at("ffffffff-ffff-7fff-bfff-ffffffffffff") is None

    def test_a_clock_that_was_set_back_makes_greater_ids_all_the_same(self) -> None:
        later = span_id_at(NINE + timedelta(hours=1), 2**74 - 1)
        assert after_ids(NINE, []) == NINE
        assert after_ids(NINE, ["a", span_id_at(NINE - timedelta(hours=1), 5)]) == NINE
        assert span_id_at(after_ids(NINE, [later, "a"]), 0) > later


class TestWhatASpanHasGrownBy:
    def known(self, counted: float = 10.0, **lost: float) -> Span:
        dropped = tuple(
            DroppedTime(rule=DropRule[name], seconds=seconds) for name, seconds in lost.items()
        )
        return span("a", counted, dropped=dropped, clock="run-1")

    def test_nothing(self) -> None:
        assert grown_since(self.known(), self.known()) is None
        assert grown_since(self.known(LOCKED=5.0), self.known(LOCKED=5.0)) is None
        assert grown_since(self.known(12.0), self.known(10.0)) is None

    def test_it_begins_where_the_other_ended(self) -> None:
        rest = grown_since(self.known(), self.known(14.0, LOCKED=5.0))
        assert rest is not None
        assert (rest.started_at, rest.counted_seconds) == (NINE + timedelta(seconds=10), 4.0)
        assert rest.dropped == (DroppedTime(rule=DropRule.LOCKED, seconds=5.0),)
        assert (rest.clock, rest.item) == ("run-1", "mail/Support/<1@x>")

    def test_only_what_was_dropped_since(self) -> None:
        before = self.known(LOCKED=5.0, ASLEEP=2.0)
        rest = grown_since(before, self.known(LOCKED=5.0, ASLEEP=4.0, CAPPED=1.0))
        assert rest is not None
        assert (rest.started_at, rest.counted_seconds) == (NINE + timedelta(seconds=17), 0.0)
        assert [(one.rule, one.seconds) for one in rest.dropped] == [
            (DropRule.ASLEEP, 2.0),
            (DropRule.CAPPED, 1.0),
        ]

    def test_it_grows_on_under_one_id(self) -> None:
        first = grown_since(self.known(), self.known(14.0))
        second = grown_since(self.known(), self.known(15.0))
        other = grown_since(self.known(11.0), self.known(15.0))
        assert first is not None
        assert second is not None
        assert other is not None
        assert first.span_id == second.span_id != "a"
        assert other.span_id != first.span_id


class TestUnionById:
    def test_of_a_growing_span_the_furthest_state_stays(self) -> None:
        young, old = span("a", counted=4.0), span("a", counted=9.0)
        assert joined_by_id([old, young]) == [old]
        assert joined_by_id([young, old]) == [old]

    @given(st.lists(st.tuples(st.sampled_from("abcd"), st.floats(0, 100)), max_size=12))
    def test_order_free_and_idempotent(self, drawn: list[tuple[str, float]]) -> None:
        spans = [span(span_id, counted=counted) for span_id, counted in drawn]
        once = joined_by_id(spans)
        assert joined_by_id(spans[::-1]) == once
        assert joined_by_id([*spans, *once]) == once


@pytest.mark.parametrize(
    ("started_at", "words"),
    [
        (EARLIEST, ""),
        (NINE, ""),
        (NINE + timedelta(days=1), ""),
        (EARLIEST - timedelta(microseconds=1), "it began in the year 1999"),
        (datetime.min.replace(tzinfo=UTC), "it began in the year 1"),
        (NINE + timedelta(days=1, seconds=1), "it lies in the future (2026-11-19)"),
        (datetime.max.replace(tzinfo=UTC), "it lies in the future (9999-12-31)"),
    ],
)
def test_when_nothing_can_have_begun(started_at: datetime, words: str) -> None:
    assert impossible_start(started_at, NINE) == words
