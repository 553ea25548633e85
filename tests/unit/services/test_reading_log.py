from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.domain.calls import Call, CallId, Outcome
from supportdesk.domain.events import (
    CallAnswered,
    CallEnded,
)
from supportdesk.domain.health import SourceName
from supportdesk.domain.reading import DroppedTime, DropRule, Span, SpanKind
from supportdesk.domain.settings import PhoneKind, PhoneSettings, ReadingSettings, WeekPeriod
from supportdesk.domain.week import SUNDAY, Week
from supportdesk.services.reading_log import ReadingLog, ReadingRules
from tests.fakes.stores import MemoryDeskStore

PRAGUE = ZoneInfo("Europe/Prague")
NOON = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)
ROLLING = ReadingSettings(period=WeekPeriod.LAST_7_DAYS)
DESK_PHONE = PhoneSettings(name=SourceName("Desk"), kind=PhoneKind.BARESIP)


class SpanStoreInMemory(MemoryDeskStore):
    """Answers like desk.db, and counts how often it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.queries = 0

    def spans_between(self, start: datetime, end: datetime) -> list[Span]:
        self.queries += 1
        return super().spans_between(start, end)


@pytest.fixture
def store() -> SpanStoreInMemory:
    return SpanStoreInMemory()


def log_of(
    store: SpanStoreInMemory,
    *phones: PhoneSettings,
    reading: ReadingSettings | None = None,
    first_weekday: int = 0,
) -> ReadingLog:
    return ReadingLog(
        store=store,
        rules=ReadingRules(
            reading=reading or ReadingSettings(), phones=phones, first_weekday=first_weekday
        ),
        to_local=lambda at: at.astimezone(PRAGUE),
    )


def span(span_id: str, started_at: datetime = NOON, counted: float = 60.0) -> Span:
    return Span(
        span_id=span_id,
        kind=SpanKind.READ,
        item="mail/Support/<1@x>",
        label="Ingrid Solheim",
        started_at=started_at,
        utc_offset=timedelta(hours=1),
        counted_seconds=counted,
        dropped=(DroppedTime(rule=DropRule.LOCKED, seconds=10.0),),
    )


def this_week(log: ReadingLog) -> Week:
    return this_week_at(log, NOON)


def this_week_at(log: ReadingLog, now: datetime) -> Week:
    return log.week(log.week_at(now))


# --- weeks -------------------------------------------------------------------------------------


class TestWeeks:
    def test_the_present_week_is_that_of_the_local_day(self, store: SpanStoreInMemory) -> None:
        log = log_of(store)
        sunday_night_in_utc = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
        assert log.week_at(sunday_night_in_utc).text == "2026-W48"
        assert log.week_on(date(2026, 11, 22)).text == "2026-W47"
        assert log.named_week("2026-W47") == log.week_at(NOON)

    def test_a_sunday_first_week(self, store: SpanStoreInMemory) -> None:
        log = log_of(store, first_weekday=SUNDAY)
        assert log.named_week("2026-W47").from_date == date(2026, 11, 15)

    def test_the_last_seven_days_end_with_the_local_day(self, store: SpanStoreInMemory) -> None:
        log = log_of(store, reading=ROLLING, first_weekday=SUNDAY)
        assert log.week_at(NOON).label == "Thu 12 – Wed 18 Nov"
        before_midnight = datetime(2026, 11, 18, 22, 59, tzinfo=UTC)
        assert log.week_at(before_midnight) == log.week_at(NOON)
        after_midnight = before_midnight + timedelta(minutes=1)
        assert log.today(after_midnight) == date(2026, 11, 19)
        assert log.week_at(after_midnight).label == "Fri 13 – Thu 19 Nov"
        assert log.named_week("2026-W47").from_date == date(2026, 11, 15)
        assert log.week_on(date(2026, 11, 18)).from_date == date(2026, 11, 15)

    def test_a_journey_back_over_midnight_takes_the_last_seven_days_along(
        self, store: SpanStoreInMemory
    ) -> None:
        zone = [ZoneInfo("Asia/Tokyo")]
        log = ReadingLog(
            store=store,
            rules=ReadingRules(reading=ROLLING),
            to_local=lambda at: at.astimezone(zone[0]),
        )
        evening = datetime(2026, 11, 18, 16, 0, tzinfo=UTC)  # in Tokyo it is the 19th
        log.record([replace(span("a", evening), utc_offset=timedelta(hours=9))])
        assert log.week_at(evening).to_date == date(2026, 11, 19)
        assert this_week_at(log, evening).read_seconds == 60.0
        zone[0] = ZoneInfo("America/Los_Angeles")
        assert log.week_at(evening).to_date == date(2026, 11, 18)
        a_day_later = evening + timedelta(days=1)
        assert this_week_at(log, a_day_later).read_seconds == 60.0

    def test_a_day_is_found_in_the_row_of_weeks(self, store: SpanStoreInMemory) -> None:
        for log in (log_of(store), log_of(store, reading=ROLLING)):
            present = log.week_at(NOON)
            for back in range(20):
                week = present.moved(-back)
                assert {log.week_around(day, NOON) for day in week.days} == {week}
            assert log.week_around(present.to_date + timedelta(days=1), NOON) == present.moved(1)

    def test_holidays_and_goal_hold_for_the_last_seven_days(self, store: SpanStoreInMemory) -> None:
        reading = replace(ROLLING, goal_minutes=1.0, holidays=(date(2026, 11, 12),))
        log = log_of(store, reading=reading)
        log.record([span("a")])
        assert this_week(log).is_off
        assert this_week(log).is_goal_reached
        assert not this_week_at(log, NOON + timedelta(days=1)).is_off
        assert not this_week_at(log, NOON + timedelta(days=7)).is_goal_reached

    @given(
        starts=st.lists(st.integers(0, 70 * 24 * 60), max_size=12, unique=True),
        offset=st.integers(-12, 14),
        reading=st.sampled_from([ReadingSettings(), ROLLING]),
        first=st.integers(0, 6),
    )
    def test_no_minute_is_lost_between_weeks_of_either_kind(
        self, starts: list[int], offset: int, reading: ReadingSettings, first: int
    ) -> None:
        log = log_of(SpanStoreInMemory(), reading=reading, first_weekday=first)
        spans = [
            replace(
                span(str(minute), NOON - timedelta(minutes=minute), counted=45.0),
                utc_offset=timedelta(hours=offset),
            )
            for minute in starts
        ]
        log.record(spans)
        # A span of a zone further east may lie on a day that has not begun here.
        weeks = [*log.last_weeks(NOON), log.week(log.week_at(NOON).moved(1))]
        assert sum(week.counted_seconds for week in weeks) == pytest.approx(45.0 * len(spans))
        days = [day.date for week in weeks for day in week.days]
        assert days == [days[0] + timedelta(days=n) for n in range(len(days))]

    def test_the_period_can_change_while_it_runs(self, store: SpanStoreInMemory) -> None:
        log = log_of(store)
        log.record([span("a", NOON - timedelta(days=4))])
        assert (log.period, this_week(log).read_seconds) == (WeekPeriod.WEEK, 0.0)
        log.use(ReadingRules(reading=ROLLING))
        assert (log.period, this_week(log).read_seconds) == (WeekPeriod.LAST_7_DAYS, 60.0)

    def test_spans_are_summed_against_the_goal_of_the_settings(
        self, store: SpanStoreInMemory
    ) -> None:
        reading = ReadingSettings(goal_minutes=1.0, holidays=(date(2026, 11, 16),))
        log = log_of(store, reading=reading)
        log.record([span("a"), span("b", NOON + timedelta(hours=1))])
        told = this_week(log)
        assert told.read_seconds == 120.0
        assert told.is_goal_reached
        assert told.is_off

    def test_a_growing_span_is_seen_at_once(self, store: SpanStoreInMemory) -> None:
        log = log_of(store)
        log.record([span("a", counted=4.0)])
        assert this_week(log).read_seconds == 4.0
        log.record([span("a", counted=8.0)])
        assert this_week(log).read_seconds == 8.0

    def test_weeks_gone_by_are_not_read_again(self, store: SpanStoreInMemory) -> None:
        log = log_of(store)
        log.record([span("a")])
        first = log.last_weeks(NOON)
        assert [week.week_id.text for week in first][-2:] == ["2026-W46", "2026-W47"]
        assert len(first) == 12
        assert store.queries == 1
        log.record([span("b", NOON + timedelta(hours=1))])
        again = log.last_weeks(NOON)
        assert again[-1].read_seconds == 120.0
        assert again[:-1] == first[:-1]
        assert store.queries == 2
        log.last_weeks(NOON)
        assert store.queries == 2

    def test_weeks_can_be_read_ahead_one_by_one(self, store: SpanStoreInMemory) -> None:
        log = log_of(store)
        log.record([span("a")])
        steps = 0
        while log.read_ahead(NOON):
            steps += 1
            assert store.queries == steps
        assert steps == 12
        assert log.last_weeks(NOON)[-1].read_seconds == 60.0
        assert store.queries == 12

    def test_weeks_that_are_not_read_are_not_waited_for(self, store: SpanStoreInMemory) -> None:
        log = log_of(store)
        log.record([span("a")])
        *earlier, present = log.known_weeks(NOON)
        assert earlier == [None] * 11
        assert present == this_week(log)
        assert store.queries == 1
        log.last_weeks(NOON)
        assert None not in log.known_weeks(NOON)

    def test_a_span_over_the_end_of_a_week_refreshes_both(self, store: SpanStoreInMemory) -> None:
        log = log_of(store)
        log.last_weeks(NOON)
        sunday_night = datetime(2026, 11, 15, 22, 59, 30, tzinfo=UTC)
        log.record([span("a", sunday_night)])
        before, now = log.last_weeks(NOON, 2)
        assert (before.read_seconds, now.read_seconds) == (30.0, 30.0)

    def test_it_keeps_only_some_weeks_in_memory(self, store: SpanStoreInMemory) -> None:
        log = log_of(store)
        log.record([span("a")])
        log.last_weeks(NOON, 52)
        assert len(log.last_weeks(NOON + timedelta(weeks=52), 52)) == 52
        assert this_week(log).read_seconds == 60.0

    def test_the_newest_talk_of_all_years(self, store: SpanStoreInMemory) -> None:
        log = log_of(store)
        assert log.newest_talk() is None
        old = replace(span("old", NOON - timedelta(weeks=900)), kind=SpanKind.TALK)
        log.record([old, span("read")])
        assert log.newest_talk() == old
        new = replace(old, span_id="new", started_at=NOON - timedelta(weeks=30))
        log.record([new])
        assert log.newest_talk() == new

    def test_a_talk_that_was_cut_away_is_none(self, store: SpanStoreInMemory) -> None:
        log = log_of(store)
        old = replace(span("old", NOON - timedelta(weeks=3)), kind=SpanKind.TALK)
        new = replace(old, span_id="new", started_at=NOON)
        cut = replace(new, span_id="no talk", corrects="new", counted_seconds=0.0)
        beside = replace(new, span_id="beside", counted_seconds=4.0)
        log.record([old, new, cut])
        assert log.newest_talk() == old
        log.record([beside])
        assert log.newest_talk() == beside

    def test_what_changed_behind_its_back_is_read_anew(self, store: SpanStoreInMemory) -> None:
        log = log_of(store)
        log.record([span("a")])
        assert this_week(log).read_seconds == 60.0
        store.delete_all_spans()
        assert this_week(log).read_seconds == 60.0
        log.forget_weeks()
        assert this_week(log).read_seconds == 0.0

    def test_what_a_hand_has_written_is_seen_at_once(self, store: SpanStoreInMemory) -> None:
        log = log_of(store)
        log.record([span("a")])
        assert this_week(log).read_seconds == 60.0
        cut = replace(span("b", counted=20.0), corrects="a")
        store.append_act([cut])
        log.corrected([cut])
        assert this_week(log).read_seconds == 20.0

    def test_what_a_corrected_span_grows_by_is_a_span_of_its_own(
        self, store: SpanStoreInMemory
    ) -> None:
        log = log_of(store)
        log.record([span("a")])
        cut = replace(span("b", counted=20.0), corrects="a")
        store.append_act([cut])
        log.corrected([cut], span("a"))
        log.record([span("a")])
        assert this_week(log).read_seconds == 20.0
        log.record([span("a", counted=64.0)])
        log.record([span("a", counted=67.0)])
        assert this_week(log).read_seconds == 27.0
        assert store.spans["a"] == span("a")

    def test_new_settings_are_used_at_once(self, store: SpanStoreInMemory) -> None:
        log = log_of(store)
        assert this_week(log).goal_minutes == 30.0
        log.use(ReadingRules(reading=ReadingSettings(goal_minutes=45.0)))
        assert this_week(log).goal_minutes == 45.0


# --- talk --------------------------------------------------------------------------------------


def test_what_the_phones_tell_is_written(store: SpanStoreInMemory) -> None:
    log = log_of(store, DESK_PHONE)
    answered = CallAnswered(
        phone=DESK_PHONE.name,
        call_id=CallId("1"),
        by="",
        by_interface="",
        hold_seconds=0.0,
        at=NOON,
    )
    ended = CallEnded(
        phone=DESK_PHONE.name,
        call_id=CallId("1"),
        talk_seconds=60.0,
        at=NOON + timedelta(seconds=60),
    )
    assert log.apply(answered) == ()
    (talk,) = log.apply(ended)
    assert log.newest_talk() == talk
    assert this_week(log).talk_seconds == 60.0


def test_a_talk_of_the_run_before_and_settings_that_change_meanwhile(
    store: SpanStoreInMemory,
) -> None:
    log = log_of(store)
    call = Call(
        phone=DESK_PHONE.name,
        call_id=CallId("1"),
        number="+420601000001",
        name="",
        queue="",
        started_at=NOON,
        outcome=Outcome.ANSWERED,
        by="you",
    )
    ended = CallEnded(
        phone=DESK_PHONE.name,
        call_id=CallId("1"),
        talk_seconds=60.0,
        at=NOON + timedelta(seconds=60),
    )
    log.resume([call])
    assert log.apply(ended) == ()
    log.use(ReadingRules(phones=(DESK_PHONE,)))
    log.resume([call])
    assert len(log.apply(ended)) == 1
