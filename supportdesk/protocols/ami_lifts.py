"""The lift by call: one of the team asks the founder to take a call, in one move (F84).

The theory. Two moves are known. A caller is *transferred into the queue* that the settings name; or
a *feature code* makes the dialplan send a UserEvent called SupportdeskLift, while the operator
talks, on a second line, or on the way of a transfer. Neither says by itself who did it, and callers
can get into queues and dial codes too. So a lift counts only with an operator behind it: a channel
that is a member's or the founder's phone, or was born where the internal phones start. What a
channel's context is later says nothing, for dialplans send callers anywhere. A caller who comes to
that queue by any other way just waits in it, and a code from a caller's own line is nothing.
Channels are told apart by their Uniqueid alone: names can be guessed, and a caller's number, which
Asterisk prints as it came, can hold lines that look like an event.

What was said as a reason comes with the UserEvent (`Why`), before or after the queue's own event:
a lift that is told again has learned its reason. A busy Asterisk tells of the transfer last of all:
a code that a caller's line used just before, right where the transfer sends them, belongs to it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from supportdesk.domain.calls import CallId
from supportdesk.domain.events import Event
from supportdesk.domain.health import SourceName
from supportdesk.domain.lift_events import CallLifted
from supportdesk.domain.lifts import LiftWay
from supportdesk.protocols.ami import Packet
from supportdesk.protocols.ami_line import Line, Phase

LIFT_EVENT: Final = "SupportdeskLift"
_TRANSFER_IS_FRESH: Final = timedelta(seconds=30)
"""So long a dialplan may take from a transfer to the queue or the code, with announcements."""
_CODE_LAG: Final = timedelta(seconds=2)
"""The UserEvent of a code comes within milliseconds, to those who may read it."""
_WHY_LENGTH: Final = 200


@dataclass(frozen=True, slots=True)
class _Transfer:
    """Who sent a channel somewhere else, and when."""

    by: str
    interface: str
    at: datetime
    is_told: bool = False
    """A code on its way has lifted the call."""


@dataclass(frozen=True, slots=True)
class _Code:
    """What a caller's own line said, and where: a transfer that it was on the way of may follow."""

    place: tuple[str, str]
    why: str
    at: datetime


