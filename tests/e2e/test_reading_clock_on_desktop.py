"""The reading clock before a real window: who is away is not counted, who reads is.

The window, its manager, the workspaces, the lock and the stopped process are real; only time is
moved by hand, through the Clock port. In real minutes: `python -m tests.bench.real_reading`.
"""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.reading_app import (
    CAP_SECONDS,
    AppOnLabClock,
    home_of_reader,
    screen_of,
    seconds_on,
    two_workspaces,
)
from tests.lab.desktop import DesktopLab
from tests.lab.mail import DovecotLab
from tests.lab.waiting import wait_until

pytestmark = [pytest.mark.desktop, pytest.mark.dovecot]

TWO_MINUTES = 120.0
TEN_MINUTES = 600.0
HALF_AN_HOUR = 1800.0
MOST_ADDED_SECONDS = 10.0


@pytest.fixture
def lab() -> Iterator[DesktopLab]:
    with two_workspaces() as made:
        yield made


def test_two_minutes_are_two_minutes_and_who_is_away_is_not_counted(
    lab: DesktopLab, dovecot_lab: DovecotLab, tmp_path: Path
) -> None:
    user = dovecot_lab.new_address()
    home = home_of_reader(tmp_path, dovecot_lab, user)
    with screen_of(lab, is_locked=True) as screen, AppOnLabClock(lab, home) as app:
        app.opens(dovecot_lab, user)
        app.wait_for_pill("locked")  # from before there was a window
        app.clock.skip(TEN_MINUTES)
        screen.unlock()
        app.wait_for_pill("first 3 s are free")

        app.clock.go_on(TWO_MINUTES)
        assert seconds_on(app.wait_for_pill("counting (1:59|2:0)")) <= TWO_MINUTES + 2

        def is_away(why: str, leave: Callable[[], None], come_back: Callable[[], None]) -> None:
            """Ten minutes of it: what was read before is there, and no more."""
            leave()
            app.wait_for_pill(why)
            before = app.counted()
            app.clock.skip(TEN_MINUTES)
            come_back()
            shown = seconds_on(app.wait_for_pill("counting "))
            assert abs(before - TWO_MINUTES) <= 2, why
            assert shown <= TWO_MINUTES + MOST_ADDED_SECONDS, why
            assert app.counted() - before <= MOST_ADDED_SECONDS, why

        is_away("window", lambda: screen.go_to_workspace(1), screen.come_back_to_the_window)
        is_away("window", screen.minimise_the_window, screen.bring_the_window_back)
        is_away("locked", screen.lock, screen.unlock)

        before = app.counted()
        app.send(signal.SIGSTOP)
        app.clock.skip(TEN_MINUTES)
        app.send(signal.SIGCONT)
        wait_until(lambda: app.has_dropped("ASLEEP"), seconds=30, what="the gap to be seen")
        assert app.counted() - before <= MOST_ADDED_SECONDS

        app.clock.go_on(CAP_SECONDS)
        app.wait_for_pill("full for this mail")
        app.clock.skip(HALF_AN_HOUR)
        screen.go_to_workspace(1)
        app.wait_for_pill("window")
        assert app.counted() == pytest.approx(CAP_SECONDS, abs=2 + 4 * MOST_ADDED_SECONDS)
        assert app.counted() <= CAP_SECONDS + 0.1
        assert "Traceback" not in app.output()
