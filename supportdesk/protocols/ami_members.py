"""Who answers: the members of the watched queues and what each is doing.

A member is one interface, however many queues it sits in. Static members stay listed when their
phone is gone (status 5); dynamic members come and go. Queue lists call the same things `Name` and
`Location` that events call `MemberName` and `Interface`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from supportdesk.domain.calls import Member, MemberState, MissedReason
from supportdesk.domain.events import Event, MemberChanged, MemberLeft
from supportdesk.domain.health import SourceName
from supportdesk.protocols.ami import Packet

MEMBER_EVENTS: Final = frozenset(
    {"QueueMemberAdded", "QueueMemberRemoved", "QueueMemberPause", "QueueMemberStatus"}
)

_DEVICE_STATES: Final = {
    "1": MemberState.FREE,
    "2": MemberState.ON_A_CALL,
    "3": MemberState.ON_A_CALL,
    "4": MemberState.GONE,
    "5": MemberState.GONE,
    "6": MemberState.RINGING,
    "7": MemberState.ON_A_CALL,
    "8": MemberState.ON_A_CALL,
}
"""Asterisk's device states: idle, in use, busy, invalid, unavailable, ringing, both, on hold."""


@dataclass(slots=True)
class _Pause:
    reason: str
    since: datetime | None


@dataclass(slots=True)
class _Seat:
    """What is known of one interface; `queues` holds a pause or None for each of its queues."""

    interface: str
    name: str = ""
    state_interface: str = ""
    device: MemberState = MemberState.UNKNOWN
    queues: dict[str, _Pause | None] = field(default_factory=dict)
    state: MemberState = MemberState.UNKNOWN
    state_since: datetime | None = None


