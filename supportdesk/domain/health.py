"""Whether each source (a mail account, a phone system) is heard, since when, and why not."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import NewType

from supportdesk.domain.errors import Problem

SourceName = NewType("SourceName", str)
"""The `name` of a [[mail]] or [[phone]] table in the settings; unique over both."""


class SourceKind(Enum):
    """What a source brings."""

    MAIL = "mail"
    PHONE = "phone"


class Hearing(Enum):
    """Can we hear this source?"""

    CONNECTING = "connecting"
    LISTENING = "listening"
    DEAF = "not listening"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastTrouble:
    """The last thing that went wrong with a source; kept after it is over.

    Attributes:
        until: When it was heard well again; None while it lasts.
    """

    problem: Problem
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """The state of one source.

    Attributes:
        since: When `hearing` last changed.
        last_heard_at: The last proof of life from the other side; None when there was none.
        problem: Why we are deaf, or what is degraded while listening (a missing right).
        last_trouble: The last problem, also when it is over or of a run before; the board keeps it.
    """

    source: SourceName
    kind: SourceKind
    hearing: Hearing
    since: datetime
    last_heard_at: datetime | None = None
    problem: Problem | None = None
    last_trouble: PastTrouble | None = None


class CheckState(Enum):
    """How one of several ways or steps does."""

    GOOD = "good"
    TRYING = "trying"
    READY = "ready"
    """It works, and is not needed now."""
    BROKEN = "broken"
    UNKNOWN = "unknown"
    """Nobody can tell, and the words say why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartCheck:
    """One of the ways in which a part works, such as a presenter of alerts."""

    name: str
    state: CheckState
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartHealth:
    """A part of this computer that the desk needs: alerts, tray, key store, databases, settings.

    Attributes:
        words: How it is, as a short sentence.
        problem: What to do when it is not good.
        checks: The ways in which it works, in the order in which they are tried.
        notes: What else is worth knowing of it, such as what failed and was mended.
    """

    name: str
    is_good: bool
    words: str
    problem: Problem | None = None
    checks: tuple[PartCheck, ...] = ()
    notes: tuple[str, ...] = ()


class TrialName(Enum):
    """What the test button proves, in the order in which the page lists it."""

    MAIL_IN = "Mail comes in"
    MAIL_OUT = "Answers go out"
    PHONE_LINK = "Phones are heard"
    SHOWN = "An alert is shown"
    CLICKED = "A click comes back"
    SOUND = "A sound is played"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialStep:
    """One step as it is now; the words name the culprit and the next step where it failed.

    A state of UNKNOWN is of what cannot be proved, and the words say why.
    """

    name: TrialName
    state: CheckState
    words: str
