"""AMI events in, domain events out: who waits, who answered, what was missed.

Which lines are customers: a channel that rings in from outside has ChannelState 4 (Ring) and its
own Linkedid. It is one of the team's when its endpoint is a member's or the founder's, or when it
starts in the context of the internal phones (the setting `context`); such a channel, and every
channel that Asterisk itself dials, is never a missed customer. Whoever joins a watched queue is a
caller in any case: the queue says so.

With a queue filter, a call that never reached a queue counts only when it was meant for a watched
queue or for the phone of a member or the founder. Without one, every customer counts.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from supportdesk.domain.calls import Call, Caller, CallId, MemberState, MissedReason, Outcome
from supportdesk.domain.events import CallAnswered, CallEnded, CallerJoined, CallMissed, Event
from supportdesk.domain.health import SourceName
from supportdesk.protocols.ami import Packet
from supportdesk.protocols.ami_lifts import CallLifts
from supportdesk.protocols.ami_line import Line, Phase, Turn, resumed_line
from supportdesk.protocols.ami_members import MEMBER_EVENTS, Members, extension_of
from supportdesk.protocols.ami_outgoing import OutgoingCalls

_RINGING_IN: Final = frozenset({"4", "8"})
"""Channel states Ring and Pre-ring: the far end is calling us."""
_OVERFLOW_GRACE: Final = timedelta(seconds=3)
"""Without hang-ups (read class `call`), a caller who leaves a queue may join the next this long."""
FOUNDER_WITHOUT_NAME: Final = "you"
"""Who answered, when the founder is no member of any queue."""
_WITHOUT_PEOPLE: Final = "holding_bridge"


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneIdentity:
    """What of the settings decides who is who.

    Attributes:
        queues: Watched queues; empty for all.
        founder: The founder's endpoint, as PJSIP/100; may be empty.
        context: Where the internal phones start.
        lift_queue: Where one of the team transfers a caller who is for the founder; may be empty.
    """

    name: SourceName
    queues: tuple[str, ...] = ()
    founder: str = ""
    context: str = "from-internal"
    lift_queue: str = ""

    def watches(self, queue: str) -> bool:
        return not self.queues or queue in self.queues or self.is_for_lifts(queue)

    def is_for_lifts(self, queue: str) -> bool:
        return bool(queue) and queue == self.lift_queue

    def has_members_in(self, queue: str) -> bool:
        """Is who answers there one of the team? In the queue for lifts it is the founder."""
        return self.watches(queue) and not self.is_for_lifts(queue)


@dataclass(slots=True)
class Bridge:
    """Channels that hear each other, by Uniqueid, in the order they came."""

    channels: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


class CallBook:
    """Everything known of one phone system's calls and members; it outlives the connections."""

    def __init__(self, identity: PhoneIdentity) -> None:
        """Nothing is known yet.

        `lacks_queues` (the read class `agent` is missing) and `unannounced` (who is in the lists
        before any QueueCallerJoin named them) are for the one who compares with lists.
        """
        self.identity = identity
        self.members = Members(identity.name, identity.has_members_in)
        self.lines: dict[CallId, Line] = {}
        self.lifts = CallLifts(
            identity.name,
            queue=identity.lift_queue,
            founder=identity.founder,
            lines=self.lines,
            is_inside=self.is_inside,
            whose=self.whose,
        )
        self.outgoing = OutgoingCalls(
            identity.name, is_inside=self.is_inside, whose=self._whose_call
        )
        self.abandoned: dict[str, int] = {}
        self.completed: dict[str, int] = {}
        self.hears_calls = False
        self.hears_queues = False
        self.has_joined_unheard = False
        self.lacks_queues = False
        self.unannounced: frozenset[CallId] = frozenset()
        self._bridges: dict[str, Bridge] = {}
        self._extensions: set[str] = set()
        self._handlers: dict[str, Callable[[Packet, datetime], list[Event]]] = {
            "Newchannel": self._newchannel,
            "Newexten": self._newexten,
            "VarSet": self._varset,
            "QueueCallerJoin": self._joined,
            "QueueCallerLeave": self._left,
            "QueueCallerAbandon": self._abandoned,
            "AgentConnect": self._connected,
            "AgentComplete": self._completed,
            "DialBegin": self._dial_begins,
            "DialEnd": self._dial_ends,
            "BridgeEnter": self._enters_bridge,
            "BridgeLeave": self._leaves_bridge,
            "HangupRequest": self._asks_to_hang_up,
            "Hangup": self._hangs_up,
        }

    @property
    def lacks_calls(self) -> bool:
        """Is the read class `call` missing? A caller joined whose channel was never heard of."""
        return self.has_joined_unheard and not self.hears_calls

    def resume(self, calls: Iterable[Call]) -> None:
        """Take over the calls that were going on when an earlier run ended."""
        going_on = list(calls)
        ours = [call for call in going_on if call.outcome is Outcome.CALLED]
        self.outgoing.resume(ours)
        theirs = [call for call in going_on if call not in ours]
        self.lines |= {call.call_id: resumed_line(call) for call in theirs}

    def apply(self, packet: Packet, now: datetime) -> list[Event]:
        """Take an event of the PBX; unknown ones mean nothing."""
        if packet.get("Privilege").startswith("agent,"):
            self.hears_queues = True
        if packet.event in MEMBER_EVENTS:
            return self.members.apply(packet, now)
        self.hears_calls |= packet.get("Privilege").startswith("call,")
        lifts = self.lifts.apply(packet, now)
        handler = self._handlers.get(packet.event)
        if handler is None:
            return lifts
        return [*handler(packet, now), *self.outgoing.apply(packet, now), *lifts]

    def tick(self, now: datetime) -> list[Event]:
        """Give up on callers whose hang-up cannot be heard."""
        self.lifts.tick(now)
        events: list[Event] = []
        for give_up_at, line in self._given_up():
            if give_up_at <= now:
                events.append(self.give_up(line, give_up_at, now))
        return events

    def give_up(self, line: Line, give_up_at: datetime, now: datetime) -> CallMissed:
        """End a line that left a queue, joined no other, and whose hang-up cannot be heard."""
        why = line.why_missed(0)
        why = MissedReason.GAVE_UP if why is MissedReason.TIMED_OUT else why
        return self.miss(line, why, now, waited_until=give_up_at - _OVERFLOW_GRACE)

    def next_wakeup(self) -> datetime | None:
        times = [give_up_at for give_up_at, _ in self._given_up()]
        code = self.lifts.next_wakeup()
        return min(times if code is None else [*times, code], default=None)

    def is_inside(self, channel: str, context: str) -> bool:
        """Is this the phone of somebody of the team?"""
        endpoint = endpoint_of(channel)
        return (
            context == self.identity.context
            or endpoint == self.identity.founder
            or self.members.find(endpoint) is not None
        )

    def answer(
        self, line: Line, now: datetime, *, by: str, interface: str, hold_seconds: float | None
    ) -> list[Event]:
        """Mark a line as talking to `by`; `hold_seconds` None when the PBX does not say."""
        was_waiting = line.phase is Phase.WAITING
        waited = line.waited_seconds(now)
        # HoldTime counts whole seconds, of the last queue only; but it knows when events came late.
        if hold_seconds is not None and line.queues_joined <= 1 and abs(hold_seconds - waited) > 1:
            waited = hold_seconds
        line.turn(Turn.ANSWERED, now)
        if not was_waiting:
            return []
        line.talks_with, line.lifted_by = (by, interface), None
        return [
            CallAnswered(
                phone=self.identity.name,
                call_id=line.call_id,
                by=by,
                by_interface=interface,
                hold_seconds=waited,
                at=now,
            )
        ]

    def miss(
        self,
        line: Line,
        reason: MissedReason,
        now: datetime,
        *,
        waited_until: datetime | None = None,
    ) -> CallMissed:
        """End a line as missed; `waited_until` is the last that is known of it, if not now."""
        line.turn(Turn.HUNG_UP, now)
        self.lines.pop(line.call_id, None)
        return CallMissed(
            phone=self.identity.name,
            call_id=line.call_id,
            number=line.number,
            name=line.name,
            queue=line.queue,
            waited_seconds=line.waited_seconds(waited_until or now),
            reason=reason,
            at=now,
        )

    def end_talk(self, line: Line, now: datetime) -> list[CallEnded]:
        """End a line that somebody talked to."""
        talked = line.talked_seconds(now)
        line.turn(Turn.HUNG_UP, now)
        self.lines.pop(line.call_id, None)
        if not line.is_told:
            return []
        return [
            CallEnded(phone=self.identity.name, call_id=line.call_id, talk_seconds=talked, at=now)
        ]

    def lifted(self, caller: Caller) -> Caller:
        """Return somebody who was lifted, with the channel that only we know; they may talk."""
        line = self.lines[caller.call_id]
        line.lifted_by = line.lifted_by or line.talks_with
        return replace(caller, channel=line.channel)

    def whose(self, channel: str, fallback: str) -> tuple[str, str]:
        """Return name and interface of the member behind a channel."""
        endpoint = endpoint_of(channel)
        member = self.members.find(endpoint)
        if endpoint == self.identity.founder:
            # Our own Originate shows the customer's name on this channel.
            return member.name if member else FOUNDER_WITHOUT_NAME, endpoint
        if member is not None:
            return member.name, member.interface
        return fallback or endpoint, endpoint

    def _whose_call(self, channel: str, fallback: str) -> tuple[str, str]:
        """Return who makes a call; a Call back of ours begins with a Local channel."""
        if self._own_interface(endpoint_of(channel)) == self.identity.founder:
            return self.whose(self.identity.founder, fallback)
        return self.whose(channel, fallback)

    def _own_interface(self, interface: str) -> str:
        """The founder's Local member (FreePBX) is the founder's phone."""
        founder = self.identity.founder
        is_local = interface.startswith("Local/") and founder
        return (
            founder if is_local and extension_of(interface) == extension_of(founder) else interface
        )

    def link_made(self) -> None:
        """A new connection: who talks to whom, and what we may hear, is to be heard anew."""
        for line in self.lines.values():
            member = self.members.find(line.talks_with[1]) if line.talks_with else None
            was_busy = member is not None and member.state is not MemberState.FREE
            line.is_unsure |= was_busy or line.left_bridge_at is not None
        self._bridges.clear()
        self.hears_calls = self.has_joined_unheard = False
        self.hears_queues = self.lacks_queues = False
        self.unannounced = frozenset()
        self.lifts.link_made()

    def _given_up(self) -> list[tuple[datetime, Line]]:
        """Return who left a queue, and when they count as gone: nobody while hang-ups may come."""
        if not self.lacks_calls:
            return []
        lines = self.lines.values()
        return [(line.give_up_at, line) for line in lines if line.give_up_at is not None]

    def _line(self, packet: Packet) -> Line | None:
        return self.lines.get(call_id_of(packet))

    def _talk_of(self, packet: Packet, now: datetime) -> Line | None:
        """Find the talk that a member has completed, by what app_queue always knows of it.

        It looks for the channels only after the hang-up: who was quicker to go has no Uniqueid.
        """
        if call_id_of(packet):
            return self._line(packet)
        where = (packet.get("Queue"), packet.get("MemberName"))
        seconds = packet.integer("TalkTime")
        talks = [
            line
            for line in self.lines.values()
            if line.phase is Phase.TALKING
            and line.talks_with is not None
            and (line.queue, line.talks_with[0]) == where
        ]
        return min(talks, key=lambda one: abs(one.talked_seconds(now) - seconds), default=None)

    def _new_line(self, packet: Packet, now: datetime) -> Line:
        line = Line(
            call_id=call_id_of(packet),
            channel=packet.get("Channel"),
            number=packet.caller_number(),
            name=packet.caller_name(),
            extension=packet.get("Exten"),
            started_at=now,
        )
        self.lines[line.call_id] = line
        return line

    def _newchannel(self, packet: Packet, now: datetime) -> list[Event]:
        channel = packet.get("Channel")
        is_ringing_in = packet.get("ChannelState") in _RINGING_IN
        is_first = packet.last("Linkedid") in ("", packet.last("Uniqueid"))
        is_from_far = is_ringing_in and is_first and not channel.startswith("Local/")
        # Who is known already is so by a list, which came before the event.
        is_new = self._line(packet) is None
        if is_new and is_from_far and not self.is_inside(channel, packet.get("Context")):
            self._new_line(packet, now)
        return []

    def _newexten(self, packet: Packet, now: datetime) -> list[Event]:
        """Read class `dialplan` only: a line is about to enter Queue()."""
        line = self._line(packet)
        if line is not None and line.phase is Phase.ARRIVED:
            line.queue = packet.get("AppData").partition(",")[0]
        return []

    def _varset(self, packet: Packet, now: datetime) -> list[Event]:
        line = self._line(packet)
        if line is not None and packet.get("Variable") == "QUEUESTATUS":
            line.queue_status = packet.get("Value")
        return []

    def _joined(self, packet: Packet, now: datetime) -> list[Event]:
        self.lacks_queues = False
        self.unannounced -= {call_id_of(packet)}
        queue = packet.get("Queue")
        line = self._line(packet)
        if not self.identity.watches(queue):
            if line is not None:
                line.is_elsewhere |= line.phase is Phase.ARRIVED
                line.queues_joined += 1
            return []
        if line is not None and line.queue == queue and line.is_ahead_of_events(now):
            return []  # The lists have told already that they waited, and were answered.
        # Who is in this queue already is there by a list, which came before the event.
        is_listed = line is not None and line.is_in_queue and line.queue == queue
        self.has_joined_unheard |= line is None or (is_listed and not self.hears_calls)
        line = line or self._new_line(packet, now)
        line.learn(packet)
        talked_with = line.talks_with if line.phase is Phase.TALKING else None
        line.turn(Turn.JOINED, now)
        line.queue, line.queue_status = queue, ""
        line.is_in_queue = line.is_told = True
        line.queues_joined += 1
        self._extensions.add(line.extension)
        joined = CallerJoined(caller=line.caller(self.identity.name), at=now)
        # First why, then that: who hears that they wait knows by then that it is for the founder.
        return [*self.lifts.joined(line, talked_with, now), joined]

    def _left(self, packet: Packet, now: datetime) -> list[Event]:
        line = self._line(packet)
        if line is not None:
            line.is_in_queue = False
        return []

    def _abandoned(self, packet: Packet, now: datetime) -> list[Event]:
        queue = packet.get("Queue")
        if self.identity.watches(queue):
            self.abandoned[queue] = self.abandoned.get(queue, 0) + 1
        line = self._line(packet)
        if line is not None:
            why = self.members.why_unanswered(queue)
            if not line.has_hung_up_itself and why is not MissedReason.NOBODY_THERE:
                why = MissedReason.TIMED_OUT
            line.left_because = why
            line.give_up_at = None if self.hears_calls else now + _OVERFLOW_GRACE
        return []

    def _connected(self, packet: Packet, now: datetime) -> list[Event]:
        line = self._line(packet)
        if line is None:
            return []
        return self.answer(
            line,
            now,
            by=packet.get("MemberName"),
            interface=self._own_interface(packet.get("Interface")),
            hold_seconds=float(packet.integer("HoldTime")),
        )

    def _completed(self, packet: Packet, now: datetime) -> list[Event]:
        queue = packet.get("Queue")
        if self.identity.watches(queue):
            self.completed[queue] = self.completed.get(queue, 0) + 1
        if self.hears_calls:
            return []  # The customer may go on without this member; Hangup is the end.
        line = self._talk_of(packet, now)
        if line is not None and line.phase is Phase.TALKING:
            return [*self.end_talk(line, now)]
        return []

    def _dial_begins(self, packet: Packet, now: datetime) -> list[Event]:
        line = self._line(packet)
        if line is None or line.is_in_queue or line.is_ahead_of_events(now):
            return []
        dialled = packet.get("DestChannel")
        # Without queue events (read class `agent`) members are as the last list knew them.
        rings = [] if self.hears_queues else self.members.rings(endpoint_of(dialled), now)
        if line.phase is Phase.WAITING:
            line.turn(Turn.RANG, now)
            return rings
        if not self.is_for_us(line, dialled):
            return rings
        line.learn(packet)
        line.turn(Turn.RANG, now)
        line.queue, line.is_told = "", True
        return [*rings, CallerJoined(caller=line.caller(self.identity.name), at=now)]

    def _dial_ends(self, packet: Packet, now: datetime) -> list[Event]:
        line = self._line(packet)
        # Inside a queue AgentConnect is the answer: a member may still have to confirm.
        if line is None or line.is_in_queue or line.phase is Phase.TALKING:
            return []
        line.dial_status = packet.get("DialStatus")
        if line.dial_status != "ANSWER":
            return []
        by, interface = self.whose(packet.get("DestChannel"), packet.caller_name("Dest"))
        return self.answer(line, now, by=by, interface=interface, hold_seconds=None)

    def _enters_bridge(self, packet: Packet, now: datetime) -> list[Event]:
        call_id = call_id_of(packet)
        bridge = self._bridges.setdefault(packet.get("BridgeUniqueid"), Bridge())
        bridge.channels[call_id] = packet.get("Channel")
        bridge.names[call_id] = packet.caller_name()
        if len(bridge.channels) < 2 or packet.get("BridgeTechnology") == _WITHOUT_PEOPLE:
            return []
        events: list[Event] = []
        for line in [self.lines[i] for i in map(CallId, bridge.channels) if i in self.lines]:
            other = next((i for i in bridge.channels if i not in self.lines), None)
            if other is not None:
                by, interface = self.whose(bridge.channels[other], bridge.names[other])
                if self._is_handed_over(line, interface):
                    line.turn(Turn.RANG, now)
                    line.queue, line.is_told = "", True
                    events.append(CallerJoined(caller=line.caller(self.identity.name), at=now))
                events += self.answer(line, now, by=by, interface=interface, hold_seconds=None)
        return events

    def _is_handed_over(self, line: Line, interface: str) -> bool:
        """Does the founder take a call out of the talk of whoever lifted it?"""
        is_lifted = line.phase is Phase.TALKING and line.lifted_by is not None
        return is_lifted and interface == self.identity.founder

    def _leaves_bridge(self, packet: Packet, now: datetime) -> list[Event]:
        bridge_id = packet.get("BridgeUniqueid")
        bridge = self._bridges.get(bridge_id)
        if bridge is not None:
            bridge.channels.pop(call_id_of(packet), None)
            if not bridge.channels:
                del self._bridges[bridge_id]
        line = self._line(packet)
        if line is not None and line.phase is Phase.TALKING:
            line.left_bridge_at = now
        return []

    def _asks_to_hang_up(self, packet: Packet, now: datetime) -> list[Event]:
        line = self._line(packet)
        if line is not None:
            line.has_hung_up_itself = True
        return []

    def _hangs_up(self, packet: Packet, now: datetime) -> list[Event]:
        line = self._line(packet)
        if line is None:
            return []
        line.learn(packet)
        return self._end(line, now, cause=packet.integer("Cause"))

    def _end(self, line: Line, now: datetime, *, cause: int) -> list[Event]:
        if line.phase is Phase.TALKING:
            return [*self.end_talk(line, now)]
        if line.phase is Phase.WAITING or self.is_for_us(line):
            return [self.miss(line, line.why_missed(cause), now)]
        line.turn(Turn.HUNG_UP, now)
        del self.lines[line.call_id]
        return []

    def is_for_us(self, line: Line, dialled_channel: str = "") -> bool:
        """Does a call outside any queue concern the watched team?"""
        if line.is_told:
            return True
        if not self.identity.queues:
            return True
        if line.is_elsewhere:
            return False
        if line.queue:
            return self.identity.watches(line.queue)
        if line.extension in self._extensions:
            return True
        endpoint = endpoint_of(dialled_channel)
        ours = {m.interface for m in self.members.current() or ()} | {self.identity.founder}
        ours.discard("")
        return endpoint in ours or line.extension in map(extension_of, ours)


def call_id_of(packet: Packet) -> CallId:
    return CallId(packet.last("Uniqueid"))


def endpoint_of(channel: str) -> str:
    """Return what was dialled to make a channel: PJSIP/201-0000002a is PJSIP/201."""
    return channel.partition(";")[0].rpartition("-")[0] or channel
