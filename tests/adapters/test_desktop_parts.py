"""Who shows alerts, and whether there is a tray, in words."""

from supportdesk.diagnosis.desktop_parts import (
    alerts_health,
    do_not_disturb_check,
    tray_health,
)
from supportdesk.domain.health import CheckState, PartCheck
from supportdesk.services.ports import PresenterSkill, PresenterState

FULL = PresenterState(
    name="Desktop notifications (dunst)",
    is_available=True,
    can=frozenset({PresenterSkill.CLICK, PresenterSkill.TAKES_BACK}),
)
PLAIN = PresenterState(name="Simple pop-ups", is_available=True)
LOG = PresenterState(name="The log only", is_available=True, is_last_resort=True)


def gone(state: PresenterState, last_error: str = "") -> PresenterState:
    return PresenterState(name=state.name, is_available=False, last_error=last_error)


def test_the_one_in_use_comes_with_what_it_can() -> None:
    health = alerts_health([FULL, PLAIN, LOG])
    assert health.is_good
    assert health.words == "Shown by: Desktop notifications (dunst)"
    assert [(one.name, one.state) for one in health.checks] == [
        ("Desktop notifications (dunst)", CheckState.GOOD),
        ("Simple pop-ups", CheckState.READY),
        ("The log only", CheckState.READY),
    ]
    assert health.checks[0].words == "in use: a click on it opens it, takes it back"
    assert health.notes == ()


def test_one_that_stands_in_is_named_with_what_is_lost() -> None:
    health = alerts_health([gone(FULL, "It did not answer for 1 s."), PLAIN, LOG])
    assert health.is_good
    assert [one.state for one in health.checks] == [
        CheckState.BROKEN,
        CheckState.GOOD,
        CheckState.READY,
    ]
    assert health.checks[1].words == "in use"
    assert health.notes == (
        "It cannot be clicked: the first entry of the tray menu opens the newest alert instead.",
        "Desktop notifications (dunst), last error: It did not answer for 1 s.",
    )


def test_an_error_is_kept_after_it_was_mended() -> None:
    healed = PresenterState(name="A", is_available=True, can=FULL.can, last_error="It was away.")
    health = alerts_health([healed, gone(PLAIN), LOG])
    assert health.notes == ("A, last error: It was away.",)
    assert health.checks[1].state is CheckState.UNKNOWN, "not needed, so nothing to look at"


def test_a_desktop_that_wants_quiet_works_and_is_passed_over() -> None:
    held = PresenterState(name=FULL.name, is_available=False, is_held_back=True, can=FULL.can)
    quiet = tuple(do_not_disturb_check("dunst", is_on=True, breaks_through=True))
    health = alerts_health([held, PLAIN, LOG], quiet)
    assert health.is_good
    assert health.words == "Shown by: Simple pop-ups"
    assert health.checks[0].state is CheckState.READY
    assert health.checks[0].words == "holds back what it gets: do-not-disturb is on in it"
    assert health.checks[-1] == PartCheck(
        name="Do not disturb",
        state=CheckState.READY,
        words="on in dunst: alerts wait for one summary, a caller nobody can take breaks through",
    )


def test_whether_the_desktop_wants_quiet_is_said_as_far_as_it_is_known() -> None:
    (off,) = do_not_disturb_check("Xfce", is_on=False, breaks_through=True)
    assert (off.state, off.words) == (CheckState.GOOD, "off in Xfce")
    (unknown,) = do_not_disturb_check("mako", is_on=None, breaks_through=True)
    assert (unknown.state, unknown.words) == (
        CheckState.UNKNOWN,
        "mako does not tell whether it is on",
    )
    (strict,) = do_not_disturb_check("GNOME", is_on=True, breaks_through=False)
    assert strict.words.endswith("alerts wait for one summary, callers too")
    assert list(do_not_disturb_check("", is_on=None, breaks_through=True)) == []


def test_alerts_that_only_the_log_has_are_not_good() -> None:
    health = alerts_health([gone(FULL), gone(PLAIN), LOG])
    assert not health.is_good
    assert health.problem is not None
    assert health.problem.title == "Nothing on this desktop shows alerts"
    assert not alerts_health([gone(FULL)]).is_good


def test_the_tray_says_by_which_way_or_what_to_install() -> None:
    assert tray_health("StatusNotifier").words == "The icon is in the panel (StatusNotifier)."
    none = tray_health("none")
    assert not none.is_good
    assert none.problem is not None
    assert "AppIndicator" in none.problem.advice
