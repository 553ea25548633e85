"""Calls to the queue: who waits, whom they ring, who answers, who gives up.

The order of events inside one deed is that of captures of Asterisk 22; tests/practice compares.
"""

from collections.abc import Iterable
from functools import partial

from supportdesk.practice.ami_wire import Fields
from supportdesk.practice.pbx_exchange import Exchange, Talk
from supportdesk.practice.pbx_plan import IncomingCall
from supportdesk.practice.pbx_queue import Caller, Member, Phone, Queue
from supportdesk.practice.pbx_switch import (
    AGENT,
    ANSWERED_ELSEWHERE,
    NO_CAUSE,
    NORMAL_CLEARING,
    Channel,
    ChannelState,
)


class QueueCalls:
    """Drives one queue with strategy ringall."""

    def __init__(self, exchange: Exchange) -> None:
        plan = exchange.plan
        login_time = int(exchange.switch.wall_seconds)
        self.queue = Queue(
            name=plan.queue_name,
            members=[
                Member(phone=exchange.phones[desk.interface], login_time=login_time)
                for desk in plan.members
            ],
        )
        self._exchange = exchange
        self._switch = exchange.switch
        exchange.phone_listener = self._phone_changed
        exchange.idle_listener = self.ring_free_members

    def call(self, call: IncomingCall) -> Channel:
        """Somebody dials the support number."""
        exchange, switch, queue = self._exchange, self._switch, self.queue
        channel = exchange.new_trunk_call(call, exchange.plan.queue_extension)
        channel.application, channel.application_data = "Queue", f"{queue.name},,,,60"
        switch.set_state(channel, ChannelState.UP)
        exchange.trunk_changed()
        position = len(queue.callers) + 1
        caller = Caller(channel=channel, joined=exchange.timers.now, original_position=position)
        queue.callers.append(caller)
        self._waiting_changed()
        channel.priority = 2
        count = str(position)
        self._queue_event("QueueCallerJoin", caller, (("Position", count), ("Count", count)))
        switch.hold_music(channel)
        exchange.put_down[channel] = lambda: self._give_up(caller)
        exchange.timers.after(call.patience_seconds, lambda: self._give_up(caller))
        self.ring_free_members()
        return channel

    def pause(self, member: Member, reason: str) -> None:
        member.is_paused, member.pause_reason = True, reason
        member.last_pause = int(self._switch.wall_seconds)
        self._pause_changed(member)

    def unpause(self, member: Member) -> None:
        member.is_paused, member.pause_reason = False, ""
        self._pause_changed(member)
        self.ring_free_members()

    def ring_free_members(self) -> None:
        for caller in list(self.queue.callers):
            free = [member for member in self.queue.members if member.is_free]
            if free and not caller.ringing:
                self._ring(caller, free)

    def forget_taken(self, caller: Caller) -> None:
        """Bridge took a caller out: Asterisk says nothing but counts it as abandoned."""
        self.queue.callers.remove(caller)
        self.queue.abandoned += 1
        self._waiting_changed()
        legs = list(caller.ringing.values())
        caller.ringing.clear()
        for leg in legs:
            self._exchange.hang_up(leg, NO_CAUSE)

    def release_member(self, leg: Channel) -> None:
        """The founder took the caller over from a member, who is free again."""
        for member in self.queue.members:
            if member.phone.interface == leg.device:
                self._count_call(member)

    def _give_up(self, caller: Caller) -> None:
        if caller not in self.queue.callers:
            return
        exchange, switch, channel = self._exchange, self._switch, caller.channel
        switch.request_hangup(channel)
        switch.hold_music_ends(channel)
        legs = list(caller.ringing.values())
        caller.ringing.clear()
        for leg in (*legs, *legs):
            switch.dial_end(channel, leg, "CANCEL")
        waited: Fields = (
            ("Position", str(self.queue.position_of(caller))),
            ("OriginalPosition", str(caller.original_position)),
            ("HoldTime", str(self._seconds_since(caller.joined))),
        )
        self._queue_event("QueueCallerAbandon", caller, waited)
        self._leave(caller)
        self.queue.abandoned += 1
        switch.request_hangup(channel, soft=True, cause=NORMAL_CLEARING)
        for leg in legs:
            exchange.hang_up(leg, NO_CAUSE)
        exchange.hang_up(channel, NO_CAUSE)
        self.ring_free_members()

    def _stop_ringing(self, caller: Caller, name: str) -> None:
        """One member's phone is put down while it rings; the others ring on."""
        leg = caller.ringing.pop(name)
        self._switch.dial_end(caller.channel, leg, "NOANSWER")
        self._exchange.hang_up(leg, NO_CAUSE)

    def _ring(self, caller: Caller, members: Iterable[Member]) -> None:
        exchange, switch, channel = self._exchange, self._switch, caller.channel
        caller.rung_since = began = exchange.timers.now
        for member in members:
            leg = exchange.new_leg(member.phone, linked_to=channel)
            told_late = leg.snapshot()
            leg.connected, leg.exten = channel.party, channel.exten
            self._agent_event("AgentCalled", caller, member, leg, ())
            switch.dial_begin(channel, told_late, member.phone.interface)
            caller.ringing[member.name] = leg
            exchange.put_down[leg] = partial(self._stop_ringing, caller, member.name)
        for name, leg in caller.ringing.items():
            switch.set_state(leg, ChannelState.RINGING)
            switch.set_connected(leg, channel.party)
            exchange.phone_changed(self._member(name).phone)
            switch.dial_ringing(channel, leg)
        exchange.timers.after(exchange.plan.ring_seconds, lambda: self._rings_out(caller, began))
        answer_seconds = exchange.calls[channel].answer_seconds
        if answer_seconds is not None:
            exchange.timers.after(answer_seconds, lambda: self._answered(caller, began))

    def _rings_out(self, caller: Caller, began: float) -> None:
        if not caller.ringing or caller.rung_since != began:
            return
        ringing = list(caller.ringing.items())
        caller.ringing.clear()
        milliseconds = int((self._exchange.timers.now - began) * 1000)
        for name, leg in ringing:
            last = (("RingTime", str(milliseconds)),)
            self._agent_event("AgentRingNoAnswer", caller, self._member(name), leg, last)
        for status in ("NOANSWER", "CANCEL"):
            for _, leg in ringing:
                self._switch.dial_end(caller.channel, leg, status)
        for _, leg in reversed(ringing):
            self._exchange.hang_up(leg, NO_CAUSE)
        retry_seconds = self._exchange.plan.retry_seconds
        self._exchange.timers.after(retry_seconds, self.ring_free_members)

    def _answered(self, caller: Caller, began: float) -> None:
        if not caller.ringing or caller.rung_since != began:
            return
        exchange, switch, channel = self._exchange, self._switch, caller.channel
        wanted = exchange.calls[channel].answered_by
        name = wanted if wanted in caller.ringing else next(iter(caller.ringing))
        member, leg = self._member(name), caller.ringing.pop(name)
        others = list(caller.ringing.values())
        caller.ringing.clear()
        switch.set_state(leg, ChannelState.UP)
        exchange.phone_changed(member.phone)
        switch.dial_end(channel, leg, "ANSWER")
        for other in others:
            switch.dial_end(channel, other, "CANCEL")
        switch.set_connected(channel, leg.party)
        for other in others:
            switch.dial_end(channel, other, "CANCEL")
        for other in others:
            exchange.hang_up(other, ANSWERED_ELSEWHERE)
        switch.hold_music_ends(channel)
        self._leave(caller)
        self._connect(caller, member, leg, ring_seconds=self._seconds_since(began))
        self.ring_free_members()

    def _connect(self, caller: Caller, member: Member, leg: Channel, *, ring_seconds: int) -> None:
        exchange, switch, channel = self._exchange, self._switch, caller.channel
        hold_seconds = self._seconds_since(caller.joined)
        times: Fields = (("HoldTime", str(hold_seconds)), ("RingTime", str(ring_seconds)))
        self._agent_event("AgentConnect", caller, member, leg, times)
        member.is_in_call = True
        self.queue.count_answer(hold_seconds)
        bridge = switch.new_bridge()
        switch.enter(bridge, leg)
        switch.enter(bridge, channel)
        talk = Talk(
            caller=channel,
            other=leg,
            bridge=bridge,
            since=exchange.timers.now,
            completed=lambda ended, reason: self._complete(ended, member, hold_seconds, reason),
        )
        call = exchange.calls[channel]
        ends_it = leg if call.member_hangs_up else channel
        exchange.begin_talk(talk, call.talk_seconds, ends_it=ends_it)

    def _complete(self, talk: Talk, member: Member, hold_seconds: int, reason: str) -> None:
        talk_seconds = self._seconds_since(talk.since)
        # Once the founder has taken the caller over, the member's leg and its fields are gone.
        is_taken = talk.other.device != member.phone.interface
        leg = () if is_taken else talk.other.fields("Dest")
        times: Fields = (
            ("HoldTime", str(hold_seconds)),
            ("TalkTime", str(talk_seconds)),
            ("Reason", reason),
        )
        self._switch.emit(
            "AgentComplete", AGENT, talk.caller.fields(), leg, self._who(member), times
        )
        self.queue.count_completed(talk_seconds)
        self._count_call(member)

    def _count_call(self, member: Member) -> None:
        if member.is_in_call:
            member.is_in_call = False
            member.calls_taken += 1
            member.last_call = int(self._switch.wall_seconds)

    def _leave(self, caller: Caller) -> None:
        position = str(self.queue.position_of(caller))
        self.queue.callers.remove(caller)
        self._waiting_changed()
        count = str(len(self.queue.callers))
        self._queue_event("QueueCallerLeave", caller, (("Position", position), ("Count", count)))

    def _member(self, name: str) -> Member:
        return next(member for member in self.queue.members if member.name == name)

    def _seconds_since(self, moment: float) -> int:
        return int(self._exchange.timers.now - moment)

    def _who(self, member: Member) -> Fields:
        return (
            ("Queue", self.queue.name),
            ("Interface", member.phone.interface),
            ("MemberName", member.name),
        )

    def _queue_event(self, name: str, caller: Caller, last: Fields) -> None:
        self._switch.emit(name, AGENT, caller.channel.fields(), (("Queue", self.queue.name),), last)

    def _agent_event(
        self, name: str, caller: Caller, member: Member, leg: Channel, last: Fields
    ) -> None:
        groups = (caller.channel.fields(), leg.fields("Dest"), self._who(member), last)
        self._switch.emit(name, AGENT, *groups)

    def _phone_changed(self, phone: Phone) -> None:
        for member in self.queue.members:
            if member.phone is phone:
                fields = member.event_fields(self.queue.name)
                self._switch.emit("QueueMemberStatus", AGENT, fields)
                self._availability_changed()

    def _pause_changed(self, member: Member) -> None:
        device = f"Queue:{self.queue.name}_pause_{member.phone.interface}"
        self._switch.device_changed(device, "INUSE" if member.is_paused else "NOT_INUSE")
        self._switch.emit("QueueMemberPause", AGENT, member.event_fields(self.queue.name))
        self._availability_changed()

    def _waiting_changed(self) -> None:
        word = "RINGING" if self.queue.callers else "NOT_INUSE"
        self._switch.device_changed(f"Queue:{self.queue.name}", word)

    def _availability_changed(self) -> None:
        someone_free = any(member.is_free for member in self.queue.members)
        word = "NOT_INUSE" if someone_free else "INUSE"
        self._switch.device_changed(f"Queue:{self.queue.name}_avail", word)
