"""My week in rows: sums that add up, weeks that are not known, weeks off, what a span says."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.domain.calls import Call, CallId, Outcome
from supportdesk.domain.health import SourceName
from supportdesk.domain.reading import DroppedTime, DropRule, Edit, Span, SpanKind
from supportdesk.domain.settings import WeekPeriod
from supportdesk.domain.week import Week, WeekId, week_of
from supportdesk.ui import rows
from supportdesk.ui.presenter.strip import WeekSoFar
from supportdesk.ui.presenter.week import SpanFacts, talk_card, week_view
from supportdesk.ui.rows import SpanChoice

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
TODAY = NOW.date()
HOUR = timedelta(hours=1)


def span(
    at: datetime = NOW,
    seconds: float = 60.0,
    *,
    kind: SpanKind = SpanKind.READ,
    dropped: tuple[DroppedTime, ...] = (),
) -> Span:
    return Span(
        span_id=f"{at:%m%d%H%M}/{kind.value}",
        kind=kind,
        item=f"{kind.value}/1",
        label="Carla",
        started_at=at,
        utc_offset=timedelta(),
        counted_seconds=seconds,
        dropped=dropped,
    )


def weeks(*spans: Span, holidays: tuple[date, ...] = ()) -> list[Week]:
    present = WeekId.containing(TODAY)
    wanted = [present.moved(-number) for number in (3, 2, 1, 0)]
    return [week_of(spans, one, goal_minutes=30, holidays=holidays) for one in wanted]


def view_of(
    last: Sequence[Week | None],
    choice: SpanChoice | None = None,
    *,
    shown: Week | None = None,
    facts: SpanFacts | None = None,
    period: WeekPeriod = WeekPeriod.WEEK,
) -> rows.WeekView:
    week = shown or last[-1]
    assert week is not None
    return week_view(
        week,
        last,
        chosen=choice or SpanChoice(day=TODAY),
        today=TODAY,
        talk=None,
        facts=facts or SpanFacts(),
        period=period,
    )


def dots(last: Sequence[Week | None]) -> list[tuple[float | None, str]]:
    return [(dot.minutes, dot.label) for dot in view_of(last).twelve_weeks]


# --- twelve weeks ----------------------------------------------------------------------------


def test_weeks_before_the_log_began_are_unknown_not_zero() -> None:
    assert dots(weeks()) == [(None, "–"), (None, "–"), (None, "–"), (0.0, "0")]


def test_a_holiday_before_the_log_began_is_no_beginning_of_it() -> None:
    last = weeks(holidays=(TODAY - timedelta(days=14),))
    assert dots(last) == [(None, "–"), (None, "–"), (None, "–"), (0.0, "0")]
    empty = view_of(last).empty
    assert empty is not None
    assert (empty.head, empty.buttons[0].action) == (
        "Nothing is counted yet.",
        rows.Action.SHOW_INBOX,
    )
    assert view_of(weeks(span())).empty is None


def test_time_is_added_to_the_chosen_day_if_it_has_come() -> None:
    last = weeks(span())
    assert view_of(last).adding_to == TODAY
    tomorrow = TODAY + timedelta(days=1)
    assert view_of(last, SpanChoice(day=tomorrow)).adding_to is None
    assert view_of(last, SpanChoice()).adding_to == TODAY
    assert view_of(last, SpanChoice(), shown=last[0]).adding_to == last[0].to_date


def test_empty_weeks_after_the_log_began_are_zero() -> None:
    shown = dots(weeks(span(NOW - timedelta(days=14), 600)))
    assert shown == [(None, "–"), (10.0, "10"), (0.0, "0"), (0.0, "0")]


def test_weeks_that_are_not_read_yet_have_no_words_and_no_sentence() -> None:
    known = weeks(span(NOW, 600))
    last = [None, None, *known[2:]]
    assert dots(last) == [(None, ""), (None, ""), (None, ""), (10.0, "10")]
    view = view_of(last)
    assert view.twelve_weeks_sentence == ""
    assert [dot.start for dot in view.twelve_weeks] == [week.from_date for week in known]
    assert view.twelve_weeks[0].accessible_text == "Mon 26 Oct – Sun 1 Nov: not read yet"


def test_a_disc_says_its_bounds_what_it_reached_and_which_is_on_show() -> None:
    last = weeks(span(NOW - timedelta(days=14), 600))
    view = view_of(last, shown=last[1])
    assert [dot.is_chosen for dot in view.twelve_weeks] == [False, True, False, False]
    assert [dot.is_current for dot in view.twelve_weeks] == [False, False, False, True]
    assert [dot.accessible_text for dot in view.twelve_weeks] == [
        "Mon 26 Oct – Sun 1 Nov: before the log began",
        "Mon 2 – Sun 8 Nov: 10 of 30 minutes",
        "Mon 9 – Sun 15 Nov: 0 of 30 minutes",
        "Mon 16 – Sun 22 Nov: 0 of 30 minutes",
    ]


@pytest.mark.parametrize(
    ("minutes", "shown", "words"),
    [(0, (None, "off"), "a week off"), (8, (8.0, "8"), "8 of 30 minutes, a week off")],
)
def test_a_week_off_is_drawn_as_one_whatever_was_read(
    minutes: int, shown: tuple[float | None, str], words: str
) -> None:
    a_week_ago = NOW - timedelta(days=7)
    spans = [span(NOW - timedelta(days=14)), span(a_week_ago, minutes * 60)][: 2 if minutes else 1]
    dot = view_of(weeks(*spans, holidays=(a_week_ago.date(),))).twelve_weeks[-2]
    assert (dot.minutes, dot.label) == shown
    assert dot.is_off
    assert dot.accessible_text == f"Mon 9 – Sun 15 Nov: {words}"


WEEK_AGO = timedelta(days=7)


def ticks(view: rows.WeekView) -> int:
    return sum((dot.minutes or 0) >= view.goal_minutes for dot in view.twelve_weeks)


@pytest.mark.parametrize(
    ("minutes", "holidays", "sentence"),
    [
        ((30, 12, 29), (), "1 of 2 reached 30"),
        ((30, 12, 30), (), "2 of 3 reached 30"),
        ((0, 0, 31), (), "your first week"),
        ((30, 31, 0), (TODAY - WEEK_AGO,), "2 of 2 reached 30"),
        ((30, 9, 40), (TODAY - WEEK_AGO, TODAY), "2 of 2 reached 30"),
    ],
)
def test_the_figure_of_reached_weeks_is_that_of_the_discs_with_a_tick(
    minutes: tuple[int, ...], holidays: tuple[date, ...], sentence: str
) -> None:
    """The present week is one of them as soon as it has reached the goal, and never before."""
    starts = (NOW - 2 * WEEK_AGO, NOW - WEEK_AGO, NOW)
    spans = [span(at, 60 * one) for at, one in zip(starts, minutes, strict=True) if one]
    view = view_of(weeks(*spans, holidays=holidays))
    assert view.twelve_weeks_sentence == sentence
    if sentence[0].isdigit():
        assert int(sentence.split()[0]) == ticks(view)


# --- the last seven days ---------------------------------------------------------------------


def rolling(*spans: Span, holidays: tuple[date, ...] = ()) -> list[Week]:
    wanted = [WeekId.ending(TODAY).moved(-number) for number in (1, 0)]
    return [week_of(spans, one, goal_minutes=30, holidays=holidays) for one in wanted]


def rolling_view(last: Sequence[Week], shown: int = -1, *, is_whole: bool = False) -> rows.WeekView:
    return view_of(
        last,
        SpanChoice() if is_whole else None,
        shown=last[shown],
        period=WeekPeriod.LAST_7_DAYS,
    )


def test_the_last_seven_days_are_named_and_bounded() -> None:
    last = rolling(span(NOW - timedelta(days=8), 600), span(NOW, 300))
    view = rolling_view(last, is_whole=True)
    assert view.bounds_label == "Last 7 days, Sun 15 – Sat 21 Nov"
    assert (view.sentence, view.chosen_title) == ("25 to go.", "All 7 days")
    assert not view.has_later_week
    assert [bar.weekday for bar in view.days] == ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    assert view.twelve_weeks_sentence == "0 of 1 reached 30"
    before = rolling_view(last, shown=0)
    assert before.bounds_label == "Sun 8 – Sat 14 Nov"
    assert before.sentence == "20 short. Those 7 days are over."
    assert before.has_later_week


def test_what_is_said_of_the_last_seven_days() -> None:
    reached = rolling_view(rolling(span(NOW, 1800)))
    assert reached.sentence == "That is the goal of 7 days. The rest is for the pleasure of it."
    assert reached.twelve_weeks_sentence == "your first 7 days"
    off = rolling_view(rolling(span(NOW), holidays=(TODAY - timedelta(days=6),)))
    assert off.sentence == "With a day off among them these 7 days fall short of nothing."
    assert off.twelve_weeks[-1].is_off
    assert off.twelve_weeks[-1].accessible_text.endswith("1 of 30 minutes, with a day off")
    nothing = rolling_view(rolling(span(NOW - timedelta(days=8))), is_whole=True)
    assert nothing.nothing_counted == "Nothing was counted in these 7 days."


def test_strip_and_tray_say_which_days_they_count() -> None:
    week = WeekSoFar(minutes=18.2, goal_minutes=30)
    assert (week.label, week.line) == ("18 of 30 min this week", "This week: 18 of 30 min")
    last = replace(week, period=WeekPeriod.LAST_7_DAYS)
    assert (last.label, last.line) == ("18 of 30 min in 7 days", "Last 7 days: 18 of 30 min")


# --- the week --------------------------------------------------------------------------------


def test_figure_sentence_and_strip_make_one_sum() -> None:
    last = weeks(span(NOW - timedelta(days=1), 14.92 * 60))
    view = view_of(last)
    strip = WeekSoFar(minutes=last[-1].counted_minutes, goal_minutes=30)
    assert (view.total_label, view.sentence) == ("14.9", "15.1 to go.")
    assert strip.label == "14 of 30 min this week"
    assert view.twelve_weeks[-1].label == "14"


def test_bars_legend_and_figure_are_one_sum() -> None:
    five_days = [
        span(NOW - timedelta(days=back, hours=hour), 77.85, kind=kind)
        for back in range(5)
        for hour, kind in enumerate((SpanKind.READ, SpanKind.REPLY))
    ]
    view = view_of(weeks(*five_days))
    shown = [round(day.total_minutes * 10) for day in view.days]
    by_kind = [round(minutes * 10) for day in view.days for _, minutes in day.by_kind]
    assert (view.total_label, sum(shown), sum(by_kind)) == ("12.9", 129, 129)


def seconds_of(label: str) -> int:
    """Of "4:00" and "1:04:00"."""
    total = 0
    for part in label.split(":"):
        total = total * 60 + int(part)
    return total


@given(
    st.lists(
        st.tuples(
            st.floats(0, 6.9),
            st.floats(0, 4000),
            st.sampled_from(SpanKind),
            st.floats(0, 4000),
        ),
        max_size=12,
    )
)
def test_rows_bars_legend_and_figure_sum_up_whatever_was_read(
    read: list[tuple[float, float, SpanKind, float]],
) -> None:
    monday = datetime(2026, 11, 16, tzinfo=UTC)
    spans = [
        replace(
            span(monday + timedelta(days=days), seconds, kind=kind),
            span_id=str(number),
            dropped=(DroppedTime(rule=DropRule.CAPPED, seconds=lost),),
        )
        for number, (days, seconds, kind, lost) in enumerate(read)
    ]
    last = weeks(*spans)
    whole = view_of(last, SpanChoice())
    figure = round(whole.total_minutes * 10)
    assert figure == sum(round(day.total_minutes * 10) for day in whole.days)
    assert figure == sum(round(tenth * 10) for day in whole.days for _, tenth in day.by_kind)
    assert figure == sum(seconds_of(row.counted_label) for row in whole.spans) // 6
    for choice in (SpanChoice(), *(SpanChoice(day=day.day) for day in whole.days)):
        view = view_of(last, choice)
        counted = sum(seconds_of(row.counted_label) for row in view.spans)
        assert seconds_of((view.chosen_sentence or "0:00 counted").split()[0]) == counted
    by_kind = [view_of(last, SpanChoice(kind=kind)).spans for kind in rows.COUNTED_KINDS]
    assert sum(map(len, by_kind)) == len(whole.spans)


def test_a_day_is_the_sum_of_what_its_rows_show() -> None:
    view = view_of(weeks(span(NOW, 9.6), span(NOW + HOUR, 6.9)))
    assert [row.counted_label for row in view.spans] == ["0:07", "0:09"]
    assert view.chosen_sentence == "0:16 counted"


def test_a_minute_that_is_not_full_does_not_reach_the_goal() -> None:
    view = view_of(weeks(span(NOW - timedelta(days=1), 29.99 * 60)))
    assert (view.total_label, view.sentence) == ("29.9", "0.1 to go.")


def test_a_week_off_falls_short_of_nothing() -> None:
    last = weeks(span(NOW - timedelta(days=7), 720), holidays=(TODAY - timedelta(days=8),))
    past = view_of(last, SpanChoice(day=last[-2].from_date), shown=last[-2])
    assert past.sentence == "A week off: it falls short of nothing."
    assert [day.is_holiday for day in past.days] == [False] * 4 + [True] + [False] * 2
    ordinary = view_of(weeks(span(NOW - timedelta(days=7), 720)), shown=weeks()[-2])
    assert ordinary.sentence == "30 short. That week is over."


def test_a_goal_reached_in_a_week_off_is_said() -> None:
    view = view_of(weeks(span(NOW - timedelta(days=2), 1800), holidays=(TODAY,)))
    assert view.sentence == "That is the week's goal. The rest is for the pleasure of it."


def test_a_day_is_spoken_whole() -> None:
    yesterday = NOW - timedelta(days=1)
    talk = span(yesterday + HOUR, 240, kind=SpanKind.TALK)
    off = TODAY - timedelta(days=2)
    days = view_of(weeks(span(yesterday, 144), talk, holidays=(off,))).days
    assert [day.accessible_text for day in days][3:] == [
        "Thursday 19 November, a day off: nothing counted",
        "Friday 20 November: 6.4 minutes, read 2.4, talk 4.0",
        "Saturday 21 November: nothing counted",
        "Sunday 22 November: still to come",
    ]


# --- spans -----------------------------------------------------------------------------------


def test_the_spans_of_a_day_a_kind_or_the_whole_week() -> None:
    yesterday = NOW - timedelta(days=1)
    talk = span(yesterday + HOUR, 240, kind=SpanKind.TALK)
    last = weeks(span(yesterday, 144), talk, span(NOW, 66))

    def shown(choice: SpanChoice) -> tuple[str, str, list[str]]:
        view = view_of(last, choice)
        return view.chosen_title, view.chosen_sentence, [row.time_label for row in view.spans]

    friday = yesterday.date()
    assert shown(SpanChoice(day=friday)) == (
        "Friday 20 Nov",
        "6:24 counted",
        ["11:00", "10:00"],
    )
    assert shown(SpanChoice(day=friday, kind=rows.SpanKind.TALK)) == (
        "Friday 20 Nov, only talk",
        "4:00 counted",
        ["11:00"],
    )
    assert shown(SpanChoice()) == (
        "The whole week",
        "7:30 counted",
        ["Sat 10:00", "Fri 11:00", "Fri 10:00"],
    )
    assert shown(SpanChoice(kind=rows.SpanKind.READ)) == (
        "The whole week, only reading",
        "3:30 counted",
        ["Sat 10:00", "Fri 10:00"],
    )
    nothing = view_of(last, SpanChoice(kind=rows.SpanKind.REPLY))
    assert nothing.nothing_counted == "No writing was counted in this week."


def test_a_message_read_twice_has_two_rows_that_open_it() -> None:
    spans = view_of(weeks(span(NOW), span(NOW + HOUR))).spans
    assert len({row.key for row in spans}) == 2
    assert {row.item for row in spans} == {"read/1"}


def call_of(outcome: Outcome, wait_seconds: float = 0.0) -> Call:
    return Call(
        phone=SourceName("Office"),
        call_id=CallId("1"),
        number="+420541220018",
        name="Carla",
        queue="",
        started_at=NOW,
        outcome=outcome,
        wait_seconds=wait_seconds,
    )


@pytest.mark.parametrize(
    ("call", "how"),
    [
        (None, "Talk on the phone"),
        (call_of(Outcome.ANSWERED, 12.4), "Their call, answered by you after 0:12"),
        (call_of(Outcome.TAKEN), "Their call, answered by you"),
        (call_of(Outcome.CALLED_BACK), "Your call"),
        (call_of(Outcome.CALLED), "Your call"),
    ],
)
def test_a_talk_says_whose_call_it_was(call: Call | None, how: str) -> None:
    facts = SpanFacts(call=lambda _: call)
    (row,) = view_of(weeks(span(kind=SpanKind.TALK)), facts=facts).spans
    assert (row.what, row.how) == ("Talk with Carla", how)


@pytest.mark.parametrize(
    ("words", "how"),
    [({}, "Read"), ({"read/1": 1}, "Read, 1 word"), ({"read/1": 140}, "Read, 140 words")],
)
def test_reading_says_how_much_there_was(words: dict[str, int], how: str) -> None:
    (row,) = view_of(weeks(span()), facts=SpanFacts(words=words)).spans
    assert row.how == how


def test_a_row_says_what_was_dropped_and_when_the_screen_was_locked() -> None:
    dropped = (DroppedTime(rule=DropRule.LOCKED, seconds=130.0),)
    (row,) = view_of(weeks(span(NOW, 48, dropped=dropped))).spans
    assert row.accessible_text == (
        "10:00, Carla, Read, counted 0:48. 2:10 not counted: the screen was locked at 10:00"
    )


def test_a_robot_earns_nothing_and_says_so() -> None:
    dropped = (DroppedTime(rule=DropRule.ROBOT, seconds=20.0),)
    (row,) = view_of(weeks(span(NOW, 0, dropped=dropped))).spans
    assert (row.kind, row.how) == (rows.SpanKind.ROBOT, "Robot mail earns nothing")


def by_hand(span_id: str, of: Span, **changes: object) -> Span:
    return replace(of, span_id=span_id, corrects=of.span_id, **changes)  # type: ignore[arg-type]


def test_what_was_done_by_hand_says_so_with_its_reason_and_what_it_was() -> None:
    original = span(NOW, 240)
    lost = (DroppedTime(rule=DropRule.BY_HAND, seconds=220),)
    cut = by_hand(
        "2", original, counted_seconds=20, dropped=lost, edit=Edit.CUT, reason="lunch", act="a"
    )
    facts = SpanFacts(history=lambda _: (original, cut))
    (row,) = view_of(weeks(original, cut), facts=facts).spans
    assert (row.is_by_hand, row.edit, row.span_id) == (True, Edit.CUT, "2")
    assert row.key.startswith(f"{original.span_id}/")
    assert row.accessible_text == (
        "10:00, Carla, Read, cut by hand: lunch, counted 0:20, was 4:00."
        " 3:40 not counted: taken off by hand"
    )
    (added,) = view_of(weeks(replace(original, reason="a visit"))).spans
    assert added.accessible_text == "10:00, Carla, Read, added by hand: a visit, counted 4:00"


def test_what_was_taken_back_looks_as_before() -> None:
    original = span(NOW, 240)
    cut = by_hand("2", original, counted_seconds=20, edit=Edit.CUT, reason="lunch", act="a")
    undone = by_hand("3", cut, counted_seconds=240, edit=Edit.UNDONE, reason="", act="a")
    facts = SpanFacts(history=lambda _: (original, cut, undone))
    (row,) = view_of(weeks(original, cut, undone), facts=facts).spans
    assert (row.is_by_hand, row.edit, row.before, row.how) == (False, None, "", "Read")
    assert row.counted_label == "4:00"


def test_what_counts_nothing_and_dropped_nothing_is_no_row_unless_it_was_deleted() -> None:
    assert view_of(weeks(span(NOW, 0))).spans == ()
    original = span(NOW)
    lost = (DroppedTime(rule=DropRule.BY_HAND, seconds=0.4),)
    deleted = by_hand(
        "2", original, counted_seconds=0, dropped=lost, edit=Edit.DELETED, reason="not mine"
    )
    (row,) = view_of(weeks(original, deleted)).spans
    assert (row.counted_label, row.how) == ("0:00", "Read, deleted by hand: not mine")


# --- talk ------------------------------------------------------------------------------------


def card(last: Span | None) -> rows.TalkCard:
    return talk_card(last, today=TODAY, button=None, note="")


@pytest.mark.parametrize(
    ("back", "days", "sentence"),
    [
        (0, "0", "Carla, Saturday 10:00, 4:00."),
        (6, "6", "Carla, Sunday 10:00, 4:00."),
        (7, "7", "Carla, Saturday 14 Nov, 10:00, 4:00."),
        (400, "400", "Carla, Friday 17 Oct 2025, 10:00, 4:00."),
    ],
)
def test_how_long_ago_the_last_talk_was(back: int, days: str, sentence: str) -> None:
    shown = card(span(NOW - timedelta(days=back), 240, kind=SpanKind.TALK))
    assert (shown.days, shown.sentence, shown.item) == (days, sentence, "talk/1")


def test_no_talk_is_said() -> None:
    assert card(None).sentence.startswith("The log knows of no talk yet.")
