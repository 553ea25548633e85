"""The Calls page: who waits, what the team does, what became of missed calls."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from supportdesk.domain.calls import Call, Capabilities, Member, MemberState, Outcome
from supportdesk.domain.health import SourceKind
from supportdesk.services.desk_state import DeskState, WaitingCaller
from supportdesk.services.missed_calls import MissedPerson
from supportdesk.services.wording import count, waited
from supportdesk.ui import rows
from supportdesk.ui.presenter.strip import team_words
from supportdesk.ui.presenter.words import age, clock_seconds, local_time, since_words
from supportdesk.ui.rows import Action, ActionButton, ChipKind, ChipView

_HOT = timedelta(hours=1)
_CLOSED_SHOWN = 50
_FIRST_LOOK = timedelta(seconds=2)
_STATES = {
    MemberState.FREE: rows.MemberState.FREE,
    MemberState.RINGING: rows.MemberState.RINGING,
    MemberState.ON_A_CALL: rows.MemberState.ON_A_CALL,
    MemberState.PAUSED: rows.MemberState.PAUSED,
    MemberState.GONE: rows.MemberState.GONE,
    MemberState.UNKNOWN: rows.MemberState.UNKNOWN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFacts:
    """What the page shows, besides the state.

    Attributes:
        missed: As the board sorts them.
        last_words: The last that is known of a caller, by number and name; "" when nothing is.
        ring_seconds: One ring.
        can_dial: Some phone can ring for the founder.
        capabilities: Of each phone that has told them.
    """

    missed: Sequence[MissedPerson]
    last_words: Callable[[str, str], str]
    ring_seconds: float
    can_dial: bool
    capabilities: Sequence[Capabilities]


def calls_view(
    state: DeskState, facts: CallFacts, now: datetime, *, empty: rows.EmptyView | None
) -> rows.CallsView:
    still_open = [person for person in facts.missed if person.is_open]
    closed = [person for person in facts.missed if not person.is_open][:_CLOSED_SHOWN]
    team = state.team
    return rows.CallsView(
        waiting=tuple(_caller(caller, facts) for caller in state.callers),
        waiting_note=f"longest first · one ring is {facts.ring_seconds:g} s",
        nobody_waits=_nobody_waits(state, now),
        members=_members(state, now),
        team_label=team_words(state),
        is_team_full=team is not None and team.free == 0 and team.there > 0,
        missed=tuple(_missed(person, now) for person in (*still_open, *closed)),
        missed_note=_missed_note(len(still_open)),
        call_back_oldest=_call_back(still_open[0]) if still_open else None,
        cannot_tell=_cannot_tell(facts.capabilities),
        empty=empty,
    )


def _nobody_waits(state: DeskState, now: datetime) -> str:
    if state.waiting is not None:
        return "Nobody is waiting on the phone."
    if state.deaf_since is not None:
        return f"Who waits is not known since {since_words(state.deaf_since, now)}."
    return "Who waits is not known yet."


def _caller(waiting: WaitingCaller, facts: CallFacts) -> rows.CallerRow:
    caller = waiting.caller
    known = facts.last_words(caller.number, caller.name)
    return rows.CallerRow(
        key=caller.key,
        position=waiting.position,
        who=caller.label,
        house=caller.queue,
        number=caller.number if caller.name else "",
        rings=waiting.rings,
        time_label=clock_seconds(waiting.seconds),
        last_line=known or "Nothing is known of this caller yet",
        is_known=bool(caller.name),
        can_take=bool(caller.channel) or facts.can_dial,
        why_not="This phone system cannot hand a caller over from here.",
    )


def _members(state: DeskState, now: datetime) -> tuple[rows.MemberRow, ...]:
    if state.team is None:
        return ()
    begun = [health.since for health in state.healths if health.kind is SourceKind.PHONE]
    return tuple(_member(member, begun, now) for member in state.team.members)


def _since(at: datetime | None, begun: Sequence[datetime], now: datetime) -> str:
    """A state that was there when listening began is older than that, nobody knows how much."""
    if at is None:
        return ""
    is_first_seen = any(abs(at - began) < _FIRST_LOOK for began in begun)
    return f"since {since_words(at, now)}{' or before' if is_first_seen else ''}"


def _member(member: Member, begun: Sequence[datetime], now: datetime) -> rows.MemberRow:
    parts = [member.detail, _since(member.state_since, begun, now)]
    return rows.MemberRow(
        key=member.interface,
        name=member.name or member.interface,
        state=_STATES[member.state],
        since_line=", ".join(part for part in parts if part),
    )


def _missed(person: MissedPerson, now: datetime) -> rows.MissedRow:
    newest = person.newest
    tries = person.open_calls or person.calls
    since = person.open_since or newest.started_at
    return rows.MissedRow(
        key=person.key,
        who=person.label,
        why=_why(newest),
        tries=len(tries),
        tries_line=_tries_line(tries),
        age_label=age(since, now) if person.is_open else since_words(newest.started_at, now),
        is_hot=person.is_open and now - since > _HOT,
        is_open=person.is_open,
        chips=(_chip(person),),
    )


def _why(call: Call) -> str:
    reason = call.reason.value if call.reason else "nobody answered"
    if call.wait_seconds < 1:
        return reason
    what, comma, why = reason.partition(",")
    return f"{what} after {waited(call.wait_seconds)}{comma}{why}"


def _tries_line(calls: Sequence[Call]) -> str:
    if len(calls) < 2:
        return ""
    shown = ", ".join(local_time(call.started_at) for call in calls[-4:])
    return f"Tries at {shown}"


def _chip(person: MissedPerson) -> ChipView:
    if person.is_open:
        return ChipView(label="waiting for a call back", kind=ChipKind.MISSED)
    call = person.newest
    by = f" by {call.by}" if call.by else ""
    words = f"called back{by}" if call.outcome is Outcome.CALLED_BACK else f"reached{by}"
    if not call.by and call.outcome is not Outcome.CALLED_BACK:
        words = "closed"
    return ChipView(label=words, kind=ChipKind.ANSWERED)


def _missed_note(still_open: int) -> str:
    if not still_open:
        return "nobody is waiting for a call back"
    return f"{count(still_open, 'person', 'people')} still waiting"


def _call_back(person: MissedPerson) -> ActionButton | None:
    if not person.newest.number:
        return None
    return ActionButton(
        action=Action.CALL_BACK,
        label="Call back the oldest",
        target=person.key,
        icon="phone-out",
        shortcut="b",
    )


def _cannot_tell(capabilities: Sequence[Capabilities]) -> str:
    missing = []
    if any(not one.sees_waiting for one in capabilities):
        missing.append("who waits")
    if any(not one.sees_busy for one in capabilities):
        missing.append("what the team does")
    if any(not one.sees_missed for one in capabilities):
        missing.append("what was missed")
    if not missing:
        return ""
    return f"The phone system cannot tell {' and '.join(missing)}."
