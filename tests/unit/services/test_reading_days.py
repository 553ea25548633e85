"""Whole days at the desk, from the reading clock over the log to the weeks, in real zones.

Nobody drew these days by hand: people read, scroll, lock, sleep, travel, set their clock and pull
the plug in any order, around the moments at which calendars are hardest.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supportdesk.domain.reading import LEFT_SECONDS, DropRule, joined_by_id, visit_cap
from supportdesk.domain.week import MONDAY, SUNDAY, Week, WeekId, day_parts, weeks_of
from supportdesk.services.reading_clock import ReadMessage
from supportdesk.services.reading_report import week_as_text
from tests.fakes.reading_life import Life, reads_thirty_minutes

ZONES = [
    ZoneInfo(name)
    for name in (
        "Europe/Prague",
        "America/Los_Angeles",
        "America/St_Johns",  # half an hour
        "Asia/Kathmandu",  # a quarter
        "Australia/Lord_Howe",  # summer time of half an hour
        "Pacific/Chatham",
        "Pacific/Kiritimati",  # UTC+14
        "Etc/GMT+12",
    )
]
# Both changes of the clocks in Prague and Los Angeles, a Sunday midnight, both kinds of New Year.
STARTS = [
    datetime(2027, 3, 28, 0, 40, tzinfo=UTC),
    datetime(2026, 10, 25, 0, 20, tzinfo=UTC),
    datetime(2026, 11, 1, 8, 30, tzinfo=UTC),
    datetime(2026, 11, 22, 22, 45, tzinfo=UTC),
    datetime(2026, 12, 31, 22, 50, tzinfo=UTC),
    datetime(2028, 12, 31, 22, 50, tzinfo=UTC),
]
LETTERS = [
    ReadMessage(key="mail/Support/<1@x>", label="Ingrid: Order sheet twice?", words=400),
    ReadMessage(key="mail/Support/<2@x>", label="Pavel: thanks"),
    ReadMessage(key="mail/Support/<3@x>", label="Anna: pictures", words=50, images=9),
]
ROBOT = ReadMessage(key="mail/Support/<4@x>", label="Mill notice", words=220, is_robot=True)


@dataclass(frozen=True)
class Deed:
    """One thing done, with a name that Hypothesis can print."""

    words: str
    act: Callable[[Life], None]

    def __repr__(self) -> str:
        return self.words


def _deed(name: str, act: Callable[..., None], *values: object, **more: object) -> Deed:
    shown = ", ".join([*map(str, values), *(f"{key}={value}" for key, value in more.items())])
    return Deed(f"{name}({shown})", lambda life: act(life, *values, **more))


READS = st.one_of(
    st.sampled_from([*LETTERS, ROBOT]).map(lambda one: _deed("opens", Life.opens, one)),
    st.tuples(st.floats(0.5, 420.0), st.sampled_from([0.95, 1.0, 1.05])).map(
        lambda one: _deed("waits", Life.waits, *one)
    ),
    st.just(_deed("scroll", Life.scroll)),
    st.just(_deed("closes", Life.closes)),
)
TURNS = st.one_of(
    st.booleans().map(lambda one: _deed("locks", Life.locks, is_locked=one)),
    st.booleans().map(lambda one: _deed("hides", Life.hides, is_hidden=one)),
    st.tuples(st.floats(0.5, 40_000.0), st.booleans()).map(
        lambda one: _deed("sleeps", Life.sleeps, one[0], is_told=one[1])
    ),
    st.floats(11.0, 4000.0).map(lambda one: _deed("stands_still", Life.stands_still, one)),
    st.floats(-7200.0, 7200.0).map(lambda one: _deed("sets_the_clock", Life.sets_the_clock, one)),
    st.tuples(st.floats(-200.0, 20.0), st.sampled_from(LETTERS)).map(
        lambda one: _deed(
            "reads_while_the_clock_is_set",
            Life.reads_while_the_clock_is_set,
            one[0],
            message=one[1],
        )
    ),
    st.sampled_from(ZONES).map(lambda one: _deed("travels_to", Life.travels_to, one)),
)
PLUG = st.just(_deed("pulls_the_plug", Life.pulls_the_plug))


@st.composite
def lives(draw: st.DrawFn, deeds: st.SearchStrategy[Deed]) -> Life:
    life = Life(draw(st.sampled_from(STARTS)), draw(st.sampled_from(ZONES)))
    life.opens(LETTERS[0])
    done = draw(st.lists(deeds, min_size=5, max_size=30))
    life.deeds = done
    for deed in done:
        deed.act(life)
    life.ends_the_day()
    return life


one_clock = lives(READS | READS | TURNS)
some = settings(max_examples=150, deadline=None)


@some
@given(one_clock)
def test_no_more_is_counted_than_was_before_the_eyes_and_than_the_rules_allow(life: Life) -> None:
    most = max(visit_cap(one.words, one.images) for one in LETTERS)
    assert life.counted <= life.seen_seconds + 1e-6
    assert life.counted <= most * life.visits + 30.0 * life.scrolls + 1e-6
    for span in life.spans:
        assert span.counted_seconds >= 0
        assert span.dropped_seconds <= LEFT_SECONDS + 1e-6
        assert span.item != ROBOT.key or span.counted_seconds == 0


@some
@given(one_clock)
def test_what_one_clock_counted_is_in_the_weeks_to_the_last_second(life: Life) -> None:
    """However the wall clock was set, wherever they flew: minutes are conserved."""
    weeks = life.weeks()
    assert sum(week.counted_seconds for week in weeks) == pytest.approx(life.counted, abs=1e-3)
    for week in weeks:
        assert week.counted_seconds == pytest.approx(
            sum(day.counted_seconds for day in week.days), abs=1e-3
        )
        for day in week.days:
            parts = sum(part.counted_seconds for part in day.parts)
            assert parts == pytest.approx(day.counted_seconds, abs=1e-3)


@some
@given(one_clock, st.sampled_from([MONDAY, SUNDAY, 5]))
def test_weeks_of_any_first_day_hold_the_same_minutes(life: Life, first: int) -> None:
    middle = WeekId.containing(life.start.date(), first)
    weeks = weeks_of(life.spans, [middle.moved(n) for n in range(-3, 5)], goal_minutes=30.0)
    assert sum(week.counted_seconds for week in weeks) == pytest.approx(life.counted, abs=1e-3)
    dropped = sum(span.dropped_seconds for span in life.spans)
    assert sum(week.dropped_seconds for week in weeks) == pytest.approx(dropped, abs=1e-3)


@some
@given(lives(READS | READS | TURNS | PLUG), st.randoms())
def test_pulled_plugs_and_a_second_machine_count_nothing_twice(life: Life, random: object) -> None:
    """Rows that come twice, in any order and in earlier states, change nothing."""
    earlier = [span for span in life.spans if span.counted_seconds > 1]
    states = [*life.spans, *life.spans, *earlier]
    random.shuffle(states)  # type: ignore[attr-defined]  # hypothesis gives a Random
    assert joined_by_id(states) == joined_by_id(life.spans)
    assert list(day_parts(states)) == list(day_parts(life.spans))
    counted = sum(week.counted_seconds for week in life.weeks())
    assert counted <= life.counted + 1e-3
    assert counted <= life.seen_seconds + 1e-3
    told: dict[str, float] = {}
    for _, part in day_parts(life.spans):
        seconds = part.counted_seconds + sum(one.seconds for one in part.dropped)
        told[part.span.span_id] = told.get(part.span.span_id, 0.0) + seconds
    for span in life.spans:
        whole = span.counted_seconds + span.dropped_seconds
        assert told.get(span.span_id, 0.0) == pytest.approx(whole, abs=1e-3)


# --- 30.0 for 30.0 -----------------------------------------------------------------------------

THREE_HUNDRED_SECONDS = ReadMessage(key="mail/Support/<5@x>", label="Ingrid", words=1000)
PRAGUE = ZONES[0]


def printed(week: Week) -> str:
    """The line of the terminal that names the minutes."""
    return week_as_text(week).splitlines()[1]


@pytest.mark.parametrize(
    ("start", "day"),
    [
        # 02:00 becomes 03:00 in mid-reading; 03:00 becomes 02:00 in mid-reading.
        (datetime(2027, 3, 28, 1, 45, tzinfo=PRAGUE), date(2027, 3, 28)),
        (datetime(2026, 10, 25, 2, 45, tzinfo=PRAGUE), date(2026, 10, 25)),
    ],
)
def test_thirty_minutes_over_a_change_of_summer_time_are_thirty(start: datetime, day: date) -> None:
    life = Life(start.astimezone(UTC), PRAGUE)
    reads_thirty_minutes(life)
    week = life.log.week(life.log.week_on(day))
    assert printed(week).startswith("30.0 of 30 minutes")
    assert week.days[6].counted_seconds == 1800.0
    assert week.is_goal_reached


def test_thirty_minutes_on_a_flight_over_nine_zones_are_thirty() -> None:
    """From Prague to Los Angeles, the clock of the computer follows: one long Sunday."""
    life = Life(datetime(2026, 11, 22, 11, 0, tzinfo=UTC), PRAGUE)

    def flies_on(number: int) -> None:
        life.closes()
        life.waits(5400.0)
        life.travels_to(
            ZoneInfo("America/Los_Angeles") if number == 5 else ZoneInfo(f"Etc/GMT+{2 * number}")
        )

    reads_thirty_minutes(life, flies_on)
    assert {span.utc_offset for span in life.spans} >= {timedelta(), timedelta(hours=-8)}
    assert printed(life.log.week(life.log.named_week("2026-W47"))).startswith("30.0 of 30 minutes")


def test_thirty_minutes_on_a_flight_eastward_over_sunday_midnight_are_in_two_weeks() -> None:
    life = Life(datetime(2026, 11, 22, 18, 0, tzinfo=UTC), PRAGUE)
    east = ZoneInfo("Asia/Tokyo")
    reads_thirty_minutes(life, lambda number: life.travels_to(east if number >= 3 else PRAGUE))
    this, following = (life.log.week(life.log.named_week(f"2026-W{n}")) for n in (47, 48))
    assert printed(this).startswith("15.0 of 30 minutes")
    assert printed(following).startswith("15.0 of 30 minutes")


@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_thirty_minutes_over_new_year_are_thirty_in_week_53(zone: ZoneInfo) -> None:
    life = Life(datetime(2026, 12, 31, 23, 45, tzinfo=zone).astimezone(UTC), zone)
    reads_thirty_minutes(life)
    week = life.log.week(life.log.named_week("2026-W53"))
    assert printed(week).startswith("30.0 of 30 minutes")
    assert (week.days[3].counted_seconds, week.days[4].counted_seconds) == (900.0, 900.0)


def test_thirty_minutes_over_a_new_year_that_begins_a_week_are_in_both_years() -> None:
    life = Life(datetime(2028, 12, 31, 23, 45, tzinfo=PRAGUE).astimezone(UTC), PRAGUE)
    reads_thirty_minutes(life)
    old, new = (life.log.week(life.log.named_week(name)) for name in ("2028-W52", "2029-W01"))
    assert printed(old).startswith("15.0 of 30 minutes")
    assert printed(new).startswith("15.0 of 30 minutes")


def test_thirty_minutes_with_the_clock_set_both_ways_are_thirty_but_a_second_each() -> None:
    life = Life(datetime(2026, 11, 18, 9, 0, tzinfo=UTC), PRAGUE)
    life.opens(THREE_HUNDRED_SECONDS)
    life.waits(100.0)
    for by in (3600.0, -3660.0):
        life.sets_the_clock(by)
        life.waits(100.0)
    life.closes()
    week = life.log.week(life.log.named_week("2026-W47"))
    assert week.counted_seconds == 300.0 - 2.0
    assert {one.rule for day in week.days for one in day.dropped} == {DropRule.CLOCK_JUMPED}
