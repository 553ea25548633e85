from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supportdesk.domain.reading import DroppedTime, DropRule, Span, SpanKind
from supportdesk.domain.week import (
    MONDAY,
    SUNDAY,
    Day,
    Week,
    WeekId,
    day_parts,
    week_of,
    weeks_of,
)

PRAGUE = ZoneInfo("Europe/Prague")
GOAL = 30.0


def span(
    start: datetime,
    counted: float,
    *,
    kind: SpanKind = SpanKind.READ,
    dropped: tuple[DroppedTime, ...] = (),
    span_id: str = "",
    corrects: str = "",
    clock: str = "",
) -> Span:
    """`start` is a local time; its offset becomes the span's own."""
    offset = start.utcoffset()
    assert offset is not None
    return Span(
        span_id=span_id or f"{start.isoformat()}/{kind.value}",
        kind=kind,
        item="mail/Support/<1@x>",
        label="Ingrid Solheim",
        started_at=start.astimezone(UTC),
        utc_offset=offset,
        counted_seconds=counted,
        dropped=dropped,
        corrects=corrects,
        clock=clock,
    )


def local(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, second, tzinfo=PRAGUE)


def week(spans: list[Span], text: str = "2026-W47", first_weekday: int = MONDAY) -> Week:
    return week_of(spans, WeekId.parse(text, first_weekday), goal_minutes=GOAL)


def on(week_: Week, day: date) -> Day:
    return next(known for known in week_.days if known.date == day)


class TestWeekId:
    def test_an_iso_week_and_its_bounds(self) -> None:
        named = WeekId.parse("2026-W47")
        assert (named.from_date, named.to_date) == (date(2026, 11, 16), date(2026, 11, 22))
        assert named.text == "2026-W47"
        assert named.label == "Mon 16 – Sun 22 Nov"
        assert [day.day for day in named.days] == [16, 17, 18, 19, 20, 21, 22]

    def test_a_sunday_first_week_has_the_number_of_the_iso_week_it_shares_most_with(self) -> None:
        named = WeekId.parse("2026-w47", SUNDAY)
        assert (named.from_date, named.to_date) == (date(2026, 11, 15), date(2026, 11, 21))
        assert named.text == "2026-W47"
        assert named.label == "Sun 15 – Sat 21 Nov"

    def test_bounds_over_months_and_years(self) -> None:
        assert WeekId.parse("2026-W49").label == "Mon 30 Nov – Sun 6 Dec"
        assert WeekId.parse("2026-W53").label == "Mon 28 Dec 2026 – Sun 3 Jan 2027"

    def test_week_53_exists_in_long_years_only(self) -> None:
        assert WeekId.containing(date(2027, 1, 2)).text == "2026-W53"
        with pytest.raises(ValueError, match="There is no week 53 in 2025"):
            WeekId.parse("2025-W53")

    @pytest.mark.parametrize("text", ["", "47", "2026-47", "2026-W7", "2026-W471", "next"])
    def test_what_is_not_a_week_says_how_to_write_one(self, text: str) -> None:
        with pytest.raises(ValueError, match="Write it like 2026-W47"):
            WeekId.parse(text)

    @pytest.mark.parametrize("text", ["2026-W00", "2026-W54", "2200-W53"])
    def test_weeks_that_do_not_exist(self, text: str) -> None:
        with pytest.raises(ValueError, match="There is no week"):
            WeekId.parse(text)

    @pytest.mark.parametrize(
        "text", ["0000-W10", "0001-W01", "1999-W52", "2201-W01", "9999-W52", " 9999W52 "]
    )
    def test_weeks_of_years_that_no_log_has(self, text: str) -> None:
        with pytest.raises(ValueError, match="is no week of the log"):
            WeekId.parse(text)

    @pytest.mark.parametrize("text", ["2000-W01", "2200-W52"])
    def test_the_first_and_the_last_year(self, text: str) -> None:
        for first_weekday in range(7):
            assert WeekId.parse(text, first_weekday).text == text

    @given(day=st.dates(date(2000, 1, 10), date(2200, 12, 1)), first=st.integers(0, 6))
    def test_each_day_lies_in_the_week_that_names_it(self, day: date, first: int) -> None:
        found = WeekId.containing(day, first)
        assert found.from_date <= day <= found.to_date
        assert found.from_date.weekday() == first
        assert WeekId.parse(found.text, first) == found
        assert found.moved(1).moved(-1) == found
        assert found < found.moved(1)

    @given(day=st.dates(date(1900, 1, 10), date(2200, 1, 1)))
    def test_seven_days_that_end_with_a_day(self, day: date) -> None:
        rolling = WeekId.ending(day)
        assert rolling.days[-1] == rolling.to_date == day
        assert rolling == WeekId.containing(day, (day.weekday() + 1) % 7)
        assert WeekId.ending(day - timedelta(days=7)) == rolling.moved(-1)

    def test_the_query_bounds_hold_any_zone_and_a_day_long_span(self) -> None:
        named = WeekId.parse("2026-W47")
        assert named.earliest_start == datetime(2026, 11, 14, 10, tzinfo=UTC)
        assert named.latest_start == datetime(2026, 11, 23, 14, tzinfo=UTC)


