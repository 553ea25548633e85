"""python -m tests.bench.real_reading [WAY...]: a letter of 400 words is open, in real minutes.

Each way has a desktop, a mail server and an app of its own, all at the same time: nobody touches
the letter for half an hour; or for ten minutes the window is minimised, on another workspace,
behind a locked screen, or the process is stopped. What does the reading clock count? Not one of
`python -m tests.bench`, for it takes half an hour.
"""

import argparse
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench.figures import Figure, table
from tests.e2e.reading_app import (
    CAP_SECONDS,
    ReadingApp,
    Screen,
    home_of_reader,
    screen_of,
    seconds_on,
    two_workspaces,
)
from tests.lab.mail import DovecotLab
from tests.lab.waiting import wait_until

HANDS_OFF = "hands-off"
_TWO_MINUTES = 120.0
_HALF_AN_HOUR = 1800.0
_TEN_MINUTES = 600.0
_READ_BEFORE = 20.0
"""Counted before the founder goes away."""
_WANTED_AWAY = "up to 10 s more"
_AWAY: dict[str, Callable[[ReadingApp, Screen], tuple[Callable[[], None], Callable[[], None]]]] = {
    "minimised": lambda _, screen: (screen.minimise_the_window, screen.bring_the_window_back),
    "workspace": lambda _, screen: (
        lambda: screen.go_to_workspace(1),
        screen.come_back_to_the_window,
    ),
    "locked": lambda _, screen: (screen.lock, screen.unlock),
    "stopped": lambda app, _: (
        lambda: app.send(signal.SIGSTOP),
        lambda: app.send(signal.SIGCONT),
    ),
}


def measure(way: str) -> list[Figure]:
    """On a desktop of its own, from an empty home."""
    with (
        DovecotLab() as mail,
        two_workspaces() as lab,
        tempfile.TemporaryDirectory() as folder,
        screen_of(lab, is_locked=False) as screen,
    ):
        user = mail.new_address()
        with ReadingApp(lab, home_of_reader(Path(folder), mail, user)) as app:
            app.opens(mail, user)
            opened = time.monotonic()
            return _hands_off(app, opened) if way == HANDS_OFF else _away(way, app, screen)


def _hands_off(app: ReadingApp, opened: float) -> list[Figure]:
    _wait_until(opened + _TWO_MINUTES)
    told_at, told = _told(app)
    _wait_until(opened + _HALF_AN_HOUR)
    return [
        Figure(
            what="2 minutes hands-off",
            unit="s",
            ours=told,
            floor=told_at - opened,
            wanted="± 2 s",
            floor_is="the time that passed",
        ),
        Figure(
            what="30 minutes hands-off",
            unit="s",
            ours=app.counted(),
            floor=CAP_SECONDS,
            wanted="up to the floor",
            floor_is="the cap of the letter",
        ),
    ]


def _away(way: str, app: ReadingApp, screen: Screen) -> list[Figure]:
    leave, come_back = _AWAY[way](app, screen)
    wait_until(lambda: app.counted() >= _READ_BEFORE, seconds=60, what="some seconds of reading")
    leave()
    time.sleep(1)
    before = app.counted()
    time.sleep(_TEN_MINUTES)
    come_back()
    shown = seconds_on(app.wait_for_pill("counting "))
    return [
        Figure(
            what=f"10 minutes {way}",
            unit="s",
            ours=shown - before,
            floor=None,
            wanted=_WANTED_AWAY,
        )
    ]


def _told(app: ReadingApp) -> tuple[float, float]:
    """The moment at which the pill has just gone to a new second, and that second."""
    was = app.wait_for_pill("counting ")
    while (now := app.pill()) == was:
        pass
    return time.monotonic(), seconds_on(now)


def _wait_until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.monotonic()))


def main() -> None:
    ways = [HANDS_OFF, *_AWAY]
    parser = argparse.ArgumentParser(prog="python -m tests.bench.real_reading", description=__doc__)
    parser.add_argument("ways", nargs="*", metavar="WAY", help=", ".join(ways))
    chosen = parser.parse_args().ways or ways
    unknown = [way for way in chosen if way not in ways]
    if unknown:
        parser.error(f"no way is called {unknown[0]}; there are {', '.join(ways)}")
    if len(chosen) == 1:
        sys.stdout.write(f"{table(measure(chosen[0]))}\n")
        return
    beside = [
        subprocess.Popen([sys.executable, "-m", "tests.bench.real_reading", way]) for way in chosen
    ]
    sys.exit(max(one.wait() for one in beside))


if __name__ == "__main__":
    main()
