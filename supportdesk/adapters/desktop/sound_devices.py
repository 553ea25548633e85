"""What can play sounds, as the sound server (PulseAudio, or PipeWire in its place) lists it."""

import json
import shutil
import subprocess
from dataclasses import dataclass

_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundDevice:
    """`name` is the server's own, `label` what people know it by."""

    name: str
    label: str


def sound_devices() -> tuple[SoundDevice, ...]:
    """None where there is no such server, or nothing to ask it with. Blocks: for a thread."""
    program = shutil.which("pactl")
    if program is None:
        return ()
    try:
        told = subprocess.run(  # noqa: S603 - a program of the system, without input of anybody's
            [program, "--format=json", "list", "sinks"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=True,
        )
        sinks = json.loads(told.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return ()
    return tuple(_devices_in(sinks))


def _devices_in(sinks: object) -> list[SoundDevice]:
    found = []
    for sink in sinks if isinstance(sinks, list) else ():
        name = sink.get("name") if isinstance(sink, dict) else None
        if isinstance(name, str):
            found.append(SoundDevice(name=name, label=str(sink.get("description") or name)))
    return found
