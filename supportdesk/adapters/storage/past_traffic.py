"""When something came of a source, as mail.db and desk.db have it; read in a thread of its own.

What we sent ourselves says nothing of whether mail arrives.
"""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from supportdesk.adapters.storage.desk_rows import instant, stored_instant
from supportdesk.domain.calls import Outcome
from supportdesk.domain.health import SourceKind, SourceName
from supportdesk.domain.hours import ToLocal
from supportdesk.domain.quiet import LEARNED_FROM_DAYS, usual_traffic, weight_of_question
from supportdesk.domain.silence import TEST_MAIL, Habit
from supportdesk.protocols.imap_bulk import OURS, SENT_COPY

_MAIL = (
    "SELECT arrived_at FROM places WHERE account = ? AND is_main AND arrived_at >= ?"
    " AND flags & ? = 0 AND message_id NOT LIKE ? ORDER BY arrived_at"
)
_CALLS = (
    "SELECT started_at FROM call WHERE phone = ? AND started_at >= ? AND outcome <> ?"
    " ORDER BY started_at"
)
_CALLED = Outcome.CALLED.name
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def habit_of(
    source: SourceName, kind: SourceKind, path: Path, now: datetime, to_local: ToLocal
) -> Habit:
    """What is usual of a source, by what mail.db or desk.db at this path has of it."""
    came = _came(source, kind, path, now)
    today = to_local(now).date()
    traffic = usual_traffic(came, today, to_local)
    return Habit(
        traffic=traffic,
        question_weight=weight_of_question(came, traffic, to_local),
        newest=came[-1] if came else None,
        today=sum(1 for one in came if to_local(one).date() == today),
    )


def _came(source: SourceName, kind: SourceKind, path: Path, now: datetime) -> list[datetime]:
    """The moments of the last weeks, in order; none where they cannot be read."""
    since = now - timedelta(days=LEARNED_FROM_DAYS + 1)
    try:
        if kind is SourceKind.PHONE:
            return [
                instant(at)
                for at in _column(path, _CALLS, (source, stored_instant(since), _CALLED))
            ]
        micros = (since - _EPOCH) // timedelta(microseconds=1)
        found = _column(path, _MAIL, (source, micros, OURS | SENT_COPY, f"{TEST_MAIL}%"))
    except sqlite3.Error:
        return []
    return [min(now, _EPOCH + timedelta(microseconds=at)) for at in found]


def _column(path: Path, question: str, values: tuple[object, ...]) -> list[Any]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
        return [row[0] for row in database.execute(question, values)]
