"""Phone events from outside (`supportdesk call …`) turned into the events of any phone system.

A hook tells turns, not calls: this remembers which calls are open, by the phone system's own id
or, where it gives none, by the caller's number. Some tell the id with one turn and not with the
next; what is sent again after a failure may come late or twice. Nobody asks a hook again what is
true, so that after a restart the calls that were open are taken over from the record.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Final, assert_never

from supportdesk.domain.calls import (
    HOOK_RINGING_IS_BELIEVED_FOR,
    Call,
    Caller,
    CallId,
    MissedReason,
    seconds_between,
)
from supportdesk.domain.events import CallAnswered, CallEnded, CallerJoined, CallMissed, Event
from supportdesk.domain.health import SourceName

_BELIEVED_FOR: Final = timedelta(hours=12)
"""Many hooks never tell the end of a call: an old one must not swallow the next."""

_TOLD_TWICE_WITHIN: Final = timedelta(seconds=5)
"""Without an id: nobody calls again, rings and gives up in so short a time."""

_REMEMBERED_ENDS: Final = 1_000


class HookTurn(Enum):
    """What a hook can say of a call."""

    RINGING = "ringing"
    ANSWERED = "answered"
    MISSED = "missed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class HookEvent:
    """One `supportdesk call`; `call_id` may be empty, and `number` of a caller who hides theirs.

    `to` and `by` are what the hook knows.
    """

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
        self._ended_at: dict[str, datetime] = {}

    def resume(self, calls: Iterable[Call], now: datetime) -> None:
        """Take over what the last run knew to be open, given oldest first."""
        for call in calls:
            if now - call.started_at > _BELIEVED_FOR:
                continue
            is_ours = call.call_id == _id_without_own(call.number, call.started_at)
            handle = call.number if is_ours and call.number else call.call_id
            self._open[handle] = _OpenCall(caller=call.caller, answered_at=call.answered_at)

    def receive(self, event: HookEvent) -> list[Event]:
        """Turn one hook event into domain events; a turn that changes nothing gives none."""
        self._forget_before(event.at - _BELIEVED_FOR)
        if _ended_id(event.call_id) in self._ended_at:
            return []  # sent again, or late: nobody rings in a call that is over
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
        known = self._open.get(_own_handle(event) if _is_hidden(event) else self._handle(event))
        if known is not None and not _is_next(known, event):
            return []
        call = self._open[_own_handle(event)] = self._new_call(event)
        return [CallerJoined(caller=call.caller, at=event.at)]

    def _forget_before(self, limit: datetime) -> None:
        for handle, call in list(self._open.items()):
            if (call.answered_at or call.caller.joined_at) < limit:
                del self._open[handle]
        for handle, at in list(self._ended_at.items()):
            if at < limit or len(self._ended_at) > _REMEMBERED_ENDS:
                del self._ended_at[handle]

    def _handle(self, event: HookEvent) -> str:
        """Which call is meant: one without an id, else the last open one of the number."""
        if event.call_id:
            is_told_now = event.number in self._open and event.turn is not HookTurn.RINGING
            is_new = event.call_id not in self._open
            return event.number if is_told_now and is_new else event.call_id
        if event.number in self._open:
            return event.number
        own = {
            name: call for name, call in self._open.items() if call.caller.number == event.number
        }
        if _is_hidden(event):
            own = _in_the_state_for(event.turn, own) or own
        return next(reversed(own), _own_handle(event))

    def _close(self, event: HookEvent) -> _OpenCall | None:
        """The call that is over now; None for one of which nothing was known."""
        handle = self._handle(event)
        call = self._open.pop(handle, None)
        for name in (_ended_id(event.call_id or handle), _ended_number(event.number)):
            self._ended_at.pop(name, None)
            self._ended_at[name] = event.at
        return call

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
        handle = self._handle(event)
        call = self._open.get(handle) or self._new_call(event)
        if call.answered_at is not None:
            return []
        self._open[handle] = replace(call, answered_at=event.at)
        answered = CallAnswered(
            phone=self._phone,
            call_id=call.caller.call_id,
            by=event.by,
            by_interface="",
            hold_seconds=seconds_between(call.caller.joined_at, event.at),
            at=event.at,
            number=call.caller.number,
            name=event.name or call.caller.name,
            queue=call.caller.queue,
        )
        return [answered]

    def _missed(self, event: HookEvent) -> list[Event]:
        if self._is_told_twice(event):
            return []
        call = self._close(event) or self._new_call(event)
        if call.answered_at is not None:
            return [self._over(call, call.answered_at, event.at)]
        missed = CallMissed(
            phone=self._phone,
            call_id=call.caller.call_id,
            number=call.caller.number,
            name=event.name or call.caller.name,
            queue=call.caller.queue,
            waited_seconds=seconds_between(call.caller.joined_at, event.at),
            reason=MissedReason.GAVE_UP,
            at=event.at,
        )
        return [missed]

    def _is_told_twice(self, event: HookEvent) -> bool:
        if event.call_id or _is_hidden(event) or self._handle(event) in self._open:
            return False
        before = self._ended_at.get(_ended_number(event.number))
        return before is not None and abs(event.at - before) < _TOLD_TWICE_WITHIN

    def _ended(self, event: HookEvent) -> list[Event]:
        return self._missed(event) if self._handle(event) in self._open else []

    def _over(self, call: _OpenCall, answered_at: datetime, at: datetime) -> CallEnded:
        return CallEnded(
            phone=self._phone,
            call_id=call.caller.call_id,
            talk_seconds=seconds_between(answered_at, at),
            at=at,
        )


def _is_hidden(event: HookEvent) -> bool:
    """Nothing tells two of them apart who call at once: each that rings is another."""
    return not event.number and not event.call_id


def _in_the_state_for(turn: HookTurn, calls: Mapping[str, _OpenCall]) -> dict[str, _OpenCall]:
    """Those that wait can be answered or missed, those that are talked on can end."""
    is_talk = turn is HookTurn.ENDED
    return {name: call for name, call in calls.items() if (call.answered_at is not None) is is_talk}


def _own_handle(event: HookEvent) -> str:
    return event.call_id or event.number or _id_without_own(event.number, event.at)


def _is_next(known: _OpenCall, event: HookEvent) -> bool:
    """Without an id, a number that rings after an answer or much later calls again."""
    is_stale = event.at - known.caller.joined_at > HOOK_RINGING_IS_BELIEVED_FOR
    return not event.call_id and (known.answered_at is not None or is_stale)


def _ended_id(call_id: str) -> str:
    return f"id {call_id}"


def _ended_number(number: str) -> str:
    return f"number {number}"


def _id_without_own(number: str, at: datetime) -> str:
    return f"{number}@{at.isoformat()}"
