"""Answers as facts: what is being written, to whom, and what it answers."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import NewType

from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import Mailer, MessageAddress, MessageId

DraftId = NewType("DraftId", str)
"""One for each draft, made with it and never used again."""


class AnswerKind(Enum):
    """What a draft was begun as."""

    REPLY = "reply"
    REPLY_ALL = "reply-all"
    FORWARD = "forward"
    NEW = "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipients:
    """Who gets it. The server is told all of them, the message names those of to and cc."""

    to: tuple[Mailer, ...] = ()
    cc: tuple[Mailer, ...] = ()
    bcc: tuple[Mailer, ...] = ()

    def __iter__(self) -> Iterator[Mailer]:
        yield from self.to
        yield from self.cc
        yield from self.bcc

    def __len__(self) -> int:
        return len(self.to) + len(self.cc) + len(self.bcc)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftFile:
    """A file to go along. It was copied when it was attached: what is sent is what was seen.

    Attributes:
        sha256: Of its bytes, in hex: the name of our copy.
    """

    name: str
    media_type: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is being written.

    Attributes:
        answers: Ledger key of the message that it answers or forwards; empty for a new one.
        references: Message-IDs of the ancestors, oldest first, for its head; the last of them is
            the one that it answers.
        message_id: Its own, made with the draft: a retry is recognised by it.
        sender: Which address of the account it is from, and under what name.
        body: As typed; while `is_formatted`, in the markup of `services/light_markup`.
        cursor: Place in `body`, in characters.
        quote: What is quoted below it, as it will stand there; empty for none.
        base: Ledger keys of the conversation that its writer had in sight.
        copied_to: Where its copy in the Drafts mailbox lies, where the founder wants one.
        changed_at: When it was last kept.
    """

    draft_id: DraftId
    kind: AnswerKind
    account: SourceName
    message_id: MessageId
    sender: Mailer
    changed_at: datetime
    answers: str = ""
    references: tuple[MessageId, ...] = ()
    recipients: Recipients = field(default_factory=Recipients)
    subject: str = ""
    body: str = ""
    cursor: int = 0
    quote: str = ""
    is_formatted: bool = False
    files: tuple[DraftFile, ...] = ()
    base: frozenset[str] = frozenset()
    copied_to: MessageAddress | None = None

    def edited(self, edit: "DraftEdit") -> "Draft":
        """With what the founder has made of it."""
        return replace(
            self,
            sender=edit.sender,
            recipients=edit.recipients,
            subject=edit.subject,
            body=edit.body,
            cursor=edit.cursor,
            quote=edit.quote,
            is_formatted=edit.is_formatted,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftEdit:
    """All that can be typed of a draft, as it stands now; files come and go by themselves."""

    sender: Mailer
    recipients: Recipients
    subject: str
    body: str
    cursor: int
    quote: str = ""
    is_formatted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftVersion:
    """What the text of a draft was before.

    Attributes:
        number: From 1, in the order of time.
        at: When this was the newest.
    """

    number: int
    body: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyHead:
    """The lines of a message's head that an answer to it is made of.

    Attributes:
        message_id: None when it names none, or none that can be referred to.
        references: Message-IDs of its ancestors, oldest first, without its own.
        delivered_to: Addresses by which it came here, whatever To and Cc say.
        date: The Date header; None when it is missing or absurd.
    """

    message_id: MessageId | None
    sender: Mailer
    reply_to: tuple[Mailer, ...] = ()
    to: tuple[Mailer, ...] = ()
    cc: tuple[Mailer, ...] = ()
    delivered_to: tuple[str, ...] = ()
    subject: str = ""
    references: tuple[MessageId, ...] = ()
    date: datetime | None = None
