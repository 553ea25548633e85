"""A reading session without a window, to be killed: the real clock, log and desk.db.

    python -m tests.e2e.reading_process

It imports everything once. For each line on standard input, "DESK SEED START", it forks a reader,
answers with its process id and, when that has ended, with "gone". A reader opens letters and beats
once a second of a clock that goes as fast as the disk allows; before each beat it says on standard
output how many seconds it has had a letter before it. One write a line: a kill tears none.
"""

import os
import random
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.domain.reading import Moment
from supportdesk.services.reading_clock import ReadingClock, ReadMessage
from supportdesk.services.reading_log import ReadingLog, ReadingRules

LONGEST_SESSION_SECONDS = 100_000
_LETTER_SECONDS = 300
NINE = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


def main() -> None:
    """Fork a reader for each line, until the input ends."""
    for line in sys.stdin:
        desk, seed, start = line.split()
        child = os.fork()
        if child == 0:
            _read(Path(desk), random.Random(int(seed)), float(start))
            os._exit(0)
        _say(f"pid {child}")
        os.waitpid(child, 0)
        _say("gone")


def _read(desk: Path, chance: random.Random, start: float) -> None:
    log = ReadingLog(store=SqliteDeskStore(desk), rules=ReadingRules(), to_local=_same)
    clock = ReadingClock()
    log.record(clock.attention(None, _moment(start)))
    turn_at = 0.0
    for second in range(LONGEST_SESSION_SECONDS):
        at = _moment(start + second)
        if second >= turn_at:
            turn_at = second + chance.uniform(30, _LETTER_SECONDS)
            key = f"mail/Support/<{start + second}@example.org>"
            _say(f"read {second}")
            log.record(clock.opened(ReadMessage(key=key, label="Carla", words=2000), at))
        else:
            _say(f"read {second}")
            log.record(clock.beat(at))


def _same(at: datetime) -> datetime:
    return at


def _moment(seconds: float) -> Moment:
    return Moment(
        now=NINE + timedelta(seconds=seconds),
        monotonic_seconds=seconds,
        boot_seconds=seconds,
        utc_offset=timedelta(),
    )


def _say(words: str) -> None:
    os.write(1, f"{words}\n".encode())


if __name__ == "__main__":
    main()
