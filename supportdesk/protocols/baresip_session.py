"""One connection to baresip's control port: bytes and time in, events and bytes out.

On connecting it asks what goes on (`listcalls`, and `callstat` for the one call whose id can be
had so); what happens meanwhile is told after that snapshot. baresip has no ping and tells of
nothing but calls: one that hangs is noticed when a command gets no answer, and one is sent only
when somebody asks for something.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from supportdesk.domain.calls import Caller, Capabilities
from supportdesk.domain.errors import ConnectionLost, SupportDeskError
from supportdesk.domain.events import DialProgressed, Event, PhoneSnapshotTaken
from supportdesk.domain.health import SourceName
from supportdesk.protocols import netstring
from supportdesk.protocols.ami_link import Close, Output, Send
from supportdesk.protocols.baresip_calls import BaresipCalls
from supportdesk.protocols.baresip_dial import ANSWER_PATIENCE, BaresipDial, Command, DialOutput
from supportdesk.protocols.baresip_messages import (
    CallTurn,
    CommandAnswer,
    Exiting,
    ListedCall,
    after_turn,
    current_call,
    decode,
    listed_calls,
    with_current,
)

CONNECT_PATIENCE: Final = timedelta(seconds=8)

CAPABILITIES: Final = Capabilities(
    sees_waiting=True,
    sees_busy=False,
    sees_missed=True,
    can_take=True,
    can_dial=True,
    limits=(
        "baresip tells of this phone alone, and only while supportdesk runs.",
        "A call that a colleague answered elsewhere looks like a missed one.",
        "A baresip that hangs is noticed only when something is asked of it.",
    ),
)


@dataclass(slots=True, kw_only=True)
class _Asked:
    name: str
    deadline: datetime


class BaresipSession:
    """Life of one connection: connecting, taking stock, live, closed.

    `heard_until` is when the run before heard this phone last: nobody heard what ended since.

    Attributes:
        was_cut_off: The other side closed it without a goodbye.
    """

    def __init__(
        self,
        phone: SourceName,
        place: str,
        book: BaresipCalls,
        now: datetime,
        *,
        deaf_since: datetime | None = None,
        heard_until: datetime | None = None,
    ) -> None:
        self._phone = phone
        self._place = place
        self._book = book
        self._deaf_since = deaf_since
        self._heard_until = heard_until
        self._reader = netstring.NetstringReader(place)
        self._dial = BaresipDial(phone)
        self._connect_by: datetime | None = now + CONNECT_PATIENCE
        self._asked: dict[str, _Asked] = {}
        self._serial = 0
        self._listed: list[ListedCall] = []
        self._held: list[Event] = []
        self._is_closed = False
        self.is_live = False
        self._has_said_goodbye = False
        self.was_cut_off = False
        self.last_heard_at: datetime | None = None

    def next_wakeup(self) -> datetime | None:
        moments = [asked.deadline for asked in self._asked.values()]
        moments += [one for one in (self._connect_by, self._dial.deadline) if one is not None]
        return None if self._is_closed else min(moments, default=None)

    # --- the socket's side --------------------------------------------------------------

    def connected(self, now: datetime) -> list[Output]:
        self._connect_by = None
        return self._ask(Command(name="listcalls"), now)

    def receive(self, data: bytes, now: datetime) -> list[Output]:
        outputs: list[Output] = []
        try:
            payloads = self._reader.feed(data)
        except SupportDeskError as error:
            return self.failed(error, now)
        for payload in payloads:
            self.last_heard_at = now
            outputs += self._message(payload, now)
        return outputs

    def tick(self, now: datetime) -> list[Output]:
        if self._is_closed:
            return []
        is_late = any(asked.deadline <= now for asked in self._asked.values())
        if is_late or (self._connect_by is not None and self._connect_by <= now):
            return self.failed(does_not_answer(self._place), now)
        return self._dialling(self._dial.tick(now), now)

    def ended(self, now: datetime) -> list[Output]:
        """The other side has closed it."""
        if self._has_said_goodbye:
            return self.failed(was_quit(), now)
        self.was_cut_off = True
        return self.failed(ConnectionLost(*_CLOSED), now)

    def failed(self, error: SupportDeskError, now: datetime) -> list[Output]:
        if self._is_closed:
            return []
        self._is_closed = True
        self.is_live = False
        given_up = [
            one for one in self._dial.give_up(error.title, now) if isinstance(one, DialProgressed)
        ]
        return [*given_up, Close(error)]

    # --- the founder's side -------------------------------------------------------------

    def check(self, now: datetime) -> list[Output]:
        """Ask what goes on; a baresip that hangs is found out by it."""
        return self._ask(Command(name="listcalls"), now) if self.is_live else []

    def take(self, caller: Caller, now: datetime) -> list[Output]:
        if not self.is_live:
            return [self._dial.refuse(caller.call_id, caller.number, NOT_CONNECTED, now)]
        handle = self._book.handle_of(caller.call_id)
        return self._dialling(self._dial.take(caller, handle, now), now)

    def call_back(self, number: str, name: str, now: datetime) -> list[Output]:
        if not self.is_live:
            return [self._dial.refuse(None, number, NOT_CONNECTED, now)]
        return self._dialling(self._dial.call_back(number, name, now), now)

    def hang_up(self, now: datetime) -> list[Output]:
        return self._dialling(self._dial.hang_up(), now) if self.is_live else []

    # --- inside -------------------------------------------------------------------------

    def _message(self, payload: bytes, now: datetime) -> list[Output]:
        match decode(payload):
            case CallTurn() as turn:
                return self._turn(turn, now)
            case CommandAnswer() as answer:
                return self._answer(answer, now)
            case Exiting():
                self._has_said_goodbye = True
                return []
            case _:
                return []

    def _turn(self, turn: CallTurn, now: datetime) -> list[Output]:
        events = self._book.apply(turn, now)
        self._listed = after_turn(self._listed, turn)
        if not self.is_live:
            self._held += events
            return []
        return [*events, *self._dialling(self._dial.apply(turn, now), now)]

    def _answer(self, answer: CommandAnswer, now: datetime) -> list[Output]:
        asked = self._asked.pop(answer.token, None)
        match asked.name if asked is not None else "":
            case "listcalls":
                self._listed = listed_calls(answer.text)
                if self._listed:
                    return self._ask(Command(name="callstat"), now)
                return self._snapshot(now)
            case "callstat":
                return self._snapshot(now, current_call(answer.text))
            case name:
                return self._dialling(self._dial.answered(name, answer, now), now)

    def _snapshot(self, now: datetime, current: ListedCall | None = None) -> list[Output]:
        listed = with_current(self._listed, current)
        since = self._deaf_since
        unheard_since = since or self._heard_until or now
        ends = self._book.take_stock(listed, now, unheard_since=unheard_since)
        held, self._held, self.is_live = self._held, [], True
        self._deaf_since = self._heard_until = None
        snapshot = PhoneSnapshotTaken(
            phone=self._phone,
            callers=self._book.callers(),
            members=None,
            capabilities=CAPABILITIES,
            at=now,
            deaf_since=since,
        )
        return [snapshot, *ends, *held]

    def _dialling(self, outputs: Iterable[DialOutput], now: datetime) -> list[Output]:
        done: list[Output] = []
        for output in outputs:
            done += self._ask(output, now) if isinstance(output, Command) else [output]
        return done

    def _ask(self, command: Command, now: datetime) -> list[Output]:
        self._serial += 1
        token = f"supportdesk-{self._serial}"
        self._asked[token] = _Asked(name=command.name, deadline=now + ANSWER_PATIENCE)
        fields = {"command": command.name, "token": token}
        if command.parameters:
            fields["params"] = command.parameters
        return [Send(netstring.encode(json.dumps(fields).encode()))]


NOT_CONNECTED: Final = "baresip is not connected"
_CLOSED: Final = (
    "baresip closed the connection",
    "Another program may have taken its control port, or baresip has crashed."
    " supportdesk looks again in a moment.",
)


def was_quit() -> ConnectionLost:
    return ConnectionLost(
        "baresip was closed", "Start baresip again; supportdesk finds it by itself."
    )


def does_not_answer(place: str) -> ConnectionLost:
    return ConnectionLost(
        f"baresip at {place} does not answer",
        "It may hang: close baresip and start it again. supportdesk tries again by itself.",
    )


def taken_over(place: str) -> ConnectionLost:
    return ConnectionLost(
        f"Another program has taken baresip's control port {place}",
        "baresip serves one program at a time, the one that came last. Close the other, then"
        " choose Try again now; supportdesk also tries by itself, in longer and longer intervals.",
    )
