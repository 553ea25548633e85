"""Queues, members and callers. A call has one outcome for the whole team (DESIGN section 4)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import NewType

from supportdesk.domain.health import SourceName

CallId = NewType("CallId", str)
"""The phone system's own id of a call: Asterisk's Uniqueid of the caller's channel."""

UNKNOWN_NUMBER = "Unknown number"
"""Stands where the caller's name and number are withheld."""

HOOK_RINGING_IS_BELIEVED_FOR = timedelta(minutes=30)
"""A hook tells nothing when it fails: a ringing that never ends is not believed for ever."""


class MemberState(Enum):
    """What a member is doing. Unknown is shown as unknown, never as zero (F17)."""

    FREE = "free"
    RINGING = "ringing"
    ON_A_CALL = "on a call"
    PAUSED = "paused"
    GONE = "gone"
    UNKNOWN = "unknown"


class Outcome(Enum):
    """What became of a call. UNKNOWN: it was gone when a deaf phone was heard again.

    CALLED is no caller's: one of the team called, and was answered.
    """

    WAITING = "waiting"
    ANSWERED = "answered"
    MISSED = "missed"
    TAKEN = "taken"
    CALLED_BACK = "called back"
    CALLED = "called"
    UNKNOWN = "unknown"


class MissedReason(Enum):
    """Why nobody answered."""

    GAVE_UP = "hung up"
    NOBODY_FREE = "hung up, nobody was free"
    NOBODY_THERE = "nobody was at the phones"
    TIMED_OUT = "the queue gave up on them"
    PHONE_OFFLINE = "the phone was offline"
    BUSY = "the line was busy"
    DECLINED = "you declined it"
    NOT_ANSWERED = "nobody answered"
    AFTER_HOURS = "outside the opening hours"
    UNSEEN = "while we were not listening"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody who answers. `interface` is unique within one phone system."""

    interface: str
    name: str
    state: MemberState
    state_since: datetime | None = None
    detail: str = ""
    queues: tuple[str, ...] = ()

    @property
    def is_free(self) -> bool:
        return self.state is MemberState.FREE

    @property
    def can_answer(self) -> bool:
        """Free, or already ringing for a caller: the team copes."""
        return self.state in (MemberState.FREE, MemberState.RINGING)

    @property
    def is_there(self) -> bool:
        """Unpaused and reachable."""
        return self.state in (MemberState.FREE, MemberState.RINGING, MemberState.ON_A_CALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Somebody on the line who nobody has answered yet, or who is lifted to the founder.

    Attributes:
        number: As the phone system gives it; empty when it is withheld.
        queue: Empty for a direct call to an extension.
        channel: What a Take call names to the phone system; empty where it cannot.
        is_lifted: One of the team asks the founder to take them, perhaps in the middle of a talk.
    """

    phone: SourceName
    call_id: CallId
    number: str
    name: str
    queue: str
    joined_at: datetime
    channel: str = ""
    is_lifted: bool = False

    @property
    def key(self) -> str:
        return call_key(self.phone, self.call_id)

    @property
    def label(self) -> str:
        return self.name or self.number or UNKNOWN_NUMBER


def call_key(phone: SourceName, call_id: CallId) -> str:
    """The ledger key of a call."""
    return f"call/{phone}/{call_id}"


def seconds_between(start: datetime, end: datetime) -> float:
    """How long somebody waited or talked; a clock that was set back makes it nothing."""
    return max(0.0, (end - start).total_seconds())


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call and what became of it.

    Attributes:
        wait_seconds: From joining to the answer or the end; 0 when that is not known.
        talk_seconds: 0 until it has ended.
        started_at: Of one that the team made (CALLED): when it was answered.
        by: Who answered, took, called back or called; empty when nobody.
    """

    phone: SourceName
    call_id: CallId
    number: str
    name: str
    queue: str
    started_at: datetime
    outcome: Outcome
    by: str = ""
    wait_seconds: float = 0.0
    talk_seconds: float = 0.0
    reason: MissedReason | None = None
    closed_at: datetime | None = None

    @property
    def key(self) -> str:
        return call_key(self.phone, self.call_id)

    @property
    def label(self) -> str:
        return self.name or self.number or UNKNOWN_NUMBER

    @property
    def caller(self) -> Caller:
        """Who waited, as far as the record tells."""
        return Caller(
            phone=self.phone,
            call_id=self.call_id,
            number=self.number,
            name=self.name,
            queue=self.queue,
            joined_at=self.started_at,
        )

    @property
    def waited_until(self) -> datetime:
        """The answer, or the end of one that had none."""
        return self.started_at + timedelta(seconds=self.wait_seconds)

    @property
    def is_answered(self) -> bool:
        """Somebody of the team, or the founder, picked up."""
        return self.outcome in (Outcome.ANSWERED, Outcome.TAKEN)

    @property
    def is_talk(self) -> bool:
        """Somebody of the team talked with that person, whoever called whom."""
        return self.is_answered or self.outcome is Outcome.CALLED

    @property
    def was_missed(self) -> bool:
        """Nobody picked up, whatever became of that person since."""
        return self.outcome in (Outcome.MISSED, Outcome.CALLED_BACK)

    @property
    def answered_at(self) -> datetime | None:
        """When the talk began; None where nobody picked up."""
        return self.waited_until if self.is_talk else None

    @property
    def is_going_on(self) -> bool:
        """Waits, or is talked on, as far as is known."""
        if self.is_talk:
            return self.closed_at is None
        return self.outcome is Outcome.WAITING

    @property
    def is_open(self) -> bool:
        """Missed, and nobody has reached that person since."""
        return self.outcome is Outcome.MISSED and self.closed_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a phone system can tell and do; the window says what it cannot.

    Attributes:
        limits: What else it cannot tell, as whole sentences.
        dial_uri: How the desktop is handed a NUMBER where the phone cannot dial for us.
    """

    sees_waiting: bool
    sees_busy: bool
    sees_missed: bool
    can_take: bool
    can_dial: bool
    limits: tuple[str, ...] = ()
    dial_uri: str = "tel:NUMBER"
