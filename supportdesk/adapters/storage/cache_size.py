"""Whether the caches are larger than they may be, by a look at the files alone.

For a tray whose window was never shown, where nothing searches and nothing keeps an index.
"""

import contextlib
from datetime import datetime, timedelta
from pathlib import Path

from supportdesk.adapters.attachment_store import AttachmentStore
from supportdesk.domain.events import (
    Event,
    HistoryStored,
    MessagesArrived,
    PartFetched,
    SyncProgressed,
)

_BETWEEN_LOOKS = timedelta(hours=1)


class CacheSize:
    """Looks when the caches may have grown, and not more than once an hour."""

    def __init__(self, mail_db: Path) -> None:
        self._mail_db = mail_db
        self._files = AttachmentStore.beside(mail_db)
        self._looked_at: datetime | None = None

    def is_over(self, event: Event, limit_bytes: int, now: datetime) -> bool:
        """After this event; False for one that brings nothing, and when it was asked lately."""
        if not _has_grown(event):
            return False
        if self._looked_at is not None and now - self._looked_at < _BETWEEN_LOOKS:
            return False
        self._looked_at = now
        return self._bytes() > limit_bytes

    def _bytes(self) -> int:
        total = 0
        for path in (self._mail_db, self._mail_db.with_name("search.db")):
            with contextlib.suppress(OSError):
                total += path.stat().st_size
        with contextlib.suppress(OSError):
            total += self._files.size_bytes()
        return total


def _has_grown(event: Event) -> bool:
    if isinstance(event, SyncProgressed):
        return event.done == event.total
    return isinstance(event, MessagesArrived | HistoryStored | PartFetched)
