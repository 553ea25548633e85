"""The one-ring rule (DESIGN section 4): which waiting callers are the founder's, and from when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from supportdesk.domain.calls import Caller, Member, MemberState

SETTLES_WITHIN = timedelta(seconds=1)
"""A member who answers is busy some moments before the phone says with whom: it may be this
caller, and then nobody needs the founder."""


class Need(Enum):
    """Why the team cannot take a caller."""

    ALL_BUSY = "all are on calls"
    OTHERS_FIRST = "those free have callers before this one"
    NOBODY_THERE = "nobody is at the phones"
    NOT_KNOWN = "what the team does is not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class NeededCaller:
    """A caller nobody of the team is free for; `due_at` is when the founder is told."""

    caller: Caller
    need: Need
    due_at: datetime


def needed_callers(
    callers: Iterable[Caller], members: Sequence[Member] | None, ring: timedelta
) -> list[NeededCaller]:
    """Those of one phone system who need the founder, longest waiting first.

    Each caller in turn is given a member of their queue who can answer; who finds none is the
    founder's from the second ring on, or at once when nobody is there at all.
    """
    waiting = sorted(callers, key=lambda caller: (caller.joined_at, caller.call_id))
    if members is None:
        return [_needed(caller, Need.NOT_KNOWN, ring, ()) for caller in waiting]
    left = [member for member in members if member.can_answer]
    needs: dict[str, Need] = {}
    needed = []
    for caller in waiting:
        taker = _taker(caller, left) if left else None
        if taker is not None:
            left.remove(taker)
            continue
        if caller.queue not in needs:
            needs[caller.queue] = _need(caller, members)
        needed.append(_needed(caller, needs[caller.queue], ring, members))
    return needed


def _taker(caller: Caller, members: Iterable[Member]) -> Member | None:
    """The member with the fewest queues, so that those with many are left for other callers."""
    able = [member for member in members if _serves(member, caller)]
    return min(able, key=lambda member: len(member.queues), default=None)


def _serves(member: Member, caller: Caller) -> bool:
    return not caller.queue or not member.queues or caller.queue in member.queues


def _need(caller: Caller, members: Iterable[Member]) -> Need:
    serving = [member for member in members if _serves(member, caller)]
    if any(member.can_answer for member in serving):
        return Need.OTHERS_FIRST
    if any(member.state is MemberState.UNKNOWN for member in serving):
        return Need.NOT_KNOWN
    if any(member.is_there for member in serving):
        return Need.ALL_BUSY
    return Need.NOBODY_THERE


def _needed(caller: Caller, need: Need, ring: timedelta, members: Iterable[Member]) -> NeededCaller:
    if need is Need.NOBODY_THERE:
        return NeededCaller(caller=caller, need=need, due_at=caller.joined_at)
    due_at = caller.joined_at + ring
    became_busy = [
        member.state_since
        for member in members
        if member.state is MemberState.ON_A_CALL
        and member.state_since is not None
        and _serves(member, caller)
    ]
    due_at = max([due_at, *(moment + SETTLES_WITHIN for moment in became_busy)])
    return NeededCaller(caller=caller, need=need, due_at=due_at)
