"""Calls from inside to outside: whom the team has reached, by which phone, for how long (F21).

A call of ours begins with a channel that is its own Linkedid and starts inside: a phone of the
team, or the Local channel of a Call back. It goes outside with the first channel dialled on its
behalf that is neither a phone of the team nor a Local channel. That one is the customer's, so its
Uniqueid is the call: Local channels go away in the middle of a talk, when Asterisk needs them no
more. A customer's own call that is sent on to an outside phone begins outside, and is none.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from supportdesk.domain.calls import Call, CallId, seconds_between
from supportdesk.domain.events import CalleeAnswered, CallEnded, Event
from supportdesk.domain.health import SourceName
from supportdesk.domain.phone_numbers import plain_number
from supportdesk.protocols.ami import Packet

_LEAST_DIGITS: Final = 3
"""Dialplans put names of steps where a number could be: `s`, `h`, `i`."""


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where a call began: the channel, and what it dialled."""

    channel: str
    extension: str


class OutgoingCalls:
    """The calls of one phone system that one of the team makes; it outlives the connections."""

    def __init__(
        self,
        phone: SourceName,
        *,
        is_inside: Callable[[str, str], bool],
        whose: Callable[[str, str], tuple[str, str]],
    ) -> None:
        """`is_inside` takes channel and context; `whose` a channel and a name to fall back to."""
        self._phone = phone
        self._is_inside = is_inside
        self._whose = whose
        self._origins: dict[str, _Origin] = {}
        self._talks: dict[CallId, datetime] = {}

    def resume(self, calls: Iterable[Call]) -> None:
        """Take over the talks that were going on when an earlier run ended."""
        self._talks |= {call.call_id: call.started_at for call in calls}

    def apply(self, packet: Packet, now: datetime) -> list[Event]:
        match packet.event:
            case "Newchannel":
                self._note_origin(packet)
            case "DialEnd" if packet.get("DialStatus") == "ANSWER":
                return self._answered(packet, now)
            case "Hangup":
                return self._hung_up(packet, now)
            case _:
                pass
        return []

    def after_gap(self, channels: Iterable[str] | None, last_known: datetime) -> list[Event]:
        """End the talks whose channel is there no more; None when channels cannot be listed."""
        self._origins.clear()
        if channels is None:
            return []
        still = set(channels)
        return [self._end(one, last_known) for one in list(self._talks) if one not in still]

    def _note_origin(self, packet: Packet) -> None:
        unique = packet.last("Uniqueid")
        channel = packet.get("Channel")
        is_first = packet.last("Linkedid") == unique
        if is_first and self._is_inside(channel, packet.get("Context")):
            self._origins[unique] = _Origin(channel, packet.get("Exten"))

    def _answered(self, packet: Packet, now: datetime) -> list[Event]:
        origin = self._origins.get(packet.last("Linkedid"))
        dialled = packet.get("DestChannel")
        if origin is None or dialled.startswith("Local/"):
            return []
        if self._is_inside(dialled, packet.get("DestContext")):
            return []
        number = _number(packet, origin)
        call_id = CallId(packet.last("DestUniqueid"))
        if not number or call_id in self._talks:
            return []
        self._talks[call_id] = now
        by, interface = self._whose(origin.channel, packet.caller_name())
        return [
            CalleeAnswered(
                phone=self._phone,
                call_id=call_id,
                number=number,
                by=by,
                by_interface=interface,
                at=now,
            )
        ]

    def _hung_up(self, packet: Packet, now: datetime) -> list[Event]:
        unique = CallId(packet.last("Uniqueid"))
        self._origins.pop(unique, None)
        return [self._end(unique, now)] if unique in self._talks else []

    def _end(self, call_id: CallId, at: datetime) -> CallEnded:
        talked = seconds_between(self._talks.pop(call_id), at)
        return CallEnded(phone=self._phone, call_id=call_id, talk_seconds=talked, at=at)


def _number(packet: Packet, origin: _Origin) -> str:
    """What was dialled: Asterisk names the callee by it, and most dialplans keep it in Exten."""
    candidates = (packet.caller_number("Dest"), packet.get("Exten"), origin.extension)
    return next(filter(None, map(_plain, candidates)), "")


def _plain(candidate: str) -> str:
    number = plain_number(candidate)
    return number if sum(sign.isdigit() for sign in number) >= _LEAST_DIGITS else ""
