from datetime import date

from supportdesk.domain.phone_week import (
    USUAL_RAMP,
    PhoneDay,
    PhoneWeek,
    Ramp,
    monday_of,
    phone_week_key,
)

MONDAY = date(2026, 11, 16)


def test_a_week_has_a_ramp_for_each_day_and_is_off_on_others() -> None:
    key = phone_week_key("Maya", MONDAY)
    week = PhoneWeek(key=key, who="Maya", buddy="Anna", monday=MONDAY, ramp=USUAL_RAMP)
    assert week.key == "phone-week/2026-11-16/maya"
    assert [day.day for day, _ in week.days] == [16, 17, 18, 19, 20, 21, 22]
    assert week.ramp_on(date(2026, 11, 18)) is Ramp.BUDDY
    assert week.ramp_on(date(2026, 11, 23)) is Ramp.OFF


def test_the_week_of_a_day_begins_on_its_monday() -> None:
    assert monday_of(date(2026, 11, 22)) == MONDAY
    assert monday_of(MONDAY) == MONDAY


def test_a_day_without_talks_has_no_minutes() -> None:
    assert PhoneDay(day=MONDAY, ramp=Ramp.LISTEN).talk_seconds == 0
