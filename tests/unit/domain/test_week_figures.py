from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.domain.reading import DroppedTime, DropRule, Span, SpanKind
from supportdesk.domain.week import Week, WeekId, week_of
from supportdesk.domain.week_figures import (
    SECONDS_A_TENTH,
    figures_of,
    goal_tenths,
    tenths,
    tenths_words,
    whole_seconds,
)

MONDAY = datetime(2026, 11, 16, 6, tzinfo=UTC)
KINDS = list(SpanKind)


def week(table: list[list[float]], dropped: float = 0.0) -> Week:
    """A row a day, a column a kind."""
    spans = [
        Span(
            span_id=f"{day}/{column}",
            kind=KINDS[column],
            item="mail/1",
            label="Ingrid Solheim",
            started_at=MONDAY + timedelta(days=day, hours=4 * column),
            utc_offset=timedelta(),
            counted_seconds=seconds,
            dropped=(DroppedTime(rule=DropRule.CAPPED, seconds=dropped),) if dropped else (),
        )
        for day, row in enumerate(table)
        for column, seconds in enumerate(row)
        if seconds
    ]
    return week_of(spans, WeekId.parse("2026-W47"), goal_minutes=30)


def test_five_days_alike_sum_to_the_figure() -> None:
    shown = figures_of(week([[77.9, 77.8, 0.0]] * 5))
    assert (shown.total, sum(day.total for day in shown.days)) == (129, 129)
    assert shown.read + shown.reply + shown.talk == 129
    assert {day.total for day in shown.days[:5]} == {25, 26}


def test_the_whole_is_cut_down_and_a_full_goal_is_full() -> None:
    assert figures_of(week([[1799.9, 0, 0]])).total == 299
    assert figures_of(week([[0.1, 0, 0]] * 3 + [[1799.7, 0, 0]])).total == 300


def test_a_week_without_anything() -> None:
    shown = figures_of(week([]))
    assert (shown.total, len(shown.days)) == (0, 7)


def test_rows_have_their_dropped_seconds() -> None:
    shown = figures_of(week([[9.6, 6.9, 0.0]], dropped=1.5))
    parts = shown.days[0].parts
    assert [part.counted for part in parts] == [9, 7]
    assert [part.dropped for part in parts] == [(2,), (1,)]


@pytest.mark.parametrize(("goal", "shown"), [(30.0, 300), (0.3, 3), (12.25, 123)])
def test_the_goal_is_never_shown_smaller(goal: float, shown: int) -> None:
    assert goal_tenths(replace(week([]), goal_minutes=goal)) == shown


@pytest.mark.parametrize(("value", "words"), [(0, "0.0"), (7, "0.7"), (180, "18.0")])
def test_words(value: int, words: str) -> None:
    assert tenths_words(value) == words


@given(st.lists(st.floats(0, 10_000), max_size=40))
def test_whole_seconds_sum_to_the_sum_cut_down(seconds: list[float]) -> None:
    whole = whole_seconds(seconds)
    assert sum(whole) == pytest.approx(sum(seconds) - 0.5, abs=0.51)
    assert all(abs(one - exact) < 1.001 for one, exact in zip(whole, seconds, strict=True))


@given(st.lists(st.lists(st.integers(0, 500), min_size=3, max_size=3), min_size=7, max_size=7))
def test_no_figure_is_a_tenth_or_more_away_and_all_add_up(table: list[list[int]]) -> None:
    shown = tenths(table)

    def is_near(value: int, seconds: int) -> bool:
        return abs(value * SECONDS_A_TENTH - seconds) < SECONDS_A_TENTH

    for values, row in zip(shown, table, strict=True):
        assert all(is_near(one, exact) for one, exact in zip(values, row, strict=True))
        assert is_near(sum(values), sum(row))
    for column in range(3):
        assert is_near(sum(row[column] for row in shown), sum(row[column] for row in table))
    assert sum(map(sum, shown)) == sum(map(sum, table)) // SECONDS_A_TENTH


@given(
    st.lists(
        st.lists(st.floats(0, 3000), min_size=3, max_size=3),
        min_size=7,
        max_size=7,
    )
)
def test_bars_legend_rows_and_figure_are_one_sum(table: list[list[float]]) -> None:
    made = week(table)
    shown = figures_of(made)
    rows = sum(part.counted for day in shown.days for part in day.parts)
    assert shown.total == rows // SECONDS_A_TENTH == int((made.counted_seconds + 1e-6) / 6)
    for day in shown.days:
        seconds = sum(part.counted for part in day.parts)
        assert abs(day.total * SECONDS_A_TENTH - seconds) < SECONDS_A_TENTH
