"""The record of a call after each of its turns, as plain functions of the events."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from supportdesk.domain.calls import Call, Caller, CallId, MissedReason, Outcome, seconds_between
from supportdesk.domain.events import (
    CallAnswered,
    CalleeAnswered,
    CallMissed,
    PhoneSnapshotTaken,
)
from supportdesk.domain.health import SourceName
from supportdesk.domain.one_ring import Need, NeededCaller
from supportdesk.domain.settings import PhoneKind, PhoneSettings

FOUNDER = "you"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A stretch in which a phone was not heard, once it is heard again.

    Attributes:
        missed: Calls that the phone says were missed meanwhile; None when it cannot tell.
    """

    phone: SourceName
    since: datetime
    until: datetime
    missed: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedSince:
    """How many calls were missed from a moment on, and how sure that is.

    Attributes:
        gaps: Stretches since then in which a phone was not heard.
        is_heard: No phone is in such a stretch now.
    """

    count: int
    gaps: tuple[Gap, ...] = ()
    is_heard: bool = True

    @property
    def may_be_more(self) -> bool:
        """Some phone cannot tell, or not yet, who called while it was not heard."""
        return not self.is_heard or any(gap.missed is None for gap in self.gaps)


def is_over(call: Call) -> bool:
    """The channel is gone: nothing more can happen. UNKNOWN may yet be cleared up."""
    if call.is_talk:
        return call.closed_at is not None
    return call.was_missed


def waiting_call(caller: Caller) -> Call:
    return Call(
        phone=caller.phone,
        call_id=caller.call_id,
        number=caller.number,
        name=caller.name,
        queue=caller.queue,
        started_at=caller.joined_at,
        outcome=Outcome.WAITING,
    )


def is_founder(phone: PhoneSettings, interface: str, by: str) -> bool:
    """Was it the founder who answered, or called? The one answer to that question.

    A hook tells no interface, but names whoever it was: you, or as the settings name you.
    """
    founder = phone.founder_interface.casefold()
    if interface:
        return interface.casefold() == founder
    return by.casefold() in (FOUNDER, founder or FOUNDER)


def is_founders_talk(phone: PhoneSettings, interface: str, by: str) -> bool:
    """As `is_founder`; what names nobody, a hook say, tells of the phone on this desk."""
    is_here = phone.is_softphone or phone.kind is PhoneKind.HOOK
    names_nobody = not interface and not by
    return (is_here and names_nobody) or is_founder(phone, interface, by)


def answered_call(known: Call | None, event: CallAnswered, phone: PhoneSettings) -> Call:
    """Of a call whose joining we did not see, only what the answer says is known."""
    is_taken = is_founder(phone, event.by_interface, event.by)
    call = known or Call(
        phone=event.phone,
        call_id=event.call_id,
        number=event.number,
        name=event.name,
        queue=event.queue,
        started_at=event.at - timedelta(seconds=event.hold_seconds),
        outcome=Outcome.ANSWERED,
    )
    waited = event.hold_seconds
    if not waited and known is not None and known.outcome is Outcome.WAITING:
        # A phone that does not tell how long was heard to ring.
        waited = seconds_between(known.started_at, event.at)
    return replace(
        call,
        outcome=Outcome.TAKEN if is_taken else Outcome.ANSWERED,
        by=FOUNDER if is_taken else event.by,
        wait_seconds=waited,
        closed_at=None,
    )


def called(event: CalleeAnswered, name: str, phone: PhoneSettings) -> Call:
    """A call that one of the team made, from its answer on, to somebody known by this name."""
    return Call(
        phone=event.phone,
        call_id=event.call_id,
        number=event.number,
        name=name,
        queue="",
        started_at=event.at,
        outcome=Outcome.CALLED,
        by=FOUNDER if is_founder(phone, event.by_interface, event.by) else event.by,
    )


def refused_caller(event: CallMissed) -> Caller:
    """Somebody who was turned away before joining."""
    return Caller(
        phone=event.phone,
        call_id=event.call_id,
        number=event.number,
        name=event.name,
        queue=event.queue,
        joined_at=event.at - timedelta(seconds=event.waited_seconds),
    )


def missed_call(event: CallMissed, caller: Caller, needed: NeededCaller | None) -> Call:
    """`needed` says why the team could not take this caller; None when it could.

    Who dialled one phone waited for that one: what the team does is no reason then.
    """
    queue = event.queue or caller.queue
    return Call(
        phone=event.phone,
        call_id=event.call_id,
        number=event.number or caller.number,
        name=event.name or caller.name,
        queue=queue,
        started_at=caller.joined_at,
        outcome=Outcome.MISSED,
        wait_seconds=event.waited_seconds,
        reason=_reason(event.reason, needed if queue else None),
    )


def after_hours(missed: Call) -> Call:
    """Nobody was meant to be there: it says nothing of the team. Declining is the founder's."""
    if missed.reason in (MissedReason.DECLINED, MissedReason.UNSEEN):
        return missed
    return replace(missed, reason=MissedReason.AFTER_HOURS)


def unseen_calls(event: PhoneSnapshotTaken) -> list[Call]:
    """One for each that the phone's counters missed in the gap; the wait is the gap's length."""
    since = event.deaf_since or event.at
    return [
        Call(
            phone=event.phone,
            call_id=CallId(f"unseen-{since.isoformat()}-{number}"),
            number="",
            name="",
            queue="",
            started_at=since,
            outcome=Outcome.MISSED,
            wait_seconds=(event.at - since).total_seconds(),
            reason=MissedReason.UNSEEN,
        )
        for number in range(1, (event.missed_meanwhile or 0) + 1)
    ]


def unknown_call(call: Call, at: datetime) -> Call:
    """It vanished, and nobody told how."""
    waited = seconds_between(call.started_at, at)
    return replace(call, outcome=Outcome.UNKNOWN, wait_seconds=waited, closed_at=at)


def gap_of(event: PhoneSnapshotTaken, since: datetime) -> Gap:
    return Gap(phone=event.phone, since=since, until=event.at, missed=event.missed_meanwhile)


def is_done_by_hand(call: Call) -> bool:
    """Nobody was seen to reach that person: the founder says that nothing more is needed."""
    return call.outcome is Outcome.MISSED and call.closed_at is not None and not call.by


def _reason(reason: MissedReason, needed: NeededCaller | None) -> MissedReason:
    """Hanging up while the team could not answer is the team's miss, and said so."""
    if reason is not MissedReason.GAVE_UP or needed is None:
        return reason
    match needed.need:
        case Need.ALL_BUSY:
            return MissedReason.NOBODY_FREE
        case Need.NOBODY_THERE:
            return MissedReason.NOBODY_THERE
        case Need.OTHERS_FIRST | Need.NOT_KNOWN:
            return reason
        case _:
            assert_never(needed.need)