class TestDays:
    def test_an_empty_week(self) -> None:
        empty = week([])
        assert (empty.from_date, empty.to_date) == (date(2026, 11, 16), date(2026, 11, 22))
        assert empty.counted_seconds == 0
        assert len(empty.days) == 7
        assert not empty.is_off
        assert not empty.is_goal_reached
        assert empty.week_id == WeekId.parse("2026-W47")

    def test_kinds_are_kept_apart_and_summed(self) -> None:
        told = week(
            [
                span(local(18, 8, 58), 48.0),
                span(local(18, 9, 14), 54.0, kind=SpanKind.REPLY),
                span(local(18, 16, 42), 240.0, kind=SpanKind.TALK),
                span(local(20, 9), 60.0),
            ]
        )
        wednesday = on(told, date(2026, 11, 18))
        assert (wednesday.read_seconds, wednesday.reply_seconds, wednesday.talk_seconds) == (
            48.0,
            54.0,
            240.0,
        )
        assert wednesday.counted_seconds == 342.0
        assert (told.read_seconds, told.reply_seconds, told.talk_seconds) == (108.0, 54.0, 240.0)
        assert told.counted_minutes == 402.0 / 60

    def test_the_parts_of_a_day_are_in_order_and_know_their_local_time(self) -> None:
        told = week([span(local(18, 9, 20), 96.0), span(local(18, 8, 58), 48.0)])
        parts = on(told, date(2026, 11, 18)).parts
        assert [part.local_time for part in parts] == [time(8, 58), time(9, 20)]
        assert [part.counted_seconds for part in parts] == [48.0, 96.0]

    def test_dropped_seconds_are_told_by_rule(self) -> None:
        locked = DroppedTime(rule=DropRule.LOCKED, seconds=130.0)
        robot = DroppedTime(rule=DropRule.ROBOT, seconds=20.0)
        told = week(
            [
                span(local(18, 8, 57), 0.0, dropped=(robot,)),
                span(local(18, 8, 58), 48.0, dropped=(locked,)),
                span(local(18, 12), 5.0, dropped=(locked,)),
            ]
        )
        wednesday = on(told, date(2026, 11, 18))
        assert {drop.rule: drop.seconds for drop in wednesday.dropped} == {
            DropRule.LOCKED: 260.0,
            DropRule.ROBOT: 20.0,
        }
        assert wednesday.dropped_seconds == 280.0
        assert told.dropped_seconds == 280.0

    def test_the_goal_is_exactly_thirty_minutes(self) -> None:
        def of(seconds: float) -> Week:
            return week([span(local(18, 9), seconds, kind=SpanKind.TALK)])

        assert not of(1799.999).is_goal_reached
        assert of(1800.0).is_goal_reached

    def test_a_week_with_a_holiday_is_off(self) -> None:
        off = week_of(
            [span(local(18, 9), 60.0)],
            WeekId.parse("2026-W47"),
            goal_minutes=GOAL,
            holidays=[date(2026, 11, 16)],
        )
        assert off.is_off
        assert [day.is_holiday for day in off.days] == [True, *[False] * 6]
        assert off.counted_seconds == 60.0

    def test_what_lies_outside_is_not_told(self) -> None:
        told = week([span(local(15, 23), 60.0), span(local(23, 0), 60.0)])
        assert told.counted_seconds == 0

    def test_several_weeks_at_once(self) -> None:
        spans = [span(local(11, 9), 60.0), span(local(18, 9), 90.0)]
        ids = [WeekId.parse("2026-W47"), WeekId.parse("2026-W46"), WeekId.parse("2026-W45")]
        told = weeks_of(spans, ids, goal_minutes=GOAL)
        assert [week_.counted_seconds for week_ in told] == [90.0, 60.0, 0.0]


