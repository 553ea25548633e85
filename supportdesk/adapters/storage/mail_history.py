"""Old mail: the ids of all that the inbox does not hold, newest first, without reading it all."""

import sqlite3
from array import array
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from supportdesk.adapters.storage.search_schema import MOMENT_SECONDS
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId
from supportdesk.domain.search import OldMail
from supportdesk.protocols.imap_bulk import OURS, SENT_COPY

# Sorted by SQLite, which lets the window go on meanwhile; a sort of Python does not.
_FROM_CUSTOMERS = (
    f"SELECT id, max(0, {MOMENT_SECONDS}) AS moment FROM places"  # noqa: S608 - only our own words
    f" WHERE account IN (%s) AND is_main AND flags & {OURS | SENT_COPY} = 0"
    " ORDER BY moment DESC, id DESC"
)
_PLACE = "SELECT id FROM places WHERE account = ? AND message_id = ? AND is_main"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What the inbox shows by itself, and the accounts it shows."""

    accounts: Collection[SourceName]
    messages: Collection[tuple[SourceName, MessageId]]


def list_old_mail(mail: sqlite3.Connection, held: Held) -> OldMail:
    """All customers' mail of these accounts that is not held: none twice, none missing."""
    ids, times = array("q"), array("q")
    # One look at the file for both: a message that arrives in between would else be in neither.
    mail.execute("BEGIN")
    try:
        skipped = set(_held_places(mail, held))
        marks = ",".join("?" * len(held.accounts))
        for place_id, seconds in mail.execute(_FROM_CUSTOMERS % marks, tuple(held.accounts)):
            if place_id not in skipped:
                ids.append(place_id)
                times.append(seconds)
    finally:
        mail.execute("ROLLBACK")
    return OldMail(ids=ids, times=times)


def _held_places(mail: sqlite3.Connection, held: Held) -> Iterable[int]:
    for one in held.messages:
        yield from (place_id for (place_id,) in mail.execute(_PLACE, one))
