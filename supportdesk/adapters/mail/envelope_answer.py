"""The answer to a FETCH of envelopes, as rows of mail.db: common lines fast, odd ones with care."""

from collections.abc import Callable, Container

from supportdesk.adapters.storage.mail_rows import place_row, summary_of_row
from supportdesk.domain.mail import MessageSummary
from supportdesk.protocols.imap_bulk import BulkReader, PlaceRow
from supportdesk.protocols.imap_envelope import (
    MailboxRole,
    facts_of_envelope,
    facts_of_header,
    summary_of,
)
from supportdesk.protocols.imap_responses import Fetch, Response
from supportdesk.protocols.mailbox_sync import MAX_UID

# Far more than is ever asked for at once; what a server adds to that is not kept.
_MAX_ROWS = 20_000


class EnvelopeReader:
    """Turns FETCH responses of one mailbox into rows."""

    def __init__(self, role: MailboxRole) -> None:
        self._role = role
        self.read_fast = BulkReader(role).read

    def read(self, fetch: Fetch) -> PlaceRow:
        """Read what the fast way leaves alone."""
        if fetch.envelope is not None:
            facts = facts_of_envelope(fetch.envelope, fetch.header or b"")
        else:
            facts = facts_of_header(fetch.header or self._unreadable(fetch.uid))
        return place_row(summary_of(facts, fetch, self._role), is_main=True)

    def _unreadable(self, uid: int | None) -> bytes:
        """Not even its header could be had: it is shown by its number rather than not at all."""
        return (
            f"Message-ID: <{self._role.uidvalidity}.{uid}@unreadable.invalid>\n"
            "Subject: (the mail server could not describe this message)"
        ).encode()


class EnvelopeAnswer:
    """Collects what one command brings.

    Attributes:
        rows: By uid; only of messages that were asked for.
    """

    def __init__(
        self,
        reader: EnvelopeReader,
        heard: Callable[[Response], None],
        wanted: Container[int] | None = None,
    ) -> None:
        self.rows: dict[int, PlaceRow] = {}
        self._reader = reader
        self._read_fast = reader.read_fast
        self._heard = heard
        self._wanted = wanted

    def take(self, raw: bytes) -> bool:
        """Keep a response of the common shape; False leaves it to `hear`."""
        row = self._read_fast(raw)
        if row is None:
            return False
        self._keep(row)
        return True

    def hear(self, response: Response) -> None:
        match response:
            case Fetch(uid=int() as uid, size=int()) if 0 < uid <= MAX_UID:
                self._keep(self._reader.read(response))
            case _:
                self._heard(response)

    def add_unreadable(self, uid: int) -> None:
        if uid not in self.rows:
            self._keep(self._reader.read(Fetch(seq=0, uid=uid)))

    def summary(self, uid: int) -> MessageSummary | None:
        """What was answered of one message."""
        row = self.rows.get(uid)
        return None if row is None else summary_of_row(row)

    def _keep(self, row: PlaceRow) -> None:
        uid = row[3]
        if (self._wanted is None or uid in self._wanted) and len(self.rows) < _MAX_ROWS:
            self.rows[uid] = row
