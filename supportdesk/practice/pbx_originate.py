"""AMI Originate: the founder takes a waiting call, or calls somebody back.

Two roads that real adapters use: a plain phone channel (with application Bridge it takes a
caller, with an extension it calls out) and a Local channel, which calls out showing the right
party on both phones. Captured from Asterisk 22, the live PBX included.
"""

from dataclasses import dataclass

from supportdesk.practice.ami_wire import Fields
from supportdesk.practice.pbx_dial_out import DialOut
from supportdesk.practice.pbx_exchange import Afterwards, Exchange, Talk
from supportdesk.practice.pbx_local_call import LocalCall
from supportdesk.practice.pbx_queue import Phone
from supportdesk.practice.pbx_queue_calls import QueueCalls
from supportdesk.practice.pbx_switch import (
    CALL,
    NO_ANSWER,
    NO_CAUSE,
    NORMAL_CLEARING,
    UNKNOWN,
    Channel,
    ChannelState,
    Party,
)

# OriginateResponse reasons: AST_CONTROL_ANSWER, AST_CONTROL_RINGING, and none at all.
_ANSWERED = "4"
_RANG_OUT = "3"
_REFUSED = "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Originate:
    """An order from an AMI client, checked for form."""

    action_id: str
    channel: str
    caller: Party
    application: str = ""
    application_data: str = ""
    context: str = ""
    exten: str = ""
    timeout_seconds: float = 30.0
    channel_id: str = ""
    other_channel_id: str = ""

    def destination(self) -> Fields:
        if self.application:
            return (("Application", self.application), ("Data", self.application_data))
        return (("Context", self.context), ("Exten", self.exten))


