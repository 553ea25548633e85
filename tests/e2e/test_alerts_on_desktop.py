"""The whole app with dunst: killed, stopped, without it. What it told stays true on the screen."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.desktop_app import DesktopApp
from tests.e2e.notepad import Notepad
from tests.e2e.running import make_home
from tests.lab.desktop import Component, DesktopLab, DesktopSettings, Keyring, Notifier
from tests.lab.stopped_notifier import displayed_by_dunst, stopped_notifier
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
_CARD = "supportdesk alert"


@pytest.fixture(scope="module")
def lab() -> Iterator[DesktopLab]:
    with DesktopLab(
        DesktopSettings(keyring=Keyring.NONE, notifier=Notifier.DUNST_STOCK)
    ) as started:
        yield started


@pytest.fixture
def app(lab: DesktopLab, tmp_path: Path) -> Iterator[DesktopApp]:
    with DesktopApp(lab, make_home(tmp_path, _SETTINGS)) as started:
        yield started


def wait_displayed(lab: DesktopLab, count: int) -> None:
    wait_until(
        lambda: displayed_by_dunst(lab) == count,
        seconds=60,
        what=f"{count} alerts of dunst",
    )


def wait_until_kept(app: DesktopApp, count: int) -> None:
    """Until the app has noted what stands on the screen: dunst draws before it answers."""
    uri = f"{(app.home / 'desk.db').as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True)) as desk:
        wait_until(
            lambda: desk.execute("SELECT count(*) FROM popup").fetchone() == (count,),
            seconds=60,
            what=f"{count} pop-ups to be noted",
        )


def rings(app: DesktopApp, number: str, name: str) -> None:
    told = app.run("call", "ringing", "--from", number, "--name", name)
    assert told.returncode == 0, told.stderr


def is_answered(app: DesktopApp, number: str) -> None:
    told = app.run("call", "answered", "--from", number, "--by", "Anna")
    assert told.returncode == 0, told.stderr


def doctor(app: DesktopApp) -> str:
    """Only the app that runs knows of what went wrong before."""
    return app.run("doctor").stdout


def cards(lab: DesktopLab) -> list[str]:
    found = lab.exec("xdotool", "search", "--onlyvisible", "--name", _CARD)
    return found.stdout.split()


def wait_for_cards(lab: DesktopLab, count: int) -> None:
    wait_until(lambda: len(cards(lab)) == count, seconds=60, what=f"{count} cards of ours")


def test_after_a_kill_who_still_waits_is_told_by_one_alert_that_works(
    app: DesktopApp, lab: DesktopLab
) -> None:
    rings(app, "+420541220018", "Pavel Kiss")
    wait_displayed(lab, 1)
    wait_until_kept(app, 1)
    app.kill()
    app.start()
    wait_until(
        lambda: '"Pavel Kiss' in lab.exec("dunstctl", "history").stdout,
        seconds=60,
        what="the alert of the killed run to be taken off",
    )
    wait_displayed(lab, 1)
    is_answered(app, "+420541220018")
    wait_displayed(lab, 0)


def test_a_stopped_dunst_and_none_at_all_leave_cards_and_no_ghosts(
    app: DesktopApp, lab: DesktopLab, tmp_path: Path
) -> None:
    rings(app, "+420541220018", "Pavel Kiss")
    wait_displayed(lab, 1)
    with stopped_notifier(lab):
        rings(app, "+420541220019", "Otto Novak")
        wait_for_cards(lab, 1)
        is_answered(app, "+420541220018")
    wait_for_cards(lab, 0)
    wait_displayed(lab, 1)
    assert "   Desktop notifications (dunst), last error: It did not answer" in doctor(app)

    lab.off(Component.NOTIFIER)
    wait_for_cards(lab, 1)
    assert "ok Alerts: Shown by: Cards of supportdesk's own\n" in doctor(app)
    lab.screenshot(tmp_path / "card.png")
    geometry = lab.exec("xdotool", "getwindowgeometry", "--shell", *cards(lab)).stdout
    box = {name: int(value) for name, value in re.findall(r"(\w+)=(\d+)", geometry)}
    assert box["X"] + box["WIDTH"] < 1280
    lab.click(box["X"] + box["WIDTH"] // 3, box["Y"] + 20)
    wait_until(
        lambda: any("supportdesk" in title for title in lab.windows()),
        seconds=60,
        what="the window, by a click on the card",
    )
    wait_for_cards(lab, 0)
    is_answered(app, "+420541220019")
    lab.on(Component.NOTIFIER)
    rings(app, "+420541220020", "Eva Dvorak")
    wait_displayed(lab, 1)
    is_answered(app, "+420541220020")
    wait_displayed(lab, 0)


def test_who_quits_while_dunst_hangs_leaves_no_alert_behind(
    app: DesktopApp, lab: DesktopLab
) -> None:
    with stopped_notifier(lab):
        rings(app, "+420541220021", "Nobody Left")
        wait_for_cards(lab, 1)
        app.stop()
    wait_until(
        lambda: "Nobody Left" in lab.exec("dunstctl", "history").stdout,
        seconds=60,
        what="the alert to be shown too late, and taken off",
    )
    wait_displayed(lab, 0)


def test_cards_take_no_letter_from_who_types_elsewhere(
    app: DesktopApp, lab: DesktopLab, tmp_path: Path
) -> None:
    lab.off(Component.NOTIFIER)
    notepad = Notepad(lab, tmp_path)
    words = "the spelt order went out twice again and the mill will not take it back "
    numbers = [f"+4205412200{number}" for number in (31, 32, 33)]
    for count, number in enumerate(numbers, start=1):
        lab.launch(f"typing-{count}", ["xdotool", "type", "--delay", "30", words])
        rings(app, number, f"Caller {number[-2:]}")
        wait_for_cards(lab, count)
        notepad.wait_for_length(count * len(words))
        assert notepad.text == words * count
    lab.on(Component.NOTIFIER)
    wait_for_cards(lab, 0)
    wait_displayed(lab, 3)
    for number in numbers:
        is_answered(app, number)
    wait_displayed(lab, 0)
