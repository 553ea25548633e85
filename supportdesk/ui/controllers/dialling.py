"""Calls are taken and returned: one call for one click, by the phone or by another program.

What was asked for is in hand until the phone says how it went.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from supportdesk.domain.calls import Call, Caller
from supportdesk.domain.events import DialProgressed
from supportdesk.domain.health import SourceName
from supportdesk.domain.phone_numbers import can_be_dialled, dialled, plain_number
from supportdesk.domain.settings import PhoneKind, PhoneSettings
from supportdesk.services.desk import Desk
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.controllers.calls_banner import CallsBanner
from supportdesk.ui.rows import Tone

# A phone that never says how it went does not block its button for longer.
_LONGEST = timedelta(seconds=60)
# Longer than any double click.
_SETTLED = timedelta(seconds=2)


class Dialling:
    """Owns what is in hand; the words about it go to the banner."""

    def __init__(
        self, desk: Desk, acts: Acts, banner: CallsBanner, told: Callable[[], None]
    ) -> None:
        """`told` is called when the banner says more, later than the click."""
        self._told = told
        self._desk = desk
        self._acts = acts
        self._banner = banner
        self._key = ""
        self._until: datetime | None = None

    def take(self, key: str, caller: Caller) -> None:
        """Ring for the founder and hand this caller over; else they pick up by themselves."""
        if not self._begin(key):
            return
        if not self._acts.take(caller):
            self._take_otherwise(caller)
        elif _is_at_this_desk(self._phone(caller.phone)):
            self._banner.begin(f"Answering {caller.label}", "Talk at this computer.")
        else:
            self._banner.begin("Ringing your phone", f"Pick up to talk with {caller.label}.")

    def call_back(self, key: str, call: Call) -> None:
        """Ring for the founder, then for the person of this call."""
        if not call.number:
            self._banner.say("The number is withheld", "There is nothing to call back.")
        elif not can_be_dialled(call.number):
            self._banner.say(f"“{call.number}” cannot be called", "It is no number and no address.")
        elif self._begin(key):
            self._ring_for(call)

    def progressed(self, event: DialProgressed) -> None:
        self._banner.progressed(event)
        if event.is_over:
            self._handed_over()

    # --- inside ------------------------------------------------------------------------

    def _begin(self, key: str) -> bool:
        """False when just this is in hand already: a second click places no second call."""
        now = self._acts.now()
        if key == self._key and self._until is not None and now < self._until:
            return False
        self._key, self._until = key, now + _LONGEST
        return True

    def _handed_over(self) -> None:
        """It is out of our hands; only the second click of a double click is the same."""
        self._until = self._acts.now() + _SETTLED

    def _take_otherwise(self, caller: Caller) -> None:
        """Whoever rings is not rung: their line is busy with this very call."""
        why = "This phone system cannot hand the caller over"
        if caller.number:
            self._acts.copy(caller.number)
            why = f"{why}. Their number {caller.number} was copied."
        else:
            why = f"{why}, and the number is withheld."
        self._banner.say("Pick it up on your phone", why)
        self._handed_over()

    def _ring_for(self, call: Call) -> None:
        if not self._acts.call_back(call.phone, call.number, call.name):
            self._banner.begin("Handing over to your phone program", call.number)
            handed = partial(self._handed_to_desktop, call.number)
            self._acts.hand_over(self._address(call.number, call.phone), handed)
            return
        able = self._acts.settings().phones_to_dial(call.phone)
        if _is_at_this_desk(next(iter(able), None)):
            self._banner.begin(f"Calling {call.label}", "Talk at this computer.")
        else:
            self._banner.begin("Ringing your phone", f"Pick up, then {call.label} is rung.")

    def _handed_to_desktop(self, number: str, is_taken: bool) -> None:
        self._acts.copy(number)
        copied = f"The number {number} was copied"
        if is_taken:
            self._banner.say("Handed to your phone program", f"{copied}, should it not dial.")
        else:
            title = "No phone program takes calls here"
            self._banner.say(title, f"{copied}: dial it on your phone.", Tone.AMBER)
        self._handed_over()
        self._told()

    def _phone(self, name: SourceName) -> PhoneSettings | None:
        return next((one for one in self._acts.settings().phone if one.name == name), None)

    def _address(self, number: str, phone: SourceName) -> str:
        """As the desktop's handlers take it: sip: for addresses, else as the phone wants it."""
        kept = plain_number(number)
        if not kept:
            return dialled(number)
        able = self._desk.calls.capabilities(phone)
        if able is not None and able.dial_uri.startswith("sip:"):
            return able.dial_uri.replace("NUMBER", _escaped(kept))
        normal = self._desk.calls.normal_number(number)
        return f"tel:{_escaped(normal if normal.startswith('+') else kept)}"


def _escaped(number: str) -> str:
    """In an address # begins something else (RFC 3966)."""
    return number.replace("#", "%23")


def _is_at_this_desk(phone: PhoneSettings | None) -> bool:
    """A softphone is the founder's phone already: it does not ring them first."""
    return phone is not None and phone.kind is PhoneKind.BARESIP
