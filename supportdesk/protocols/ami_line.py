"""One customer's line: the life of a call, from its channel's birth to its hang-up.

The theory. A customer's channel has one Uniqueid all its life; that is the call. It ARRIVES in the
dialplan; it WAITS from its first queue or first ringing phone on, through overflows, timeouts and
second queues, until somebody TALKS to it or the channel ends. Leaving a queue changes nothing
(QueueCallerAbandon also comes with timeouts, overflows and redirects): only a channel that ends
while it waits, or before, was missed. A talking customer who is put into a queue again, or whose
transfer rings another phone, waits again.

To change a rule, change TABLE; a turn that is not in it is a bug and says so.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from supportdesk.domain.calls import Call, Caller, CallId, MissedReason, Outcome
from supportdesk.domain.health import SourceName
from supportdesk.protocols.ami import Packet

EVENT_LAG: Final = timedelta(seconds=2)
"""Lists come at once, events when Asterisk gets to them: so long they may still be on their way."""


class Phase(Enum):
    """Where a customer's line is."""

    ARRIVED = "arrived"
    WAITING = "waiting"
    TALKING = "talking"
    ENDED = "ended"


class Turn(Enum):
    """What can happen to a line."""

    JOINED = "joined a queue"
    RANG = "rang a phone"
    ANSWERED = "was answered"
    HUNG_UP = "hung up"


TABLE: Final = {
    (Phase.ARRIVED, Turn.JOINED): Phase.WAITING,
    (Phase.ARRIVED, Turn.RANG): Phase.WAITING,
    (Phase.ARRIVED, Turn.ANSWERED): Phase.TALKING,
    (Phase.ARRIVED, Turn.HUNG_UP): Phase.ENDED,
    (Phase.WAITING, Turn.JOINED): Phase.WAITING,
    (Phase.WAITING, Turn.RANG): Phase.WAITING,
    (Phase.WAITING, Turn.ANSWERED): Phase.TALKING,
    (Phase.WAITING, Turn.HUNG_UP): Phase.ENDED,
    (Phase.TALKING, Turn.JOINED): Phase.WAITING,
    (Phase.TALKING, Turn.RANG): Phase.WAITING,
    (Phase.TALKING, Turn.ANSWERED): Phase.TALKING,
    (Phase.TALKING, Turn.HUNG_UP): Phase.ENDED,
}

_OFFLINE_CAUSES: Final = frozenset({3, 18, 20, 27})
"""No route, no user responding, subscriber absent, destination out of order (Q.850)."""
_BUSY_CAUSE: Final = 17
_OFFLINE_DIALS: Final = frozenset({"CHANUNAVAIL", "CONGESTION"})
_NOBODY_STATUSES: Final = frozenset({"JOINEMPTY", "JOINUNAVAIL", "LEAVEEMPTY", "LEAVEUNAVAIL"})


