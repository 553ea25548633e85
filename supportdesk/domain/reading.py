"""What counts as a minute with customers (DESIGN section 6), as plain values and pure functions."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum


class SpanKind(Enum):
    """What the founder did."""

    READ = "read"
    REPLY = "reply"
    TALK = "talk"


class DropRule(Enum):
    """Why seconds do not count."""

    SKIMMED = "the first 3 s are free"
    CAPPED = "full for this mail"
    NOT_IN_FRONT = "window not in front"
    LOCKED = "the screen was locked"
    ASLEEP = "the computer slept"
    CLOCK_JUMPED = "the clock jumped"
    ROBOT = "sent by a machine"


@dataclass(frozen=True, slots=True, kw_only=True)
class DroppedTime:
    """Seconds that were not counted, and by which rule."""

    rule: DropRule
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Time with one message or call. Append-only: a correction is a new span naming the old one.

    Attributes:
        span_id: Unique over machines (UUID4 text).
        item: Ledger key of the message or call.
        label: What the list shows, as it was called then.
        started_at: UTC instant.
        utc_offset: The local offset at that instant.
        counted_seconds: Part of the total.
        dropped: Seconds that do not count, by rule.
        corrects: span_id that this one replaces; empty for an original.
        reason: Why it was corrected.
    """

    span_id: str
    kind: SpanKind
    item: str
    label: str
    started_at: datetime
    utc_offset: timedelta
    counted_seconds: float
    dropped: tuple[DroppedTime, ...] = ()
    corrects: str = ""
    reason: str = ""
