from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from supportdesk.domain.nudge import first_readings, usual_hour
from supportdesk.domain.reading import Span, SpanKind
from supportdesk.services.usual_hour import UsualHour
from tests.fakes.stores import MemoryDeskStore

TODAY = date(2026, 11, 20)


def read_at(store: MemoryDeskStore, local: datetime, hours: int = 0) -> None:
    started_at = (local - timedelta(hours=hours)).replace(tzinfo=UTC)
    store.append_span(
        Span(
            span_id=f"{started_at.isoformat()}/{hours}",
            kind=SpanKind.READ,
            item="mail/Support/<1@out.example>",
            label="Question",
            started_at=started_at,
            utc_offset=timedelta(hours=hours),
            counted_seconds=60.0,
        )
    )


def learned(usual: UsualHour, today: date = TODAY) -> time | None:
    """After as many steps as it wants."""
    for _ in range(10):
        if usual.step(today):
            return usual.hour
    raise AssertionError("it never ends")


def morning(back: int, clock: time = time(8, 40)) -> datetime:
    return datetime.combine(TODAY - timedelta(days=back), clock)


def test_it_is_known_after_some_steps_and_then_reads_no_more() -> None:
    store = MemoryDeskStore()
    for back in range(1, 29):
        read_at(store, morning(back))
    usual = UsualHour(store)
    assert not usual.step(TODAY)
    assert usual.hour is None
    assert learned(usual) == time(8, 40)
    store.spans.clear()
    assert usual.step(TODAY)
    assert usual.hour == time(8, 40)


def test_a_new_day_is_learned_anew_with_the_old_hour_until_then() -> None:
    store = MemoryDeskStore()
    for back in range(1, 6):
        read_at(store, morning(back))
    usual = UsualHour(store)
    learned(usual)
    for back in range(1, 6):
        read_at(store, morning(back, time(7, 0)))
    tomorrow = TODAY + timedelta(days=1)
    assert not usual.step(tomorrow)
    assert usual.hour == time(8, 40)
    assert learned(usual, tomorrow) == time(7, 0)


def test_without_a_habit_there_is_no_hour() -> None:
    assert learned(UsualHour(MemoryDeskStore())) is None


@given(
    starts=st.lists(
        st.tuples(st.integers(0, 31), st.integers(0, 24 * 60 - 1), st.integers(-12, 14)),
        max_size=60,
    )
)
def test_in_steps_it_is_the_same_as_at_once(starts: list[tuple[int, int, int]]) -> None:
    store = MemoryDeskStore()
    for back, minute, hours in starts:
        read_at(store, morning(back, time()) + timedelta(minutes=minute), hours)
    at_once = usual_hour(first_readings(store.spans.values(), TODAY).values())
    assert learned(UsualHour(store)) == at_once