@dataclass(slots=True)
class Line:
    """A customer's channel.

    Attributes:
        extension: What was dialled, as the dialplan knows it.
        queue: The queue it is or was last in; empty for a direct call.
        is_in_queue: app_queue holds it now.
        waiting_since: Start of the wait; kept while it moves between queues.
        queues_joined: Queues in this wait; above one, Asterisk's HoldTime knows only the last.
        dial_status: DialStatus of the last phone that rang outside a queue, since the last queue.
        queue_status: QUEUESTATUS, when the read class `dialplan` tells it.
        has_hung_up_itself: The customer's end asked for the hang-up, not the dialplan.
        left_because: Why the last queue lost it.
        is_told: Its wait or answer was published, so its end must be.
        is_elsewhere: It went to a queue that nobody here watches.
        left_bridge_at: When it last stopped talking to somebody.
        give_up_at: When to call it missed without having heard a hang-up.
        missing_since: The first look in a row at the PBX's lists that did not find it.
        is_unsure: Its talk may have ended while nothing was heard.
        listed_at: When a list said that it was answered, before the events of that could come.
        talks_with: Name and interface of who answered last.
        lifted_by: Name and interface of who asked the founder to take it.
    """

    call_id: CallId
    channel: str
    number: str
    name: str
    extension: str
    started_at: datetime
    phase: Phase = Phase.ARRIVED
    queue: str = ""
    is_in_queue: bool = False
    waiting_since: datetime | None = None
    queues_joined: int = 0
    dial_status: str = ""
    queue_status: str = ""
    has_hung_up_itself: bool = False
    left_because: MissedReason | None = None
    is_told: bool = False
    is_elsewhere: bool = False
    answered_at: datetime | None = None
    left_bridge_at: datetime | None = None
    give_up_at: datetime | None = None
    missing_since: datetime | None = None
    is_unsure: bool = False
    listed_at: datetime | None = None
    talks_with: tuple[str, str] | None = None
    lifted_by: tuple[str, str] | None = None

    def turn(self, turn: Turn, now: datetime) -> None:
        """Take a turn of life.

        Raises:
            KeyError: The table has no such turn: a bug of ours.
        """
        phase = TABLE[self.phase, turn]
        if phase is Phase.WAITING and self.phase is not Phase.WAITING:
            self.answered_at = None
            self.waiting_since = now
            self.queues_joined = 0
            self.left_because = None
        if phase is Phase.TALKING:
            self.answered_at = self.answered_at or now
            self.left_bridge_at = None
            self.is_in_queue = False
            self.is_unsure = False
        if turn is Turn.JOINED:
            self.dial_status = ""
        if turn is Turn.RANG:
            # Why the queue lost it is no matter any more: it waits for this phone now.
            self.dial_status, self.left_because = "", None
        self.phase = phase
        self.give_up_at = None

    def learn(self, packet: Packet) -> None:
        """Take channel, number and name; the dialplan may have looked up a better name."""
        self.channel = packet.get("Channel") or self.channel
        self.number = packet.caller_number() or self.number
        self.name = packet.caller_name() or self.name

    def caller(self, phone: SourceName) -> Caller:
        return Caller(
            phone=phone,
            call_id=self.call_id,
            number=self.number,
            name=self.name,
            queue=self.queue,
            joined_at=self.waiting_since or self.started_at,
            channel=self.channel,
        )

    def is_ahead_of_events(self, now: datetime) -> bool:
        """May events still tell what a list has told already?"""
        return self.listed_at is not None and now < self.listed_at + EVENT_LAG

    def waited_seconds(self, now: datetime) -> float:
        return _seconds(now - (self.waiting_since or self.started_at))

    def talked_seconds(self, now: datetime) -> float:
        """Seconds from the last answer to the end of the talk (not of the channel).

        A talk before a transfer was somebody else's time.
        """
        if self.answered_at is None:
            return 0.0
        return _seconds((self.left_bridge_at or now) - self.answered_at)

    def why_missed(self, cause: int) -> MissedReason:
        """Return why nobody answered; `cause` is Q.850 as Hangup tells it."""
        if self.queue_status in _NOBODY_STATUSES:
            return MissedReason.NOBODY_THERE
        if self.left_because is not None:
            return self.left_because
        if self.queue_status == "FULL":
            return MissedReason.TIMED_OUT
        if self.dial_status == "BUSY" or (cause == _BUSY_CAUSE and not self.dial_status):
            return MissedReason.BUSY
        if self.dial_status in _OFFLINE_DIALS or (cause in _OFFLINE_CAUSES and not self.queue):
            return MissedReason.PHONE_OFFLINE
        if self.has_hung_up_itself:
            return MissedReason.GAVE_UP
        is_rung_out = self.dial_status == "NOANSWER"
        return MissedReason.NOT_ANSWERED if is_rung_out else MissedReason.NOBODY_THERE


def resumed_line(call: Call) -> Line:
    """The line of a call that an earlier run told of and whose end it did not see."""
    is_waiting = call.outcome is Outcome.WAITING
    return Line(
        call_id=call.call_id,
        channel="",
        number=call.number,
        name=call.name,
        extension="",
        started_at=call.started_at,
        phase=Phase.WAITING if is_waiting else Phase.TALKING,
        queue=call.queue,
        is_in_queue=is_waiting and bool(call.queue),
        waiting_since=call.started_at,
        queues_joined=1,
        is_told=True,
        answered_at=call.answered_at,
        talks_with=None if is_waiting else (call.by, ""),
    )


def _seconds(duration: timedelta) -> float:
    return max(0.0, round(duration.total_seconds(), 3))
