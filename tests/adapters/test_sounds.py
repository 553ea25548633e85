"""Sounds: which hints a daemon gets, and a player in a thread that may hang, fail or be missing."""

import io
import threading
import wave
from array import array
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.adapters.desktop.chimes import chime
from supportdesk.adapters.desktop.sounds import Played, SoundPlayer, sound_hints
from supportdesk.domain.alerts import Sound

PATIENCE = 30_000
AUDIBLE = [sound for sound in Sound if sound is not Sound.NONE]


def test_a_daemon_that_sounds_is_told_what_to_play_or_to_be_silent() -> None:
    name = {"sound-name": ("s", "phone-incoming-call")}
    assert sound_hints(Sound.CALL, {"actions", "sound"}) == name
    assert sound_hints(Sound.NONE, {"sound"}) == {"suppress-sound": ("b", True)}
    assert sound_hints(Sound.CALL, {"actions"}) == {}


@pytest.mark.parametrize("sound", AUDIBLE)
def test_each_chime_is_a_short_file_that_any_player_reads(sound: Sound) -> None:
    with wave.open(io.BytesIO(chime(sound, 40))) as read:
        assert (read.getnchannels(), read.getsampwidth()) == (1, 2)
        assert 0.4 < read.getnframes() / read.getframerate() < 1.5
        frames = read.readframes(read.getnframes())
    levels = [abs(int.from_bytes(frames[at : at + 2], "little", signed=True)) for at in (0, -2)]
    assert max(levels[:1]) < 400, "it begins without a click"
    assert len({chime(other, 40) for other in AUDIBLE}) == len(AUDIBLE)
    assert loudest(chime(sound, 80)) == pytest.approx(2 * loudest(chime(sound, 40)), rel=0.01)
    assert loudest(chime(sound, 100)) < 32_767, "nothing is cut off"


def loudest(wav: bytes) -> int:
    with wave.open(io.BytesIO(wav)) as read:
        samples: array[int] = array("h", read.readframes(read.getnframes()))
    return max(map(abs, samples))


def player_that(folder: Path, name: str, does: str) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{does}\n")
    program.chmod(0o755)


def found_in(folder: Path, name: str) -> str | None:
    program = folder / name
    return str(program) if program.exists() else None


def played(qtbot: QtBot, player: SoundPlayer, sound: Sound = Sound.CALL) -> Played:
    heard: list[Played] = []
    player.play(sound, heard.append)
    qtbot.waitUntil(lambda: bool(heard), timeout=PATIENCE)
    return heard[0]


def a_player(folder: Path, deadline_seconds: float = 30.0) -> SoundPlayer:
    return SoundPlayer(
        find=lambda name: found_in(folder, name),
        platform="linux",
        deadline_seconds=deadline_seconds,
    )


def test_the_first_player_that_is_there_gets_the_chime(tmp_path: Path, qtbot: QtBot) -> None:
    kept = tmp_path / "kept.wav"
    player_that(tmp_path, "paplay", f'cp "$1" {kept}')
    player_that(tmp_path, "aplay", "exit 1")
    player = a_player(tmp_path)
    assert player.players == ("paplay", "aplay")
    assert played(qtbot, player) == Played(player="paplay")
    assert kept.read_bytes() == chime(Sound.CALL, 40)
    player.tune(90, "")
    played(qtbot, player)
    assert kept.read_bytes() == chime(Sound.CALL, 90)


def test_a_device_is_named_to_those_players_that_can_choose_one(
    tmp_path: Path, qtbot: QtBot
) -> None:
    asked = tmp_path / "asked"
    for name, fails in (("pw-play", "exit 1"), ("paplay", "exit 0"), ("aplay", "exit 0")):
        player_that(tmp_path, name, f'echo "{name} $1" >> {asked}; {fails}')
    player = a_player(tmp_path)
    player.tune(40, "headset")
    assert played(qtbot, player) == Played(player="paplay")
    assert asked.read_text().split("\n")[:2] == [
        "pw-play --target=headset",
        "paplay --device=headset",
    ]


def test_a_device_that_is_gone_leaves_the_usual_one(tmp_path: Path, qtbot: QtBot) -> None:
    player_that(tmp_path, "paplay", '[ "$1" != --device=headset ]')
    player = a_player(tmp_path)
    player.tune(40, "headset")
    assert played(qtbot, player) == Played(player="paplay", is_elsewhere=True)


def test_a_player_that_refuses_hands_over_to_the_next(tmp_path: Path, qtbot: QtBot) -> None:
    player_that(tmp_path, "pw-play", 'echo "host is down" >&2; exit 3')
    player_that(tmp_path, "aplay", '[ "$1" = -q ] && [ -s "$2" ]')
    assert played(qtbot, a_player(tmp_path)) == Played(player="aplay")
    player_that(tmp_path, "aplay", "exit 1")
    why = played(qtbot, a_player(tmp_path)).why_not
    assert why == (
        "No sound came out: pw-play ended with 3 (host is down); aplay ended with 1. "
        "Look whether PipeWire or PulseAudio is running for this session."
    )


def test_a_hung_player_is_given_up_and_holds_up_nobody(tmp_path: Path, qtbot: QtBot) -> None:
    player_that(tmp_path, "paplay", "exec sleep 600")
    player = a_player(tmp_path, deadline_seconds=0.3)
    heard: list[Played] = []
    threads: list[str] = []
    player.play(Sound.MISSED, heard.append)
    player.play(Sound.MAIL, lambda one: threads.append(threading.current_thread().name))
    assert not heard, "nothing was waited for"
    qtbot.waitUntil(lambda: bool(heard and threads), timeout=PATIENCE)
    assert heard[0].why_not.startswith("No sound came out: paplay did not end within 0.3 s. ")
    assert threads == ["MainThread"]


def test_where_nothing_plays_sounds_that_is_said(tmp_path: Path, qtbot: QtBot) -> None:
    why = played(qtbot, a_player(tmp_path)).why_not
    assert why == (
        "This computer has no program that plays sounds. "
        "Install one of these: pw-play, paplay, aplay."
    )


def test_silence_is_not_played(tmp_path: Path) -> None:
    player_that(tmp_path, "paplay", "exit 0")
    heard: list[Played] = []
    a_player(tmp_path).play(Sound.NONE, heard.append)
    assert not heard
