"""Phone events from outside (`supportdesk call …`) turned into the events of any phone system.

A hook tells turns, not calls: this remembers which calls are open, by the phone system's own id
or, where it gives none, by the caller's number.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import assert_never

from supportdesk.domain.calls import Caller, CallId, MissedReason
from supportdesk.domain.events import CallAnswered, CallEnded, CallerJoined, CallMissed, Event
from supportdesk.domain.health import SourceName


class HookTurn(Enum):
    """What a hook can say of a call."""

    RINGING = "ringing"
    ANSWERED = "answered"
    MISSED = "missed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class HookEvent:
    """One `supportdesk call`; `call_id` may be empty. `to` and `by` are what the hook knows."""

    turn: HookTurn
    number: str
    at: datetime
    name: str = ""
    call_id: str = ""
    to: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _OpenCall:
    caller: Caller
    answered_at: datetime | None = None


class HookCalls:
    """The open calls of one hook."""

    def __init__(self, phone: SourceName) -> None:
        self._phone = phone
        self._open: dict[str, _OpenCall] = {}

    def receive(self, event: HookEvent) -> list[Event]:
        """Turn one hook event into domain events; a turn that changes nothing gives none."""
        match event.turn:
            case HookTurn.RINGING:
                return self._ringing(event)
            case HookTurn.ANSWERED:
                return self._answered(event)
            case HookTurn.MISSED:
                return self._missed(event)
            case HookTurn.ENDED:
                return self._ended(event)
            case _:
                assert_never(event.turn)

    def _ringing(self, event: HookEvent) -> list[Event]:
        if _handle(event) in self._open:
            return []
        caller = Caller(
            phone=self._phone,
            call_id=CallId(event.call_id or f"{event.number}@{event.at.isoformat()}"),
            number=event.number,
            name=event.name,
            queue=event.to,
            joined_at=event.at,
        )
        self._open[_handle(event)] = _OpenCall(caller=caller)
        return [CallerJoined(caller=caller, at=event.at)]

    def _answered(self, event: HookEvent) -> list[Event]:
        events = self._ringing(event)
        call = self._open[_handle(event)]
        if call.answered_at is not None:
            return []
        self._open[_handle(event)] = replace(call, answered_at=event.at)
        answered = CallAnswered(
            phone=self._phone,
            call_id=call.caller.call_id,
            by=event.by,
            by_interface="",
            hold_seconds=_seconds(call.caller.joined_at, event.at),
            at=event.at,
        )
        return [*events, answered]

    def _missed(self, event: HookEvent) -> list[Event]:
        events = self._ringing(event)
        call = self._open.pop(_handle(event))
        if call.answered_at is not None:
            return [self._over(call, call.answered_at, event.at)]
        missed = CallMissed(
            phone=self._phone,
            call_id=call.caller.call_id,
            number=call.caller.number,
            name=event.name or call.caller.name,
            queue=call.caller.queue,
            waited_seconds=_seconds(call.caller.joined_at, event.at),
            reason=MissedReason.GAVE_UP,
            at=event.at,
        )
        return [*events, missed]

    def _ended(self, event: HookEvent) -> list[Event]:
        call = self._open.get(_handle(event))
        if call is None:
            return []
        if call.answered_at is None:
            return self._missed(event)
        del self._open[_handle(event)]
        return [self._over(call, call.answered_at, event.at)]

    def _over(self, call: _OpenCall, answered_at: datetime, at: datetime) -> CallEnded:
        return CallEnded(
            phone=self._phone,
            call_id=call.caller.call_id,
            talk_seconds=_seconds(answered_at, at),
            at=at,
        )


def _handle(event: HookEvent) -> str:
    return event.call_id or event.number


def _seconds(start: datetime, end: datetime) -> float:
    return max(0.0, (end - start).total_seconds())
