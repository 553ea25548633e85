"""A head or a text that somebody waits for, fetched in the mailbox where its message lies."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from supportdesk.adapters.mail.head_fetch import fetch_head
from supportdesk.adapters.mail.imap_link import ImapLink
from supportdesk.adapters.mail.open_mailbox import OpenMailbox
from supportdesk.adapters.mail.other_mailboxes import OtherMailboxes
from supportdesk.adapters.storage.mail_cache import MailCacheWriter
from supportdesk.domain.answers import ReplyHead
from supportdesk.domain.events import MessageTextFetched
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId, MessageSummary
from supportdesk.domain.send_events import HeadFetched
from supportdesk.services.ports import Publisher

T = TypeVar("T")


class InMailboxOf(Protocol):
    """Fetch something of a message with its mailbox open; None where that cannot be opened."""

    def __call__(
        self, message: MessageSummary, fetch: Callable[[OpenMailbox], T | None]
    ) -> T | None: ...


class AskedMessages:
    """On one connection; imported and made when the first one is asked for."""

    def __init__(
        self,
        *,
        link: ImapLink,
        account: SourceName,
        cache: MailCacheWriter,
        publisher: Publisher,
        others: OtherMailboxes,
        in_mailbox_of: InMailboxOf,
    ) -> None:
        self._link = link
        self._account = account
        self._cache = cache
        self._publisher = publisher
        self._others = others
        self._in_mailbox_of = in_mailbox_of

    def send_head(self, message_id: MessageId) -> None:
        message = self._cache.summary(self._account, message_id)
        head: ReplyHead | None = None
        if message is not None:
            uid = message.address.uid
            head = self._in_mailbox_of(
                message, lambda mailbox: fetch_head(self._link, uid, mailbox.sync.heard)
            )
        problem = "" if head else self._why_not(message)
        self._publisher.publish(
            HeadFetched(account=self._account, message_id=message_id, head=head, problem=problem)
        )

    def send_text(self, message_id: MessageId) -> None:
        text = self._cache.text(self._account, message_id)
        problem = ""
        if text is None:
            message = self._cache.summary(self._account, message_id)
            if message is not None:
                known = message
                text = self._in_mailbox_of(known, lambda mailbox: mailbox.fetch_text(known))
            if text is None:
                problem = self._why_not(message)
        self._publisher.publish(
            MessageTextFetched(
                account=self._account, message_id=message_id, text=text, problem=problem
            )
        )

    def _why_not(self, message: MessageSummary | None) -> str:
        other = self._others.named(message.address.mailbox) if message else None
        if other is not None and not other.is_there:
            return f"The server does not open the mailbox “{other.name}” at the moment."
        return "The message is not in the mailbox any more."
