"""What mail servers tell of claims and shared notes; events like all others (`events.Event`)."""

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


SideEvent = MarksSeen | ClaimSettled | NotesSeen | NoteNotShared
