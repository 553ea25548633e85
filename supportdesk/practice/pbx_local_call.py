"""A call back over a Local channel pair.

Asterisk makes two halves: `;1` runs the destination (the customer), `;2` runs the dial plan of
the founder's extension. Once both far ends talk, the halves are optimised away and the two real
channels share one bridge. Captured from Asterisk 22: local-answered, local-ignored and
local-hangup-action of tests/practice.
"""

from collections.abc import Callable
from typing import Protocol

from supportdesk.practice.pbx_dial_out import DialOut
from supportdesk.practice.pbx_exchange import Afterwards, Exchange, Talk
from supportdesk.practice.pbx_plan import FROM_INTERNAL
from supportdesk.practice.pbx_queue import Phone
from supportdesk.practice.pbx_switch import (
    CALL,
    NO_ANSWER,
    NO_CAUSE,
    NOBODY,
    NORMAL_CLEARING,
    Bridge,
    Channel,
    ChannelState,
    Party,
)


class Failed(Protocol):
    """Told when the founder's phone was not picked up."""

    def __call__(self, channel: Channel, *, rang_out: bool) -> None: ...


class LocalCall:
    """One call back, from the first ring of the founder's phone until the halves are gone."""

    def __init__(
        self,
        exchange: Exchange,
        phone: Phone,
        *,
        number: str,
        caller: Party,
        ids: tuple[str, str],
        answered: Callable[[Channel], None],
        failed: Failed,
    ) -> None:
        self._exchange = exchange
        self._switch = exchange.switch
        self._phone = phone
        self._number = number
        self._caller = caller
        self._answered = answered
        self._failed = failed
        extension = phone.desk.extension
        self._device = f"Local/{extension}@{FROM_INTERNAL}"
        serial = self._switch.next_serial("Local")
        name = f"{self._device}-{serial}"
        self._one = self._half(f"{name};1", ChannelState.DOWN, uniqueid=ids[0])
        self._two = self._half(f"{name};2", ChannelState.RING, uniqueid=ids[1], first=self._one)
        self._leg: Channel | None = None
        self._inner_bridge: Bridge | None = None
        self._dial_out: DialOut | None = None

    def start(self, *, timeout_seconds: float) -> None:
        switch, exchange, phone = self._switch, self._exchange, self._phone
        self._show_caller()
        extension = phone.desk.extension
        switch.emit(
            "LocalBridge",
            CALL,
            self._one.fields("LocalOne"),
            self._two.fields("LocalTwo"),
            (("Context", FROM_INTERNAL), ("Exten", extension), ("LocalOptimization", "Yes")),
        )
        switch.dial_begin(None, self._one, f"{extension}@{FROM_INTERNAL}")
        self._leg = leg = exchange.new_leg(phone, linked_to=self._one)
        for channel in (self._one, self._two, leg):
            exchange.put_down[channel] = self._put_down
        leg.exten = extension
        switch.set_connected(leg, self._two.party)
        switch.dial_begin(self._two, leg, extension)
        switch.set_connected(self._two, leg.party)
        switch.set_state(leg, ChannelState.RINGING)
        exchange.phone_changed(phone)
        self._one.party = leg.party
        switch.set_state(self._one, ChannelState.RINGING)
        switch.set_caller_id(self._one, leg.party)
        switch.device_changed(self._device, "INUSE")
        switch.dial_ringing(None, self._one)
        switch.dial_ringing(self._two, leg)
        answer_seconds = exchange.plan.founder_answer_seconds
        if answer_seconds is not None:
            exchange.timers.after(answer_seconds, lambda: self._picked_up(leg))
        exchange.timers.after(timeout_seconds, lambda: self._rang_out(leg))

    def _put_down(self) -> None:
        """The founder refuses, or a client hangs the call up."""
        leg = self._leg
        if self._dial_out is not None:
            self._dial_out.cancel()
            return
        if leg is None:
            return
        switch = self._switch
        switch.dial_end(self._two, leg, "NOANSWER")
        self._two.priority = 2
        switch.request_hangup(self._two, soft=True, cause=NORMAL_CLEARING)
        switch.request_hangup(self._one, cause=NORMAL_CLEARING)
        self._hang_up_half(self._two, NORMAL_CLEARING)
        switch.dial_end(None, self._one, "NOANSWER")
        self._hang_up_half(self._one, NORMAL_CLEARING)
        self._failed(self._one, rang_out=False)
        self._exchange.hang_up(leg, NO_CAUSE)

    def _rang_out(self, leg: Channel) -> None:
        if leg.is_gone or leg.state is not ChannelState.RINGING:
            return
        switch = self._switch
        self._failed(self._one, rang_out=True)
        switch.request_hangup(self._two, cause=NO_ANSWER)
        self._hang_up_half(self._one, NO_ANSWER)
        switch.dial_end(self._two, leg, "CANCEL")
        switch.request_hangup(self._two, soft=True, cause=NORMAL_CLEARING)
        self._hang_up_half(self._two, NO_ANSWER)
        self._exchange.hang_up(leg, NO_ANSWER, tech="480")

    def _picked_up(self, leg: Channel) -> None:
        if leg.is_gone or leg.state is not ChannelState.RINGING:
            return
        switch = self._switch
        switch.set_state(leg, ChannelState.UP)
        leg.exten = ""
        self._exchange.phone_changed(self._phone)
        switch.dial_end(self._two, leg, "ANSWER")
        switch.set_state(self._two, ChannelState.UP)
        switch.set_state(self._one, ChannelState.UP)
        switch.dial_end(None, self._one, "ANSWER")
        self._answered(self._one)
        self._dial_out = DialOut(
            self._exchange,
            self._one,
            self._number,
            answered=self._customer_answers,
            failed=lambda cause, tech: self._end_all(cause),
        )
        self._inner_bridge = bridge = switch.new_bridge()
        switch.enter(bridge, leg)
        switch.enter(bridge, self._two)

    def _customer_answers(self, customer: Channel) -> None:
        leg, inner = self._leg, self._inner_bridge
        if leg is None or inner is None:
            return
        switch, exchange = self._switch, self._exchange
        outer = switch.new_bridge()
        switch.enter(outer, customer)
        switch.enter(outer, self._one)
        self._optimize_away(leg, outer)
        switch.leave(self._two)
        switch.destroy(inner)
        for half in (self._one, self._two):
            switch.request_hangup(half, soft=True, cause=NORMAL_CLEARING)
        switch.request_hangup(self._two, cause=NORMAL_CLEARING)
        self._hang_up_half(self._one, NORMAL_CLEARING)
        self._hang_up_half(self._two, NORMAL_CLEARING)
        talk = Talk(
            caller=customer,
            other=leg,
            bridge=outer,
            since=exchange.timers.now,
            hangup_cause=NORMAL_CLEARING,
            afterwards=Afterwards.NEVER,
        )
        exchange.begin_talk(talk, exchange.plan.default_talk_seconds, ends_it=leg)

    def _optimize_away(self, leg: Channel, outer: Bridge) -> None:
        switch = self._switch
        halves = (self._one.fields("LocalOne"), self._two.fields("LocalTwo"))
        begin = (*leg.fields("Source"), ("DestUniqueId", self._two.uniqueid), ("Id", "0"))
        switch.emit("LocalOptimizationBegin", CALL, *halves, begin)
        switch.leave(leg)
        switch.leave(self._one)
        switch.enter(outer, leg, instead_of=self._one)
        switch.emit("LocalOptimizationEnd", CALL, *halves, (("Success", "No"), ("Id", "0")))

    def _end_all(self, cause: int) -> None:
        switch, leg, inner = self._switch, self._leg, self._inner_bridge
        switch.request_hangup(self._two, cause=cause)
        self._hang_up_half(self._one, cause)
        switch.leave(self._two)
        switch.request_hangup(self._two, soft=True, cause=NORMAL_CLEARING)
        self._hang_up_half(self._two, cause)
        if leg is not None:
            switch.leave(leg)
            if inner is not None:
                switch.destroy(inner)
            self._exchange.hang_up(leg, NORMAL_CLEARING)

    def _show_caller(self) -> None:
        switch = self._switch
        if not self._caller.number:
            return
        switch.set_caller_id(self._one, self._caller)
        switch.set_connected(self._one, self._caller)
        self._two.connected = self._caller
        switch.set_caller_id(self._two, self._caller)
        switch.set_connected(self._two, self._caller)

    def _hang_up_half(self, half: Channel, cause: int) -> None:
        self._exchange.put_down.pop(half, None)
        self._switch.hang_up(half, cause)
        self._switch.device_changed(self._device, "NOT_INUSE")

    def _half(
        self, name: str, state: ChannelState, *, uniqueid: str, first: Channel | None = None
    ) -> Channel:
        return self._switch.new_channel(
            self._device,
            party=NOBODY,
            context=FROM_INTERNAL,
            exten=self._phone.desk.extension,
            state=state,
            linked_to=first,
            uniqueid=uniqueid,
            name=name,
        )
