"""Notes, snoozes, labels and claims of a desk together: what stands beside its conversations."""

from collections.abc import Callable
from datetime import datetime

from supportdesk.domain.hours import ToLocal
from supportdesk.domain.mail import MessageId, mail_key
from supportdesk.domain.side_events import (
    ClaimSettled,
    MarksSeen,
    NotesSeen,
    SideTold,
    TagSettled,
    TagsSeen,
)
from supportdesk.services.claims import ClaimLost, Claims
from supportdesk.services.mail_notes import Heard, MailNotes, nobody_hears
from supportdesk.services.side_store import SideStore
from supportdesk.services.snooze import Snooze
from supportdesk.services.tags import Tags


class SideMarks:
    """Open for reading; what changes the list of the Inbox goes through the desk."""

    def __init__(
        self,
        store: SideStore,
        to_local: ToLocal,
        lies_in: Callable[[str], str] = lambda _item: "",
        noted: Heard = nobody_hears,
    ) -> None:
        """Ask `lies_in` for the mailbox of a message by its ledger key; "" when it is in none.

        `noted` hears of each note before it is kept.
        """
        self._lies_in = lies_in
        self.snooze = Snooze(store, to_local)
        self.notes = MailNotes(store, noted)
        self.tags = Tags(store)
        self.claims = Claims(store)
        self.lost: tuple[ClaimLost, ...] = ()

    def restore(self, now: datetime) -> None:
        """Take up what desk.db has; also after something was deleted there."""
        self.snooze.restore(now)
        self.notes.restore()
        self.tags.restore()
        self.claims.restore()

    def fold(self, event: SideTold, now: datetime) -> bool:
        """Take in what a server told; True when there is something else to be seen."""
        match event:
            case MarksSeen():
                claims = [(mail_key(event.account, one), form) for one, form in event.claims]
                self.lost += self.claims.seen(event.account, claims, now)
            case ClaimSettled():
                self._settled(event, now)
            case NotesSeen():
                return self.notes.seen(event.account, event.notes, self.claims.me)
            case TagsSeen():
                return self._tags_seen(event)
            case TagSettled():
                return self._tag_settled(event)
            case _:
                return False
        return self.claims.have_changed(now)

    def _settled(self, event: ClaimSettled, now: datetime) -> None:
        """What could not be done changes nothing."""
        if event.problem is None:
            item = mail_key(event.account, event.message_id)
            self.lost += self.claims.settled(item, event.forms, now, wished=event.was_wished)

    def _tag_settled(self, event: TagSettled) -> bool:
        return self.tags.settled(
            mail_key(event.account, event.message_id),
            event.name,
            is_on=event.is_on,
            failed=event.problem is not None,
            is_final=event.is_final,
        )

    def _tags_seen(self, event: TagsSeen) -> bool:
        def was_read(item: str) -> bool:
            return event.is_whole and self._lies_in(item) == event.mailbox

        seen = [(mail_key(event.account, one), name) for one, name in event.tags]
        begins = mail_key(event.account, MessageId(""))
        return self.tags.seen(begins, seen, was_read)

    def take_lost(self) -> tuple[ClaimLost, ...]:
        """What others have, that the founder had or wished for, since the last question."""
        lost, self.lost = self.lost, ()
        return lost

    def next_due(self, now: datetime) -> datetime | None:
        """When a conversation wakes or a claim expires."""
        moments = (self.snooze.next_due(), self.claims.next_due(now))
        return min((one for one in moments if one is not None), default=None)
