"""Notes, snoozes, labels and claims of a desk together: what stands beside its conversations."""

from datetime import datetime

from supportdesk.domain.hours import ToLocal
from supportdesk.services.claims import Claims
from supportdesk.services.mail_notes import MailNotes
from supportdesk.services.side_store import SideStore
from supportdesk.services.snooze import Snooze
from supportdesk.services.tags import Tags


class SideMarks:
    """Open for reading; what changes the list of the Inbox goes through the desk."""

    def __init__(self, store: SideStore, to_local: ToLocal) -> None:
        self.snooze = Snooze(store, to_local)
        self.notes = MailNotes(store)
        self.tags = Tags(store)
        self.claims = Claims(store)

    def restore(self, now: datetime) -> None:
        """Take up what desk.db has; also after something was deleted there."""
        self.snooze.restore(now)
        self.notes.restore()
        self.tags.restore()
        self.claims.restore()

    def next_due(self, now: datetime) -> datetime | None:
        """When a conversation wakes or a claim expires."""
        moments = (self.snooze.next_due(), self.claims.next_due(now))
        return min((one for one in moments if one is not None), default=None)
