"""Phone events from outside (`supportdesk call …`) turned into the events of any phone system.

A hook tells turns, not calls: this remembers which calls are open, by the phone system's own id
or, where it gives none, by the caller's number. Nobody asks a hook again what is true, so that
after a restart the calls that were open are taken over from the record.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Final, assert_never

from supportdesk.domain.calls import Call, Caller, CallId, MissedReason, Outcome
from supportdesk.domain.events import CallAnswered, CallEnded, CallerJoined, CallMissed, Event
from supportdesk.domain.health import SourceName

_BELIEVED_FOR: Final = timedelta(hours=12)
"""Many hooks never tell the end of a call: an old one must not swallow the next."""

_RINGS_FOR: Final = timedelta(minutes=30)
"""So long the desk believes in a ringing that never ended (services/phone_line)."""


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

    def resume(self, calls: Iterable[Call], now: datetime) -> None:
        """Take over what the last run knew to be open, given oldest first."""
        for call in calls:
            if now - call.started_at > _BELIEVED_FOR:
                continue
            is_ours = call.call_id == _id_without_own(call.number, call.started_at)
            waited = timedelta(seconds=call.wait_seconds)
            is_waiting = call.outcome is Outcome.WAITING
            self._open[call.number if is_ours else call.call_id] = _OpenCall(
                caller=Caller(
                    phone=self._phone,
                    call_id=call.call_id,
                    number=call.number,
                    name=call.name,
                    queue=call.queue,
                    joined_at=call.started_at,
                ),
                answered_at=None if is_waiting else call.started_at + waited,
            )

    def receive(self, event: HookEvent) -> list[Event]:
        """Turn one hook event into domain events; a turn that changes nothing gives none."""
        self._forget_before(event.at - _BELIEVED_FOR)
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
        known = self._open.get(_handle(event))
        if known is not None and not _is_next(known, event):
            return []
        call = self._open[_handle(event)] = self._new_call(event)
        return [CallerJoined(caller=call.caller, at=event.at)]

    def _forget_before(self, limit: datetime) -> None:
        for handle, call in list(self._open.items()):
            if (call.answered_at or call.caller.joined_at) < limit:
                del self._open[handle]

    def _new_call(self, event: HookEvent) -> _OpenCall:
        """Without a `ringing` the wait is not known, and no ringing is told."""
        caller = Caller(
            phone=self._phone,
            call_id=CallId(event.call_id or _id_without_own(event.number, event.at)),
            number=event.number,
            name=event.name,
            queue=event.to,
            joined_at=event.at,
        )
        return _OpenCall(caller=caller)

    def _answered(self, event: HookEvent) -> list[Event]:
        call = self._open.get(_handle(event)) or self._new_call(event)
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
            number=call.caller.number,
            name=event.name or call.caller.name,
            queue=call.caller.queue,
        )
        return [answered]

    def _missed(self, event: HookEvent) -> list[Event]:
        call = self._open.pop(_handle(event), None) or self._new_call(event)
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
        return [missed]

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


def _is_next(known: _OpenCall, event: HookEvent) -> bool:
    """Without an id, a number that rings after an answer or much later calls again."""
    has_rung_for = event.at - known.caller.joined_at
    return not event.call_id and (known.answered_at is not None or has_rung_for > _RINGS_FOR)


def _id_without_own(number: str, at: datetime) -> str:
    return f"{number}@{at.isoformat()}"


def _seconds(start: datetime, end: datetime) -> float:
    return max(0.0, (end - start).total_seconds())
