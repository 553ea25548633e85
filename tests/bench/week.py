"""Week totals over ten years of spans, out of a real desk.db, and the page that shows them."""

import random
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.domain.reading import DroppedTime, DropRule, Span, SpanKind
from supportdesk.domain.week import WeekId
from supportdesk.services.reading_log import ReadingLog, ReadingRules
from tests.bench.figures import Figure, median_seconds
from tests.bench.week_page import page_figures

_YEARS = 10
_SPANS_A_DAY = 40
_LAST_DAY = datetime(2026, 11, 20, tzinfo=UTC)
_TIMES = 15


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "desk.db"
        store = SqliteDeskStore(path)
        try:
            count = _fill(store)
            return _measure(store, path, count)
        finally:
            store.close()


def _measure(store: SqliteDeskStore, path: Path, count: int) -> list[Figure]:
    def log() -> ReadingLog:
        return ReadingLog(store=store, rules=ReadingRules(), to_local=lambda at: at)

    week = log().week_at(_LAST_DAY)
    years_ago = week.moved(-52 * 5)
    first = week.moved(-11)
    warm = log()
    warm.last_weeks(_LAST_DAY)
    newest = store.spans_between(_LAST_DAY, _LAST_DAY + timedelta(days=1))[:1]

    def after_a_beat() -> object:
        warm.record(newest)
        return warm.last_weeks(_LAST_DAY)

    acts: list[tuple[str, str, Callable[[], object], WeekId, WeekId]] = [
        ("week totals", "under 10 ms", lambda: log().week(week), week, week),
        ("a week 5 years ago", "under 10 ms", lambda: log().week(years_ago), years_ago, years_ago),
        ("12 weeks, first time", "", lambda: log().last_weeks(_LAST_DAY), first, week),
        ("12 weeks, after a beat", "under 8 ms", after_a_beat, week, week),
    ]
    figures = [Figure(what="spans in ten years", unit="", ours=count, floor=None)]
    with closing(sqlite3.connect(path)) as connection:
        for what, wanted, act, earliest, latest in acts:
            figures.append(
                Figure(
                    what=what,
                    unit="ms",
                    ours=median_seconds(act, times=_TIMES) * 1000,
                    floor=_sum_in_sql(connection, earliest, latest) * 1000,
                    wanted=wanted,
                    floor_is="SQL sum over the same rows",
                )
            )
    return [*figures, *page_figures(log, newest, _LAST_DAY)]


def _sum_in_sql(connection: sqlite3.Connection, first: WeekId, last: WeekId) -> float:
    sql = "SELECT kind, sum(counted_seconds) FROM span WHERE started_at BETWEEN ? AND ? GROUP BY 1"
    bounds = (first.earliest_start.isoformat(), last.latest_start.isoformat())
    return median_seconds(lambda: connection.execute(sql, bounds).fetchall(), times=_TIMES)


def _fill(store: SqliteDeskStore) -> int:
    """Ten years of a founder who reads each day; some of it overlaps."""
    chance = random.Random(30)
    count = 0
    for day in range(_YEARS * 365):
        for span in _spans_of(_LAST_DAY - timedelta(days=day), chance):
            store.append_span(span)
            count += 1
    return count


def _spans_of(day: datetime, chance: random.Random) -> list[Span]:
    return [
        Span(
            span_id=str(UUID(int=chance.getrandbits(128))),
            kind=chance.choice((SpanKind.READ, SpanKind.READ, SpanKind.REPLY, SpanKind.TALK)),
            item=f"mail/Support/<{chance.getrandbits(40)}@example.org>",
            label="Ingrid Solheim: Order sheet twice?",
            started_at=day + timedelta(seconds=chance.randrange(6 * 3600, 20 * 3600)),
            utc_offset=timedelta(hours=1),
            counted_seconds=chance.uniform(4, 240),
            dropped=(DroppedTime(rule=DropRule.CAPPED, seconds=chance.uniform(1, 60)),),
        )
        for _ in range(_SPANS_A_DAY)
    ]