class TestMidnight:
    def test_a_span_is_split_at_its_local_midnight(self) -> None:
        told = week([span(local(18, 23, 59, 30), 90.0)])
        assert on(told, date(2026, 11, 18)).read_seconds == 30.0
        thursday = on(told, date(2026, 11, 19))
        assert thursday.read_seconds == 60.0
        assert thursday.parts[0].local_time == time(0, 0)

    def test_dropped_time_is_split_too(self) -> None:
        slept = (DroppedTime(rule=DropRule.ASLEEP, seconds=8 * 3600.0),)
        told = week([span(local(18, 23, 0), 60.0, dropped=slept)])
        assert on(told, date(2026, 11, 18)).dropped_seconds == 59 * 60.0
        assert on(told, date(2026, 11, 19)).dropped_seconds == 8 * 3600 - 59 * 60.0
        assert on(told, date(2026, 11, 19)).counted_seconds == 0

    def test_a_talk_over_the_end_of_the_week_is_in_both(self) -> None:
        talk = span(local(22, 23, 50), 1200.0, kind=SpanKind.TALK)
        this, following = weeks_of(
            [talk], [WeekId.parse("2026-W47"), WeekId.parse("2026-W48")], goal_minutes=GOAL
        )
        assert (this.talk_seconds, following.talk_seconds) == (600.0, 600.0)

    def test_sunday_belongs_to_the_week_the_locale_says(self) -> None:
        sunday = span(local(22, 12), 60.0)
        assert week([sunday]).counted_seconds == 60.0
        assert week([sunday], first_weekday=SUNDAY).counted_seconds == 0
        assert week([sunday], "2026-W48", SUNDAY).counted_seconds == 60.0


class TestJourneysAndSummerTime:
    def test_the_spring_change_has_a_day_of_23_hours(self) -> None:
        # Sunday 28 March 2027, 02:00 becomes 03:00 in Prague.
        before = span(datetime(2027, 3, 28, 1, 59, 30, tzinfo=PRAGUE), 60.0)
        evening = span(datetime(2027, 3, 28, 23, 59, 30, tzinfo=PRAGUE), 60.0)
        told = week([before, evening], "2027-W12")
        assert before.utc_offset == timedelta(hours=1)
        assert evening.utc_offset == timedelta(hours=2)
        assert on(told, date(2027, 3, 28)).read_seconds == 90.0
        assert told.read_seconds == 90.0
        assert week([before, evening], "2027-W13").read_seconds == 30.0

    def test_the_autumn_change_tells_both_hours_apart(self) -> None:
        # Sunday 25 October 2026, 03:00 becomes 02:00: 02:30 comes twice.
        first = span(datetime(2026, 10, 25, 2, 30, tzinfo=PRAGUE, fold=0), 60.0, span_id="a")
        second = span(datetime(2026, 10, 25, 2, 30, tzinfo=PRAGUE, fold=1), 60.0, span_id="b")
        told = week([first, second], "2026-W43")
        assert on(told, date(2026, 10, 25)).read_seconds == 120.0

    def test_a_journey_through_nine_zones(self) -> None:
        """Read before take-off in Prague, over the Atlantic and in San Francisco, one Sunday."""
        start = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
        spans = [
            span(
                (start + timedelta(hours=zone)).astimezone(timezone_of(hours=1 - zone)),
                60.0,
                span_id=f"{zone}",
            )
            for zone in range(10)
        ]
        told = week(spans)
        assert on(told, date(2026, 11, 22)).read_seconds == 600.0

    def test_a_late_sunday_in_the_west_stays_in_this_week(self) -> None:
        in_san_francisco = span(
            datetime(2026, 11, 22, 23, 30, tzinfo=ZoneInfo("America/Los_Angeles")), 60.0
        )
        assert in_san_francisco.started_at.date() == date(2026, 11, 23)
        assert week([in_san_francisco]).counted_seconds == 60.0


def timezone_of(hours: float) -> ZoneInfo:
    return ZoneInfo(f"Etc/GMT{-int(hours):+d}")