class Originator:
    """Carries out orders; keeps those whose phone still rings."""

    def __init__(self, exchange: Exchange, queue_calls: QueueCalls) -> None:
        self._exchange = exchange
        self._switch = exchange.switch
        self._queue_calls = queue_calls
        self._ringing: dict[Channel, Originate] = {}

    def start(self, order: Originate) -> None:
        technology, _, rest = order.channel.partition("/")
        phone = self._exchange.phones.get(f"PJSIP/{rest.partition('@')[0]}")
        if phone is None or not phone.is_registered:
            self._respond(order, _REFUSED, channel=order.channel)
        elif technology == "Local":
            self._start_local(order, phone)
        else:
            self._start_plain(order, phone)

    def _start_plain(self, order: Originate, phone: Phone) -> None:
        exchange, switch = self._exchange, self._switch
        leg = exchange.new_leg(phone, uniqueid=order.channel_id)
        if order.caller.number:
            switch.set_caller_id(leg, order.caller)
            switch.set_connected(leg, order.caller)
        switch.dial_begin(None, leg, phone.desk.extension)
        switch.set_state(leg, ChannelState.RINGING)
        exchange.phone_changed(phone)
        switch.dial_ringing(None, leg)
        self._ringing[leg] = order
        exchange.put_down[leg] = lambda: self._put_down(leg)
        answer_seconds = exchange.plan.founder_answer_seconds
        if answer_seconds is not None:
            exchange.timers.after(answer_seconds, lambda: self._picked_up(leg, phone))
        exchange.timers.after(order.timeout_seconds, lambda: self._rang_out(leg))

    def _put_down(self, leg: Channel) -> None:
        order = self._ringing.pop(leg)
        self._switch.dial_end(None, leg, "NOANSWER")
        self._respond(order, _REFUSED, channel=order.channel, uniqueid=leg.uniqueid)
        self._exchange.hang_up(leg, NO_CAUSE)

    def _rang_out(self, leg: Channel) -> None:
        order = self._ringing.pop(leg, None)
        if order is not None:
            self._respond(order, _RANG_OUT, channel=order.channel, uniqueid=leg.uniqueid)
            self._exchange.hang_up(leg, NO_ANSWER, tech="480")

    def _picked_up(self, leg: Channel, phone: Phone) -> None:
        order = self._ringing.pop(leg, None)
        if order is None:
            return
        self._switch.set_state(leg, ChannelState.UP)
        self._exchange.phone_changed(phone)
        self._switch.dial_end(None, leg, "ANSWER")
        self._respond(order, _ANSWERED, channel=leg.name, uniqueid=leg.uniqueid)
        if order.application == "Bridge":
            self._bridge(leg, order.application_data)
        elif order.application:
            # No other application is installed here: the founder hears nothing and is put down.
            self._exchange.hang_up(leg, NORMAL_CLEARING)
        else:
            self._call_out(leg, order)

    def _call_out(self, leg: Channel, order: Originate) -> None:
        exchange, switch = self._exchange, self._switch

        def answered(customer: Channel) -> None:
            bridge = switch.new_bridge()
            switch.enter(bridge, customer)
            switch.enter(bridge, leg)
            talk = Talk(
                caller=leg,
                other=customer,
                bridge=bridge,
                since=exchange.timers.now,
                hangup_cause=NORMAL_CLEARING,
            )
            exchange.begin_talk(talk, exchange.plan.default_talk_seconds, ends_it=leg)

        def failed(cause: int, tech: str) -> None:
            exchange.hang_up(leg, cause, tech=tech)

        call = DialOut(exchange, leg, order.exten, answered=answered, failed=failed)
        exchange.put_down[leg] = call.cancel

    def _bridge(self, leg: Channel, channel_name: str) -> None:
        caller = self._switch.find(channel_name)
        if caller is None:
            self._exchange.hang_up(leg, NO_CAUSE)
            return
        call = self._exchange.calls.get(caller)
        seconds = call.talk_seconds if call else self._exchange.plan.default_talk_seconds
        waiting = self._queue_calls.queue.caller_on(caller)
        talk = self._exchange.talk_of(caller)
        bridge = self._switch.new_bridge()
        new_talk = Talk(caller=caller, other=leg, bridge=bridge, since=self._exchange.timers.now)
        if waiting is not None:
            self._switch.hold_music_ends(caller)
            caller.priority = 3
            new_talk.afterwards = Afterwards.UNLESS_CALLER_HUNG_UP
        if talk is not None:
            self._exchange.forget_talk(talk)
            self._switch.leave(caller)
        self._switch.enter(bridge, caller)
        if talk is not None:
            self._switch.leave(talk.other)
            self._switch.destroy(talk.bridge)
            new_talk.completed, new_talk.since = talk.completed, talk.since
        leg.linkedid = caller.linkedid
        self._switch.enter(bridge, leg)
        self._switch.set_connected(caller, leg.party)
        if waiting is not None:
            self._queue_calls.forget_taken(waiting)
        if talk is not None:
            self._queue_calls.release_member(talk.other)
            self._exchange.hang_up(talk.other, NORMAL_CLEARING)
        self._exchange.begin_talk(new_talk, seconds, ends_it=caller)
        self._queue_calls.ring_free_members()

    def _start_local(self, order: Originate, phone: Phone) -> None:
        def answered(channel: Channel) -> None:
            self._respond(order, _ANSWERED, channel=channel.name, uniqueid=channel.uniqueid)

        def failed(channel: Channel, *, rang_out: bool) -> None:
            reason = _RANG_OUT if rang_out else _REFUSED
            self._respond(order, reason, channel=order.channel, uniqueid=channel.uniqueid)

        call = LocalCall(
            self._exchange,
            phone,
            number=order.exten,
            caller=order.caller,
            ids=(order.channel_id, order.other_channel_id),
            answered=answered,
            failed=failed,
        )
        call.start(timeout_seconds=order.timeout_seconds)

    def _respond(self, order: Originate, reason: str, *, channel: str, uniqueid: str = "") -> None:
        fields: Fields = (
            ("ActionID", order.action_id),
            ("Response", "Success" if reason == _ANSWERED else "Failure"),
            ("Channel", channel),
            *order.destination(),
            ("Reason", reason),
            ("Uniqueid", uniqueid or order.channel_id or UNKNOWN),
            ("CallerIDNum", order.caller.number or UNKNOWN),
            ("CallerIDName", order.caller.name or UNKNOWN),
        )
        self._switch.emit("OriginateResponse", CALL, fields)
