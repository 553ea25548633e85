from datetime import time, timedelta

from supportdesk.domain.alerts import Reason
from supportdesk.domain.settings import AlertSettings, HoursRange
from supportdesk.services.silence import Silence
from tests.fakes.happenings import after, as_utc

HOUR = 3600.0
# T0 is Saturday 09:00.
SATURDAY = HoursRange(weekdays=(5,), opens=time(9), closes=time(17))
QUIET = (time(19), time(7, 30))


def silence(settings: AlertSettings | None = None) -> Silence:
    return Silence(settings or AlertSettings(), as_utc)


def test_without_settings_alerts_may_always_come() -> None:
    quiet = silence()
    assert quiet.is_open(after(0))
    assert not quiet.is_silent(after(0))
    assert quiet.silent_since(after(0)) is None
    assert quiet.silent_until(after(0)) is None
    assert quiet.next_change(after(0)) is None
    assert quiet.open_deadline(after(0), timedelta(hours=2)) == after(2 * HOUR)


def test_a_pause_is_the_founders_own_word_and_quiet_hours_are_not() -> None:
    quiet = silence(AlertSettings(quiet_hours=QUIET, opening_hours=(SATURDAY,)))
    quiet.pause(after(HOUR), after(0))
    assert [quiet.is_paused(after(at)) for at in (0, HOUR, 11 * HOUR)] == [True, False, False]
    assert quiet.is_silent(after(11 * HOUR))
    assert quiet.opens_at(after(0)) == after(8 * HOUR)


def test_a_pause_ends_by_itself() -> None:
    quiet = silence()
    quiet.pause(after(HOUR), after(0))
    assert quiet.is_silent(after(HOUR - 1))
    assert quiet.silent_since(after(60)) == after(0)
    assert quiet.silent_until(after(60)) == after(HOUR)
    assert quiet.next_change(after(60)) == after(HOUR)
    assert not quiet.is_silent(after(HOUR))


def test_a_pause_of_the_last_run_goes_on() -> None:
    quiet = silence()
    quiet.take_up((after(0), after(HOUR)))
    assert quiet.silent_since(after(60)) == after(0)
    assert not quiet.is_silent(after(HOUR))
    quiet.take_up(None)
    assert not quiet.is_silent(after(60))


def test_a_pause_may_be_ended() -> None:
    quiet = silence()
    quiet.pause(after(HOUR), after(0))
    quiet.resume()
    assert not quiet.is_silent(after(60))


def test_quiet_hours() -> None:
    quiet = silence(AlertSettings(quiet_hours=QUIET))
    assert not quiet.is_silent(after(0))
    assert quiet.next_change(after(0)) == after(10 * HOUR)
    assert quiet.silent_since(after(11 * HOUR)) == after(10 * HOUR)
    assert quiet.silent_until(after(11 * HOUR)) == after(22.5 * HOUR)


def test_a_pause_within_quiet_hours_lasts_as_long_as_both() -> None:
    quiet = silence(AlertSettings(quiet_hours=QUIET))
    quiet.pause(after(12 * HOUR), after(9 * HOUR))
    assert quiet.silent_since(after(11 * HOUR)) == after(9 * HOUR)
    assert quiet.silent_until(after(11 * HOUR)) == after(22.5 * HOUR)
    assert quiet.next_change(after(11 * HOUR)) == after(12 * HOUR)


def test_opening_hours() -> None:
    quiet = silence(AlertSettings(opening_hours=(SATURDAY,)))
    assert quiet.is_open(after(0))
    assert not quiet.is_open(after(8 * HOUR))
    assert quiet.next_change(after(0)) == after(8 * HOUR)
    late = quiet.open_deadline(after(7 * HOUR), timedelta(hours=2))
    assert late == after((7 * 24 + 1) * HOUR)


def test_new_settings_count_at_once() -> None:
    quiet = silence()
    quiet.configure(AlertSettings(quiet_hours=(time(8), time(10))))
    assert quiet.is_silent(after(0))


def test_tomorrow_is_eight_in_the_morning() -> None:
    assert silence().tomorrow(after(0)) == after(23 * HOUR)
    assert silence().tomorrow(after(-8.9 * HOUR)) == after(23 * HOUR)


def test_the_opening_hours_name_the_working_days() -> None:
    assert silence().working_weekdays == frozenset()
    assert silence(AlertSettings(opening_hours=(SATURDAY,))).working_weekdays == {5}


def test_do_not_disturb_is_silence_without_a_known_end() -> None:
    quiet = silence()
    quiet.desktop_is_quiet("dunst", after(0))
    quiet.desktop_is_quiet("dunst", after(30))
    assert quiet.desktop_quiet_by == "dunst"
    assert quiet.is_silent(after(9 * HOUR))
    assert quiet.silent_since(after(60)) == after(0)
    assert quiet.silent_until(after(60)) is None
    assert quiet.next_change(after(60)) is None
    quiet.desktop_is_quiet("", after(90))
    assert not quiet.is_silent(after(90))
    assert quiet.silent_since(after(90)) is None


def test_why_it_is_silent_is_what_the_founder_said_first() -> None:
    quiet = silence(AlertSettings(quiet_hours=QUIET))
    quiet.desktop_is_quiet("Plasma", after(0))
    assert quiet.why_silent(after(0)) is Reason.DO_NOT_DISTURB
    assert quiet.why_silent(after(11 * HOUR)) is Reason.QUIET_HOURS
    quiet.pause(after(12 * HOUR), after(0))
    assert quiet.why_silent(after(11 * HOUR)) is Reason.PAUSED
    assert quiet.silent_until(after(60)) == after(12 * HOUR)