class TestUnion:
    def test_two_windows_count_once(self) -> None:
        here = span(local(18, 9), 60.0, span_id="a")
        there = span(local(18, 9, 0, 30), 60.0, span_id="b")
        wednesday = on(week([here, there]), date(2026, 11, 18))
        assert wednesday.read_seconds == 90.0
        assert [part.counted_seconds for part in wednesday.parts] == [60.0, 30.0]
        overlap = DroppedTime(rule=DropRule.OVERLAPPED, seconds=30.0)
        assert wednesday.parts[1].dropped == (overlap,)

    def test_talk_before_reply_before_read(self) -> None:
        reading = span(local(18, 9), 300.0)
        writing = span(local(18, 9, 1), 60.0, kind=SpanKind.REPLY)
        talking = span(local(18, 9, 1, 30), 60.0, kind=SpanKind.TALK)
        wednesday = on(week([reading, writing, talking]), date(2026, 11, 18))
        assert (wednesday.read_seconds, wednesday.reply_seconds, wednesday.talk_seconds) == (
            210.0,
            30.0,
            60.0,
        )
        read, *_ = wednesday.parts
        assert read.dropped == (DroppedTime(rule=DropRule.OVERLAPPED, seconds=90.0),)

    def test_a_span_inside_another_counts_nothing_and_says_why(self) -> None:
        outer, inner = span(local(18, 9), 60.0), span(local(18, 9, 0, 10), 10.0)
        wednesday = on(week([outer, inner]), date(2026, 11, 18))
        assert wednesday.counted_seconds == 60.0
        assert wednesday.parts[1].dropped[0].rule is DropRule.OVERLAPPED

    def test_neighbours_do_not_overlap(self) -> None:
        spans = [span(local(18, 9), 60.0), span(local(18, 9, 1), 60.0)]
        assert week(spans).counted_seconds == 120.0

    def test_one_clock_counts_both_although_the_wall_clock_was_set_back(self) -> None:
        spans = [
            span(local(18, 9), 100.0, clock="run-1"),
            span(local(18, 9, 1), 100.0, clock="run-1"),
        ]
        assert week(spans).counted_seconds == 200.0
        assert week(spans).dropped_seconds == 0.0

    def test_another_clock_and_another_kind_count_the_rest_alone(self) -> None:
        spans = [
            span(local(18, 9), 100.0, clock="run-1"),
            span(local(18, 9, 1), 100.0, clock="run-1"),
            span(local(18, 9), 240.0, clock="run-2", span_id="z"),
        ]
        assert week(spans).counted_seconds == 200.0 + (240.0 - 160.0)
        talk = span(local(18, 9, 0, 30), 60.0, kind=SpanKind.TALK)
        assert week([*spans, talk]).counted_seconds == 60.0 + (30.0 + 10.0) + 70.0 + 80.0

    def test_spans_of_no_clock_are_united(self) -> None:
        spans = [span(local(18, 9), 100.0, span_id="a"), span(local(18, 9, 1), 100.0, span_id="b")]
        assert week(spans).counted_seconds == 160.0

    def test_what_lasts_less_than_nothing_counts_nothing_and_takes_nothing_off(self) -> None:
        """Out of a damaged import; desk.db and the import leave such rows out by a sentence."""
        good = span(local(18, 9), 60.0)
        lost = (DroppedTime(rule=DropRule.LOCKED, seconds=-5.0),)
        bad = span(local(18, 9), -30.0, dropped=lost, span_id="bad")
        both = week([good, bad])
        assert (both.counted_seconds, both.dropped_seconds) == (60.0, 0.0)
        assert [part.span for part in on(both, date(2026, 11, 18)).parts] == [good]

    def test_what_is_empty_is_no_part(self) -> None:
        """An addition by hand that was taken back, say, for whoever knows nothing of acts."""
        assert on(week([span(local(18, 9), 0.0)]), date(2026, 11, 18)).parts == ()

    def test_the_same_log_imported_twice_counts_once(self) -> None:
        spans = [span(local(18, 9), 60.0), span(local(18, 10), 60.0)]
        assert week([*spans, *spans]) == week(spans)

    def test_a_correction_replaces(self) -> None:
        original = span(local(18, 9), 600.0, span_id="a")
        shorter = span(local(18, 9), 60.0, span_id="b", corrects="a")
        assert week([original, shorter]).counted_seconds == 60.0


# --- any log at all ----------------------------------------------------------------------------

MILLISECONDS = st.integers(0, 3 * 3600_000).map(lambda value: value / 1000)
OFFSETS = st.sampled_from(range(-12 * 60, 14 * 60 + 1, 15)).map(lambda m: timedelta(minutes=m))


