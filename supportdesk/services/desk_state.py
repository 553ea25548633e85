"""What is true of the desk at one moment: the tray, the strip, `status` and `watch` all read this.

One value for all of them, so that their numbers cannot differ (F10). Unknown is None, never 0.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from supportdesk.domain.alerts import Notice
from supportdesk.domain.calls import Caller, Member
from supportdesk.domain.health import Hearing, SourceHealth, SourceKind
from supportdesk.domain.lifts import Lift
from supportdesk.domain.one_ring import Need
from supportdesk.domain.promises import Promise


class TrayState(Enum):
    """The five silhouettes of the tray icon."""

    LISTENING = "listening"
    WAITING = "people waiting"
    YOURS = "this one is yours"
    PAUSED = "paused"
    DEAF = "not listening"


class Area(Enum):
    """A part of the state that views show; they refresh only what changed."""

    INBOX = "inbox"
    CALLS = "calls"
    HEALTH = "health"
    ALERTS = "alerts"
    VOICES = "voices"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What an event, moment or act led to: notices to tell in order, and what views must reread."""

    notices: tuple[Notice, ...] = ()
    changed: frozenset[Area] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingCaller:
    """A caller as the list shows them.

    Attributes:
        position: From 1, by who waits longest, over all phones.
        seconds: Waited until the moment of the state.
        rings: Rings so far; the first ring is 1.
        need: Why they are the founder's turn (F16); None while a member is free for them.
        can_take: Their phone can hand them over to the founder.
    """

    caller: Caller
    position: int
    seconds: float
    rings: int
    need: Need | None
    can_take: bool

    @property
    def is_yours(self) -> bool:
        """Nobody of the team is known to be free for them."""
        return self.need is not None

    @property
    def is_surely_yours(self) -> bool:
        """It is known that nobody is free: where nobody knows, they only may be yours."""
        return self.is_yours and self.need is not Need.NOT_KNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """The members of all phones and how many of them are what.

    Attributes:
        free: None when no member is known to be free and the state of some is unknown.
        there: Unpaused and reachable.
        on_calls: Of those there.
        unknown: Members whose state is not known; they count in nothing else.
    """

    members: tuple[Member, ...]
    free: int | None
    there: int
    on_calls: int
    unknown: int


class WaitsFor(Enum):
    """What somebody in the tray menu waits for."""

    AN_ANSWER = "to be answered on the phone"
    A_CALL_BACK = "to be called back"
    A_REPLY = "for a reply to a mail"
    A_PROMISE = "for what was promised to them"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonWaiting:
    """Somebody who waits, for the tray menu."""

    key: str
    label: str
    since: datetime
    waits_for: WaitsFor


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskState:
    """All that is true now.

    Attributes:
        healths: One for each configured source, in the order of the settings.
        callers: Those known to wait; a deaf phone's are left out.
        waiting: len(callers), or None while a phone is not heard, cannot tell, or none is set up.
        team: None while a phone is not heard, cannot tell, or none is set up.
        sees_team: Some phone tells what the team does; where none does, nothing is missing.
        people_waiting: Conversations that wait for an answer: the rows of the list.
        to_call_back: People who were missed and nobody has reached since: the open rows of their
            list.
        promised_due: The promises that are due to people who do not wait otherwise, one each.
        oldest_waits: Up to eight who wait: callers, then who was missed, then mail; each group
            longest first.
        number: What the tray icon shows: callers, people to call back, conversations that wait,
            as the two lists count them, and people to whom only a promise is due.
        paused_until: End of the pause or of the quiet hours; None where there is none.
        quiet_by: The program of the desktop in which do-not-disturb is on; empty: in none.
        lifted: What the team asks the founder for, the first one first.
    """

    at: datetime
    healths: tuple[SourceHealth, ...]
    callers: tuple[WaitingCaller, ...]
    waiting: int | None
    team: Team | None
    sees_team: bool
    people_waiting: int
    to_call_back: int
    oldest_waits: tuple[PersonWaiting, ...]
    tray: TrayState
    number: int
    paused_until: datetime | None
    quiet_by: str = ""
    promised_due: tuple[Promise, ...] = ()
    lifted: tuple[Lift, ...] = ()

    @property
    def free(self) -> int | None:
        return None if self.team is None else self.team.free

    @property
    def members(self) -> int | None:
        """All members, there or not."""
        return None if self.team is None else len(self.team.members)

    @property
    def deaf_since(self) -> datetime | None:
        """Since when some source has not been heard; None when all are."""
        return _deaf_since(self.healths)

    @property
    def phones_deaf_since(self) -> datetime | None:
        """The same of the phones alone: what is known of callers has nothing to do with mail."""
        return _deaf_since(one for one in self.healths if one.kind is SourceKind.PHONE)


def _deaf_since(healths: Iterable[SourceHealth]) -> datetime | None:
    return min((one.since for one in healths if one.hearing is Hearing.DEAF), default=None)
