"""What the founder is told: one alert a happening, with a key to update and withdraw it by."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, IntEnum

from supportdesk.domain.health import SourceName


class AlertKind(Enum):
    """The `kind` of the watch protocol (DESIGN section 12)."""

    MAIL = "mail"
    WAITING = "waiting"
    ANSWERED = "answered"
    MISSED = "missed"
    LIFTED = "lifted"
    HEALTH = "health"
    WEEKLY = "weekly"


class Action(Enum):
    """What a button of an alert does; the value is the action's id outside."""

    TAKE_CALL = "take_call"
    CALL_BACK = "call_back"
    READ = "read"
    REPLY = "reply"
    SNOOZE = "snooze"
    SHOW = "show"
    WHY = "why"
    TRY_AGAIN = "try_again"
    READ_THEM = "read_them"
    NOT_TODAY = "not_today"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Action.TAKE_CALL: "Take call",
    Action.CALL_BACK: "Call back",
    Action.READ: "Read",
    Action.REPLY: "Reply",
    Action.SNOOZE: "Snooze",
    Action.SHOW: "Show",
    Action.WHY: "Why?",
    Action.TRY_AGAIN: "Try again",
    Action.READ_THEM: "Read them",
    Action.NOT_TODAY: "Not today",
}


class Urgency(IntEnum):
    """The freedesktop urgency byte."""

    LOW = 0
    NORMAL = 1
    CRITICAL = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One thing the founder is told.

    Attributes:
        key: Stable; showing the same key again replaces the text.
        item: The ledger key that a click opens; empty opens the window at what matters most.
        covers: The ledger keys this alert speaks for.
        is_digest: It sums up an absence.
    """

    key: str
    kind: AlertKind
    title: str
    body: str
    actions: tuple[Action, ...]
    source: SourceName
    at: datetime
    item: str = ""
    covers: tuple[str, ...] = ()
    urgency: Urgency = Urgency.NORMAL
    is_digest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """A message came or a call took a turn; told once, also when no alert follows."""

    key: str
    kind: AlertKind
    title: str
    body: str
    source: SourceName
    at: datetime
    message_id: str | None = None
    call_id: str | None = None
    number: str | None = None
    name: str | None = None
    outcome: str | None = None
    by: str | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRaised:
    """Show this alert."""

    alert: Alert


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertUpdated:
    """Show this alert in place of the one with the same key."""

    alert: Alert


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertWithdrawn:
    """Take the alert back: somebody handled it, or another alert speaks for it now."""

    alert: Alert
    at: datetime
    why: str


Notice = Happened | AlertRaised | AlertUpdated | AlertWithdrawn
"""All that a service tells the outside: what `watch` prints and presenters show."""
