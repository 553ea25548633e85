"""What the reading clock holds: a subject that may earn seconds, and the span it is earning.

Both change in place and never leave the clock; what leaves it is the frozen `Span`.
"""

import math
from dataclasses import dataclass

from supportdesk.domain.reading import (
    FREE_SECONDS,
    GRANT_SECONDS,
    LEFT_SECONDS,
    REOPEN_SECONDS,
    DroppedTime,
    DropRule,
    Moment,
    Span,
    SpanKind,
    with_dropped,
)

PERSIST_SECONDS = 2.5
"""A growing span is handed out this often: with a beat a second, kill -9 loses at most 4 s."""
_LEAST_DROPPED_SECONDS = 1.0
"""A span without counted time and with less dropped time than this is not worth a line."""
_NO_TIME = 1e-6
"""What sums of floats may be off by."""


@dataclass(slots=True, kw_only=True)
class Subject:
    """A message on show or a reply being written, and what it may still earn."""

    kind: SpanKind
    item: str
    label: str
    cap_seconds: float = GRANT_SECONDS
    allowance_seconds: float = GRANT_SECONDS
    earned_seconds: float = 0.0
    is_robot: bool = False
    is_past_free: bool = False
    is_reopened: bool = False
    full_at: Moment | None = None

    @property
    def is_full(self) -> bool:
        return self.allowance_seconds <= _NO_TIME

    @property
    def may_be_granted(self) -> bool:
        """It was full on this very visit; soon after an earlier one it earns nothing more."""
        return self.full_at is not None and not self.is_reopened

    @property
    def limit(self) -> str:
        if self.kind is SpanKind.REPLY:
            return "Each key counts for 30 s of writing."
        until = minutes_and_seconds(self.earned_seconds + self.allowance_seconds)
        return f"This mail counts until about {until}."

    def recap(self, cap_seconds: float) -> None:
        """The length of the message is known better now."""
        if not self.is_reopened:
            self.allowance_seconds += cap_seconds - self.cap_seconds
            self.cap_seconds = cap_seconds

    def earn(self, seconds: float, run: "Run") -> float:
        self.allowance_seconds -= seconds
        run.free_seconds += seconds
        if self.is_past_free or run.free_seconds > FREE_SECONDS:
            self.is_past_free = True
            self.earned_seconds += run.free_seconds
            run.counted_seconds += run.free_seconds
            run.free_seconds = 0.0
        return seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class FullMark:
    """When a message that had earned all it could was last seen."""

    at: Moment
    earned_seconds: float

    def holds(self, at: Moment) -> bool:
        return at.true_seconds_since(self.at) <= REOPEN_SECONDS


@dataclass(slots=True, kw_only=True)
class Run:
    """A span in the making; everything up to `last` is accounted for."""

    span_id: str
    clock: str
    subject: Subject
    start: Moment
    last: Moment
    counted_seconds: float = 0.0
    free_seconds: float = 0.0
    dropped: tuple[DroppedTime, ...] = ()
    saved_seconds: float = 0.0
    saved_at: Moment | None = None

    @property
    def is_worth_keeping(self) -> bool:
        dropped_seconds = self.free_seconds + sum(time.seconds for time in self.dropped)
        return self.counted_seconds > 0 or dropped_seconds >= _LEAST_DROPPED_SECONDS

    def drop(self, rule: DropRule, seconds: float) -> None:
        self.dropped = with_dropped(self.dropped, DropRule.SKIMMED, self.free_seconds)
        self.free_seconds = 0.0
        left = LEFT_SECONDS - sum(time.seconds for time in self.dropped)
        self.dropped = with_dropped(self.dropped, rule, min(seconds, left))

    def is_due(self, at: Moment, *, is_paused: bool) -> bool:
        """Counted seconds not handed out yet: the first ones, old ones, or no beat will come."""
        if self.counted_seconds <= self.saved_seconds:
            return False
        return (
            is_paused or self.saved_at is None or at.seconds_since(self.saved_at) >= PERSIST_SECONDS
        )

    def saved(self, at: Moment) -> Span:
        self.saved_at, self.saved_seconds = at, self.counted_seconds
        return self.as_span()

    def as_span(self) -> Span:
        dropped = with_dropped(self.dropped, DropRule.SKIMMED, self.free_seconds)
        return Span(
            span_id=self.span_id,
            kind=self.subject.kind,
            item=self.subject.item,
            label=self.subject.label,
            started_at=self.start.now,
            utc_offset=self.start.utc_offset,
            counted_seconds=_whole_milliseconds(self.counted_seconds),
            dropped=tuple(
                DroppedTime(rule=time.rule, seconds=_whole_milliseconds(time.seconds))
                for time in dropped
            ),
            clock=self.clock,
        )


def minutes_and_seconds(seconds: float) -> str:
    """As the clock shows it, "2:40"; a second that is not full is not shown."""
    minutes, rest = divmod(int(seconds + _NO_TIME), 60)
    return f"{minutes}:{rest:02}"


def _whole_milliseconds(seconds: float) -> float:
    """Rounded down, so that a span is never longer than the time it took."""
    return math.floor((seconds + _NO_TIME) * 1000.0) / 1000.0
