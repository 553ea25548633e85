"""The mailboxes of an account that we look at, and how far each is synchronised."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from supportdesk.domain.mail import MessageAddress
from supportdesk.protocols.imap_responses import MailboxStatus
from supportdesk.protocols.mailbox_sync import MailboxSync


@dataclass(slots=True)
class WatchedMailbox:
    """A mailbox we look at, and how it looked when we last did.

    Attributes:
        is_there: The server has said so on this connection; else it may only not have been able to.
        looked_at: When it was last opened, in monotonic seconds.
        compared_at: When all of its flags were last compared; only where the server has no
            mod-sequences.
        has_all_texts: Every text that is read ahead has been, or was tried.
    """

    name: str
    is_sent: bool = False
    is_there: bool = False
    status: MailboxStatus | None = None
    known: int = 0
    total: int = 0
    looked_at: float = float("-inf")
    compared_at: float = float("-inf")
    has_all_texts: bool = False
    tried_texts: set[MessageAddress] = field(default_factory=set)

    @property
    def is_complete(self) -> bool:
        return self.known >= self.total

    def note(self, sync: MailboxSync) -> None:
        """Take over how far the open mailbox is."""
        self.total = sync.exists
        self.known = sync.exists if sync.is_complete else min(sync.known_count, sync.exists - 1)


class Progress:
    """Tells the sum over all mailboxes while some of it is missing, and once at the end."""

    def __init__(self) -> None:
        self._told: tuple[int, int] | None = None

    def news(self, watched: Sequence[WatchedMailbox]) -> tuple[int, int] | None:
        """Return (done, total) if that is worth telling."""
        done = sum(one.known for one in watched)
        total = sum(one.total for one in watched)
        if self._told is None or done < total or self._told[0] < self._told[1]:
            self._told = (done, total)
            return self._told
        return None
