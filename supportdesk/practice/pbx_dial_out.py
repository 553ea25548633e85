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


def dial_out(
    exchange: Exchange,
    dialler: Channel,
    number: str,
    *,
    answered: Callable[[Channel], None],
    busy: Callable[[], None],
) -> None:
    """Rings `number` for `dialler`; an engaged customer ends the dialler's leg too."""
    switch = exchange.switch
    dialler.exten = number
    leg = switch.new_channel(TRUNK, party=NOBODY, context=FROM_TRUNK, exten="s", linked_to=dialler)
    leg.exten, leg.connected = number, dialler.party
    # Without a caller id on the order, Asterisk knows the customer by the number dialled.
    customer = dialler.connected if dialler.connected.number else Party(number=number)
    switch.set_caller_id(leg, customer)
    switch.set_connected(leg, dialler.party)
    switch.dial_begin(dialler, leg, f"{number}@trunk")
    switch.set_state(leg, ChannelState.RINGING)
    switch.dial_ringing(dialler, leg)
    exchange.trunk_changed()

    def picks_up() -> None:
        if leg.is_gone or dialler.is_gone:
            return
        switch.set_state(leg, ChannelState.UP)
        leg.exten = ""
        switch.dial_end(dialler, leg, "ANSWER")
        exchange.trunk_changed()
        answered(leg)

    def is_engaged() -> None:
        if leg.is_gone or dialler.is_gone:
            return
        switch.request_hangup(leg, cause=USER_BUSY, tech="486")
        switch.dial_end(dialler, leg, "BUSY")
        dialler.priority = 2
        switch.request_hangup(dialler, soft=True, cause=NORMAL_CLEARING)
        busy()
        exchange.hang_up(leg, USER_BUSY, tech="486")

    is_busy = number in exchange.plan.busy_numbers
    outcome = is_engaged if is_busy else picks_up
    exchange.timers.after(exchange.plan.customer_answer_seconds, outcome)
