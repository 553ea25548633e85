"""A caller is really heard: the whole app on a desktop with a sound server, which is recorded."""

from pathlib import Path

import pytest

from tests.e2e.desktop_app import DesktopApp
from tests.e2e.running import make_home
from tests.lab.accessibility import act_on
from tests.lab.desktop import DesktopLab, DesktopSettings, Keyring, Notifier
from tests.lab.looks import open_window
from tests.lab.sound_server import Recording, SoundServer, sound_server
from tests.lab.waiting import wait_until

pytestmark = pytest.mark.desktop

_SETTINGS = """
[[phone]]
name = "Door"
kind = "hook"
[alerts]
ring_seconds = 1
volume = 60
sound_device = "headset"
[reading]
nudge = false
"""
_NUMBER = "+420541220018"


def call(app: DesktopApp, turn: str) -> None:
    told = app.run("call", turn, "--from", _NUMBER, "--name", "Pavel Kiss")
    assert told.returncode == 0, told.stderr


def wait_until_heard(recording: Recording) -> None:
    # 60 % of the loudest chime, less what is lost on the way.
    level = 0.8 * 0.6 * 0.9 * 32_767
    wait_until(lambda: recording.loudest() > level, seconds=30, what="the sound")


def wait_until_played(server: SoundServer) -> None:
    """One sound is played at a time, and a chime goes on after it has been heard."""

    def is_played() -> bool:
        # The program behind the names paplay and parec; nothing is recorded now.
        return "pacat" not in server.run("pactl", "list", "short", "clients")

    wait_until(is_played, seconds=30, what="the chime to end")


def test_a_caller_is_heard_on_the_chosen_device_and_so_is_the_button_that_tries_it(
    tmp_path: Path,
) -> None:
    (tmp_path / "sound").mkdir()
    settings = DesktopSettings(keyring=Keyring.NONE, notifier=Notifier.DUNST)
    with DesktopLab(settings) as lab, sound_server(tmp_path / "sound") as server:
        lab.env["PULSE_SERVER"] = server.env["PULSE_SERVER"]
        with DesktopApp(lab, make_home(tmp_path / "home", _SETTINGS)) as app:
            rings(app, server)
            wait_until_played(server)
            open_window(app)
            act_on(lab, role="radio button", name="Settings")
            with server.recording("headset") as headset:
                act_on(lab, role="push button", name="Play one")
                wait_until_heard(headset)


def rings(app: DesktopApp, server: SoundServer) -> None:
    with server.recording("desk") as desk, server.recording("headset") as headset:
        call(app, "ringing")
        wait_until_heard(headset)
        call(app, "answered")
        assert desk.loudest() == 0
