"""Delays double, stop at the cap, are shortened by chance, and start over after a success."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from supportdesk.protocols.backoff import Backoff

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


def delays(backoff: Backoff, count: int) -> list[float]:
    return [(backoff.failed(NOW) - NOW).total_seconds() for _ in range(count)]


def test_delays_double_up_to_the_cap() -> None:
    backoff = Backoff(first_seconds=1, cap_seconds=10, chance=lambda: 0.0)
    assert delays(backoff, 6) == [1, 2, 4, 8, 10, 10]
    assert backoff.failures == 6


def test_success_starts_over() -> None:
    backoff = Backoff(chance=lambda: 0.0)
    delays(backoff, 5)
    backoff.succeeded()
    assert backoff.failures == 0
    assert delays(backoff, 2) == [1, 2]


def test_jitter_only_shortens() -> None:
    assert delays(Backoff(jitter=0.5, chance=lambda: 1.0), 3) == [0.5, 1, 2]


def test_first_delay_keeps_to_the_cap() -> None:
    assert delays(Backoff(first_seconds=90, cap_seconds=60, chance=lambda: 0.0), 2) == [60, 60]


@given(failures=st.integers(0, 5000), chance=st.floats(0, 1))
def test_always_between_the_shortened_first_delay_and_the_cap(failures: int, chance: float) -> None:
    backoff = Backoff(chance=lambda: chance)
    delays(backoff, failures)
    assert 0.8 <= delays(backoff, 1)[0] <= 60


def test_a_kind_of_failure_may_ask_for_more_patience() -> None:
    backoff = Backoff(cap_seconds=10, chance=lambda: 0.0)
    waits = [
        (backoff.failed(NOW, at_least_seconds=3, cap_seconds=20) - NOW).total_seconds()
        for _ in range(7)
    ]
    assert waits == [3, 3, 4, 8, 16, 20, 20]
    assert (backoff.failed(NOW, at_least_seconds=900) - NOW).total_seconds() == 900
    assert delays(backoff, 1) == [10]
