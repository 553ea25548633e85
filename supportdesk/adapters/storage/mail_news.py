"""Which messages are told one by one: what can be news, and the newest. The rest is told as a heap.

The window keeps the newest messages of an account in memory and reads the others out of mail.db:
100,000 events would only hold it up. What is news is judged as by `services.inbox`, which has the
last word by its ledger.
"""

import sqlite3
from functools import cached_property

from supportdesk.adapters.storage.mail_rows import to_microseconds
from supportdesk.protocols.imap_bulk import PlaceRow
from supportdesk.services.ports import Baseline

NEWEST_TOLD = 2_000

# Walks over an index only; an absent row means that there are fewer.
_UID_FLOOR = (
    "SELECT uid FROM places WHERE account = ? AND mailbox = ? AND uidvalidity = ?"
    " ORDER BY uid DESC LIMIT 1 OFFSET ?"
)
_ARRIVAL_FLOOR = (
    "SELECT arrived_at FROM places WHERE account = ? AND is_main"
    " ORDER BY arrived_at DESC, uid DESC LIMIT 1 OFFSET ?"
)


class NewsRule:
    """The rule for one mailbox at one moment; to be asked within a transaction.

    Without a baseline all that is not among the newest is history.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        place: tuple[str, str, int],
        baseline: Baseline | None,
        newest: int = NEWEST_TOLD,
    ) -> None:
        self._connection = connection
        self._place = place
        self._newest = newest
        self._baseline = baseline
        self._baseline_at = to_microseconds(baseline.at) if baseline else 0

    def matters(self, row: PlaceRow) -> bool:
        """Tell whether the desk has to hear of this message by itself."""
        if self._can_be_news(row[2], row[3], row[12]) or row[12] >= self._arrival_floor:
            return True
        return row[:3] == self._place and row[3] >= self._uid_floor

    @cached_property
    def _uid_floor(self) -> int:
        return self._floor(_UID_FLOOR, (*self._place, self._newest - 1))

    @cached_property
    def _arrival_floor(self) -> int:
        return self._floor(_ARRIVAL_FLOOR, (self._place[0], self._newest - 1))

    def _floor(self, query: str, values: tuple[str | int, ...]) -> int:
        found = self._connection.execute(query, values).fetchone()
        return int(found[0]) if found else 0

    def _can_be_news(self, uidvalidity: int, uid: int, arrived_at: int) -> bool:
        if self._baseline is None:
            return False
        if uidvalidity == self._baseline.uidvalidity:
            return uid >= self._baseline.uidnext
        return arrived_at >= self._baseline_at
