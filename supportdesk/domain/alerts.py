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
    PROMISE = "promise"
    MORNING = "morning"


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
    TEST_MAIL = "test_mail"
    NOT_NOW = "not_now"

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
    Action.TEST_MAIL: "Send test mail",
    Action.NOT_NOW: "Not now",
}


class AlertPage(Enum):
    """Where a click on the body of an alert leads."""

    ITEM = "item"
    """What its `item` names; without one, what matters most."""
    WAITING = "waiting"
    """Who waits for an answer, longest first."""
    CALLS = "calls"
    HEALTH = "health"
    WEEK = "week"
    MORNING = "morning"


class Sound(Enum):
    """The sounds that alerts can have (F40)."""

    NONE = "none"
    CALL = "call"
    MISSED = "missed"
    MAIL = "mail"
    TROUBLE = "trouble"


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
        page: Where a click on its body leads.
        sound: What is to be heard with it, as the founder wants it.
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
    page: AlertPage = AlertPage.ITEM
    sound: Sound = Sound.NONE


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
    """Show this alert.

    `is_news` is always true here; it is there so that both ways to show are asked alike.
    """

    alert: Alert
    is_news: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertUpdated:
    """Show this alert in place of the one with the same key.

    Without news only its words are better: it is changed where it still stands on the screen, and
    neither rises nor sounds again. One that has left the screen stays away.
    """

    alert: Alert
    is_news: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertWithdrawn:
    """Take the alert back: somebody handled it, or another alert speaks for it now."""

    alert: Alert
    at: datetime
    why: str


Notice = Happened | AlertRaised | AlertUpdated | AlertWithdrawn
"""All that a service tells the outside: what `watch` prints and presenters show."""


class Verdict(Enum):
    """What was made of a happening; the value is how `why` begins."""

    TOLD = "told"
    FOLDED = "told as part of another alert"
    HELD = "held back"
    SILENT = "not told"
    WITHDRAWN = "taken back"
    REPEATED = "told again"


class Reason(Enum):
    """Why; the value is a whole sentence."""

    NEW = "It was new."
    LIFTED = "Somebody of the team asked for you."
    BURST = "Many came in a short time: they are one alert."
    SAME_PERSON = "The same person tried again: one alert speaks for all of it."
    LONG_WAIT = "Nobody had answered for as long as the settings allow."
    NEEDED = "Nobody was free for them."
    PERHAPS_NEEDED = "It was not known whether anybody was free for them."
    NOT_NEEDED = "The team took care of it before it became yours."
    TAKEN_BY_YOU = "You took it yourself."
    DIGEST = "It is part of the summary after an absence."
    PAUSED = "Alerts were paused."
    QUIET_HOURS = "These were quiet hours."
    DO_NOT_DISTURB = "Do-not-disturb was on in the desktop."
    CLOSED_HOURS = "It was outside the opening hours."
    CATCHING_UP = "The mailboxes and phones were being caught up with."
    BESIDE_DIGEST = "A summary was about to be told, and it is part of it."
    RULE_DIGEST = "A rule in the settings keeps this for the summary."
    RULE_NEVER = "A rule in the settings says: never."
    MAIL_SETTING = "The settings tell only of mail that waits too long."
    MAIL_NEVER = "The settings tell of no mail."
    NO_CUSTOMER = "It is not from a customer: a machine or the team wrote it."
    SNOOZED = "You asked to hear of it later."
    SNOOZE_OVER = "The time for which you put it off is over."
    CLOSED_HERE = "You closed its alert."
    STILL_WAITS = "They still waited."
    STARTED = "supportdesk was started anew."
    OVER = "There was nothing left to tell."
    HANDLED_BEFORE = "It was over before it could be told."
    BROKEN = "A part of supportdesk or of what it watches did not work."
    WORKS_AGAIN = "It works again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided on one happening, and why: "why was I (not) told?".

    Attributes:
        key: Of the happening: a ledger key, or the key of the alert where there is no other.
        alert_key: Of the alert that told it; empty when there was none.
        until: When it is looked at again, if that is known.
        words: Who or what it is about.
    """

    key: str
    alert_key: str
    kind: AlertKind
    source: SourceName
    at: datetime
    verdict: Verdict
    reason: Reason
    until: datetime | None = None
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PopupRecord:
    """A pop-up that stood on the screen, so that the next run can take it back.

    Attributes:
        owner: The notification service that showed it, by its unique name on the bus.
        number: What that service calls it.
    """

    alert_key: str
    owner: str
    number: int
