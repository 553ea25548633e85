from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.domain.nudge import (
    NudgeAnswer,
    NudgeWeek,
    answer_by_week,
    first_readings,
    minutes_due,
    minutes_to_read,
    usual_hour,
)
from supportdesk.domain.reading import Edit, Span, SpanKind
from supportdesk.domain.week import WeekId

MONDAY = date(2026, 11, 16)
WEEK = NudgeWeek(days=WeekId(from_date=MONDAY).days, counted_minutes=18.0, goal_minutes=30.0)
BERLIN = timedelta(hours=1)


def day(number: int) -> date:
    """Monday is 0."""
    return MONDAY + timedelta(days=number)


def read_at(
    local: datetime,
    *,
    offset: timedelta = BERLIN,
    seconds: float = 60.0,
    kind: SpanKind = SpanKind.READ,
    reason: str = "",
) -> Span:
    started_at = (local - offset).replace(tzinfo=UTC)
    return Span(
        span_id=f"{started_at.isoformat()}/{kind.value}",
        kind=kind,
        item="mail/Support/<1@out.example>",
        label="Question",
        started_at=started_at,
        utc_offset=offset,
        counted_seconds=seconds,
        reason=reason,
    )


# --- behind --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "due"),
    [(0, 0.0), (1, 6.0), (2, 12.0), (3, 18.0), (4, 30.0), (5, 30.0), (6, 30.0)],
)
def test_each_working_day_that_is_over_carries_its_share(number: int, due: float) -> None:
    assert minutes_due(WEEK, day(number), ()) == pytest.approx(due)


def test_the_opening_hours_say_which_days_are_working_days() -> None:
    assert minutes_due(WEEK, day(4), {1, 4, 5}) == pytest.approx(10.0)
    assert minutes_due(WEEK, day(5), {1, 4, 5}) == 30.0


def test_on_the_first_day_nobody_is_behind_and_on_the_last_the_goal_counts() -> None:
    nothing = replace(WEEK, counted_minutes=0.0)
    assert answer_by_week(nothing, day(0), ()) is NudgeAnswer.NOT_BEHIND
    assert answer_by_week(nothing, day(1), ()) is None
    assert answer_by_week(WEEK, day(3), ()) is NudgeAnswer.NOT_BEHIND
    assert answer_by_week(WEEK, day(4), ()) is None
    assert answer_by_week(replace(WEEK, counted_minutes=30.0), day(6), ()) is NudgeAnswer.NOT_BEHIND


def test_sums_of_seconds_may_be_a_hair_short() -> None:
    reached = replace(WEEK, counted_minutes=sum([0.1] * 300))
    assert answer_by_week(reached, day(6), ()) is NudgeAnswer.NOT_BEHIND


def test_a_week_with_a_holiday_is_left_alone() -> None:
    assert answer_by_week(replace(WEEK, is_off=True), day(6), ()) is NudgeAnswer.WEEK_OFF


def test_the_last_seven_days_owe_the_whole_goal() -> None:
    rolling = replace(WEEK, days=WeekId.ending(day(1)).days, is_rolling=True)
    assert minutes_due(rolling, day(1), ()) == 30.0
    assert answer_by_week(rolling, day(1), ()) is None


@given(
    counted=st.floats(0, 100),
    goal=st.floats(0, 100),
    number=st.integers(0, 6),
    working=st.frozensets(st.integers(0, 6)),
    first=st.integers(0, 6),
)
def test_whoever_has_reached_the_goal_is_never_behind_and_what_is_due_only_grows(
    counted: float, goal: float, number: int, working: frozenset[int], first: int
) -> None:
    days = WeekId(from_date=MONDAY + timedelta(days=first)).days
    week = NudgeWeek(days=days, counted_minutes=counted, goal_minutes=goal)
    due = [minutes_due(week, one, working) for one in days]
    assert due == sorted(due)
    assert due[-1] == goal
    assert 0 <= due[number] <= goal
    if counted >= goal:
        assert answer_by_week(week, days[number], working) is NudgeAnswer.NOT_BEHIND


# --- the hour ------------------------------------------------------------------------------------


def learned_hour(spans: list[Span], today: date) -> time | None:
    return usual_hour(first_readings(spans, today).values())


