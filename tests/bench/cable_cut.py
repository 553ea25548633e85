"""python -m tests.bench.cable_cut [SECONDS]: the cable to a real Asterisk is cut for five minutes.

One caller gives up meanwhile. How soon does the board say that it does not listen, how soon is it
right again, and what does it then show of the gap? Asked of every Asterisk of the phone lab. Not
one of `python -m tests.bench`, for it takes as long as the cable is cut.
"""

import argparse
import os
import sys
import time
from datetime import timedelta

from PySide6.QtWidgets import QApplication

from tests.bench.figures import Figure, table
from tests.e2e.cable import CutCable, cut_the_cable, wired_stage
from tests.fakes.heard_events import run_for
from tests.lab.asterisk_root import VERSIONS

_SECONDS = 300.0
_WANTED = "up to 10 s"


def run(version: str, seconds: float) -> CutCable:
    with wired_stage(version) as stage:
        until = time.monotonic() + seconds
        return cut_the_cable(stage, lambda: run_for(max(0.0, until - time.monotonic())))


def figures(version: str, cut: CutCable) -> list[Figure]:
    since = cut.snapshot.deaf_since or cut.snapshot.at
    return [
        _figure(f"Asterisk {version}: cut to “not listening”", cut.deaf_at - cut.cut_at, _WANTED),
        _figure(f"Asterisk {version}: back to right", cut.right_at - cut.back_at, _WANTED),
        _figure(f"Asterisk {version}: cut", cut.back_at - cut.cut_at),
        _figure(f"Asterisk {version}: gap shown", cut.snapshot.at - since),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.cable_cut", description=__doc__)
    parser.add_argument("seconds", nargs="?", type=float, default=_SECONDS)
    seconds = parser.parse_args().seconds
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication([])
    measured = []
    for version in VERSIONS:
        sys.stderr.write(f"Asterisk {version}: the cable is cut for {seconds:.0f} s …\n")
        cut = run(version, seconds)
        measured += figures(version, cut)
        sys.stdout.write(
            f"Asterisk {version}, cut:   {'; '.join(cut.said_meanwhile)}\n"
            f"Asterisk {version}, back:  {'; '.join(cut.said_after)}\n"
            f"Asterisk {version}, list:  {', '.join(cut.row)}\n"
        )
    sys.stdout.write(f"{table(measured)}\n")
    app.shutdown()


def _figure(what: str, lasts: timedelta, wanted: str = "") -> Figure:
    return Figure(what=what, unit="s", ours=lasts.total_seconds(), floor=None, wanted=wanted)


if __name__ == "__main__":
    main()
