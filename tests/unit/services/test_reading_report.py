import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.domain.reading import DroppedTime, DropRule, Span, SpanKind
from supportdesk.domain.settings import WeekPeriod
from supportdesk.domain.week import Week, WeekId, week_of
from supportdesk.domain.week_figures import figures_of
from supportdesk.services.reading_report import (
    dropped_line,
    week_as_json,
    week_as_text,
)


def span(day: int, kind: SpanKind, counted: float, dropped: tuple[DroppedTime, ...] = ()) -> Span:
    return Span(
        span_id=f"{day}/{kind.value}",
        kind=kind,
        item="mail/Support/<1@x>",
        label="Ingrid Solheim",
        started_at=datetime(2026, 11, day, 9 + list(SpanKind).index(kind), 0, tzinfo=UTC),
        utc_offset=timedelta(hours=1),
        counted_seconds=counted,
        dropped=dropped,
    )


def week(*spans: Span, goal: float = 30.0, holidays: tuple[date, ...] = ()) -> Week:
    return week_of(spans, WeekId.parse("2026-W47"), goal_minutes=goal, holidays=holidays)


LOOK = week(
    span(16, SpanKind.READ, 174.0),
    span(16, SpanKind.REPLY, 78.0),
    span(17, SpanKind.READ, 126.0),
    span(18, SpanKind.READ, 144.0, (DroppedTime(rule=DropRule.LOCKED, seconds=150.0),)),
    span(18, SpanKind.REPLY, 54.0),
    span(18, SpanKind.TALK, 240.0),
    span(20, SpanKind.READ, 162.0),
    span(20, SpanKind.REPLY, 102.0),
)


LONG_TALK = span(16, SpanKind.TALK, 3600.0)


class TestJson:
    def test_its_shape(self) -> None:
        told = week_as_json(LOOK)
        assert list(told) == [
            "period",
            "from",
            "to",
            "goal_minutes",
            "read_seconds",
            "reply_seconds",
            "talk_seconds",
            "days",
        ]
        assert (told["from"], told["to"]) == ("2026-11-16", "2026-11-22")
        assert told["goal_minutes"] == 30.0
        assert (told["read_seconds"], told["reply_seconds"], told["talk_seconds"]) == (
            606.0,
            234.0,
            240.0,
        )
        days = told["days"]
        assert isinstance(days, list)
        assert len(days) == 7
        assert days[2] == {
            "date": "2026-11-18",
            "read_seconds": 144.0,
            "reply_seconds": 54.0,
            "talk_seconds": 240.0,
        }
        assert json.loads(json.dumps(told)) == told

    @given(st.lists(st.floats(0, 5000), min_size=7, max_size=7))
    def test_the_days_sum_to_the_total(self, seconds: list[float]) -> None:
        spans = [span(16 + index, SpanKind.READ, value) for index, value in enumerate(seconds)]
        told = week_as_json(week(*spans))
        days = told["days"]
        assert isinstance(days, list)
        assert round(sum(day["read_seconds"] for day in days), 3) == told["read_seconds"]


