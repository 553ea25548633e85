"""Which messages are told one by one: what can be news, and the newest. The rest is told as a heap.

The window keeps the newest messages of an account in memory and reads the others out of mail.db:
100,000 events would only hold it up. What is news is judged as by `services.inbox`, which has the
last word by its ledger.
"""

import sqlite3

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
        account, mailbox, self._uidvalidity = place
        self._mailbox = mailbox
        self._baseline = baseline
        self._baseline_at = to_microseconds(baseline.at) if baseline else 0
        found = connection.execute(_UID_FLOOR, (*place, newest - 1)).fetchone()
        self._uid_floor: int = found[0] if found else 0
        found = connection.execute(_ARRIVAL_FLOOR, (account, newest - 1)).fetchone()
        self._arrival_floor: int = found[0] if found else 0

    def matters(self, row: PlaceRow) -> bool:
        """Tell whether the desk has to hear of this message by itself."""
        mailbox, uidvalidity, uid, arrived_at = row[1], row[2], row[3], row[12]
        if arrived_at >= self._arrival_floor:
            return True
        if mailbox == self._mailbox and uidvalidity == self._uidvalidity and uid >= self._uid_floor:
            return True
        return self._can_be_news(uidvalidity, uid, arrived_at)

    def _can_be_news(self, uidvalidity: int, uid: int, arrived_at: int) -> bool:
        if self._baseline is None:
            return False
        if uidvalidity == self._baseline.uidvalidity:
            return uid >= self._baseline.uidnext
        return arrived_at >= self._baseline_at
