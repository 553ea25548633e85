"""Everything that can happen, in the past tense. Only these cross from workers to services.

Each is handled by a `match` that ends in `assert_never`, so that a new event is a type error
in every place that forgot it. What is told of answers and of claims has modules of its own, which
come with the first of them: here are what all of those have in common.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from supportdesk.domain.calls import Caller, CallId, Capabilities, Member, MissedReason
from supportdesk.domain.health import SourceHealth, SourceName
from supportdesk.domain.mail import MessageAddress, MessageId, MessageSummary, MessageText


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthChanged:
    """A source began or ceased to be heard, or learned something about its problem."""

    health: SourceHealth


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHeard:
    """Proof of life from a source that is listening; nothing else has changed.

    Attributes:
        is_caught_up: Somebody asked it, and all that came before its answer has been told.
    """

    source: SourceName
    at: datetime
    is_caught_up: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxOpened:
    """A mailbox was opened and its numbers are known (RFC 3501, 7.3).

    It comes before any `MessagesArrived` of that mailbox on each new connection.

    Attributes:
        user: Whose mailbox it is, and `host` where.
    """

    account: SourceName
    mailbox: str
    uidvalidity: int
    uidnext: int
    at: datetime
    user: str = ""
    host: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagesArrived:
    """Messages that `mail.db` did not have, in ascending uid order; old ones are among them."""

    account: SourceName
    messages: tuple[MessageSummary, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageChanged:
    """Flags, preview or address of a known message are new."""

    message: MessageSummary
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageGone:
    """A message left the mailbox: expunged, or moved by a colleague."""

    account: SourceName
    message_id: MessageId
    address: MessageAddress
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageTextFetched:
    """The text of a message that was asked for; `problem` in words when it could not be had."""

    account: SourceName
    message_id: MessageId
    text: MessageText | None
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartProgressed:
    """An attachment that was asked for is on its way; both numbers count encoded bytes."""

    account: SourceName
    message_id: MessageId
    section: str
    done_bytes: int
    total_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PartFetched:
    """An attachment is here whole, decoded.

    Attributes:
        path: The file in our private cache; empty when it could not be had, or was given up.
        problem: Why it could not be had, in words; empty when it was given up by the founder.
    """

    account: SourceName
    message_id: MessageId
    section: str
    path: str
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryStored:
    """`mail.db` has more (or fewer) messages that nobody was told of one by one: old mail."""

    account: SourceName
    mailbox: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncProgressed:
    """Messages synchronised so far; done == total when it is complete."""

    account: SourceName
    done: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneSnapshotTaken:
    """All that is true of a phone system now; what it does not name is gone.

    Attributes:
        members: None when the phone system cannot tell.
        missed_meanwhile: Calls that its counters say were abandoned while we were deaf; None
            where it has no counters.
        deaf_since: Start of the gap that this snapshot ends; None after an unbroken link.
    """

    phone: SourceName
    callers: tuple[Caller, ...]
    members: tuple[Member, ...] | None
    capabilities: Capabilities
    at: datetime
    missed_meanwhile: int | None = None
    deaf_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerJoined:
    """Somebody rings or waits in a queue."""

    caller: Caller
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAnswered:
    """Somebody of the team talks to the caller.

    Attributes:
        by: Name of the member.
        hold_seconds: Queue wait before the answer (AgentConnect HoldTime); 0 when not known.
        number: For a call whose joining was not told; so are `name` and `queue`.
    """

    phone: SourceName
    call_id: CallId
    by: str
    by_interface: str
    hold_seconds: float
    at: datetime
    number: str = ""
    name: str = ""
    queue: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalleeAnswered:
    """Somebody outside has picked up a call that one of the team made; `CallEnded` follows.

    Attributes:
        number: Whom they called.
        by: Name of the member who called.
    """

    phone: SourceName
    call_id: CallId
    number: str
    by: str
    by_interface: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnded:
    """An answered call is over.

    Attributes:
        unheard_seconds: For so long after `at` the phone was not heard: the end lies somewhere
            in that time, and nobody saw where.
    """

    phone: SourceName
    call_id: CallId
    talk_seconds: float
    at: datetime
    unheard_seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CallMissed:
    """The caller's channel ended and nobody had answered.

    Number, name and queue are repeated here: a refused caller never joined.
    """

    phone: SourceName
    call_id: CallId
    number: str
    name: str
    queue: str
    waited_seconds: float
    reason: MissedReason
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberChanged:
    """A member is new or has a new state."""

    phone: SourceName
    member: Member
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLeft:
    """A member logged out of the last queue that we watch."""

    phone: SourceName
    interface: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DialProgressed:
    """How a Take call or Call back of ours goes, as a plain sentence.

    Attributes:
        call_id: The waiting call for Take; None for Call back.
        is_over: No more progress will come.
        has_failed: True when the sentence is a reason for failure.
    """

    phone: SourceName
    call_id: CallId | None
    number: str
    words: str
    is_over: bool
    has_failed: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerTold:
    """All of `send_events`: who only folds mail and calls handles them in one line."""

    account: SourceName


@dataclass(frozen=True, slots=True, kw_only=True)
class SideTold:
    """All of `side_events`: claims, and what else stands beside conversations."""

    account: SourceName


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftTold:
    """All of `lift_events`: somebody of the team asks for the founder."""

    source: SourceName

    @property
    def is_empty(self) -> bool:
        """Where nothing was ever lifted it says nothing."""
        return False


Event = (
    HealthChanged
    | SourceHeard
    | MailboxOpened
    | MessagesArrived
    | MessageChanged
    | MessageGone
    | MessageTextFetched
    | PartProgressed
    | PartFetched
    | HistoryStored
    | SyncProgressed
    | PhoneSnapshotTaken
    | CallerJoined
    | CallAnswered
    | CalleeAnswered
    | CallEnded
    | CallMissed
    | MemberChanged
    | MemberLeft
    | DialProgressed
    | AnswerTold
    | SideTold
    | LiftTold
)


def source_of(event: Event) -> SourceName:
    """Which account or phone told it."""
    match event:
        case HealthChanged():
            return event.health.source
        case SourceHeard() | LiftTold():
            return event.source
        case MailboxOpened() | MessagesArrived() | MessageGone():
            return event.account
        case MessageTextFetched() | PartProgressed() | PartFetched():
            return event.account
        case SyncProgressed() | HistoryStored() | AnswerTold() | SideTold():
            return event.account
        case MessageChanged():
            return event.message.account
        case CallerJoined():
            return event.caller.phone
        case PhoneSnapshotTaken() | CallAnswered() | CallEnded() | CallMissed():
            return event.phone
        case MemberChanged() | MemberLeft() | DialProgressed() | CalleeAnswered():
            return event.phone
        case _:
            assert_never(event)
