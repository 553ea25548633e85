"""Calls are taken and returned: one call for one click, by the phone or by another program.

What was asked for is in hand until the phone says how it went.
"""

from datetime import datetime, timedelta

from supportdesk.domain.calls import Call, Caller
from supportdesk.domain.events import DialProgressed
from supportdesk.domain.health import SourceName
from supportdesk.domain.settings import PhoneKind, PhoneSettings
from supportdesk.services.desk import Desk
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.controllers.calls_banner import CallsBanner

# A phone that never says how it went does not block its button for longer.
_LONGEST = timedelta(seconds=60)
# Longer than any double click.
_SETTLED = timedelta(seconds=2)


class Dialling:
    """Owns what is in hand; the words about it go to the banner."""

    def __init__(self, desk: Desk, acts: Acts, banner: CallsBanner) -> None:
        self._desk = desk
        self._acts = acts
        self._banner = banner
        self._key = ""
        self._until: datetime | None = None

    def can_take(self, caller: Caller) -> bool:
        able = self._desk.calls.capabilities(caller.phone)
        phone = self._phone(caller.phone)
        has_founder = phone is not None and bool(phone.founder_interface)
        return bool(caller.channel) and has_founder and able is not None and able.can_take

    def take(self, key: str, caller: Caller) -> None:
        """Ring for the founder and hand this caller over; where that cannot be, call them."""
        if not self._begin(key):
            return
        if not self._acts.take(caller):
            self._take_otherwise(caller)
        elif _is_at_this_desk(self._phone(caller.phone)):
            self._banner.say(f"Answering {caller.label}", "Talk at this computer.")
        else:
            self._banner.say("Ringing your phone", f"Pick up to talk with {caller.label}.")

    def call_back(self, key: str, call: Call) -> None:
        """Ring for the founder, then for the person of this call."""
        if not call.number:
            self._banner.say("The number is withheld", "There is nothing to call back.")
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
        title = "This phone system cannot hand the caller over"
        if not caller.number:
            self._banner.say(title, "The number is withheld. Pick the call up on your phone.")
        elif self._acts.open_link(self._address(caller.number, caller.phone)):
            self._banner.say(title, f"Your phone program calls {caller.number} instead.")
        else:
            self._acts.copy(caller.number)
            self._banner.say(
                title, f"The number {caller.number} was copied. Pick the call up on your phone."
            )
        self._handed_over()

    def _ring_for(self, call: Call) -> None:
        if self._acts.call_back(call.phone, call.number, call.name):
            able = self._acts.settings().phones_to_dial(call.phone)
            if _is_at_this_desk(next(iter(able), None)):
                self._banner.say(f"Calling {call.label}", "Talk at this computer.")
            else:
                self._banner.say("Ringing your phone", f"Pick up, then {call.label} is rung.")
            return
        if self._acts.open_link(self._address(call.number, call.phone)):
            self._banner.say("Handed to your phone program", call.number)
        else:
            self._acts.copy(call.number)
            self._banner.say(
                "No phone program takes calls here", f"The number {call.number} was copied."
            )
        self._handed_over()

    def _phone(self, name: SourceName) -> PhoneSettings | None:
        return next((one for one in self._acts.settings().phone if one.name == name), None)

    def _address(self, number: str, phone: SourceName) -> str:
        """As the desktop's handlers take it: sip: for addresses, else as the phone wants it."""
        if "@" in number:
            return number if number.startswith("sip:") else f"sip:{number}"
        kept = "".join(sign for sign in number if sign.isdigit() or sign in "+*#")
        able = self._desk.calls.capabilities(phone)
        if able is not None and able.dial_uri.startswith("sip:"):
            return able.dial_uri.replace("NUMBER", kept)
        normal = self._desk.calls.normal_number(number)
        return f"tel:{normal if normal.startswith('+') else kept}"


def _is_at_this_desk(phone: PhoneSettings | None) -> bool:
    """A softphone is the founder's phone already: it does not ring them first."""
    return phone is not None and phone.kind is PhoneKind.BARESIP