def mornings(*times: str) -> list[Span]:
    clocks = [time.fromisoformat(one) for one in times]
    return [
        read_at(datetime.combine(MONDAY - timedelta(days=back), clock))
        for back, clock in enumerate(clocks, start=1)
    ]


def test_the_hour_is_the_median_of_each_days_first_reading() -> None:
    spans = mornings("08:31", "08:40", "08:44", "11:00", "07:00")
    spans += [replace(one, started_at=one.started_at + timedelta(hours=5)) for one in spans]
    spans = [replace(one, span_id=str(number)) for number, one in enumerate(spans)]
    assert learned_hour(spans, MONDAY) == time(8, 40)


def test_a_few_days_are_no_habit() -> None:
    assert learned_hour(mornings("08:31", "08:40", "08:44", "11:00"), MONDAY) is None


def test_today_and_what_is_long_ago_are_not_learned_from() -> None:
    spans = mornings("08:00", "08:00", "08:00", "08:00")
    spans.append(read_at(datetime.combine(MONDAY, time(6, 0))))
    spans.append(read_at(datetime.combine(MONDAY - timedelta(days=29), time(6, 0))))
    assert learned_hour(spans, MONDAY) is None
    spans.append(read_at(datetime.combine(MONDAY - timedelta(days=28), time(6, 0))))
    assert learned_hour(spans, MONDAY) == time(8, 0)


def test_only_reading_that_counted_and_no_hand_wrote_is_a_habit() -> None:
    spans = mornings("08:00", "08:00", "08:00", "08:00")
    fifth = datetime.combine(MONDAY - timedelta(days=5), time(6, 0))
    for other in (
        read_at(fifth, seconds=0.0),
        read_at(fifth, kind=SpanKind.TALK),
        read_at(fifth, reason="on the train"),
    ):
        assert learned_hour([*spans, other], MONDAY) is None


def test_what_was_deleted_is_no_habit() -> None:
    spans = mornings("08:00", "08:00", "08:00", "08:00", "08:00")
    gone = replace(
        spans[0],
        span_id="gone",
        corrects=spans[0].span_id,
        reason="not me",
        counted_seconds=0.0,
        edit=Edit.DELETED,
    )
    assert learned_hour([*spans, gone], MONDAY) is None


def test_each_day_has_its_own_local_time() -> None:
    """A flight to Tokyo moves no habit."""
    spans = mornings("08:00", "08:00", "08:00")
    tokyo = timedelta(hours=9)
    for back in (4, 5):
        local = datetime.combine(MONDAY - timedelta(days=back), time(8, 0))
        spans.append(read_at(local, offset=tokyo))
    assert learned_hour(spans, MONDAY) == time(8, 0)


def test_the_last_minutes_of_a_day_stay_in_it() -> None:
    assert learned_hour(mornings(*["23:59"] * 5), MONDAY) == time(23, 55)


@given(
    minutes=st.lists(st.integers(0, 24 * 60 - 1), min_size=5, max_size=28),
    hours=st.integers(-12, 14),
)
def test_the_hour_lies_among_the_mornings_whatever_the_zone(minutes: list[int], hours: int) -> None:
    spans = [
        read_at(
            datetime.combine(MONDAY, time()) + timedelta(minutes=minute, days=-back),
            offset=timedelta(hours=hours),
        )
        for back, minute in enumerate(minutes, start=1)
    ]
    learned = learned_hour(spans, MONDAY)
    assert learned is not None
    assert min(minutes) - 5 < learned.hour * 60 + learned.minute < max(minutes) + 5


# --- how much ------------------------------------------------------------------------------------


def test_minutes_are_words_by_220_a_minute_rounded_up() -> None:
    assert minutes_to_read([220, 220], 2) == 2
    assert minutes_to_read([221, 220], 2) == 3
    assert minutes_to_read([3], 1) == 1


def test_what_is_not_fetched_is_taken_to_be_as_long_as_the_rest() -> None:
    assert minutes_to_read([440], 3) == 6
    assert minutes_to_read([], 22) == 9


def test_every_answer_is_a_sentence() -> None:
    assert all(answer.value.endswith(".") and answer.value[0].isupper() for answer in NudgeAnswer)
