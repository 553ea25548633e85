from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from supportdesk.domain.hours import EVERY_DAY, Timetable, instant_of, instants_of
from supportdesk.domain.settings import HoursRange

PRAGUE = ZoneInfo("Europe/Prague")
WORKDAYS = (0, 1, 2, 3, 4)
OFFICE_HOURS = HoursRange(weekdays=WORKDAYS, opens=time(9), closes=time(17))
NIGHT = HoursRange(weekdays=EVERY_DAY, opens=time(19), closes=time(7, 30))


def in_prague(moment: datetime) -> datetime:
    return moment.astimezone(PRAGUE)


def table(*ranges: HoursRange) -> Timetable:
    return Timetable(ranges=ranges, to_local=in_prague)


def prague(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=PRAGUE).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "is_inside"),
    [
        (prague(20, 8, 59), False),
        (prague(20, 9), True),
        (prague(20, 16, 59), True),
        (prague(20, 17), False),
        (prague(21, 12), False),
    ],
)
def test_office_hours(moment: datetime, is_inside: bool) -> None:
    assert table(OFFICE_HOURS).contains(moment) is is_inside


@pytest.mark.parametrize(
    ("moment", "since"),
    [
        (prague(20, 18, 59), None),
        (prague(20, 19), prague(20, 19)),
        (prague(21, 3), prague(20, 19)),
        (prague(21, 7, 29), prague(20, 19)),
        (prague(21, 7, 30), None),
    ],
)
def test_a_range_past_midnight(moment: datetime, since: datetime | None) -> None:
    assert table(NIGHT).contains(moment) is (since is not None)
    assert table(NIGHT).running_since(moment) == since


def test_the_next_change_is_over_the_weekend() -> None:
    assert table(OFFICE_HOURS).next_change(prague(20, 12)) == prague(20, 17)
    assert table(OFFICE_HOURS).next_change(prague(20, 17)) == prague(23, 9)
    assert table().next_change(prague(20, 17)) is None


def test_waiting_counts_only_inside_the_hours() -> None:
    two_hours = timedelta(hours=2)
    assert table(OFFICE_HOURS).after(prague(20, 10), two_hours) == prague(20, 12)
    assert table(OFFICE_HOURS).after(prague(20, 16), two_hours) == prague(23, 10)
    assert table(OFFICE_HOURS).after(prague(21, 3), two_hours) == prague(23, 11)
    assert table().after(prague(20, 10), two_hours) is None


def test_overlapping_ranges_do_not_count_twice() -> None:
    lunch = HoursRange(weekdays=WORKDAYS, opens=time(12), closes=time(13))
    late = HoursRange(weekdays=WORKDAYS, opens=time(16), closes=time(18))
    busy = table(OFFICE_HOURS, lunch, late)
    assert busy.after(prague(20, 16), timedelta(hours=3)) == prague(23, 10)


def test_hours_follow_the_wall_clock_over_a_change_of_offset() -> None:
    """Clocks go back on 25 October 2026 and forward on 28 March 2027."""
    whole_week = HoursRange(weekdays=EVERY_DAY, opens=time(9), closes=time(17))
    assert table(whole_week).next_change(prague(24, 18, month=10)) == prague(25, 9, month=10)
    assert instant_of(date(2026, 10, 24), time(9), in_prague).hour == 7
    assert instant_of(date(2026, 10, 25), time(9), in_prague).hour == 8


def test_a_wall_time_that_does_not_exist_is_near_the_gap() -> None:
    found = instant_of(date(2027, 3, 28), time(2, 30), in_prague)
    gap = datetime(2027, 3, 28, 1, 0, tzinfo=UTC)
    assert abs(found - gap) <= timedelta(hours=1)


@pytest.mark.parametrize(
    ("day", "at", "hours"),
    [
        (date(2026, 10, 25), time(2, 30), (0, 1)),
        (date(2026, 10, 25), time(3, 30), (2,)),
        (date(2027, 3, 28), time(2, 30), ()),
        (date(2027, 3, 28), time(3, 30), (1,)),
    ],
)
def test_all_instants_of_a_wall_time(day: date, at: time, hours: tuple[int, ...]) -> None:
    found = instants_of(day, at, in_prague)
    assert found == tuple(datetime.combine(day, time(hour, 30), tzinfo=UTC) for hour in hours)


def test_a_fixed_offset() -> None:
    tokyo = timezone(timedelta(hours=9))
    found = instant_of(date(2026, 11, 21), time(9), lambda moment: moment.astimezone(tokyo))
    assert found == datetime(2026, 11, 21, 0, 0, tzinfo=UTC)