@st.composite
def any_spans(draw: st.DrawFn) -> list[Span]:
    count = draw(st.integers(0, 12))
    monday = datetime(2026, 12, 28, tzinfo=UTC)
    spans = []
    for number in range(count):
        rules = draw(st.lists(st.sampled_from(list(DropRule)[:7]), max_size=3))
        spans.append(
            Span(
                span_id=f"{number:02}",
                kind=draw(st.sampled_from(SpanKind)),
                item="mail/Support/<1@x>",
                label="",
                started_at=monday + timedelta(seconds=draw(st.integers(-86400, 8 * 86400))),
                utc_offset=draw(OFFSETS),
                counted_seconds=draw(MILLISECONDS),
                dropped=tuple(DroppedTime(rule=rule, seconds=draw(MILLISECONDS)) for rule in rules),
            )
        )
    return spans


def length_of_union(spans: list[Span]) -> float:
    """Another way to the same sum: sweep over all edges."""
    edges = sorted(
        [(span_.started_at, 1) for span_ in spans] + [(span_.counted_until, -1) for span_ in spans],
        key=lambda edge: (edge[0], -edge[1]),
    )
    total, depth, since = 0.0, 0, None
    for at, change in edges:
        if depth == 0:
            since = at
        depth += change
        if depth == 0 and since is not None:
            total += (at - since).total_seconds()
    return total


few = settings(max_examples=30, deadline=None)


class TestAnyLog:
    @few
    @given(any_spans())
    def test_every_span_s_parts_sum_to_the_span(self, spans: list[Span]) -> None:
        counted: defaultdict[str, float] = defaultdict(float)
        dropped: defaultdict[str, float] = defaultdict(float)
        overlapped: defaultdict[str, float] = defaultdict(float)
        for _, part in day_parts(spans):
            counted[part.span.span_id] += part.counted_seconds
            for time_ in part.dropped:
                into = overlapped if time_.rule is DropRule.OVERLAPPED else dropped
                into[part.span.span_id] += time_.seconds
        for span_ in spans:
            name = span_.span_id
            assert counted[name] + overlapped[name] == pytest.approx(span_.counted_seconds)
            assert dropped[name] == pytest.approx(span_.dropped_seconds)

    @few
    @given(any_spans())
    def test_the_days_sum_to_the_union(self, spans: list[Span]) -> None:
        total = sum(part.counted_seconds for _, part in day_parts(spans))
        assert total == pytest.approx(length_of_union(spans))
        assert total <= sum(span_.counted_seconds for span_ in spans) + 1e-6

    @few
    @given(any_spans(), st.sampled_from([MONDAY, SUNDAY, 5]))
    def test_no_second_is_lost_between_weeks(self, spans: list[Span], first: int) -> None:
        middle = WeekId.containing(date(2026, 12, 28), first)
        told = weeks_of(spans, [middle.moved(n) for n in range(-2, 4)], goal_minutes=GOAL)
        by_week = sum(week_.counted_seconds for week_ in told)
        assert by_week == pytest.approx(length_of_union(spans))
        for week_ in told:
            kinds = week_.read_seconds + week_.reply_seconds + week_.talk_seconds
            assert kinds == pytest.approx(sum(day.counted_seconds for day in week_.days))
            for day in week_.days:
                parts = sum(part.counted_seconds for part in day.parts)
                assert parts == pytest.approx(day.counted_seconds)

    @few
    @given(any_spans(), st.randoms())
    def test_order_free_and_idempotent(self, spans: list[Span], random: object) -> None:
        named = WeekId.parse("2026-W53")
        once = week_of(spans, named, goal_minutes=GOAL)
        shuffled = [*spans, *spans[:5]]
        random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a Random
        assert week_of(shuffled, named, goal_minutes=GOAL) == once

    @few
    @given(any_spans())
    def test_the_query_bounds_lose_nothing(self, spans: list[Span]) -> None:
        named = WeekId.parse("2026-W53")
        found = [s for s in spans if named.earliest_start <= s.started_at < named.latest_start]
        whole = week_of(spans, named, goal_minutes=GOAL)
        assert week_of(found, named, goal_minutes=GOAL) == whole

    @few
    @given(any_spans())
    def test_a_day_never_counts_more_than_its_clock(self, spans: list[Span]) -> None:
        same_zone = [s for s in spans if s.utc_offset == spans[0].utc_offset]
        for day in week_of(same_zone, WeekId.parse("2026-W53"), goal_minutes=GOAL).days:
            assert day.counted_seconds <= 86400.0
