"""Calls from outside to one desk, past the queue."""

from supportdesk.practice.pbx_exchange import Exchange, Talk
from supportdesk.practice.pbx_plan import IncomingCall
from supportdesk.practice.pbx_switch import (
    INTERWORKING,
    NO_CAUSE,
    NO_ROUTE,
    NORMAL_CLEARING,
    Channel,
    ChannelState,
)

# Where the dial plan goes on after Dial() found nobody.
_AFTER_DIAL = 4


class DirectCalls:
    """Rings one phone: answered, rung out, given up, or not there at all."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._switch = exchange.switch

    def call(self, extension: str, call: IncomingCall) -> Channel:
        exchange, switch = self._exchange, self._switch
        channel = exchange.new_trunk_call(call, extension)
        channel.application, channel.application_data = "Dial", f"PJSIP/{extension}"
        phone = exchange.phones.get(f"PJSIP/{extension}")
        if phone is None or not phone.is_registered:
            channel.priority = _AFTER_DIAL
            switch.request_hangup(channel, soft=True, cause=NORMAL_CLEARING)
            exchange.hang_up(channel, NO_ROUTE, tech="404")
            return channel
        leg = exchange.new_leg(phone, linked_to=channel)
        leg.exten = extension
        switch.set_connected(leg, channel.party)
        switch.dial_begin(channel, leg, extension)
        switch.set_connected(channel, leg.party)
        switch.set_state(leg, ChannelState.RINGING)
        exchange.phone_changed(phone)
        switch.dial_ringing(channel, leg)
        exchange.trunk_changed()
        timers = exchange.timers
        timers.after(exchange.plan.direct_ring_seconds, lambda: self._rings_out(channel, leg))
        exchange.put_down[channel] = lambda: self._give_up(channel, leg)
        exchange.put_down[leg] = lambda: self._rings_out(channel, leg)
        timers.after(call.patience_seconds, lambda: self._give_up(channel, leg))
        if call.answer_seconds is not None:
            timers.after(call.answer_seconds, lambda: self._answered(channel, leg))
        return channel

    def _give_up(self, channel: Channel, leg: Channel) -> None:
        if not _still_rings(channel, leg):
            return
        switch = self._switch
        # A SIP CANCEL comes as 487, which Asterisk calls interworking.
        switch.request_hangup(channel, cause=INTERWORKING, tech="487")
        switch.dial_end(channel, leg, "CANCEL")
        switch.request_hangup(channel, soft=True, cause=NORMAL_CLEARING, tech="487")
        self._exchange.hang_up(channel, INTERWORKING, tech="487")
        self._exchange.hang_up(leg, INTERWORKING, tech="500")

    def _rings_out(self, channel: Channel, leg: Channel) -> None:
        if not _still_rings(channel, leg):
            return
        self._switch.dial_end(channel, leg, "NOANSWER")
        channel.priority = _AFTER_DIAL
        self._switch.request_hangup(channel, soft=True, cause=NORMAL_CLEARING)
        self._exchange.hang_up(leg, NO_CAUSE)
        self._exchange.hang_up(channel, NORMAL_CLEARING)

    def _answered(self, channel: Channel, leg: Channel) -> None:
        if not _still_rings(channel, leg):
            return
        exchange, switch = self._exchange, self._switch
        switch.set_state(leg, ChannelState.UP)
        leg.exten = ""
        exchange.phone_changed(exchange.phones[leg.device])
        switch.dial_end(channel, leg, "ANSWER")
        switch.set_state(channel, ChannelState.UP)
        bridge = switch.new_bridge()
        switch.enter(bridge, leg)
        switch.enter(bridge, channel)
        talk = Talk(
            caller=channel,
            other=leg,
            bridge=bridge,
            since=exchange.timers.now,
            hangup_cause=NORMAL_CLEARING,
        )
        seconds = exchange.calls[channel].talk_seconds
        exchange.begin_talk(talk, seconds, ends_it=channel)


def _still_rings(channel: Channel, leg: Channel) -> bool:
    return not channel.is_gone and leg.state is ChannelState.RINGING
