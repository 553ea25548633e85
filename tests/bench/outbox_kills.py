"""Two hundred kills of app, server and wire while answers go out: does each arrive once?"""

import os
import sys
import tempfile
from pathlib import Path

from tests.bench.figures import Figure
from tests.e2e.sending_kills import Blow, Fate, SendingOffice, sending_office

KILLS = 200


def run() -> list[Figure]:
    """With a mail server; takes some twelve minutes. Each run ends with a kill of the app."""
    seed = int.from_bytes(os.urandom(4))
    sys.stderr.write(f"seed {seed}\n")
    with tempfile.TemporaryDirectory() as folder, sending_office(Path(folder), seed) as office:
        for number in range(1, KILLS + 1):
            sys.stderr.write(f"{number}: {office.send_and_be_hit().value}\n")
        fates = office.come_to_rest()
        for fate in fates:
            if not fate.is_fair:
                sys.stderr.write(f"unfair: {fate}\n")
        return figures_of(office, fates)


def figures_of(office: SendingOffice, fates: list[Fate]) -> list[Figure]:
    doubtful = [one for one in fates if one.state == "DOUBTFUL"]
    unsent = [one for one in fates if one.state not in ("DONE", "DOUBTFUL")]
    return [
        *[_figure(f"kills of {blow.value}", office.blows[blow]) for blow in Blow],
        *[_figure(f"met in {state}", count) for state, count in sorted(office.met.items())],
        _figure("messages", len(fates)),
        _figure("sent once, one copy, flagged", sum(_is_whole(one) for one in fates)),
        _figure("visibly unsent", sum(one.is_shown and not one.arrived for one in unsent)),
        _figure("doubtful, and shown", sum(one.is_shown for one in doubtful)),
        _figure("of these arrived", sum(one.arrived for one in doubtful)),
        _figure("arrived twice", sum(one.arrived > 1 for one in fates), "0"),
        _figure("filed twice", sum(one.filed > 1 for one in fates), "0"),
        _figure("neither sent nor shown", sum(not one.is_fair for one in fates), "0"),
    ]


def _is_whole(fate: Fate) -> bool:
    return fate.state == "DONE" and fate.is_fair


def _figure(what: str, count: int, wanted: str = "") -> Figure:
    return Figure(what=what, unit="", ours=float(count), floor=None, wanted=wanted)
