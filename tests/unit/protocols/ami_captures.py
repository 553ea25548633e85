"""Recorded AMI connections of real Asterisks, each with the moment of every packet.

tests/fixtures/ami/README.md says where they come from.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).parents[2] / "fixtures/ami"
VERSIONS = ("22", "16")
_ANSWER_TO_THE_LAB = re.compile(rb"\AResponse: |\r\nActionID: lab-\d+\r\n|\AEvent: FullyBooted")


@dataclass(frozen=True, slots=True)
class Capture:
    """The bytes of one connection, and the seconds after its start of each packet."""

    version: str
    name: str
    data: bytes
    times: tuple[float, ...]

    @property
    def banner(self) -> bytes:
        return self.data.partition(b"\r\n")[0] + b"\r\n"

    def packets(self) -> Iterator[tuple[float, bytes]]:
        """Each packet as it was on the wire, with its time."""
        blocks = self.data[len(self.banner) :].split(b"\r\n\r\n")
        trimmed = [block.lstrip(b"\r\n") for block in blocks[:-1]]
        whole = [block for block in trimmed if block]
        for seconds, block in zip(self.times, whole, strict=True):
            yield seconds, block + b"\r\n\r\n"

    def unasked(self) -> Iterator[tuple[float, bytes]]:
        """What the PBX said of its own accord."""
        for seconds, data in self.packets():
            if not _ANSWER_TO_THE_LAB.search(data):
                yield seconds, data


def capture(version: str, name: str) -> Capture:
    with zipfile.ZipFile(_FOLDER / f"asterisk-{version}.zip") as archive:
        times = archive.read(f"{name}.times").decode().split()
        return Capture(version, name, archive.read(f"{name}.ami"), tuple(map(float, times)))


def names(version: str) -> list[str]:
    with zipfile.ZipFile(_FOLDER / f"asterisk-{version}.zip") as archive:
        return sorted(name[:-4] for name in archive.namelist() if name.endswith(".ami"))


@dataclass(frozen=True, slots=True)
class Expectation:
    """What happened in a recording: turns of calls, and members' states at its end."""

    turns: tuple[str, ...]
    members: str


def expectations() -> dict[str, Expectation]:
    """Read expected.txt, which holds for both Asterisks."""
    found = {}
    for part in (_FOLDER / "expected.txt").read_text().split("== ")[1:]:
        name, *lines = [line for line in part.splitlines() if line and not line.startswith("#")]
        turns = tuple(line for line in lines if not line.startswith(_AT_THE_END))
        ends = [line.removeprefix(_AT_THE_END) for line in lines if line.startswith(_AT_THE_END)]
        found[name] = Expectation(turns, "".join(ends))
    return found


_AT_THE_END = "at the end: "
