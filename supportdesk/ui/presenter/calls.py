"""The Calls page: who waits and what the team does."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from supportdesk.domain.calls import Call, Capabilities, Member, MemberState
from supportdesk.domain.health import SourceKind
from supportdesk.services.desk_state import DeskState, WaitingCaller
from supportdesk.ui import rows
from supportdesk.ui.presenter.strip import PICK_UP, team_words
from supportdesk.ui.presenter.words import age, clock_seconds, since_words

_CANNOT_TAKE = f"{PICK_UP}: this system cannot hand a caller over, and the number is withheld."
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
        last_words: The last that is known of a caller, by number and name; "" when nothing is.
        ring_seconds: One ring.
        talk_of: Whom the member of this interface talks to.
        capabilities: Of each phone that has told them.
        lifted: Who asks the founder to take this call, and why; "" for nobody.
    """

    last_words: Callable[[str, str], str]
    ring_seconds: float
    talk_of: Callable[[str], Call | None]
    capabilities: Sequence[Capabilities]
    lifted: Callable[[str], str] = lambda _: ""


def calls_view(state: DeskState, facts: CallFacts, now: datetime) -> rows.CallsView:
    team = state.team
    return rows.CallsView(
        waiting=tuple(_caller(caller, facts) for caller in state.callers),
        waiting_note=_waiting_note(state.callers, facts.ring_seconds),
        nobody_waits=_nobody_waits(state, now),
        members=_members(state, facts, now),
        has_team=state.sees_team,
        team_label=_team_label(state),
        is_team_full=team is not None and team.free == 0 and bool(team.members),
        cannot_tell=_cannot_tell(facts.capabilities, sees_team=state.sees_team),
    )


def _team_label(state: DeskState) -> str:
    """There is room for few words beside the heading."""
    return "state not known" if state.team is None and state.sees_team else team_words(state)


def _nobody_waits(state: DeskState, now: datetime) -> str:
    if state.waiting is not None:
        return "Nobody is waiting on the phone."
    if state.phones_deaf_since is not None:
        return f"Who waits is not known since {since_words(state.phones_deaf_since, now)}."
    return "Who waits is not known yet."


def _waiting_note(callers: Sequence[WaitingCaller], ring_seconds: float) -> str:
    words = f"longest first · one ring is {ring_seconds:g} s"
    if callers and not any(one.can_take for one in callers):
        return f"{words} · pick up on your phone"
    return words


def _caller(waiting: WaitingCaller, facts: CallFacts) -> rows.CallerRow:
    caller = waiting.caller
    known = facts.lifted(caller.key) or facts.last_words(caller.number, caller.name)
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
        can_take=waiting.can_take or bool(caller.number),
        take_label="Take" if waiting.can_take else "Copy",
        take_hint="" if waiting.can_take else f"{PICK_UP}. This copies the number {caller.number}",
        why_not=_CANNOT_TAKE,
    )


def _members(state: DeskState, facts: CallFacts, now: datetime) -> tuple[rows.MemberRow, ...]:
    if state.team is None:
        return ()
    begun = [health.since for health in state.healths if health.kind is SourceKind.PHONE]
    return tuple(_member(member, facts, begun, now) for member in state.team.members)


def _since(at: datetime | None, begun: Sequence[datetime], now: datetime) -> str:
    """A state that was there when listening began is older than that, nobody knows how much."""
    if at is None:
        return ""
    is_first_seen = any(abs(at - began) < _FIRST_LOOK for began in begun)
    return f"since {since_words(at, now)}{' or before' if is_first_seen else ''}"


def _member(
    member: Member, facts: CallFacts, begun: Sequence[datetime], now: datetime
) -> rows.MemberRow:
    talk, since = _talk(member, facts, now), _since(member.state_since, begun, now)
    parts = [talk] if talk else [member.detail, since]
    return rows.MemberRow(
        key=member.interface,
        name=member.name or member.interface,
        state=_STATES[member.state],
        since_line=", ".join(part for part in parts if part),
        more=since if talk else "",
    )


def _talk(member: Member, facts: CallFacts, now: datetime) -> str:
    """How long and with whom, as far as that was seen."""
    if member.state is not MemberState.ON_A_CALL:
        return ""
    call = facts.talk_of(member.interface)
    if call is None or member.state_since is None:
        return ""
    who = call.label if call.name or call.number else "a number that is hidden"
    length = age(member.state_since, now)
    return f"just began with {who}" if length == "now" else f"{length} with {who}"


def _cannot_tell(capabilities: Sequence[Capabilities], *, sees_team: bool) -> str:
    missing = []
    if any(not one.sees_waiting for one in capabilities):
        missing.append("who waits")
    if not sees_team or any(not one.sees_busy for one in capabilities):
        missing.append("what the team does")
    if any(not one.sees_missed for one in capabilities):
        missing.append("what was missed")
    sentences = [f"The phone system cannot tell {' and '.join(missing)}."] if missing else []
    return " ".join(
        dict.fromkeys([*sentences, *(limit for one in capabilities for limit in one.limits)])
    )
