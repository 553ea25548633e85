"""Old mail: the ids of all that the inbox does not hold, newest first, without reading it all."""

import sqlite3
from array import array
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from supportdesk.adapters.storage.search_schema import place_of, row_of, seconds_of
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId
from supportdesk.domain.search import OldMail
from supportdesk.protocols.imap_bulk import OURS, SENT_COPY

_FROM_CUSTOMERS = (
    "SELECT id, sent_at, arrived_at FROM places"  # noqa: S608 - only our own numbers
    f" WHERE account = ? AND is_main AND flags & {OURS | SENT_COPY} = 0"
)
_PLACE = "SELECT id FROM places WHERE account = ? AND message_id = ? AND is_main"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What the inbox shows by itself, and the accounts it shows."""

    accounts: Collection[SourceName]
    messages: Collection[tuple[SourceName, MessageId]]


def list_old_mail(mail: sqlite3.Connection, held: Held) -> OldMail:
    """All customers' mail of these accounts that is not held: none twice, none missing."""
    # One look at the file for both: a message that arrives in between would else be in neither.
    mail.execute("BEGIN")
    try:
        skipped = set(_held_places(mail, held))
        rows = [
            row_of(place_id, sent_at, arrived_at)
            for account in held.accounts
            for place_id, sent_at, arrived_at in mail.execute(_FROM_CUSTOMERS, (account,))
            if place_id not in skipped
        ]
    finally:
        mail.execute("ROLLBACK")
    rows.sort(reverse=True)
    return OldMail(
        ids=array("q", map(place_of, rows)),
        times=array("q", map(seconds_of, rows)),
    )


def _held_places(mail: sqlite3.Connection, held: Held) -> Iterable[int]:
    for one in held.messages:
        yield from (place_id for (place_id,) in mail.execute(_PLACE, one))