class Members:
    """Folds packets into members. It refuses queues that nobody watches."""

    def __init__(self, phone: SourceName, is_watched: Callable[[str], bool]) -> None:
        self._phone = phone
        self._is_watched = is_watched
        self._seats: dict[str, _Seat] = {}
        self.are_known = False

    def current(self) -> tuple[Member, ...] | None:
        """Members by name; None while the phone system has not told."""
        if not self.are_known:
            return None
        members = [_member(seat) for seat in self._seats.values()]
        return tuple(sorted(members, key=lambda member: (member.name, member.interface)))

    def apply(self, packet: Packet, now: datetime) -> list[Event]:
        """Take one of MEMBER_EVENTS."""
        if not self._is_watched(packet.get("Queue")):
            return []
        if packet.event == "QueueMemberRemoved":
            return self._remove(packet, now)
        interface = packet.get("Interface")
        before = self._seats.get(interface)
        told = None if before is None else _member(before)
        member = _member(self._seat(packet, interface, packet.get("MemberName"), now))
        if member == told:
            return []
        return [self._changed(member, now)]

    def replace(self, packets: Iterable[Packet], now: datetime) -> None:
        """Take the QueueMember entries of a whole QueueStatus; others are gone."""
        old, self._seats = self._seats, {}
        self.are_known = True
        for packet in packets:
            if not self._is_watched(packet.get("Queue")):
                continue
            interface = packet.get("Location")
            if interface not in self._seats:
                seat = _Seat(interface=interface)
                if interface in old:
                    seat.state = old[interface].state
                    seat.state_since = old[interface].state_since
                self._seats[interface] = seat
            self._seat(packet, interface, packet.get("Name"), None)
        for interface, seat in self._seats.items():
            self._settle(seat, now if interface in old else None)

    def find(self, endpoint: str) -> Member | None:
        """Return the member behind a channel's endpoint: PJSIP/201, or Local/201@from-queue.

        A Local member (FreePBX) is also found by the phone that its extension rings.
        """
        seat = self._seat_of(endpoint)
        return None if seat is None else _member(seat)

    def rings(self, endpoint: str, now: datetime) -> list[Event]:
        """A member's phone is being rung: they are there, whatever an old list said."""
        seat = self._seat_of(endpoint)
        if seat is None:
            return []
        told = _member(seat)
        seat.device = MemberState.RINGING
        self._settle(seat, now)
        member = _member(seat)
        return [] if member == told else [self._changed(member, now)]

    def why_unanswered(self, queue: str) -> MissedReason:
        """Return why somebody who hung up in this queue had to wait."""
        members = [_member(seat) for seat in self._seats.values() if queue in seat.queues]
        if not self.are_known:
            return MissedReason.GAVE_UP
        if not any(member.is_there for member in members):
            return MissedReason.NOBODY_THERE
        if not any(member.can_answer for member in members):
            return MissedReason.NOBODY_FREE
        return MissedReason.GAVE_UP

    def _seat_of(self, endpoint: str) -> _Seat | None:
        for seat in self._seats.values():
            if endpoint in (seat.interface, seat.state_interface, _without_options(seat.interface)):
                return seat
        for seat in self._seats.values():
            if seat.interface.startswith("Local/") and extension_of(endpoint) == extension_of(
                seat.interface
            ):
                return seat
        return None

    def _changed(self, member: Member, now: datetime) -> MemberChanged:
        return MemberChanged(phone=self._phone, member=member, at=now)

    def _remove(self, packet: Packet, now: datetime) -> list[Event]:
        seat = self._seats.get(packet.get("Interface"))
        if seat is None or seat.queues.pop(packet.get("Queue"), "absent") == "absent":
            return []
        if seat.queues:
            self._settle(seat, now)
            return [self._changed(_member(seat), now)]
        del self._seats[seat.interface]
        return [MemberLeft(phone=self._phone, interface=seat.interface, at=now)]

    def _seat(self, packet: Packet, interface: str, name: str, now: datetime | None) -> _Seat:
        seat = self._seats.setdefault(interface, _Seat(interface=interface))
        seat.name = name or interface
        seat.state_interface = packet.get("StateInterface")
        seat.device = _DEVICE_STATES.get(packet.get("Status"), MemberState.UNKNOWN)
        # A Local member without a state interface looks idle while it talks for this queue.
        if packet.get("InCall") == "1" and seat.device is MemberState.FREE:
            seat.device = MemberState.ON_A_CALL
        pause = None
        if packet.get("Paused") == "1":
            pause = _Pause(packet.get("PausedReason"), _moment(packet.integer("LastPause")))
        seat.queues[packet.get("Queue")] = pause
        if now is not None:
            self._settle(seat, now)
        return seat

    @staticmethod
    def _settle(seat: _Seat, now: datetime | None) -> None:
        """Derive the state; a new one holds since `now` (None: since who knows when)."""
        pauses = [pause for pause in seat.queues.values() if pause is not None]
        state = seat.device
        if len(pauses) == len(seat.queues) and state is not MemberState.GONE:
            state = MemberState.PAUSED
        if state is seat.state:
            return
        seat.state, seat.state_since = state, now
        if now is None and state is MemberState.PAUSED:
            seat.state_since = max((p.since for p in pauses if p.since is not None), default=None)


def extension_of(interface: str) -> str:
    """Return the extension that an interface stands for: 201 of PJSIP/201, Local/201@…/n."""
    return interface.partition("/")[2].partition("@")[0].partition("/")[0]


def _without_options(interface: str) -> str:
    """Return what channels are named after: Local/201@from-queue/n without its options."""
    name, at, rest = interface.partition("@")
    return name + at + rest.partition("/")[0]


def _member(seat: _Seat) -> Member:
    return Member(
        interface=seat.interface,
        name=seat.name,
        state=seat.state,
        state_since=seat.state_since,
        detail=_detail(seat),
        queues=tuple(sorted(seat.queues)),
    )


def _detail(seat: _Seat) -> str:
    """The reason of a pause; where a member is paused when it is not everywhere."""
    paused = {queue: pause for queue, pause in seat.queues.items() if pause is not None}
    if seat.state is MemberState.PAUSED:
        return ", ".join(dict.fromkeys(p.reason for p in paused.values() if p.reason))
    if 0 < len(paused) < len(seat.queues):
        return f"paused in {', '.join(sorted(paused))}"
    return ""


def _moment(epoch_seconds: int) -> datetime | None:
    return datetime.fromtimestamp(epoch_seconds, UTC) if epoch_seconds > 0 else None
