"""What mail servers tell of claims, tags and shared notes: events like all (`events.Event`)."""

from dataclasses import dataclass
from datetime import datetime

from supportdesk.domain.errors import Problem
from supportdesk.domain.events import SideTold as SideTold
from supportdesk.domain.mail import MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class MarksSeen(SideTold):
    """All claims that lie in the mailbox now; what is not among them is gone.

    Attributes:
        claims: A message, and a claim on it in its present form.
    """

    claims: frozenset[tuple[MessageId, str]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimSettled(SideTold):
    """A wish of the founder's was carried out, as far as it could be.

    Attributes:
        forms: All claims that are on the message now.
        was_wished: The founder wanted to have it, and not to let go.
        problem: Why nothing was done.
    """

    message_id: MessageId
    forms: tuple[str, ...] = ()
    was_wished: bool = False
    problem: Problem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedNote:
    """An internal note as it lies in the mailbox of notes.

    Attributes:
        about: The message that it was written about.
    """

    note_id: MessageId
    about: MessageId
    by: str
    at: datetime
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotesSeen(SideTold):
    """All notes that lie in the mailbox of notes now; what is not among them is gone."""

    notes: tuple[SharedNote, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteNotShared(SideTold):
    """A note could not be put there, or not be taken back; it is kept here all the same."""

    problem: Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class TagsSeen(SideTold):
    """The tags that lie in a mailbox now.

    Attributes:
        tags: A message, and the name of a tag on it.
        is_whole: These are all; else nothing is said of messages that are not among them.
    """

    mailbox: str
    tags: frozenset[tuple[MessageId, str]] = frozenset()
    is_whole: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TagSettled(SideTold):
    """A tag was set or taken off on the server, as far as it could be.

    Attributes:
        is_on: It is on the message now.
        problem: Why what was wished for could not be done.
        is_final: It is of no use to try again.
    """

    message_id: MessageId
    name: str
    is_on: bool = False
    problem: Problem | None = None
    is_final: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMarkSettled(SideTold):
    """A message that the founder really read was marked so, or could not be.

    Attributes:
        problem: Why it is not marked.
    """

    message_id: MessageId
    problem: Problem | None = None


SideEvent = (
    MarksSeen | ClaimSettled | NotesSeen | NoteNotShared | TagsSeen | TagSettled | ReadMarkSettled
)
