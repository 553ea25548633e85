"""How much usually comes in each hour, and how much a silence weighs."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from supportdesk.domain.quiet import UsualTraffic, pace, usual_traffic, weight_of_question

MONDAY = date(2026, 9, 7)


def to_local(at: datetime) -> datetime:
    return at.astimezone(timezone(timedelta(hours=2)))


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=timezone(timedelta(hours=2)))


def arrivals(weeks: int = 8) -> list[datetime]:
    """Each working day four in the hour from ten, two in the one from eleven."""
    found = []
    for day in (MONDAY - timedelta(days=back) for back in range(1, weeks * 7 + 1)):
        if day.weekday() < 5:
            found += [at(day, 10, minute) for minute in (0, 15, 30, 45)]
            found += [at(day, 11, minute) for minute in (0, 30)]
    return found


def test_what_is_usual_is_learned_for_each_hour_of_the_week() -> None:
    traffic = usual_traffic(arrivals(), MONDAY, to_local)
    assert traffic.is_known
    assert traffic.in_hour(at(MONDAY, 10, 20), to_local) == pytest.approx(4)
    assert traffic.in_hour(at(MONDAY, 11), to_local) == pytest.approx(2)
    assert traffic.in_hour(at(MONDAY, 12), to_local) == 0
    assert traffic.in_hour(at(MONDAY + timedelta(days=5), 10), to_local) == 0


def test_a_few_days_teach_nothing_yet() -> None:
    assert not usual_traffic(arrivals(weeks=1), MONDAY, to_local).is_known
    assert not usual_traffic([], MONDAY, to_local).is_known
    assert not UsualTraffic().is_known


def test_days_off_today_and_long_ago_teach_nothing() -> None:
    off = frozenset({MONDAY - timedelta(days=7)})
    odd = [at(MONDAY - timedelta(days=7), 10, 1)] * 50
    old = [at(MONDAY - timedelta(days=70), 10)] * 50
    today = [at(MONDAY, 10)] * 50
    traffic = usual_traffic([*arrivals(), *odd, *old, *today], MONDAY, to_local, off)
    assert traffic.in_hour(at(MONDAY, 10), to_local) == pytest.approx(4)


def test_a_silence_weighs_what_was_to_be_expected_in_it() -> None:
    traffic = usual_traffic(arrivals(), MONDAY, to_local)
    assert traffic.between(at(MONDAY, 10), at(MONDAY, 11, 30), to_local) == pytest.approx(5)
    tuesday = MONDAY + timedelta(days=1)
    assert traffic.between(at(MONDAY, 11, 30), at(tuesday, 10), to_local) == pytest.approx(1)
    next_week = MONDAY + timedelta(days=7)
    assert traffic.between(at(MONDAY, 10), at(next_week, 10), to_local) == pytest.approx(30)
    off = frozenset({tuesday, MONDAY - timedelta(days=30)})
    assert traffic.between(at(MONDAY, 10), at(next_week, 10), to_local, off) == pytest.approx(24)


def test_when_so_much_was_to_be_expected() -> None:
    traffic = usual_traffic(arrivals(), MONDAY, to_local)
    assert traffic.reached_at(at(MONDAY, 9), 5, to_local) == at(MONDAY, 11, 30)
    tuesday = MONDAY + timedelta(days=1)
    assert traffic.reached_at(at(MONDAY, 11, 30), 2, to_local) == at(tuesday, 10, 15)
    off = frozenset({tuesday})
    wednesday = MONDAY + timedelta(days=2)
    assert traffic.reached_at(at(MONDAY, 11, 30), 2, to_local, off) == at(wednesday, 10, 15)
    assert traffic.reached_at(at(MONDAY, 9), 500, to_local) is None
    assert UsualTraffic().reached_at(at(MONDAY, 9), 1, to_local) is None


def test_the_next_busy_moment() -> None:
    traffic = usual_traffic(arrivals(), MONDAY, to_local)
    assert traffic.busy_at(at(MONDAY, 8, 20), 1, to_local) == at(MONDAY, 10)
    assert traffic.busy_at(at(MONDAY, 10, 20), 1, to_local) == at(MONDAY, 10, 20)
    assert traffic.busy_at(at(MONDAY, 10, 20), 100, to_local) is None


def test_a_question_is_asked_of_silences_that_were_rare() -> None:
    seen = arrivals()
    traffic = usual_traffic(seen, MONDAY, to_local)
    assert weight_of_question(seen, traffic, to_local) == 5
    gappy = [one for one in seen if to_local(one).date().day % 3]
    assert 5 <= weight_of_question(gappy, traffic, to_local) <= 9
    # Ten working days with one message each: whole mornings are quiet there.
    rare = [at(MONDAY - timedelta(days=back), 10) for back in range(1, 50, 2)]
    busy = UsualTraffic(by_hour=(2.0,) * 168, days=56)
    assert weight_of_question(rare, busy, to_local) == 9
    assert weight_of_question([], traffic, to_local) == 5


def test_a_slow_day_makes_a_silence_weigh_less_and_a_busy_one_not_more() -> None:
    assert pace(12, 12) == 1
    assert pace(40, 12) == 1
    assert pace(0, 24) == 0.25
    assert pace(0, 0) == 1


def test_the_clock_of_the_zone_counts() -> None:
    traffic = usual_traffic(arrivals(), MONDAY, to_local)
    assert traffic.in_hour(datetime(2026, 9, 7, 8, 30, tzinfo=UTC), to_local) == pytest.approx(4)
