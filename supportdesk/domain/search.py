"""What a search finds, and old mail as the list pages through it."""

from array import array
from dataclasses import dataclass, field
from enum import Enum

from supportdesk.domain.mail import NO_MESSAGE_ID, MessageId, MessageSummary, MessageText

Range = tuple[int, int]
"""Start and end in characters of a text (not in UTF-16 units, in which Qt counts)."""


class Found(Enum):
    """Where in a message the words are."""

    SUBJECT = "subject"
    SENDER = "from"
    RECIPIENT = "to"
    TEXT = "text"
    FILE = "attachment"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """A message that has what was looked for.

    Attributes:
        where: Empty when only dates were asked for; RECIPIENT only when it is nowhere else.
        snippet: One line of its text around the first place found, else its first words.
        snippet_marks: What to mark in `snippet`; the other marks are in subject and sender label.
        file: The name of the attachment that was found; empty when none was.
    """

    message: MessageSummary
    where: tuple[Found, ...] = ()
    snippet: str = ""
    snippet_marks: tuple[Range, ...] = ()
    subject_marks: tuple[Range, ...] = ()
    sender_marks: tuple[Range, ...] = ()
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchAnswer:
    """What a search found, newest first.

    Attributes:
        words: As they were typed; the answer to this very question.
        has_more: There are older ones beyond the limit.
        notes: Sentences for the caption: a date that is none, mail that is not yet searched.
    """

    words: str
    hits: tuple[SearchHit, ...] = ()
    has_more: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundMail:
    """A mail that lies where nobody listens, as it was read there."""

    message: MessageSummary
    text: MessageText


@dataclass(frozen=True, slots=True, kw_only=True)
class OldMail:
    """Customers' mail that the inbox does not hold, newest first: 16 bytes a message.

    Attributes:
        ids: For `Acts.cached_messages`; they mean nothing outside of this run.
        times: When each came, in seconds since 1970 UTC.
    """

    ids: "array[int]" = field(default_factory=lambda: array("q"))
    times: "array[int]" = field(default_factory=lambda: array("q"))


def is_searchable(message_id: MessageId) -> bool:
    """A mail server can be asked for it: it stands in the mail, in characters that SEARCH takes."""
    is_plain = message_id.isascii() and message_id.isprintable()
    return is_plain and not message_id.endswith(NO_MESSAGE_ID)
