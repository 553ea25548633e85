"""Calls from inside to outside: whom the team has reached, by which phone, for how long (F21).

A call of ours begins with a channel that is its own Linkedid and starts inside: a phone of the
team, or the Local channel of a Call back. It goes outside with the first channel dialled on its
behalf that is neither a phone of the team nor a Local channel. That one is the customer's, and the
call is known by it; but not by its bare Uniqueid, which is a caller's once they are sent to a
queue. The talk ends with either phone, or in that queue: what others talk then is not the first
one's. Local channels go away in the middle of a talk, when Asterisk needs them no more.
A customer's own call that is sent on to an outside phone begins outside, and is none.
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
_OUTGOING: Final = "-out"


@dataclass(slots=True)
class _Origin:
    """Where a call began, what it dialled, and the channel of the phone that talks."""

    channel: str
    extension: str
    phone: str


@dataclass(frozen=True, slots=True)
class _Talk:
    """Since when a customer's channel and a phone of the team are in one call."""

    answered_at: datetime
    customer: str
    phone: str = ""


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
        self._dialled: dict[str, str] = {}
        self._talks: dict[CallId, _Talk] = {}

    def resume(self, calls: Iterable[Call]) -> None:
        """Take over the talks that were going on when an earlier run ended."""
        self._talks |= {
            call.call_id: _Talk(call.started_at, call.call_id.removesuffix(_OUTGOING))
            for call in calls
        }

    def apply(self, packet: Packet, now: datetime) -> list[Event]:
        match packet.event:
            case "Newchannel":
                self._note_origin(packet)
            case "DialBegin":
                self._note_dialled(packet)
            case "DialEnd" if packet.get("DialStatus") == "ANSWER":
                return self._answered(packet, now)
            case "Hangup" | "QueueCallerJoin":
                return self._left(packet.last("Uniqueid"), now)
            case _:
                pass
        return []

    def after_gap(self, channels: Iterable[str] | None, last_known: datetime) -> list[CallEnded]:
        """End the talks whose channel is there no more; None when channels cannot be listed."""
        self._dialled.clear()
        still = set(channels or ())
        self._origins = {one: origin for one, origin in self._origins.items() if one in still}
        if channels is None:
            return []
        gone = [one for one, talk in self._talks.items() if talk.customer not in still]
        return [self._end(one, last_known) for one in gone]

    def _note_origin(self, packet: Packet) -> None:
        unique = packet.last("Uniqueid")
        channel = packet.get("Channel")
        is_first = packet.last("Linkedid") == unique
        if is_first and self._is_inside(channel, packet.get("Context")):
            self._origins[unique] = _Origin(channel, packet.get("Exten"), unique)

    def _note_dialled(self, packet: Packet) -> None:
        """What the line outside is given, without the digits that only get one there."""
        if packet.last("Linkedid") in self._origins:
            self._dialled[packet.last("DestUniqueid")] = packet.get("DialString")

    def _answered(self, packet: Packet, now: datetime) -> list[Event]:
        origin = self._origins.get(packet.last("Linkedid"))
        dialled = packet.get("DestChannel")
        customer = packet.last("DestUniqueid")
        dial_string = self._dialled.pop(customer, "")
        if origin is None or dialled.startswith("Local/"):
            return []
        if self._is_inside(dialled, packet.get("DestContext")):
            if origin.channel.startswith("Local/"):
                origin.phone = customer  # The founder, who has picked up for a Call back.
            return []
        number = _number(dial_string, packet, origin)
        call_id = CallId(customer + _OUTGOING)
        if not number or call_id in self._talks:
            return []
        self._talks[call_id] = _Talk(now, customer, origin.phone)
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

    def _left(self, unique: str, now: datetime) -> list[Event]:
        """A channel is gone, or waits in a queue."""
        self._origins.pop(unique, None)
        self._dialled.pop(unique, None)
        over = [
            one
            for one, talk in self._talks.items()
            if unique and unique in (talk.customer, talk.phone)
        ]
        return [self._end(one, now) for one in over]

    def _end(self, call_id: CallId, at: datetime) -> CallEnded:
        talked = seconds_between(self._talks.pop(call_id).answered_at, at)
        return CallEnded(phone=self._phone, call_id=call_id, talk_seconds=talked, at=at)


def _number(dial_string: str, packet: Packet, origin: _Origin) -> str:
    """What was dialled, from where it is surest: `0541220018@trunk`, `trunk/0541220018`."""
    target = dial_string.partition("@")[0].rpartition("/")[2] if dial_string else ""
    candidates = (target, packet.caller_number("Dest"), packet.get("Exten"), origin.extension)
    return next(filter(None, map(_plain, candidates)), "")


def _plain(candidate: str) -> str:
    number = plain_number(candidate)
    return number if sum(sign.isdigit() for sign in number) >= _LEAST_DIGITS else ""
