"""What every kind of call needs from the practice PBX: time, phones, a trunk and talks.

Theory. What happens later is a timer; `advance(now)` runs those that are due, in order, each at
its own moment, so a whole day can be acted out in an instant and gives the same events. A timer
never assumes that the world stood still: its deed looks first whether the call is still in the
state it was set for. Nothing here reads a clock or opens a socket.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from random import Random

from supportdesk.practice.ami_wire import AmiEvent
from supportdesk.practice.pbx_plan import FROM_INTERNAL, FROM_TRUNK, TRUNK, IncomingCall, PbxPlan
from supportdesk.practice.pbx_queue import Phone
from supportdesk.practice.pbx_switch import (
    NORMAL_CLEARING,
    Bridge,
    Channel,
    ChannelState,
    Party,
    Switch,
)


class Timers:
    """Deeds that wait for their moment, on the PBX's own clock."""

    def __init__(self, now: float) -> None:
        self.now = now
        self._waiting: list[tuple[float, int, Callable[[], None]]] = []
        self._made = 0

    def after(self, seconds: float, deed: Callable[[], None]) -> None:
        self._made += 1
        heapq.heappush(self._waiting, (self.now + seconds, self._made, deed))

    def next_due(self) -> float | None:
        return self._waiting[0][0] if self._waiting else None

    def advance(self, now: float) -> None:
        while self._waiting and self._waiting[0][0] <= now:
            due, _, deed = heapq.heappop(self._waiting)
            self.now = max(self.now, due)
            deed()
        self.now = max(self.now, now)


class Afterwards(Enum):
    """When the dial plan puts the caller's channel down itself, after the talk."""

    ALWAYS = auto()
    UNLESS_CALLER_HUNG_UP = auto()
    NEVER = auto()


@dataclass(slots=True, kw_only=True, eq=False)
class Talk:
    """Two parties on a bridge. `completed` is told how it ended before the legs part."""

    caller: Channel
    other: Channel
    bridge: Bridge
    since: float
    completed: Callable[["Talk", str], None] | None = None
    # Asterisk names a cause when a dialled call ends, and none when a queue call does.
    hangup_cause: int | None = None
    afterwards: Afterwards = Afterwards.ALWAYS


class Exchange:
    """Owns switch, phones, running calls and talks; queue and dialling build on it."""

    def __init__(self, plan: PbxPlan, *, epoch: float, begin: float, random: Random) -> None:
        self.plan = plan
        self.timers = Timers(begin)
        self.switch = Switch(epoch=epoch, clock=lambda: self.timers.now, random=random)
        self.phones = {desk.interface: Phone(desk=desk) for desk in (*plan.members, plan.founder)}
        self.calls: dict[Channel, IncomingCall] = {}
        # What happens when somebody puts a channel down by hand, before it talks.
        self.put_down: dict[Channel, Callable[[], None]] = {}
        self.phone_listener: Callable[[Phone], None] = lambda phone: None
        self.idle_listener: Callable[[], None] = lambda: None
        self._talks: list[Talk] = []

    def take_events(self) -> list[AmiEvent]:
        events, self.switch.events = self.switch.events, []
        return events

    def new_trunk_call(self, call: IncomingCall, exten: str) -> Channel:
        channel = self.switch.new_channel(
            TRUNK, party=call.caller, context=FROM_TRUNK, exten=exten, state=ChannelState.RING
        )
        self.calls[channel] = call
        return channel

    def new_leg(
        self, phone: Phone, *, linked_to: Channel | None = None, uniqueid: str = ""
    ) -> Channel:
        """A channel to a desk phone, not ringing yet."""
        desk = phone.desk
        leg = self.switch.new_channel(
            phone.interface,
            party=Party(number=desk.extension, name=desk.name),
            context=FROM_INTERNAL,
            exten="s",
            linked_to=linked_to,
            uniqueid=uniqueid,
        )
        phone.channels.append(leg)
        return leg

    def phone_changed(self, phone: Phone) -> None:
        """Tells hint, device and queue what state a phone is in, if that is news."""
        state = phone.state()
        if self.switch.device_changed(phone.interface, state.word):
            exten = phone.desk.extension
            self.switch.hint_changed(exten, FROM_INTERNAL, phone.interface, state)
            self.phone_listener(phone)

    def trunk_changed(self) -> None:
        legs = [channel.state for channel in self.switch.channels if channel.device == TRUNK]
        is_ringing_out = bool(legs) and all(state is ChannelState.RINGING for state in legs)
        word = "RINGING" if is_ringing_out else "INUSE" if legs else "NOT_INUSE"
        self.switch.device_changed(TRUNK, word)

    def hang_up(self, channel: Channel, cause: int, *, tech: str = "") -> None:
        """Ends a leg and tells what that means for the phone or the trunk it was on."""
        self.calls.pop(channel, None)
        self.put_down.pop(channel, None)
        self.switch.hang_up(channel, cause, tech=tech)
        phone = self.phones.get(channel.device)
        if phone is None:
            self.trunk_changed()
        else:
            phone.channels.remove(channel)
            self.phone_changed(phone)

    def hang_up_by_hand(self, channel: Channel) -> None:
        """AMI Hangup: what it means depends on what the channel is doing."""
        talk = self.talk_of(channel)
        if talk is not None:
            self.end_talk(talk, by=channel)
        else:
            self.put_down[channel]()

    def talk_of(self, channel: Channel) -> Talk | None:
        return next((t for t in self._talks if channel in (t.caller, t.other)), None)

    def begin_talk(self, talk: Talk, seconds: float, *, ends_it: Channel) -> None:
        self._talks.append(talk)
        self.timers.after(seconds, lambda: self._talk_ends(talk, by=ends_it))

    def forget_talk(self, talk: Talk) -> None:
        """The caller was taken off this bridge; its planned end is void."""
        self._talks.remove(talk)

    def end_talk(self, talk: Talk, *, by: Channel) -> None:
        self._talks.remove(talk)
        switch = self.switch
        is_by_caller = by is talk.caller
        if talk.completed is not None:
            talk.completed(talk, "caller" if is_by_caller else "agent")
        switch.leave(by)
        switch.leave(talk.other if is_by_caller else talk.caller)
        switch.destroy(talk.bridge)
        if _dialplan_ends(talk, is_by_caller=is_by_caller):
            switch.request_hangup(talk.caller, soft=True, cause=NORMAL_CLEARING)
        self.hang_up(talk.other, NORMAL_CLEARING)
        self.hang_up(talk.caller, NORMAL_CLEARING)
        self.idle_listener()

    def _talk_ends(self, talk: Talk, *, by: Channel) -> None:
        if talk in self._talks:
            self.switch.request_hangup(by, cause=talk.hangup_cause)
            self.end_talk(talk, by=by)


def _dialplan_ends(talk: Talk, *, is_by_caller: bool) -> bool:
    match talk.afterwards:
        case Afterwards.ALWAYS:
            return True
        case Afterwards.UNLESS_CALLER_HUNG_UP:
            if not is_by_caller:
                talk.caller.priority += 1
            return not is_by_caller
        case Afterwards.NEVER:
            return False
