"""What answering needs from the outside: a module of its own, for a quiet tray does without it."""

from datetime import datetime
from typing import Protocol

from supportdesk.domain.answers import Draft, DraftId, DraftVersion
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId
from supportdesk.domain.sending import Outgoing


class AnswerStore(Protocol):
    """Drafts and outgoing messages in desk.db, beside `DeskStore` and never through it.

    That store keeps in memory what the disk does not take, and answers as if it were written; of
    an outgoing message that would be the way to send it twice. So here each call is a commit of
    its own, made when it returns, or a StoreError. Never called within a turn of the desk.
    """

    def save_draft(self, draft: Draft, at: datetime) -> None:
        """Insert or replace; what its text was before stays as a version, now and then."""
        ...

    def draft(self, draft_id: DraftId) -> Draft | None: ...

    def drafts(self) -> list[Draft]:
        """All that can be read, the one changed last first."""
        ...

    def versions(self, draft_id: DraftId) -> list[DraftVersion]:
        """What its text was before, the newest first."""
        ...

    def remove_draft(self, draft_id: DraftId) -> None:
        """And its versions; an unknown one is no error."""
        ...

    def save_outgoing(self, outgoing: Outgoing) -> None:
        """Insert or replace; it is on the disk when this returns, also for a power cut."""
        ...

    def outgoing(self) -> list[Outgoing]:
        """All that are not done and can be read, the oldest first."""
        ...

    def clear_done(self, before: datetime) -> None:
        """Forget those that went out before and are done, and the drafts of all that are done."""
        ...

    def remove_outgoing(self, draft_id: DraftId) -> None:
        """An unknown one is no error."""
        ...

    def learn_keeps_sent(self, account: SourceName, at: datetime, *, keeps: bool) -> None:
        """Whether the account's server files copies in Sent itself."""
        ...

    def keeps_sent(self, account: SourceName) -> bool | None:
        """None where it was never learnt."""
        ...


class ThreadFetcher(Protocol):
    """What an open composer asks of a mail worker. It changes nothing in the mailbox (F11)."""

    def fetch_head(self, message_id: MessageId) -> None:
        """Leads to HeadFetched."""
        ...

    def check_thread(self, token: str) -> None:
        """Leads to ThreadChecked, after all that inbox, Sent and flags have to tell now."""
        ...

    def attend(self, message_id: MessageId | None) -> None:
        """While this one is being answered look often for what colleagues sent; None: no more."""
        ...


class MailSender(Protocol):
    """Sends for one account. Each call returns at once; what became of it comes as an event.

    It never touches desk.db, and tries nothing again by itself.
    """

    def freeze(self, draft: Draft) -> None:
        """Make its wire form. Leads to SendFrozen or SendFailed."""
        ...

    def mark(self, outgoing: Outgoing) -> None:
        """Set our sending mark on the question. Leads to SendMarked or SendFailed."""
        ...

    def unmark(self, outgoing: Outgoing) -> None:
        """Take our mark back, also one of an earlier run. Leads to SendUnmarked or SendFailed."""
        ...

    def send(self, outgoing: Outgoing) -> None:
        """Say all but the last dot. Leads to SendPoised or SendFailed."""
        ...

    def go_on(self, draft_id: DraftId) -> None:
        """Send the dot; POISED is on the disk. Leads to SendAccepted, SendFailed, SendDoubtful.

        When it comes too late nothing is sent, and SendFailed has been told.
        """
        ...

    def give_up(self, draft_id: DraftId) -> None:
        """Stop before the dot; leads to SendFailed. After the dot it does nothing."""
        ...

    def look_for(self, outgoing: Outgoing) -> None:
        """Look for it in Sent and the inbox. Leads to SentLookedFor or SendFailed."""
        ...

    def file(self, outgoing: Outgoing) -> None:
        """Put its copy into Sent unless it lies there. Leads to CopyFiled or SendFailed."""
        ...

    def flag(self, outgoing: Outgoing) -> None:
        """Mark the question as answered. Leads to AnswerFlagged or SendFailed."""
        ...

    def copy_draft(self, draft: Draft) -> None:
        """Put a copy into Drafts in place of the last one. Leads to DraftCopied or SendFailed."""
        ...

    def remove_copy(self, draft: Draft) -> None:
        """Take that copy away. Leads to DraftCopied or SendFailed."""
        ...
