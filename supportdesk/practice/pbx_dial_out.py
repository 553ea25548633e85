"""The trunk leg of a call back: the customer's phone rings, is answered or is engaged."""

from collections.abc import Callable

from supportdesk.practice.pbx_exchange import Exchange
from supportdesk.practice.pbx_plan import FROM_TRUNK, TRUNK
from supportdesk.practice.pbx_switch import (
    NOBODY,
    NORMAL_CLEARING,
    USER_BUSY,
    Channel,
    ChannelState,
    Party,
)


class DialOut:
    """Rings a customer's number for a channel that is up already."""

    def __init__(
        self,
        exchange: Exchange,
        dialler: Channel,
        number: str,
        *,
        answered: Callable[[Channel], None],
        failed: Callable[[int, str], None],
    ) -> None:
        """`failed` ends the dialler's legs: with which cause, and which SIP status."""
        self._exchange = exchange
        self._switch = exchange.switch
        self._dialler = dialler
        self._answered = answered
        self._failed = failed
        dialler.exten = number
        self._leg = self._ring(number)
        is_busy = number in exchange.plan.busy_numbers
        outcome = self._is_engaged if is_busy else self._picks_up
        exchange.put_down[self._leg] = self.cancel
        exchange.timers.after(exchange.plan.customer_answer_seconds, outcome)

    def cancel(self) -> None:
        """Stops ringing the customer, if they have not answered."""
        if self._still_rings():
            self._switch.dial_end(self._dialler, self._leg, "CANCEL")
            self._exchange.hang_up(self._leg, NORMAL_CLEARING)
            self._failed(NORMAL_CLEARING, "")

    def _ring(self, number: str) -> Channel:
        switch, dialler = self._switch, self._dialler
        leg = switch.new_channel(
            TRUNK, party=NOBODY, context=FROM_TRUNK, exten="s", linked_to=dialler
        )
        leg.exten, leg.connected = number, dialler.party
        # Without a caller id on the order, Asterisk knows the customer by the number dialled.
        customer = dialler.connected if dialler.connected.number else Party(number=number)
        switch.set_caller_id(leg, customer)
        switch.set_connected(leg, dialler.party)
        switch.dial_begin(dialler, leg, f"{number}@trunk")
        switch.set_state(leg, ChannelState.RINGING)
        switch.dial_ringing(dialler, leg)
        self._exchange.trunk_changed()
        return leg

    def _picks_up(self) -> None:
        if self._still_rings():
            leg = self._leg
            self._switch.set_state(leg, ChannelState.UP)
            leg.exten = ""
            self._switch.dial_end(self._dialler, leg, "ANSWER")
            self._exchange.trunk_changed()
            self._answered(leg)

    def _is_engaged(self) -> None:
        if self._still_rings():
            switch, leg, dialler = self._switch, self._leg, self._dialler
            switch.request_hangup(leg, cause=USER_BUSY, tech="486")
            switch.dial_end(dialler, leg, "BUSY")
            dialler.priority = 2
            switch.request_hangup(dialler, soft=True, cause=NORMAL_CLEARING)
            self._exchange.hang_up(leg, USER_BUSY, tech="486")
            self._failed(USER_BUSY, "486")

    def _still_rings(self) -> bool:
        return not self._leg.is_gone and self._leg.state is ChannelState.RINGING
