"""How many callers of a week were answered within one ring, and the callers behind that number.

The share belongs to the house: nothing here tells who answered fast (F82). Without callers there
is no number, for a number stands for people and opens them (F86).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from supportdesk.domain.calls import Call, MissedReason, Outcome
from supportdesk.domain.hours import ToLocal
from supportdesk.domain.week import WeekId


@dataclass(frozen=True, slots=True, kw_only=True)
class OneRingShare:
    """The calls of a week that are over or answered, each in one of four parts, oldest first.

    Attributes:
        within: Answered before the first ring was over.
        beyond: Answered later, or by nobody.
        unknown: Nobody saw what became of them; they count neither way.
        after_hours: Nobody answered them outside the opening hours; nor do they.
    """

    within: tuple[Call, ...]
    beyond: tuple[Call, ...]
    unknown: tuple[Call, ...]
    after_hours: tuple[Call, ...] = ()

    @property
    def known(self) -> int:
        """How many the share is of."""
        return len(self.within) + len(self.beyond)


def one_ring_share(
    calls: Iterable[Call], week: WeekId, ring: timedelta, to_local: ToLocal
) -> OneRingShare | None:
    """The share of the calls that began in this week, by local days; None when there were none."""
    days = frozenset(week.days)
    within: list[Call] = []
    beyond: list[Call] = []
    unknown: list[Call] = []
    late: list[Call] = []
    theirs = (call for call in calls if to_local(call.started_at).date() in days)
    for call in sorted(theirs, key=lambda one: (one.started_at, one.key)):
        if _is_unseen(call):
            unknown.append(call)
        elif call.reason is MissedReason.AFTER_HOURS:
            late.append(call)
        elif call.is_answered and call.wait_seconds < ring.total_seconds():
            within.append(call)
        elif call.is_answered or call.was_missed:
            beyond.append(call)
    if not (within or beyond or unknown or late):
        return None
    return OneRingShare(
        within=tuple(within),
        beyond=tuple(beyond),
        unknown=tuple(unknown),
        after_hours=tuple(late),
    )


def _is_unseen(call: Call) -> bool:
    """It came or ended while the phone was not heard: how long it rang is not known."""
    is_wait_known = not call.is_answered or call.wait_seconds > 0
    is_seen = call.outcome is not Outcome.UNKNOWN and call.reason is not MissedReason.UNSEEN
    return not (is_seen and is_wait_known)
