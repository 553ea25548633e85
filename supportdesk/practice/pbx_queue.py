"""The practice PBX's queue: its members, who waits in it, and what it tells about itself."""

from dataclasses import dataclass, field

from supportdesk.practice.ami_wire import Fields
from supportdesk.practice.pbx_plan import Desk
from supportdesk.practice.pbx_switch import Channel, DeviceState

# QueueEntry says this where events say "<unknown>".
_UNKNOWN_IN_LISTS = "unknown"


@dataclass(slots=True, kw_only=True, eq=False)
class Phone:
    """A desk phone and the channels it has now."""

    desk: Desk
    channels: list[Channel] = field(default_factory=list)
    is_registered: bool = True

    @property
    def interface(self) -> str:
        return self.desk.interface

    def state(self) -> DeviceState:
        if not self.is_registered:
            return DeviceState.UNAVAILABLE
        states = {channel.state.text for channel in self.channels}
        if "Up" in states:
            return DeviceState.INUSE
        return DeviceState.RINGING if states else DeviceState.NOT_INUSE


@dataclass(slots=True, kw_only=True, eq=False)
class Member:
    """Somebody who answers the queue."""

    phone: Phone
    login_time: int
    calls_taken: int = 0
    last_call: int = 0
    last_pause: int = 0
    is_paused: bool = False
    pause_reason: str = ""
    is_in_call: bool = False

    @property
    def name(self) -> str:
        return self.phone.desk.name

    @property
    def is_free(self) -> bool:
        return not self.is_paused and self.phone.state() is DeviceState.NOT_INUSE

    def event_fields(self, queue_name: str) -> Fields:
        """As events tell a member: MemberName, Interface, Ringinuse."""
        who = (
            ("Queue", queue_name),
            ("MemberName", self.name),
            ("Interface", self.phone.interface),
        )
        return (*who, *self._common(), ("Ringinuse", "0"), ("Wrapuptime", "0"))

    def list_fields(self, queue_name: str) -> Fields:
        """As QueueStatus lists a member: Name, Location, no Ringinuse."""
        who = (("Queue", queue_name), ("Name", self.name), ("Location", self.phone.interface))
        return (*who, *self._common(), ("Wrapuptime", "0"))

    def _common(self) -> Fields:
        return (
            ("StateInterface", self.phone.interface),
            ("Membership", "static"),
            ("Penalty", "0"),
            ("CallsTaken", str(self.calls_taken)),
            ("LastCall", str(self.last_call)),
            ("LastPause", str(self.last_pause)),
            ("LoginTime", str(self.login_time)),
            ("InCall", "1" if self.is_in_call else "0"),
            ("Status", self.phone.state().member_status),
            ("Paused", "1" if self.is_paused else "0"),
            ("PausedReason", self.pause_reason),
        )


@dataclass(slots=True, kw_only=True, eq=False)
class Caller:
    """Somebody who waits in the queue."""

    channel: Channel
    joined: float
    original_position: int
    rung_since: float = 0.0
    ringing: dict[str, Channel] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True, eq=False)
class Queue:
    """One queue with Asterisk's own running averages."""

    name: str
    members: list[Member]
    callers: list[Caller] = field(default_factory=list)
    completed: int = 0
    abandoned: int = 0
    average_hold_seconds: int = 0
    average_talk_seconds: int = 0
    completed_in_level: int = 0
    service_level_seconds: int = 20

    def position_of(self, caller: Caller) -> int:
        return self.callers.index(caller) + 1

    def caller_on(self, channel: Channel) -> Caller | None:
        return next((c for c in self.callers if c.channel is channel), None)

    def count_answer(self, hold_seconds: int) -> None:
        # Asterisk's own smoothing: three parts old, one part new.
        self.average_hold_seconds = (self.average_hold_seconds * 3 + hold_seconds) >> 2
        if hold_seconds <= self.service_level_seconds:
            self.completed_in_level += 1

    def count_completed(self, talk_seconds: int) -> None:
        self.completed += 1
        self.average_talk_seconds = (self.average_talk_seconds * 3 + talk_seconds) >> 2

    def params(self) -> Fields:
        answered = max(self.completed, self.completed_in_level)
        return (
            ("Queue", self.name),
            ("Max", "0"),
            ("Strategy", "ringall"),
            ("Calls", str(len(self.callers))),
            ("Holdtime", str(self.average_hold_seconds)),
            ("TalkTime", str(self.average_talk_seconds)),
            ("Completed", str(self.completed)),
            ("Abandoned", str(self.abandoned)),
            ("ServiceLevel", str(self.service_level_seconds)),
            ("ServicelevelPerf", _percent(self.completed_in_level, answered)),
            ("ServicelevelPerf2", _percent(self.completed_in_level, answered + self.abandoned)),
            ("Weight", "0"),
        )

    def entry(self, caller: Caller, now: float) -> Fields:
        channel = caller.channel
        return (
            ("Queue", self.name),
            ("Position", str(self.position_of(caller))),
            ("Channel", channel.name),
            ("Uniqueid", channel.uniqueid),
            ("CallerIDNum", channel.party.number or _UNKNOWN_IN_LISTS),
            ("CallerIDName", channel.party.name or _UNKNOWN_IN_LISTS),
            ("ConnectedLineNum", channel.connected.number or _UNKNOWN_IN_LISTS),
            ("ConnectedLineName", channel.connected.name or _UNKNOWN_IN_LISTS),
            ("Wait", str(int(now - caller.joined))),
            ("Priority", "0"),
        )

    def summary(self, now: float) -> Fields:
        logged_in = [m for m in self.members if m.phone.state() is not DeviceState.UNAVAILABLE]
        longest = max((int(now - caller.joined) for caller in self.callers), default=0)
        return (
            ("Queue", self.name),
            ("LoggedIn", str(len(logged_in))),
            ("Available", str(sum(member.is_free for member in logged_in))),
            ("Callers", str(len(self.callers))),
            ("HoldTime", str(self.average_hold_seconds)),
            ("TalkTime", str(self.average_talk_seconds)),
            ("LongestHoldTime", str(longest)),
        )


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}" if whole else "0.0"
