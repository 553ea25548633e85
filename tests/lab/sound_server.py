"""A real PulseAudio without hardware: what is played on its devices is recorded, and measured."""

import os
import subprocess
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.lab.processes import LabProcess
from tests.lab.waiting import patient, wait_until

DEVICES = {"desk": "Speakers", "headset": "Headset"}


@dataclass(frozen=True, slots=True)
class SoundServer:
    """PulseAudio with two devices; the first is the usual one. `env` leads programs to it."""

    folder: Path
    env: dict[str, str]

    @contextmanager
    def recording(self, device: str) -> Iterator["Recording"]:
        """What comes out of this device meanwhile."""
        made = Recording(self.folder / f"{device}.raw")
        recorder = LabProcess(
            f"parec-{device}",
            [
                *("parec", f"--device={device}.monitor", "--raw", "--format=s16le"),
                *("--channels=1", "--rate=22050", "--latency-msec=20", str(made.file)),
            ],
            log=self.folder / f"parec-{device}.log",
            env=self.env,
        )
        try:
            what = f"{device} to be recorded"
            wait_until(lambda: made.file.exists() and made.samples(), seconds=20, what=what)
            yield made
        finally:
            recorder.stop(seconds=5)

    def run(self, *command: str) -> str:
        return subprocess.run(
            command, env=self.env, capture_output=True, text=True, check=True, timeout=patient(10)
        ).stdout


@dataclass(frozen=True, slots=True)
class Recording:
    """What was recorded so far, as one channel of 16 bits."""

    file: Path

    def samples(self) -> "array[int]":
        raw = self.file.read_bytes()
        return array("h", raw[: len(raw) // 2 * 2])

    def loudest(self) -> int:
        """0 is silence, 32,767 the loudest there is."""
        return max(map(abs, self.samples()), default=0)


@contextmanager
def sound_server(folder: Path) -> Iterator[SoundServer]:
    socket = folder / "native"
    env = {
        **os.environ,
        "HOME": str(folder),
        "XDG_RUNTIME_DIR": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        "PULSE_RUNTIME_PATH": str(folder),
        "PULSE_SERVER": f"unix:{socket}",
    }
    sinks = [
        f"module-null-sink sink_name={name} sink_properties=device.description={label}"
        for name, label in DEVICES.items()
    ]
    process = LabProcess(
        "pulseaudio",
        [
            *("pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"),
            *(f"--load={sink}" for sink in sinks),
            f"--load=module-native-protocol-unix socket={socket} auth-anonymous=1",
        ],
        log=folder / "pulseaudio.log",
        env=env,
    )
    server = SoundServer(folder, env)

    def answers() -> bool:
        asked = subprocess.run(
            ["pactl", "info"], env=env, capture_output=True, check=False, timeout=patient(10)
        )
        return asked.returncode == 0

    try:
        wait_until(answers, seconds=20, what="PulseAudio to answer")
        server.run("pactl", "set-default-sink", next(iter(DEVICES)))
        yield server
    finally:
        process.stop(seconds=5)
