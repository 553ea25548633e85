"""Four short sounds of our own, made when they are played: no theme has to be installed for them.

They differ in melody, not only in pitch, so that they are told apart by ear.
"""

import io
import math
import struct
import wave
from typing import NamedTuple

from supportdesk.domain.alerts import Sound

_RATE = 22_050
_LOUDEST = 0.9
_ATTACK_SECONDS = 0.008


class _Note(NamedTuple):
    hertz: float
    begins: float
    seconds: float


_MELODIES = {
    # Rings twice, like a telephone.
    Sound.CALL: (
        _Note(659.3, 0.0, 0.22),
        _Note(784.0, 0.14, 0.30),
        _Note(659.3, 0.60, 0.22),
        _Note(784.0, 0.74, 0.40),
    ),
    # Falls: somebody has gone.
    Sound.MISSED: (_Note(587.3, 0.0, 0.25), _Note(440.0, 0.18, 0.45)),
    # Rises: something has come.
    Sound.MAIL: (_Note(523.3, 0.0, 0.18), _Note(698.5, 0.12, 0.35)),
    # The same low note twice.
    Sound.TROUBLE: (_Note(329.6, 0.0, 0.22), _Note(329.6, 0.30, 0.35)),
}


def chime(sound: Sound, volume: float) -> bytes:
    """The sound as a WAV file: one channel, 16 bits. `Sound.NONE` is not one.

    Args:
        sound: Which.
        volume: In percent of the loudest. It is in the samples, since not every player has one.
    """
    notes = _MELODIES[sound]
    count = int(max(note.begins + note.seconds for note in notes) * _RATE)
    samples = [0.0] * count
    for note in notes:
        first = int(note.begins * _RATE)
        for at in range(min(int(note.seconds * _RATE), count - first)):
            samples[first + at] += _level(note, at / _RATE)
    top = max(map(abs, samples))
    scale = _LOUDEST * volume / 100 * 32_767 / top
    frames = (round(value * scale) for value in samples)
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(_RATE)
        written.writeframes(struct.pack(f"<{count}h", *frames))
    return file.getvalue()


def _level(note: _Note, seconds: float) -> float:
    """A struck bell: two partials that fade, without a click at either end."""
    fade = math.exp(-5.0 * seconds / note.seconds)
    attack = min(1.0, seconds / _ATTACK_SECONDS)
    release = min(1.0, (note.seconds - seconds) / _ATTACK_SECONDS)
    turn = 2 * math.pi * note.hertz * seconds
    return attack * release * fade * (math.sin(turn) + 0.3 * math.sin(2 * turn))
