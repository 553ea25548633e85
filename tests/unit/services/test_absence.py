from supportdesk.services.absence import Absence
from tests.fakes.happenings import OFFICE, SUPPORT, after


def test_without_an_absence_nothing_is_caught_up() -> None:
    absence = Absence()
    absence.active(after(0))
    assert absence.since is None
    assert absence.ends_at() is None
    assert not absence.is_catching_up(after(0))
    assert not absence.is_just_over(after(0))


def test_catching_up_ends_a_moment_after_all_were_heard() -> None:
    absence = Absence()
    absence.start(after(-5), after(0), [SUPPORT, OFFICE])
    absence.reported(SUPPORT, after(1))
    assert absence.ends_at() == after(30)
    absence.reported(OFFICE, after(2))
    assert absence.ends_at() == after(4)
    absence.active(after(3))
    assert absence.is_catching_up(after(4))
    assert not absence.is_catching_up(after(5))
    assert absence.is_just_over(after(5))


def test_a_source_that_is_never_heard_holds_nothing_back_for_ever() -> None:
    absence = Absence()
    absence.wake(after(-5), after(0), [SUPPORT])
    absence.active(after(29.9))
    assert absence.is_catching_up(after(29))
    assert not absence.is_catching_up(after(30))


def test_a_source_that_left_the_settings_is_not_waited_for() -> None:
    absence = Absence()
    absence.wake(after(-5), after(0), [SUPPORT, OFFICE])
    absence.reported(SUPPORT, after(0))
    absence.keep([SUPPORT])
    assert absence.ends_at() == after(2)


def test_asleep_nothing_ends_before_it_is_said_to_be_over() -> None:
    absence = Absence()
    absence.fall_asleep(after(0))
    absence.reported(SUPPORT, after(3600))
    absence.active(after(3600))
    assert absence.ends_at() is None
    assert absence.is_catching_up(after(3600))
    assert not absence.is_just_over(after(3600))
    assert not absence.is_heard_anew(OFFICE, after(3600))
    absence.wake(after(0), after(3601), [SUPPORT])
    assert absence.since == after(0)
    assert absence.ends_at() == after(3631)


def test_a_sleep_begins_while_catching_up_on_the_one_before() -> None:
    absence = Absence()
    absence.wake(after(-600), after(0), [SUPPORT])
    absence.fall_asleep(after(1))
    assert absence.ends_at() is None
    assert absence.is_catching_up(after(100))
    absence.wake(after(1), after(7200), [])
    assert absence.ends_at() == after(7202)
    assert absence.since == after(-600)


def test_each_source_is_heard_anew_by_itself() -> None:
    absence = Absence()
    absence.wake(after(-600), after(0), [SUPPORT, OFFICE])
    absence.reported(OFFICE, after(1))
    assert absence.is_heard_anew(OFFICE, after(1))
    assert not absence.is_heard_anew(SUPPORT, after(1))
    assert absence.is_heard_anew(SUPPORT, after(30)), "waiting longer would itself be silence"


def test_the_earliest_beginning_counts() -> None:
    absence = Absence()
    absence.note(after(10))
    absence.note(after(5))
    absence.note(after(20))
    assert absence.since == after(5)


def test_a_short_restart_is_no_long_absence() -> None:
    short, long = Absence(), Absence()
    short.start(after(-599), after(0), [])
    long.start(after(-600), after(0), [])
    assert (short.was_off_for_long, long.was_off_for_long) == (False, True)


def test_only_a_long_or_a_wanted_absence_is_worth_a_digest() -> None:
    absence = Absence()
    assert not absence.is_worth_a_digest(after(0))
    absence.start(after(-30), after(0), [])
    assert not absence.is_worth_a_digest(after(569))
    assert absence.is_worth_a_digest(after(570))
    absence.silence(after(5))
    assert absence.is_worth_a_digest(after(6))
    absence.close()
    assert not absence.is_worth_a_digest(after(6))


def test_caught_up_without_telling_keeps_the_beginning() -> None:
    absence = Absence()
    absence.start(after(-600), after(0), [])
    absence.caught_up()
    assert not absence.was_off_for_long
    assert absence.since == after(-600)
    assert not absence.is_just_over(after(60))


def test_when_it_is_told_it_is_over() -> None:
    absence = Absence()
    absence.wake(after(-5), after(0), [SUPPORT])
    absence.close()
    assert absence.since is None
    assert absence.ends_at() is None
