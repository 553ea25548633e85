"""What the live strip and the rail show."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from supportdesk.ui.rows.common import Action, ActionButton, Tone


class StripKind(StrEnum):
    """The six states of the live strip, by ground and mark."""

    QUIET = "quiet"
    LIFTED = "lifted"
    WAITING = "waiting"
    YOURS = "yours"
    PAUSED = "paused"
    DEAF = "deaf"


@dataclass(frozen=True, slots=True, kw_only=True)
class StripSegment:
    """One part of the strip's sentence; short of room, whole segments go.

    Attributes:
        opens: Shows what its figure is made of; None where it has none.
        target: Of that.
    """

    text: str
    tone: Tone = Tone.NORMAL
    opens: Action | None = None
    target: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressView:
    """Minutes toward the goal, beside the words that say them."""

    minutes: float
    goal_minutes: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StripView:
    """The live strip. `ticks` asks for `time_passed` each second instead of each minute."""

    kind: StripKind
    segments: tuple[StripSegment, ...]
    buttons: tuple[ActionButton, ...] = ()
    progress: ProgressView | None = None
    ticks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RailView:
    """Counts as words, so that an unknown one can be "6?" and never 0."""

    inbox_count: str = ""
    calls_count: str = ""
    is_health_warning: bool = False
