"""What the desk is told of a mailbox: the messages that matter one by one, the rest as a heap."""

from collections.abc import Iterable

from supportdesk.adapters.storage.mail_batch import MailboxKey
from supportdesk.adapters.storage.mail_cache import Reflagged, Removed, Stored
from supportdesk.domain.events import HistoryStored, MessageChanged, MessageGone, MessagesArrived
from supportdesk.domain.mail import MessageSummary
from supportdesk.services.ports import Clock, Publisher

# One event is folded in at once: more of them would hold up the window.
_TOLD_AT_ONCE = 100


class Telling:
    """Publishes what became of a batch, after it was committed to mail.db."""

    def __init__(self, publisher: Publisher, clock: Clock) -> None:
        self._publisher = publisher
        self._clock = clock

    def stored(self, key: MailboxKey, stored: Stored) -> None:
        self.arrived(stored.arrived)
        self.changed(stored.changed)
        if stored.has_history:
            self.history(key)

    def reflagged(self, key: MailboxKey, reflagged: Reflagged) -> None:
        self.changed(reflagged.changed)
        if reflagged.has_history:
            self.history(key)

    def removed(self, key: MailboxKey, removed: Removed) -> None:
        self.changed(removed.changed)
        for message in removed.gone:
            self._publisher.publish(
                MessageGone(
                    account=message.account,
                    message_id=message.message_id,
                    address=message.address,
                    at=self._clock.now(),
                )
            )
        if removed.has_history:
            self.history(key)

    def arrived(self, messages: tuple[MessageSummary, ...]) -> None:
        for start in range(0, len(messages), _TOLD_AT_ONCE):
            some = messages[start : start + _TOLD_AT_ONCE]
            self._publisher.publish(
                MessagesArrived(account=some[0].account, messages=some, at=self._clock.now())
            )

    def changed(self, messages: Iterable[MessageSummary]) -> None:
        for message in messages:
            self._publisher.publish(MessageChanged(message=message, at=self._clock.now()))

    def history(self, key: MailboxKey) -> None:
        self._publisher.publish(HistoryStored(account=key.account, mailbox=key.mailbox))
