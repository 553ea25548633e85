"""mail.db as the GUI thread sees it: read only, and never an obstacle."""

import sqlite3
from pathlib import Path
from typing import Any

from supportdesk.adapters.storage.mail_batch import SELECT_PLACES
from supportdesk.adapters.storage.mail_database import identity, version_of
from supportdesk.adapters.storage.mail_rows import SELECT_TEXT, summary_of_row, text_of_row
from supportdesk.adapters.storage.mail_schema import VERSION
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId, MessageSummary, MessageText


class MailCacheReader:
    """Read access on the GUI thread; an absent or unreadable cache is an empty one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._identity: tuple[int, int] | None = None

    def newest(self, account: SourceName, limit: int) -> list[MessageSummary]:
        rows = self._rows(
            f"{SELECT_PLACES} WHERE account = ? AND is_main"
            " ORDER BY arrived_at DESC, uid DESC LIMIT ?",
            (account, limit),
        )
        return [summary_of_row(row) for row in rows]

    def text(self, account: SourceName, message_id: MessageId) -> MessageText | None:
        rows = self._rows(SELECT_TEXT, (account, message_id))
        return text_of_row(rows[0]) if rows else None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _rows(self, query: str, values: tuple[str | int, ...]) -> list[tuple[Any, ...]]:
        try:
            connection = self._current()
            return connection.execute(query, values).fetchall() if connection else []
        except sqlite3.Error:
            # The worker sets a broken cache aside; until then there is nothing to show.
            self.close()
            return []

    def _current(self) -> sqlite3.Connection | None:
        found = identity(self._path)
        if found != self._identity:
            self.close()
        if self._connection is None and found is not None:
            # Not mode=ro, which cannot read a WAL database that nobody else has open.
            uri = f"{self._path.absolute().as_uri()}?mode=rw"
            self._connection = sqlite3.connect(uri, uri=True, timeout=1.0, isolation_level=None)
            self._connection.execute("PRAGMA query_only = ON")
            self._identity = found
            if version_of(self._connection) != VERSION:
                self.close()
        return self._connection