class CallLifts:
    """Tells lifts of one phone system from everything that looks like one."""

    def __init__(
        self,
        phone: SourceName,
        *,
        queue: str,
        founder: str,
        lines: Mapping[CallId, Line],
        is_inside: Callable[[str, str], bool],
        whose: Callable[[str, str], tuple[str, str]],
    ) -> None:
        """`is_inside` takes channel and context; `whose` a channel and a name to fall back to."""
        self._phone = phone
        self._queue = queue
        self._founder = founder
        self._lines = lines
        self._is_inside = is_inside
        self._whose = whose
        self._inside: set[str] = set()
        self._transfers: dict[str, _Transfer] = {}
        self._codes: dict[str, _Code] = {}
        self._dialled_at: dict[str, datetime] = {}
        self.hears_codes = False
        self.lacks_codes = False

    def link_made(self) -> None:
        """A new connection: what we may hear is to be heard anew."""
        self._dialled_at.clear()
        self.hears_codes = self.lacks_codes = False

    def listed(self, channels: Iterable[Packet]) -> None:
        """Take the channels that there are: where they were born nobody can say any more."""
        for channel in channels:
            self._note_inside(channel, "")

    def apply(self, packet: Packet, now: datetime) -> list[Event]:
        match packet.event:
            case "Newchannel":
                self._note_inside(packet, packet.get("Context"))
            case "Hangup":
                self._forget(packet.last("Uniqueid"))
            case "BlindTransfer":
                self._note_transfer(packet, "Transferer", now)
                return self._code_before(packet, now)
            case "AttendedTransfer":
                self._note_transfer(packet, "OrigTransferer", now)
            case "Newexten" if packet.get("AppData").startswith(LIFT_EVENT):
                self._dialled_at[packet.last("Uniqueid")] = now
            case "UserEvent" if packet.last("UserEvent") == LIFT_EVENT:
                return self._code_used(packet, now)
            case _:
                pass
        return []

    def joined(self, line: Line, talked_with: tuple[str, str] | None, now: datetime) -> list[Event]:
        """A line is in a queue; `talked_with` is who was on the line until this moment."""
        transfer = self._transfers.pop(line.call_id, None)
        if not self._queue or line.queue != self._queue:
            return []
        if transfer is not None and now < transfer.at + _TRANSFER_IS_FRESH:
            talked_with = None if transfer.is_told else (transfer.by, transfer.interface)
        if talked_with is None:
            return []
        return self._lift(line, talked_with, LiftWay.QUEUE, "", now)

    def tick(self, now: datetime) -> None:
        """Notice codes that were dialled, and of which nothing more came."""
        late = [one for one, at in self._dialled_at.items() if at + _CODE_LAG <= now]
        for unique in late:
            del self._dialled_at[unique]
        self.lacks_codes |= bool(late) and not self.hears_codes

    def next_wakeup(self) -> datetime | None:
        first = min(self._dialled_at.values(), default=None)
        return None if first is None else first + _CODE_LAG

    def _note_inside(self, packet: Packet, birth_context: str) -> None:
        channel = packet.get("Channel")
        is_phone = not channel.startswith("Local/")
        if is_phone and self._is_inside(channel, birth_context):
            self._inside.add(packet.last("Uniqueid"))

    def _forget(self, unique: str) -> None:
        self._inside.discard(unique)
        self._transfers.pop(unique, None)
        self._codes.pop(unique, None)

    def _note_transfer(self, packet: Packet, who: str, now: datetime) -> None:
        operator = self._operator(packet, who)
        if packet.get("Result") == "Success" and operator is not None:
            transferred = packet.last("TransfereeUniqueid")
            self._transfers[transferred] = _Transfer(*operator, now)

    def _operator(self, packet: Packet, prefix: str) -> tuple[str, str] | None:
        """Return name and interface of the one of the team whose phone this is."""
        if packet.last(f"{prefix}Uniqueid") not in self._inside:
            return None
        return self._whose(packet.get(f"{prefix}Channel"), packet.caller_name(prefix))

    def _code_used(self, packet: Packet, now: datetime) -> list[Event]:
        self.hears_codes, self.lacks_codes = True, False
        unique = packet.last("Uniqueid")
        self._dialled_at.pop(unique, None)
        why = packet.last_line("Why")[:_WHY_LENGTH]
        operator = self._operator(packet, "")
        if operator is not None:
            line = self._line_of(operator[1], packet.last("Linkedid"))
            return [] if line is None else self._lift(line, operator, LiftWay.CODE, why, now)
        place = (packet.last("Context"), packet.last("Exten"))
        self._codes[unique] = _Code(place, why, now)
        return self._code_on_the_way(unique, why, now)

    def _code_before(self, packet: Packet, now: datetime) -> list[Event]:
        """Take a code that came before the word of the transfer that led to it."""
        transferred = packet.last("TransfereeUniqueid")
        code = self._codes.get(transferred)
        place = (packet.last("Context"), packet.last("Extension"))
        if code is None or code.place != place or now >= code.at + _CODE_LAG or not place[1]:
            return []
        return self._code_on_the_way(transferred, code.why, now)

    def _code_on_the_way(self, unique: str, why: str, now: datetime) -> list[Event]:
        """A caller's own line used a code: it counts if one of the team sent them there."""
        line = self._lines.get(CallId(unique))
        if line is None:
            return []
        is_waiting = line.phase is Phase.WAITING and line.queue == self._queue
        if is_waiting and line.lifted_by is not None:
            # The queue's own event came first: this is the reason.
            return self._lift(line, line.lifted_by, LiftWay.QUEUE, why, now)
        transfer = self._transfers.get(unique)
        if transfer is not None and now < transfer.at + _TRANSFER_IS_FRESH:
            self._transfers[unique] = replace(transfer, is_told=True)
            operator = (transfer.by, transfer.interface)
            return self._lift(line, operator, LiftWay.CODE, why, now)
        return []

    def _line_of(self, interface: str, linkedid: str) -> Line | None:
        """Return whom the operator talks to: on this very line, or on another of their phone."""
        linked = self._lines.get(CallId(linkedid))
        if linked is not None:
            return linked
        talks = [
            line
            for line in self._lines.values()
            if line.phase is Phase.TALKING
            and line.talks_with is not None
            and line.talks_with[1] == interface
        ]
        return max(talks, key=lambda line: line.answered_at or line.started_at, default=None)

    def _lift(
        self, line: Line, operator: tuple[str, str], way: LiftWay, why: str, now: datetime
    ) -> list[Event]:
        by, interface = operator
        if self._founder and interface == self._founder:
            return []
        line.lifted_by = operator
        return [
            CallLifted(
                source=self._phone,
                call_id=line.call_id,
                number=line.number,
                name=line.name,
                by=by,
                by_interface=interface,
                why=why,
                way=way,
                at=now,
            )
        ]
