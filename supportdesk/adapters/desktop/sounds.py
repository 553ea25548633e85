"""Sounds of alerts (F40): by the desktop's own notifications where they sound, else by a player.

A daemon that says that it has the capability "sound" is told which of the desktop's sounds to
play, or to play none. Everywhere else one of the small players that systems bring plays a chime of
ours, in a thread with a deadline: a player blocks for as long as the sound server does. How loud
is in the chime itself; which device plays it those players are told that speak to a sound server.
"""

import shutil
import sys
import threading
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from supportdesk.adapters.worker_signals import emit_if_heard
from supportdesk.domain.alerts import Sound

DEADLINE_SECONDS = 10.0
_FILE = "{file}"

SOUND_NAMES = {
    # Sound Naming Specification 0.8, as far as the freedesktop theme has them.
    Sound.CALL: "phone-incoming-call",
    Sound.MISSED: "phone-outgoing-busy",
    Sound.MAIL: "message-new-instant",
    Sound.TROUBLE: "dialog-warning",
}
_PLAYERS = {
    "linux": (
        ("pw-play", _FILE),
        ("paplay", _FILE),
        ("aplay", "-q", _FILE),
    ),
    "darwin": (("afplay", _FILE),),
}
_LOOK = {"linux": " Look whether PipeWire or PulseAudio is running for this session."}
_ON_A_DEVICE = {"pw-play": "--target={}", "paplay": "--device={}"}

Hints = dict[str, tuple[str, object]]
Find = Callable[[str], str | None]


def sound_hints(sound: Sound, capabilities: Set[str]) -> Hints:
    """For Notify: the sound that the alert wants, or silence; nothing where none are played."""
    if "sound" not in capabilities:
        return {}
    if sound is Sound.NONE:
        return {"suppress-sound": ("b", True)}
    return {"sound-name": ("s", SOUND_NAMES[sound])}


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What came of one sound: which player took it, or why nothing was to be heard.

    Attributes:
        is_elsewhere: The device that was wanted did not take it, the usual one did.
    """

    player: str = ""
    why_not: str = ""
    is_elsewhere: bool = False


Done = Callable[[Played], None]


class SoundPlayer(QObject):
    """Plays one sound at a time; one that comes meanwhile is left out, as a burst needs only one.

    Lives on the GUI thread.
    """

    _ended = Signal(object, object)

    def __init__(
        self,
        *,
        find: Find = shutil.which,
        platform: str = sys.platform,
        deadline_seconds: float = DEADLINE_SECONDS,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._find = find
        self._platform = platform
        self._deadline_seconds = deadline_seconds
        self._playing: threading.Thread | None = None
        self._volume = 40.0
        self._device = ""
        self._ended.connect(self._tell)

    @property
    def players(self) -> tuple[str, ...]:
        """Those that this computer has, in the order in which they are tried."""
        if self._platform == "win32":
            return ("Windows",)
        return tuple(command[0] for command in self._commands())

    def tune(self, volume: float, device: str) -> None:
        """From the next sound on: how loud in percent, and what plays it ("" is the usual)."""
        self._volume, self._device = volume, device

    def play(self, sound: Sound, done: Done | None = None) -> None:
        """Returns at once; `done` is called later, once."""
        if sound is Sound.NONE:
            return
        told = done or _nobody
        if self._playing is not None:
            busy = Played(why_not="Another sound was being played.")
            QTimer.singleShot(0, self, lambda: self._ended.emit(told, busy))
            return
        self._playing = threading.Thread(
            target=self._work,
            args=(sound, self._volume, self._device, told),
            name="sound",
            daemon=True,
        )
        self._playing.start()

    @Slot(object, object)
    def _tell(self, done: Done, played: Played) -> None:
        done(played)

    def _commands(self) -> Iterator[tuple[str, ...]]:
        for command in _PLAYERS.get(self._platform, ()):
            if self._find(command[0]) is not None:
                yield command

    # Below, everything runs on the player's thread.

    def _work(self, sound: Sound, volume: float, device: str, done: Done) -> None:
        try:
            played = self._played(sound, volume, device)
        except Exception as error:  # noqa: BLE001 - a sound is never worth a mistake of the app
            played = Played(why_not=f"The sound could not be made: {error}.")
        self._playing = None
        emit_if_heard(self._ended, done, played)

    def _played(self, sound: Sound, volume: float, device: str) -> Played:
        from supportdesk.adapters.desktop.chimes import chime

        wav = chime(sound, volume)
        if self._platform == "win32":
            return _played_by_windows(wav)
        refusals = []
        for command, is_elsewhere in self._tries(device):
            why_not = self._run(command, wav)
            if not why_not:
                return Played(player=command[0], is_elsewhere=is_elsewhere)
            refusals.append(f"{command[0]} {why_not}")
        if refusals:
            whys = "; ".join(dict.fromkeys(refusals))
            return Played(why_not=f"No sound came out: {whys}.{_LOOK.get(self._platform, '')}")
        names = ", ".join(command[0] for command in _PLAYERS.get(self._platform, ()))
        advice = f" Install one of these: {names}." if names else ""
        return Played(why_not=f"This computer has no program that plays sounds.{advice}")

    def _tries(self, device: str) -> Iterator[tuple[tuple[str, ...], bool]]:
        """Commands, and whether they play elsewhere than wanted: a headset may lie in a drawer."""
        if device:
            for program, *rest in self._commands():
                if program in _ON_A_DEVICE:
                    yield (program, _ON_A_DEVICE[program].format(device), *rest), False
        for command in self._commands():
            yield command, bool(device)

    def _run(self, command: tuple[str, ...], wav: bytes) -> str:
        """Why it has not played; empty when it has."""
        import subprocess
        import tempfile
        from pathlib import Path

        with tempfile.TemporaryDirectory(prefix="supportdesk-sound-") as folder:
            file = Path(folder) / "chime.wav"
            file.write_bytes(wav)
            program = self._find(command[0]) or command[0]
            try:
                ended = subprocess.run(  # noqa: S603 - a player of the system, on a file of ours
                    [program, *(str(file) if one == _FILE else one for one in command[1:])],
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                    timeout=self._deadline_seconds,
                    check=False,
                )
            except subprocess.TimeoutExpired:
                return f"did not end within {self._deadline_seconds:g} s"
            except OSError as error:
                return f"could not be started ({error.strerror or error})"
        if ended.returncode == 0:
            return ""
        said = ended.stderr.decode(errors="replace").strip().splitlines()
        return f"ended with {ended.returncode}" + (f" ({said[-1][:120]})" if said else "")


def _played_by_windows(wav: bytes) -> Played:
    if sys.platform == "win32":
        import winsound

        try:
            winsound.PlaySound(wav, winsound.SND_MEMORY | winsound.SND_NODEFAULT)
        except RuntimeError as error:
            return Played(why_not=f"Windows did not play it: {error}.")
        return Played(player="Windows")
    return Played(why_not="Only Windows plays sounds by itself.")


def _nobody(_: Played) -> None:
    pass
