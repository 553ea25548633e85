"""`supportdesk week` around the moments at which calendars are hardest: 30.0 for 30.0.

Each half hour is lived by the real reading clock into a real desk.db, and printed by the program.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.services.log_corrections import LogCorrections
from tests.e2e.running import command, make_home
from tests.fakes.reading_life import Life, reads_thirty_minutes

PRAGUE = ZoneInfo("Europe/Prague")
LOS_ANGELES = ZoneInfo("America/Los_Angeles")
TOKYO = ZoneInfo("Asia/Tokyo")


def _stays(_life: Life, _number: int) -> None:
    """No journey."""


def _flies_west(life: Life, number: int) -> None:
    """From Prague to Los Angeles, nine zones, with an hour and a half between two letters."""
    life.closes()
    life.waits(5400.0)
    life.travels_to(LOS_ANGELES if number == 5 else ZoneInfo(f"Etc/GMT+{2 * number}"))


def _flies_east(life: Life, number: int) -> None:
    if number >= 3:
        life.travels_to(TOKYO)


def _sets_the_clock(life: Life, number: int) -> None:
    """An hour on and more than that back, with nothing open meanwhile."""
    life.closes()
    life.sets_the_clock(3600.0 if number % 2 else -3610.0)


@dataclass(frozen=True, kw_only=True)
class Case:
    """Thirty minutes from a start on, and what each week of them says."""

    start: datetime
    weeks: dict[str, str]
    zone: ZoneInfo = PRAGUE
    between: Callable[[Life, int], None] = _stays
    week_starts: str = "monday"


WHOLE, HALF = "30.0 of 30 minutes", "15.0 of 30 minutes"
CASES = {
    "into summer time": Case(
        start=datetime(2027, 3, 28, 0, 45, tzinfo=UTC), weeks={"2027-W12": WHOLE}
    ),
    "out of summer time": Case(
        start=datetime(2026, 10, 25, 0, 45, tzinfo=UTC), weeks={"2026-W43": WHOLE}
    ),
    "out of summer time, Sunday first": Case(
        start=datetime(2026, 11, 1, 8, 45, tzinfo=UTC),
        zone=LOS_ANGELES,
        week_starts="sunday",
        weeks={"2026-W45": WHOLE, "2026-W44": "0.0 of 30 minutes"},
    ),
    "a flight over nine zones": Case(
        start=datetime(2026, 11, 22, 11, 0, tzinfo=UTC),
        between=_flies_west,
        weeks={"2026-W47": WHOLE, "2026-W48": "0.0 of 30 minutes"},
    ),
    "a flight to the east over Sunday midnight": Case(
        start=datetime(2026, 11, 22, 18, 0, tzinfo=UTC),
        between=_flies_east,
        weeks={"2026-W47": HALF, "2026-W48": HALF},
    ),
    "New Year in week 53": Case(
        start=datetime(2026, 12, 31, 22, 45, tzinfo=UTC), weeks={"2026-W53": WHOLE}
    ),
    "New Year on a Monday": Case(
        start=datetime(2028, 12, 31, 22, 45, tzinfo=UTC),
        weeks={"2028-W52": HALF, "2029-W01": HALF},
    ),
    "Sunday midnight": Case(
        start=datetime(2026, 11, 22, 22, 45, tzinfo=UTC),
        weeks={"2026-W47": HALF, "2026-W48": HALF},
    ),
    "a clock set forward and back": Case(
        start=datetime(2026, 11, 18, 9, 0, tzinfo=UTC),
        between=_sets_the_clock,
        weeks={"2026-W47": WHOLE},
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_thirty_minutes_are_printed_as_thirty(tmp_path: Path, case: Case) -> None:
    home = make_home(tmp_path, f'[reading]\nweek_starts = "{case.week_starts}"\n')
    store = SqliteDeskStore(home / "desk.db")
    life = Life(case.start, case.zone, store)
    reads_thirty_minutes(life, lambda number: case.between(life, number))
    store.close()
    for week, minutes in case.weeks.items():
        answer = command(home, "week", "--week", week)
        assert (answer.returncode, answer.stderr) == (0, "")
        assert answer.stdout.splitlines()[1].startswith(minutes)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"])
def test_they_are_the_same_when_printed_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    home = make_home(tmp_path, '[reading]\nweek_starts = "monday"\n')
    store = SqliteDeskStore(home / "desk.db")
    reads_thirty_minutes(Life(datetime(2026, 11, 22, 22, 15, tzinfo=UTC), PRAGUE, store))
    store.close()
    monkeypatch.setenv("TZ", zone)
    assert WHOLE in command(home, "week", "--week", "2026-W47").stdout


def test_what_was_corrected_and_taken_back_is_thirty_again(tmp_path: Path) -> None:
    home = make_home(tmp_path, '[reading]\nweek_starts = "monday"\n')
    store = SqliteDeskStore(home / "desk.db")
    life = Life(datetime(2026, 11, 18, 9, 0, tzinfo=UTC), PRAGUE, store)
    reads_thirty_minutes(life)
    now = life.moment().now
    hand = LogCorrections(life.log, store, lambda at: at.astimezone(PRAGUE))
    first, second, *_ = life.spans
    hand.set_length(first, 60.0, "the phone rang", now)
    hand.move(second, first.started_at - timedelta(days=7), "last week", now)
    store.close()
    assert "21.0 of 30 minutes" in command(home, "week", "--week", "2026-W47").stdout
    assert "5.0 of 30 minutes" in command(home, "week", "--week", "2026-W46").stdout

    store = SqliteDeskStore(home / "desk.db")
    hand = LogCorrections(life.log, store, lambda at: at.astimezone(PRAGUE))
    assert hand.undo(now) is not None
    assert hand.undo(now) is not None
    assert hand.undo(now) is None
    store.close()
    assert WHOLE in command(home, "week", "--week", "2026-W47").stdout
