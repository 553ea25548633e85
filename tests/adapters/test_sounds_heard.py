"""Sounds that are really heard: by a PulseAudio whose devices are recorded."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.adapters.desktop.sound_devices import SoundDevice, sound_devices
from supportdesk.adapters.desktop.sounds import Played, SoundPlayer
from supportdesk.domain.alerts import Sound
from tests.lab.sound_server import DEVICES, Recording, SoundServer, sound_server

pytestmark = pytest.mark.desktop
PATIENCE = 60_000
QUIET, LOUD = 20, 80


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SoundServer]:
    with sound_server(tmp_path) as started:
        for name, value in started.env.items():
            monkeypatch.setenv(name, value)
        yield started


def played(qtbot: QtBot, player: SoundPlayer) -> Played:
    heard: list[Played] = []
    player.play(Sound.CALL, heard.append)
    qtbot.waitUntil(lambda: bool(heard), timeout=PATIENCE)
    return heard[0]


def is_louder(recording: Recording, level: float) -> bool:
    return recording.loudest() > level


def test_the_chosen_device_plays_as_loud_as_was_chosen(server: SoundServer, qtbot: QtBot) -> None:
    player = SoundPlayer()
    levels = []
    for volume in (QUIET, LOUD):
        player.tune(volume, "headset")
        with server.recording("desk") as desk, server.recording("headset") as headset:
            assert played(qtbot, player) == Played(player="paplay")
            wanted = partial(is_louder, headset, 0.85 * 0.9 * 32_767 * volume / 100)
            qtbot.waitUntil(wanted, timeout=PATIENCE)
            assert desk.loudest() == 0
            levels.append(headset.loudest())
    assert levels[1] / levels[0] == pytest.approx(LOUD / QUIET, rel=0.2)
    # The headset is taken off: it is heard where all else is.
    modules = server.run("pactl", "list", "short", "modules").splitlines()
    number = next(line.split("\t")[0] for line in modules if "sink_name=headset" in line)
    server.run("pactl", "unload-module", number)
    with server.recording("desk") as desk:
        assert played(qtbot, player) == Played(player="paplay", is_elsewhere=True)
        qtbot.waitUntil(lambda: desk.loudest() > 0, timeout=PATIENCE)


def test_what_can_play_is_listed_by_its_name(server: SoundServer) -> None:
    listed = sound_devices()
    assert listed == tuple(SoundDevice(name=name, label=label) for name, label in DEVICES.items())


def test_without_a_server_or_a_way_to_ask_there_is_no_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/none")
    assert sound_devices() == ()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert sound_devices() == ()
    program = tmp_path / "pactl"
    program.write_text('#!/bin/sh\necho \'[{"name": "a"}, {"x": 1}, 2]\'\n')
    program.chmod(0o755)
    assert sound_devices() == (SoundDevice(name="a", label="a"),)
    program.write_text("#!/bin/sh\necho '{}'\n")
    assert sound_devices() == ()
    program.write_text("#!/bin/sh\necho no\n")
    assert sound_devices() == ()
