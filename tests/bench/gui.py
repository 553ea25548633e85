"""How long the window is held: while 100,000 mails are listed, scrolled, and new ones come in.

The floor is an empty event loop, and a bare QListView of as many plain lines, in the same process
and the same run. What holds the loop longest is what a founder feels.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from tests.bench.figures import Figure
from tests.bench.gui_mailbox import fill_mailbox, message
from tests.bench.home import make_home
from tests.lab.mail import DovecotLab

MAILS = int(os.environ.get("BENCH_MAILS", "100000"))
_NEW = 100
_FLOORS = ("empty loop", "bare list, wheel")
_NO_SCROLL = ("sync", "open mail", "new mail")


def run() -> list[Figure]:
    with DovecotLab() as lab, tempfile.TemporaryDirectory() as folder:
        address = lab.new_address()
        sys.stderr.write(f"gui: writing {MAILS} mails …\n")
        fill_mailbox(lab, address, MAILS)
        environment = {**make_home(Path(folder), lab, address), "QT_QPA_PLATFORM": "offscreen"}
        environment.pop("DBUS_SESSION_BUS_ADDRESS", None)
        told = list(_drive(environment, lab, address))
    return _figures(told)


def _drive(
    environment: dict[str, str], lab: DovecotLab, address: str
) -> Iterable[dict[str, float | str]]:
    program = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.gui_app", str(MAILS)],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert program.stdout is not None
    try:
        for line in program.stdout:
            if line.strip() == "deliver":
                now = int(time.time())
                lab.deliver(*(message(MAILS + at, now) for at in range(_NEW)), to=address)
                continue
            told = json.loads(line)
            sys.stderr.write(f"gui: {line}")
            yield told
    finally:
        program.kill()
        program.wait()


def _figures(told: Iterable[dict[str, float | str]]) -> list[Figure]:
    by_name = {str(one["name"]): one for one in told}
    empty, bare = (by_name.pop(name) for name in _FLOORS)
    figures = []
    for name, one in by_name.items():
        is_scroll = name not in _NO_SCROLL
        floor = bare if is_scroll else empty
        named = "bare QListView" if is_scroll else "empty event loop"
        for key, words, wanted in (
            ("p99", "input waits, p99", "up to 16 ms"),
            ("longest", "longest hold", "up to 50 ms"),
        ):
            figures.append(
                Figure(
                    what=f"{name}: {words}",
                    unit="ms",
                    ours=float(one[key]),
                    floor=float(floor[key]),
                    wanted=wanted,
                    floor_is=named,
                )
            )
    return figures