class TestText:
    def test_a_readable_week(self) -> None:
        assert week_as_text(LOOK, today=date(2026, 11, 20)).splitlines() == [
            "My week, Mon 16 – Sun 22 Nov",
            "18.0 of 30 minutes with customers. 12.0 to go.",
            "",
            "Mon 16    4.2  ██████████████▒▒▒▒▒▒▒",
            "Tue 17    2.1  ██████████",
            "Wed 18    7.3  ████████████▒▒▒▒░░░░░░░░░░░░░░░░░░░░",
            "Thu 19      0",
            "Fri 20    4.4  ██████████████▒▒▒▒▒▒▒▒",
            "Sat 21",
            "Sun 22",
            "",
            "█ read 10.1   ▒ reply 3.9   ░ talk 4.0",
            "2.5 minutes were not counted: 2.5 the screen was locked.",
        ]

    def test_a_long_day_fills_the_width(self) -> None:
        text = week_as_text(week(LONG_TALK))
        assert "Mon 16   60.0  " + "░" * 40 in text
        assert "Sun 22      0" in text
        assert "That is this week's goal." in text

    def test_a_week_that_is_over_has_nothing_to_go(self) -> None:
        after = date(2026, 11, 23)
        assert "12.0 short." in week_as_text(LOOK, after)
        assert "12.0 to go." in week_as_text(LOOK, date(2026, 11, 22))
        assert "That is that week's goal." in week_as_text(week(LONG_TALK), after)

    def test_the_last_seven_days_are_not_called_a_week(self) -> None:
        def told(rolling: Week) -> str:
            return week_as_text(rolling, period=WeekPeriod.LAST_7_DAYS)

        assert told(LOOK).startswith("My last 7 days, Mon 16 – Sun 22 Nov\n18.0 of 30 minutes")
        assert "That is the goal of 7 days." in told(week(LONG_TALK))
        assert "A day off is among them" in told(week(holidays=(date(2026, 11, 16),)))
        assert week_as_json(LOOK, WeekPeriod.LAST_7_DAYS)["period"] == "last_7_days"
        assert week_as_json(LOOK)["period"] == "week"

    def test_a_week_off_is_not_measured(self) -> None:
        assert "A week off." in week_as_text(week(holidays=(date(2026, 11, 16),)))

    def test_a_week_off_that_reached_its_goal_says_that(self) -> None:
        text = week_as_text(week(LONG_TALK, holidays=(date(2026, 11, 17),)))
        assert "That is this week's goal." in text

    def test_what_is_there_and_what_is_left_make_the_goal(self) -> None:
        text = week_as_text(week(span(16, SpanKind.READ, 1799.9)))
        assert "29.9 of 30 minutes with customers. 0.1 to go." in text

    def test_no_line_for_nothing_dropped(self) -> None:
        assert "not counted" not in week_as_text(week())

    def test_what_was_not_counted_is_told_by_rule_and_sums(self) -> None:
        lost = [
            DroppedTime(rule=DropRule.SKIMMED, seconds=2.0),
            DroppedTime(rule=DropRule.OTHER, seconds=57.0),
            DroppedTime(rule=DropRule.LOCKED, seconds=100.0),
            DroppedTime(rule=DropRule.CAPPED, seconds=57.0),
        ]
        text = week_as_text(week(span(16, SpanKind.READ, 60.0, tuple(lost))))
        assert text.splitlines()[-1] == (
            "3.6 minutes were not counted: 1.7 the screen was locked,"
            " 1.0 another rule, of a newer version, 0.9 full for this mail."
        )

    def test_less_than_a_tenth_is_no_line(self) -> None:
        lost = (DroppedTime(rule=DropRule.SKIMMED, seconds=2.0),)
        assert "not counted" not in week_as_text(week(span(16, SpanKind.READ, 60.0, lost)))


class TestWhatWasDropped:
    @pytest.mark.parametrize(
        ("rule", "seconds", "line"),
        [
            (DropRule.LOCKED, 130.0, "2:10 not counted: the screen was locked at 10:00"),
            (DropRule.ROBOT, 20.0, "0:20 not counted: sent by a machine"),
            (
                DropRule.UNHEARD,
                600.0,
                "10:00 not counted: nobody saw it end, the phone was last heard at 10:00",
            ),
            (DropRule.OTHER, 20.0, "0:20 not counted: another rule, of a newer version"),
            (DropRule.CAPPED, 8 * 3600.0, "8 h 00 not counted: full for this mail"),
        ],
    )
    def test_one_rule(self, rule: DropRule, seconds: float, line: str) -> None:
        dropped = (DroppedTime(rule=rule, seconds=seconds),)
        assert line_of(span(18, SpanKind.READ, 48.0, dropped)) == line

    def test_two_rules(self) -> None:
        dropped = (
            DroppedTime(rule=DropRule.CAPPED, seconds=60.0),
            DroppedTime(rule=DropRule.LOCKED, seconds=60.0),
        )
        line = "1:00 not counted: full for this mail; 1:00 not counted: the screen was locked"
        assert line_of(span(18, SpanKind.READ, 48.0, dropped)) == line

    def test_nothing(self) -> None:
        assert line_of(span(18, SpanKind.READ, 48.0)) == ""

    def test_less_than_a_second_is_no_line(self) -> None:
        dropped = (DroppedTime(rule=DropRule.CAPPED, seconds=0.4),)
        assert line_of(span(18, SpanKind.READ, 48.0, dropped)) == ""


def line_of(one: Span) -> str:
    made = week(one)
    (part,) = (part for day in made.days for part in day.parts)
    (shown,) = (shown for day in figures_of(made).days for shown in day.parts)
    return dropped_line(part, shown)
