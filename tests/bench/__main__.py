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
    opening,
    search,
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
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(_BENCHES))
    parser.add_argument(
        "--minutes",
        type=float,
        default=idle.DEFAULT_MINUTES,
        help="how long `idle` leaves the tray app alone (%(default)s)",
    )
    options = parser.parse_args()
    benches = _BENCHES | {"idle": partial(idle.run, options.minutes)}
    names = options.names or list(benches)
    unknown = [name for name in names if name not in benches]
    if unknown:
        parser.error(f"no bench is called {unknown[0]}; there are {', '.join(benches)}")
    figures = []
    for name in names:
        sys.stderr.write(f"{name} …\n")
        figures += benches[name]()
    sys.stdout.write(f"{table(figures)}\n")


if __name__ == "__main__":
    main()
