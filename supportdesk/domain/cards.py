"""What a message carries beside its words, shown as cards above or below them."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class InvitationMethod(Enum):
    """What a calendar part wants (RFC 5546, 1.4); OTHER for what is only for information."""

    REQUEST = "request"
    CANCEL = "cancel"
    REPLY = "reply"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A VEVENT of a text/calendar part (RFC 5545).

    Attributes:
        starts_at: Aware; at local midnight of its own zone when `is_all_day`; None when unreadable.
        organizer: A name, else an address, as the calendar part gives it.
        repeats: The rule in words; empty for a single event.
    """

    method: InvitationMethod
    summary: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    is_all_day: bool = False
    place: str = ""
    organizer: str = ""
    repeats: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NestedMessage:
    """A forwarded message (message/rfc822): never mixed with the words around it.

    Attributes:
        section: Its number in the message around it; its attachments have numbers below it.
    """

    sender: str
    subject: str
    sent_at: datetime | None = None
    text: str = ""
    section: str = ""


class Seal(Enum):
    """What protects a message or a part; we name it, and verify or decrypt nothing."""

    PGP_SIGNED = "pgp-signed"
    PGP_ENCRYPTED = "pgp-encrypted"
    SMIME_SIGNED = "smime-signed"
    SMIME_ENCRYPTED = "smime-encrypted"


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedPart:
    """A signed or encrypted part, named for what it is."""

    seal: Seal


Card = Invitation | NestedMessage | SealedPart
