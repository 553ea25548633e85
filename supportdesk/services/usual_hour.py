"""The hour at which the founder usually begins to read, learned from the log once a day (F68).

A week of the log at a time: of four weeks at once the window would feel the reading.
"""

from datetime import UTC, date, datetime, time, timedelta

from supportdesk.domain.nudge import LEARNED_FROM_DAYS, first_readings, usual_hour
from supportdesk.services.ports import DeskStore

_STEP_DAYS = 7
# In the far east a local day begins in the UTC day before it.
_SLACK_DAYS = 1


class UsualHour:
    """Known for a day after some steps on it."""

    def __init__(self, store: DeskStore) -> None:
        self._store = store
        self._today: date | None = None
        self._read_until = date.min
        self._first: dict[date, int] = {}
        self._hour: time | None = None

    @property
    def hour(self) -> time | None:
        """Local time; None while it is not known, or there is no habit."""
        return self._hour

    def step(self, today: date) -> bool:
        """Read a little more; True once the hour of this day is known."""
        if self._today != today:
            self._today = today
            self._read_until = today - timedelta(days=LEARNED_FROM_DAYS + _SLACK_DAYS)
            self._first = {}
        if self._read_until > today:
            return True
        until = self._read_until + timedelta(days=_STEP_DAYS)
        spans = self._store.spans_between(_midnight(self._read_until), _midnight(until))
        for day, minute in first_readings(spans, today).items():
            self._first[day] = min(minute, self._first.get(day, minute))
        self._read_until = until
        if until <= today:
            return False
        self._hour = usual_hour(self._first.values())
        return True


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
