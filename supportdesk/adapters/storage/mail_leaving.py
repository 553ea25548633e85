"""Messages on their way out of mail.db: gone, or still lying in another watched mailbox."""

import sqlite3
from collections.abc import Iterable, Sequence

from supportdesk.adapters.storage.mail_batch import (
    IN_MAILBOX,
    SELECT_PLACES,
    chunks,
    marks,
    note_changes,
)
from supportdesk.protocols.imap_bulk import PlaceRow

_DELETE_PLACE = f"DELETE FROM places WHERE {IN_MAILBOX} AND uid = ?"  # noqa: S608
_DELETE_TEXT = "DELETE FROM texts WHERE account = ? AND message_id = ?"
_PROMOTE = f"UPDATE places SET is_main = 1, preview = ? WHERE {IN_MAILBOX} AND uid = ?"  # noqa: S608


class Leaving:
    """Takes places out, within a transaction.

    Attributes:
        gone: The messages that lie nowhere any more.
        changed: Those that another place speaks for from now on.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.gone: list[PlaceRow] = []
        self.changed: list[PlaceRow] = []
        self._connection = connection

    def remove(self, rows: Sequence[PlaceRow]) -> None:
        for some in chunks(rows):
            self._remove(some)

    def _remove(self, rows: Sequence[PlaceRow]) -> None:
        self._connection.executemany(_DELETE_PLACE, [row[:4] for row in rows])
        mains = [row for row in rows if row[5]]
        note_changes(self._connection, mains)
        heirs = self._heirs(mains)
        gone = []
        for row in mains:
            heir = heirs.get(row[4])
            if heir is None:
                gone.append(row)
            else:
                self._promote(heir, row)
        self._connection.executemany(_DELETE_TEXT, [(row[0], row[4]) for row in gone])
        self.gone += gone

    def _heirs(self, rows: Sequence[PlaceRow]) -> dict[str, PlaceRow]:
        """Return the oldest of the places where each message still lies."""
        if not rows:
            return {}
        ids = [row[4] for row in rows]
        found: Iterable[PlaceRow] = self._connection.execute(
            f"{SELECT_PLACES} WHERE account = ? AND message_id IN ({marks(ids)}) ORDER BY id DESC",
            (rows[0][0], *ids),
        )
        return {row[4]: row for row in found}

    def _promote(self, heir: PlaceRow, before: PlaceRow) -> None:
        preview = heir[10] or before[10]
        self._connection.execute(_PROMOTE, (preview, *heir[:4]))
        self.changed.append((*heir[:5], 1, *heir[6:10], preview, *heir[11:]))
