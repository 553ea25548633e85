"""python -m tests.bench [NAME...]: a table of figures beside their floors. Nothing fails by time.

Without a name all of them run, which takes some minutes. No other work should run meanwhile.
"""

import argparse
import sys
from collections.abc import Callable
from functools import partial

from tests.bench import (
    alerts,
    calls,
    gui,
    happenings,
    idle,
    mail_latency,
    mail_sync,
    morning,
    opening,
    outbox_kills,
    search,
    silence_month,
    typing_kills,
    voices,
    week,
)
from tests.bench.figures import Figure, table

_BENCHES: dict[str, Callable[[], list[Figure]]] = {
    "week": week.run,
    "calls": calls.run,
    "mail": mail_latency.run,
    "mail_sync": mail_sync.run,
    "idle": idle.run,
    "alerts": alerts.run,
    "happenings": happenings.run,
    "gui": gui.run,
    "search": search.run,
    "opening": opening.run,
    "morning": morning.run,
    "voices": voices.run,
}
_BY_NAME_ALONE: dict[str, Callable[[], list[Figure]]] = {
    "typing_kills": typing_kills.run,
    "outbox_kills": outbox_kills.run,
    "silence_month": silence_month.run,
}
"""They take minutes, and hold nothing against a floor."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=_all_names())
    parser.add_argument(
        "--minutes",
        type=float,
        default=idle.DEFAULT_MINUTES,
        help="how long `idle` leaves the tray app alone (%(default)s)",
    )
    options = parser.parse_args()
    benches = _BENCHES | {"idle": partial(idle.run, options.minutes)}
    names = options.names or list(benches)
    benches |= _BY_NAME_ALONE
    unknown = [name for name in names if name not in benches]
    if unknown:
        parser.error(f"no bench is called {unknown[0]}; there are {_all_names()}")
    figures = []
    for name in names:
        sys.stderr.write(f"{name} …\n")
        figures += benches[name]()
    sys.stdout.write(f"{table(figures)}\n")


def _all_names() -> str:
    return f"{', '.join(_BENCHES)}; and only by name {', '.join(_BY_NAME_ALONE)}"


if __name__ == "__main__":
    main()
