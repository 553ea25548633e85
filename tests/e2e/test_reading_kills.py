"""A reading session is killed at 200 random moments; each costs five seconds at most."""

import os
import random
import select
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.domain.reading import DropRule, Span
from supportdesk.domain.span_chains import effective
from supportdesk.domain.week import WeekId, weeks_of
from tests.e2e.reading_process import LONGEST_SESSION_SECONDS, NINE
from tests.e2e.running import REPOSITORY

KILLS = 200
MAY_BE_LOST_SECONDS = 5.0
LONGEST_RUN_SECONDS = 0.1
_DEADLINE_SECONDS = 60.0


class Readers:
    """Readers that are forked on demand, one after the other, and what they say."""

    def __init__(self, process: "subprocess.Popen[bytes]", desk: Path) -> None:
        assert process.stdout is not None
        self._process = process
        self._pipe = process.stdout.fileno()
        self._desk = desk
        self._words = b""

    def read_and_be_killed(self, *, seed: int, start: float, seconds: float) -> float:
        """Returns for how many seconds a letter was before the reader when the kill came."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{self._desk} {seed} {start}\n".encode())
        self._process.stdin.flush()
        lines = [self._line_of(b"pid")]
        pid = int(lines[0].split()[1])
        lines.append(self._line_of(b"read"))
        kill_at = time.monotonic() + seconds
        while (left := kill_at - time.monotonic()) > 0:
            if select.select([self._pipe], [], [], left)[0]:
                self._fill()
        os.kill(pid, signal.SIGKILL)
        while b"gone\n" not in self._words:
            self._fill()
        said, self._words = self._words, b""
        numbers = [int(line.split()[1]) for line in said.splitlines() if line.startswith(b"read")]
        assert max(numbers, default=0) < LONGEST_SESSION_SECONDS - 1, "it ended by itself"
        return float(numbers[-1] if numbers else lines[1].split()[1])

    def _line_of(self, beginning: bytes) -> bytes:
        deadline = time.monotonic() + _DEADLINE_SECONDS
        while time.monotonic() < deadline:
            line, end, rest = self._words.partition(b"\n")
            if end and line.startswith(beginning):
                self._words = rest
                return line
            if end:
                self._words = rest
            else:
                self._fill()
        raise TimeoutError(f"no line {beginning!r}")

    def _fill(self) -> None:
        more = os.read(self._pipe, 1 << 20)
        assert more, "the process that forks them has ended"
        self._words += more


@contextmanager
def readers_on(desk: Path) -> Iterator[Readers]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.reading_process"],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        try:
            yield Readers(process, desk)
        finally:
            assert process.stdin is not None
            process.stdin.close()


def spans_in(desk: Path) -> list[Span]:
    store = SqliteDeskStore(desk)
    with closing(store):
        assert store.quick_check() == "ok"
        return store.spans_between(NINE - timedelta(days=1), NINE + timedelta(days=9999))


def counted_in(desk: Path) -> float:
    """Read beside everything else, as another program would."""
    with closing(sqlite3.connect(f"{desk.as_uri()}?mode=ro", uri=True)) as beside:
        ((seconds,),) = beside.execute("SELECT coalesce(sum(counted_seconds), 0) FROM span")
        return float(seconds)


def test_two_hundred_kills_lose_five_seconds_each_at_most_and_the_sum_is_exact(
    tmp_path: Path,
) -> None:
    desk = tmp_path / "desk.db"
    SqliteDeskStore(desk).close()
    seed = int.from_bytes(os.urandom(4))
    chance = random.Random(seed)
    start, counted, read = 0.0, 0.0, 0.0
    losses: list[float] = []
    with readers_on(desk) as readers:
        for _ in range(KILLS):
            seconds = chance.uniform(0.0, LONGEST_RUN_SECONDS)
            before_eyes = readers.read_and_be_killed(
                seed=chance.randrange(1 << 30), start=start, seconds=seconds
            )
            before, counted = counted, counted_in(desk)
            losses.append(before_eyes - (counted - before))
            assert losses[-1] >= 0, f"seed {seed}: more than was read"
            assert losses[-1] <= MAY_BE_LOST_SECONDS, f"seed {seed}, losses {losses}"
            read += before_eyes
            start += before_eyes + 60.0
    spans = spans_in(desk)
    store = SqliteDeskStore(desk)
    assert store.integrity_check() == "ok"
    store.close()
    assert len(spans) == len(effective(spans)) > KILLS / 2, "hardly any was read at all"
    first, last = WeekId.containing(NINE.date()), WeekId.containing(spans[-1].started_at.date())
    weeks = [first]
    while weeks[-1] < last.moved(1):
        weeks.append(weeks[-1].moved(1))
    told = weeks_of(spans, weeks, goal_minutes=30.0)
    assert sum(week.counted_seconds for week in told) == pytest.approx(read - sum(losses))
    assert not {one.rule for week in told for day in week.days for one in day.dropped} - {
        DropRule.SKIMMED
    }
