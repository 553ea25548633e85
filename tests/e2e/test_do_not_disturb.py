"""The whole app while do-not-disturb is on: what waits, who breaks through, the digest.

Under dunst, which shows nothing at all then, and under xfce4-notifyd, which shows what is urgent.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.desktop_app import DesktopApp
from tests.e2e.running import make_home
from tests.lab.desktop import DesktopLab, DesktopSettings, Keyring, Notifier
from tests.lab.stopped_notifier import displayed_by_dunst
from tests.lab.waiting import wait_until

pytestmark = pytest.mark.desktop

_SETTINGS = """
[[phone]]
name = "Door"
kind = "hook"
[alerts]
ring_seconds = 1
[reading]
nudge = false
"""
_XFCE_SWITCH = ("xfconf-query", "-c", "xfce4-notifyd", "-p", "/do-not-disturb")
_PATIENCE = 15


@pytest.fixture(params=[Notifier.DUNST, Notifier.XFCE], ids=["dunst", "xfce"])
def lab(request: pytest.FixtureRequest) -> Iterator[DesktopLab]:
    with DesktopLab(DesktopSettings(keyring=Keyring.NONE, notifier=request.param)) as started:
        yield started


@pytest.fixture
def app(lab: DesktopLab, tmp_path: Path) -> Iterator[DesktopApp]:
    with DesktopApp(lab, make_home(tmp_path, _SETTINGS)) as started:
        yield started


def is_dunst(lab: DesktopLab) -> bool:
    return lab.settings.notifier is Notifier.DUNST


def switch(lab: DesktopLab, *, on: bool) -> None:
    """By the program's own control."""
    wanted = "true" if on else "false"
    if is_dunst(lab):
        done = lab.exec("dunstctl", "set-paused", wanted)
    else:
        done = lab.exec(*_XFCE_SWITCH, "-n", "-t", "bool", "-s", wanted)
    assert done.returncode == 0, done.stderr


def call(app: DesktopApp, turn: str, number: str, name: str) -> None:
    told = app.run("call", turn, "--from", number, "--name", name)
    assert told.returncode == 0, told.stderr


def shown(lab: DesktopLab, *, cards: bool = False) -> int:
    """How many alerts are seen: the daemon's, or cards of our own."""
    if is_dunst(lab) and not cards:
        return displayed_by_dunst(lab)
    by = ("--name", "supportdesk alert") if cards else ("--class", "^xfce4-notifyd$")
    return len(lab.exec("xdotool", "search", "--onlyvisible", *by).stdout.split())


def wait_shown(lab: DesktopLab, count: int, *, cards: bool = False) -> None:
    what = f"{count} alerts on the screen"
    wait_until(lambda: shown(lab, cards=cards) == count, seconds=_PATIENCE, what=what)


def wait_for_state(app: DesktopApp, program: str | None) -> None:
    wait_until(
        lambda: (app.status() or {})["do_not_disturb"] == program,
        seconds=_PATIENCE,
        what=f"do-not-disturb in {program}",
    )


def test_alerts_wait_for_the_end_callers_break_through_and_all_of_it_is_said(
    app: DesktopApp, lab: DesktopLab
) -> None:
    program = "dunst" if is_dunst(lab) else "Xfce"
    switch(lab, on=True)
    wait_for_state(app, program)
    app.wait_for_tooltip(f"Alerts wait: do-not-disturb is on in {program}", seconds=_PATIENCE)

    call(app, "missed", "+420541220018", "Pavel Kiss")
    wait_until(
        lambda: "Do-not-disturb was on in the desktop." in app.run("why").stdout,
        seconds=_PATIENCE,
        what="the reason to be kept",
    )
    assert shown(lab) == shown(lab, cards=True) == 0

    # Nobody can take this one: it is seen where the daemon shows nothing as well.
    call(app, "ringing", "+420541220019", "Otto Novak")
    wait_shown(lab, 1, cards=is_dunst(lab))
    call(app, "answered", "+420541220019", "Otto Novak")
    wait_shown(lab, 0, cards=is_dunst(lab))
    assert shown(lab) == 0

    switch(lab, on=False)
    wait_for_state(app, None)
    wait_shown(lab, 1)
    told = app.run("why").stdout
    assert "It is part of the summary after an absence." in told
    assert f"off in {program}" in app.run("doctor").stdout
