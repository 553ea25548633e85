"""Conversations that are put off: until when, and what the founder may choose from (F49).

By the wall clock: one whose time came while nothing ran is awake at the next start. What is kept
names the customer's newest message, so whatever they write next is not put off. A row stays after
its time until the founder has opened the message: till then it counts as come back.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from supportdesk.domain.errors import StoreError
from supportdesk.domain.hours import ToLocal, instant_of
from supportdesk.domain.side_marks import Snoozed
from supportdesk.services.side_store import SideStore

_MORNING = time(8, 0)
_LATER_TODAY = timedelta(hours=3)
_LATEST_HOUR = 20
_STEP = timedelta(minutes=15)
_WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class SnoozeChoice:
    """A moment that is offered; `label` does not name it."""

    label: str
    until: datetime


class Snooze:
    """All that are put off. `key` is the ledger key of a customer's message."""

    def __init__(self, store: SideStore, to_local: ToLocal) -> None:
        self._store = store
        self._to_local = to_local
        self._rows: dict[str, Snoozed] = {}
        self._asleep: set[str] = set()

    def restore(self, now: datetime) -> None:
        """Take up what desk.db knows; what fell due while nothing ran is awake."""
        self._rows = {one.key: one for one in self._store.snoozed()}
        self._asleep = {one.key for one in self._rows.values() if one.until > now}

    # --- what is known ------------------------------------------------------------------

    def asleep(self) -> Mapping[str, datetime]:
        """Those that are put off, and until when."""
        return {key: self._rows[key].until for key in self._asleep}

    def come_back(self) -> frozenset[str]:
        """Those whose time has come, and that the founder has not opened since."""
        return frozenset(self._rows.keys() - self._asleep)

    def came_back_since(self, at: datetime | None) -> tuple[str, ...]:
        """Of those, the ones whose time has come after this moment, before which a run was on."""
        back = sorted(self.come_back())
        return tuple(key for key in back if at is None or self._rows[key].until > at)

    def of(self, key: str) -> Snoozed | None:
        return self._rows.get(key)

    def next_due(self) -> datetime | None:
        return min((self._rows[key].until for key in self._asleep), default=None)

    def same_time_again(self, keys: Iterable[str], now: datetime) -> datetime | None:
        """Until when these messages were put off, if a new one has woken their conversation."""
        left = [self._rows[key].until for key in keys if key in self._asleep]
        return max((until for until in left if until > now), default=None)

    def choices(self, now: datetime) -> tuple[SnoozeChoice, ...]:
        """What a menu offers, soonest first."""
        local = self._to_local(now)
        offered = []
        later = _rounded(now + _LATER_TODAY)
        local_later = self._to_local(later)
        if local_later.date() == local.date() and local_later.hour < _LATEST_HOUR:
            offered.append(SnoozeChoice(label="Later today", until=later))
        offered.append(SnoozeChoice(label="Tomorrow morning", until=self._morning(now, 1)))
        to_monday = _WEEK - local.weekday()
        if to_monday not in (1, _WEEK):
            offered.append(SnoozeChoice(label="On Monday", until=self._morning(now, to_monday)))
        offered.append(SnoozeChoice(label="In a week", until=self._morning(now, _WEEK)))
        return tuple(offered)

    # --- changes ------------------------------------------------------------------------

    def put_off(self, key: str, until: datetime, now: datetime) -> None:
        """Raises StoreError; then nothing has changed."""
        row = Snoozed(key=key, until=until, at=now)
        self._store.save_snoozed(row)
        self._rows[key] = row
        self._asleep.add(key)

    def wake(self, key: str) -> None:
        """The founder wants it now, or has opened it after its time."""
        if key in self._rows:
            # A row too much is no harm: it wakes once more at the next start.
            with suppress(StoreError):
                self._store.remove_snoozed(key)
            del self._rows[key]
            self._asleep.discard(key)

    def opened(self, key: str) -> None:
        """The founder has it before them; one that is asleep sleeps on."""
        if key not in self._asleep:
            self.wake(key)

    def due(self, now: datetime) -> tuple[str, ...]:
        """Those whose time has come since the last question."""
        due = tuple(sorted(key for key in self._asleep if self._rows[key].until <= now))
        self._asleep.difference_update(due)
        return due

    def _morning(self, now: datetime, days: int) -> datetime:
        day = self._to_local(now).date() + timedelta(days=days)
        return instant_of(day, _MORNING, self._to_local)


def _rounded(at: datetime) -> datetime:
    """To the next quarter of an hour."""
    past = timedelta(minutes=at.minute, seconds=at.second, microseconds=at.microsecond) % _STEP
    return at if not past else at + (_STEP - past)
