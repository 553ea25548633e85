"""The calls of one baresip: its turns become the events of any phone system.

A call that rings is a caller who waits; whoever answers it here, or calls from here, is the
founder. A call that ends
unanswered is missed: baresip is told to stop ringing in the same way when the caller gives up and
when a colleague answers elsewhere, and nothing here can tell the two apart.

What rang or was talked on before we listened comes from `listcalls`, which gives no ids: such a
call gets an id of ours, and the first later turn from the same address is taken to be its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

from supportdesk.domain.calls import (
    Call,
    Caller,
    CallId,
    MissedReason,
    Outcome,
    seconds_between,
)
from supportdesk.domain.events import (
    CallAnswered,
    CalleeAnswered,
    CallEnded,
    CallerJoined,
    CallMissed,
    Event,
)
from supportdesk.domain.health import SourceName
from supportdesk.protocols.baresip_messages import CallTurn, ListedCall, Turn, number_of


@dataclass(slots=True, kw_only=True, eq=False)
class _OpenCall:
    call_id: CallId
    number: str
    name: str
    began_at: datetime
    answered_at: datetime | None = None
    handle: str = ""
    is_outgoing: bool = False


class BaresipCalls:
    """The calls that are open, those dialled here from their answer on.

    `interface` is what the founder's answers are signed.
    """

    def __init__(self, phone: SourceName, interface: str) -> None:
        self._phone = phone
        self._interface = interface
        self._open: list[_OpenCall] = []
        self._over: list[_OpenCall] = []

    def resume(self, calls: Iterable[Call], *, over_before: datetime | None = None) -> None:
        """Take over what the last run knew to be open.

        What began before `over_before` goes on no more: who rings from that number now is another
        caller.
        """
        for call in calls:
            is_over = over_before is not None and call.started_at < over_before
            (self._over if is_over else self._open).append(
                _OpenCall(
                    call_id=call.call_id,
                    number=call.number,
                    name=call.name,
                    began_at=call.started_at,
                    answered_at=call.answered_at,
                    is_outgoing=call.outcome is Outcome.CALLED,
                )
            )

    def callers(self) -> tuple[Caller, ...]:
        """Those who ring now."""
        return tuple(self._caller(call) for call in self._open if call.answered_at is None)

    def handle_of(self, call_id: CallId) -> str:
        """Baresip's own id of an open call; empty where it has not been told."""
        known = (call.handle for call in self._open if call_id in (call.call_id, call.handle))
        return next(known, "")

    def apply(self, turn: CallTurn, now: datetime) -> list[Event]:
        """Fold in a turn of a call."""
        if turn.is_outgoing:
            return self._outgoing(turn, now)
        if turn.turn is Turn.INCOMING:
            return [] if self.handle_of(CallId(turn.call_id)) else self._begin(turn, now)
        call = self._find(turn.call_id, turn.uri)
        match turn.turn:
            case Turn.ESTABLISHED:
                return self._answered(call or self._add(turn, now), now)
            case Turn.CLOSED if call is not None:
                self._open.remove(call)
                return [self._closed(call, turn.param, now)]
            case _:
                return []

    def _outgoing(self, turn: CallTurn, now: datetime) -> list[Event]:
        call = self._find(turn.call_id, turn.uri, is_outgoing=True)
        match turn.turn:
            case Turn.ESTABLISHED if call is None:
                dialled = self._add(turn, now)
                dialled.answered_at = now
                return [self._called(dialled, now)]
            case Turn.CLOSED if call is not None:
                self._open.remove(call)
                return [self._closed(call, turn.param, now)]
            case _:
                return []

    def take_stock(
        self, listed: Iterable[ListedCall], now: datetime, *, unheard_since: datetime
    ) -> list[Event]:
        """Compare with what baresip says is going on; return the answers and ends nobody heard.

        Who rang and rings no more is simply gone: how that ended is not known.
        """
        still: list[_OpenCall] = []
        events: list[Event] = []
        # Those with an id are sure of their call. A talk that was a ring comes after all that ring.
        for one in sorted(listed, key=lambda one: (not one.call_id, not one.is_ringing)):
            call = self._match(one, still) or self._add_listed(one, now)
            if call is None:
                continue
            still.append(call)
            if not one.is_ringing:
                events += self._answered(call, now)
        gone = [*self._over, *(call for call in self._open if call not in still)]
        self._open, self._over = still, []
        for call in gone:
            if call.answered_at is not None:
                at = min(now, max(unheard_since, call.answered_at))
                ended = self._ended(call, call.answered_at, at)
                events.append(replace(ended, unheard_seconds=seconds_between(at, now)))
        return events

    def _find(self, handle: str, uri: str, *, is_outgoing: bool = False) -> _OpenCall | None:
        """By its id, else a call whose id we were not told, from the same address."""
        number = number_of(uri)
        same_way = [call for call in self._open if call.is_outgoing is is_outgoing]
        by_id = (call for call in same_way if handle in (call.handle, call.call_id))
        by_number = (call for call in same_way if not call.handle and call.number == number)
        call = next(by_id, None) or next(by_number, None)
        if call is not None:
            call.handle = handle
        return call

    def _match(self, one: ListedCall, taken: list[_OpenCall]) -> _OpenCall | None:
        """The open call that a line speaks of: by its id, else the next from that address.

        A talk is sought among the talks first: else it is a ring that was answered unheard. A ring
        was never a talk.
        """
        number = number_of(one.uri)
        left = [call for call in self._open if call.number == number and call not in taken]
        if one.call_id:
            left = [c for c in left if not c.handle and c.is_outgoing is one.is_outgoing]
        by_id = (c for c in self._open if one.call_id and one.call_id in (c.handle, c.call_id))
        talks = (c for c in left if c.answered_at is not None and not one.is_ringing)
        rings = (c for c in left if c.answered_at is None)
        call = next(chain(by_id, talks, rings), None)
        if call is not None:
            call.handle = one.call_id or call.handle
        return call

    def _begin(self, turn: CallTurn, now: datetime) -> list[Event]:
        caller = self._caller(self._add(turn, now))
        return [CallerJoined(caller=caller, at=now)]

    def _add(self, turn: CallTurn, now: datetime) -> _OpenCall:
        call = _OpenCall(
            call_id=CallId(turn.call_id),
            number=number_of(turn.uri),
            name=turn.name,
            began_at=now,
            handle=turn.call_id,
            is_outgoing=turn.is_outgoing,
        )
        self._open.append(call)
        return call

    def _add_listed(self, one: ListedCall, now: datetime) -> _OpenCall | None:
        """None for a talk that may be one of the founder's own calls to somebody."""
        if not one.is_ringing and not one.call_id:
            return None
        number = number_of(one.uri)
        call = _OpenCall(
            call_id=CallId(one.call_id or f"{number}@{now.isoformat()}"),
            number=number,
            name=one.name,
            began_at=now,
            handle=one.call_id,
        )
        self._open.append(call)
        return call

    def _answered(self, call: _OpenCall, now: datetime) -> list[Event]:
        if call.answered_at is not None:
            return []
        call.answered_at = now
        answered = CallAnswered(
            phone=self._phone,
            call_id=call.call_id,
            by="you",
            by_interface=self._interface,
            hold_seconds=seconds_between(call.began_at, now),
            at=now,
            number=call.number,
            name=call.name,
        )
        return [answered]

    def _called(self, call: _OpenCall, now: datetime) -> CalleeAnswered:
        return CalleeAnswered(
            phone=self._phone,
            call_id=call.call_id,
            number=call.number,
            by="you",
            by_interface=self._interface,
            at=now,
        )

    def _closed(self, call: _OpenCall, reason: str, now: datetime) -> Event:
        if call.answered_at is not None:
            return self._ended(call, call.answered_at, now)
        return CallMissed(
            phone=self._phone,
            call_id=call.call_id,
            number=call.number,
            name=call.name,
            queue="",
            waited_seconds=seconds_between(call.began_at, now),
            reason=why_missed(reason),
            at=now,
        )

    def _ended(self, call: _OpenCall, answered_at: datetime, at: datetime) -> CallEnded:
        return CallEnded(
            phone=self._phone,
            call_id=call.call_id,
            talk_seconds=seconds_between(answered_at, at),
            at=at,
        )

    def _caller(self, call: _OpenCall) -> Caller:
        return Caller(
            phone=self._phone,
            call_id=call.call_id,
            number=call.number,
            name=call.name,
            queue="",
            joined_at=call.began_at,
            channel=call.handle,
        )


def why_missed(reason: str) -> MissedReason:
    """From the words of CALL_CLOSED; the ring of `call_local_timeout` ends by "Local timeout"."""
    said = reason.casefold()
    if "by user" in said or "declined" in said:
        return MissedReason.DECLINED
    if "timeout" in said or "timed out" in said:
        return MissedReason.NOT_ANSWERED
    return MissedReason.GAVE_UP
