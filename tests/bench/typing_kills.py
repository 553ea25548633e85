"""A hundred kills of the app while an answer is typed into it: how much of the text is lost?"""

import os
import sys
import tempfile
from pathlib import Path

from tests.bench.figures import Figure, percentile
from tests.e2e.typing_kills import MAY_BE_LOST_SECONDS, Killed, typist

KILLS = 100
_WANTED = f"at most {MAY_BE_LOST_SECONDS:g}"


def run() -> list[Figure]:
    """On a lab desktop, with a mail server; takes some ten minutes."""
    seed = int.from_bytes(os.urandom(4))
    sys.stderr.write(f"seed {seed}\n")
    with tempfile.TemporaryDirectory() as folder, typist(Path(folder), seed) as hands:
        killed = []
        for number in range(1, KILLS + 1):
            killed.append(hands.type_and_be_killed())
            sys.stderr.write(f"{number}: {killed[-1]}\n")
    return figures_of(killed)


def figures_of(killed: list[Killed]) -> list[Figure]:
    lost = [one.lost_seconds for one in killed]
    return [
        _figure("kills while typing", "", len(killed), f"{KILLS}"),
        _figure("keys typed", "", sum(one.typed_keys for one in killed), ""),
        _figure("lost at a kill, p50", "s", percentile(lost, 0.5), _WANTED),
        _figure("lost at a kill, p95", "s", percentile(lost, 0.95), _WANTED),
        _figure("lost at a kill, at worst", "s", max(lost), _WANTED),
        _figure("keys lost at worst", "", max(one.lost_keys for one in killed), ""),
        _figure("kept a text that never stood there", "", _count(killed, "is_found"), "0"),
        _figure("text or cursor not back", "", _count(killed, "is_back"), "0"),
    ]


def _count(killed: list[Killed], what: str) -> int:
    """Those of which it is not true."""
    return sum(not getattr(one, what) for one in killed)


def _figure(what: str, unit: str, value: float, wanted: str) -> Figure:
    return Figure(what=what, unit=unit, ours=float(value), floor=None, wanted=wanted)
