"""What counts as a minute with customers (DESIGN section 6), as plain values and pure functions.

The theory. Time with one message is cut into *spans*. A span is one stretch of the clock: first
the seconds that count, then, without a hole, the seconds that do not, each with the rule that
dropped them. When counting resumes after dropped seconds, a new span begins. So a span tells by
itself which instants it covers, spans can be united instead of added, and a midnight can cut
them anywhere without a second being lost or counted twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum

WORDS_PER_MINUTE = 220.0
FREE_SECONDS = 3.0
"""Leaving a message within them earns nothing; staying past them gives them back."""
SHORTEST_CAP_SECONDS = 20.0
LONGEST_CAP_SECONDS = 360.0
SECONDS_AN_IMAGE = 10.0
FORGOTTEN = "(forgotten)"
"""The label of a span about somebody whom the founder had this computer forget."""
GRANT_SECONDS = 30.0
"""What one scroll or selection past the cap is worth, and one keystroke in a reply."""
REOPEN_SECONDS = 60.0
"""A message that was full earns nothing when it is opened again this soon."""
GAP_SECONDS = 10.0
"""Beats further apart than this have nothing counted between them."""
LEFT_SECONDS = 600.0
"""Whoever has not been counting for this long has left; a span says no more of it than this."""
CLOCK_TOLERANCE_SECONDS = 2.0
"""How far the clocks may drift apart within a span (slewing by NTP, a short sleep)."""
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
"""Nothing of the log began before, whoever says so: a file or a hand."""
_AT_MOST_AHEAD = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST_MILLISECONDS = 32_500_000_000_000
"""The year 2999: an id holds more than a date does, and a file may say anything."""


class SpanKind(Enum):
    """What the founder did."""

    READ = "read"
    REPLY = "reply"
    TALK = "talk"


class Edit(Enum):
    """What a hand did to the log."""

    ADDED = "added"
    CUT = "cut"
    LENGTHENED = "lengthened"
    MOVED = "moved"
    DELETED = "deleted"
    UNDONE = "undone"


class DropRule(Enum):
    """Why seconds do not count."""

    SKIMMED = "the first 3 s are free"
    CAPPED = "full for this mail"
    NOT_IN_FRONT = "window not in front"
    LOCKED = "the screen was locked"
    ASLEEP = "the computer slept or stood still"
    CLOCK_JUMPED = "the clock jumped"
    ROBOT = "sent by a machine"
    OVERLAPPED = "already counted at the same time"
    BY_HAND = "taken off by hand"
    UNHEARD = "nobody saw it end"
    OTHER = "another rule, of a newer version"


@dataclass(frozen=True, slots=True, kw_only=True)
class DroppedTime:
    """Seconds that were not counted, and by which rule."""

    rule: DropRule
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Time with one message or call. Append-only: a correction is a new span naming the old one.

    Attributes:
        span_id: Unique over machines and, where `span_id_at` made it, in the order of making.
        item: Ledger key of the message or call.
        label: What the list shows, as it was called then.
        started_at: UTC instant.
        utc_offset: The local offset at that instant.
        counted_seconds: Part of the total; they begin at `started_at`.
        dropped: Seconds that do not count, by rule, in order; they follow the counted ones.
        corrects: span_id that this one replaces; empty for an original.
        reason: Why it was corrected, or added by hand.
        clock: The run of a reading clock that saw it; empty for talk and for what a hand wrote.
        edit: What the hand did; None for an original, and for corrections by older versions.
        act: Joins the rows that one act by hand has written.
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
    clock: str = ""
    edit: Edit | None = None
    act: str = ""

    @property
    def dropped_seconds(self) -> float:
        return sum(time.seconds for time in self.dropped)

    @property
    def counted_until(self) -> datetime:
        return self.started_at + timedelta(seconds=self.counted_seconds)

    @property
    def seconds(self) -> float:
        """All of it, counted and not."""
        return self.counted_seconds + self.dropped_seconds

    @property
    def is_by_hand(self) -> bool:
        """The founder wrote or changed it; it is drawn differently."""
        return bool(self.corrects or self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One reading of all clocks.

    Attributes:
        now: The wall clock, as an aware UTC datetime; it may jump.
        monotonic_seconds: Does not jump; on Linux it stands still while the computer sleeps.
        boot_seconds: Does not jump and runs on in sleep: how long it really was.
        utc_offset: The local offset at `now`.
    """

    now: datetime
    monotonic_seconds: float
    boot_seconds: float
    utc_offset: timedelta

    def seconds_since(self, earlier: "Moment") -> float:
        """Awake, by the monotonic clock."""
        return self.monotonic_seconds - earlier.monotonic_seconds

    def true_seconds_since(self, earlier: "Moment") -> float:
        """Awake and asleep, whatever the wall clock was set to meanwhile."""
        return self.boot_seconds - earlier.boot_seconds

    def slept_since(self, earlier: "Moment") -> float:
        """0 where the monotonic clock runs on in sleep."""
        return self.true_seconds_since(earlier) - self.seconds_since(earlier)

    def wall_set_since(self, earlier: "Moment") -> float:
        """By how much the wall clock was set forward or, negative, back."""
        return (self.now - earlier.now).total_seconds() - self.true_seconds_since(earlier)


# --- how much a visit may earn -----------------------------------------------------------------


def expected_seconds(words: int) -> float:
    """Reading time of newly written text; quoted history is not among the words."""
    return max(0, words) * 60.0 / WORDS_PER_MINUTE


def visit_cap(words: int, images: int) -> float:
    """The most seconds that one visit to a message earns without a sign of life."""
    cap = SHORTEST_CAP_SECONDS + 2.0 * expected_seconds(words) + SECONDS_AN_IMAGE * max(0, images)
    return min(cap, LONGEST_CAP_SECONDS)


def broken_by(*, start: Moment, last: Moment, at: Moment) -> DropRule | None:
    """Why nothing counts between the last beat and this one; None when the beats join.

    The clocks are compared over the whole span, so that many small jumps are seen too. Sleep is
    where time went on and the monotonic clock did not; where that one runs on in sleep (Windows),
    and for a process that stood still, the gap itself shows it. A wall clock that went otherwise
    than time was set.
    """
    if at.seconds_since(last) > GAP_SECONDS or at.slept_since(start) > CLOCK_TOLERANCE_SECONDS:
        return DropRule.ASLEEP
    if abs(at.wall_set_since(start)) > CLOCK_TOLERANCE_SECONDS:
        return DropRule.CLOCK_JUMPED
    return None


def dropped_between(last: Moment, at: Moment) -> float:
    """How long it really was, whatever the wall clock says."""
    return max(0.0, at.true_seconds_since(last))


def with_dropped(
    dropped: tuple[DroppedTime, ...], rule: DropRule, seconds: float
) -> tuple[DroppedTime, ...]:
    """Append dropped seconds, joining neighbours of the same rule."""
    if seconds <= 0:
        return dropped
    if dropped and dropped[-1].rule is rule:
        joined = DroppedTime(rule=rule, seconds=dropped[-1].seconds + seconds)
        return (*dropped[:-1], joined)
    return (*dropped, DroppedTime(rule=rule, seconds=seconds))


def impossible_start(started_at: datetime, now: datetime) -> str:
    """Why nothing can have begun then, as a clause: "it began in 1987"; empty when it can.

    So sums with what this lets pass stay within the years that a date can have. That nothing lies
    ahead of now at all is for the caller to say, who knows whose clock it was.
    """
    if started_at < EARLIEST:
        return f"it began in the year {started_at.year}"
    if started_at > now + _AT_MOST_AHEAD:
        return f"it lies in the future ({started_at.date()})"
    return ""


# --- the log as a whole ------------------------------------------------------------------------


def span_id_at(now: datetime, entropy: int) -> str:
    """A UUID of version 7 (RFC 9562, 5.7) from 74 random bits: later ids are greater."""
    from uuid import UUID  # with all it imports, 0.2 MB that a quiet tray does without

    milliseconds = int(now.timestamp() * 1000) & 0xFFFF_FFFF_FFFF
    random_a = (entropy >> 62) & 0xFFF
    random_b = entropy & 0x3FFF_FFFF_FFFF_FFFF
    return str(UUID(int=milliseconds << 80 | 7 << 76 | random_a << 64 | 2 << 62 | random_b))


def made_at(span_id: str) -> datetime | None:
    """When an id was made that `span_id_at` has made; None for any other."""
    from uuid import UUID

    try:
        known = UUID(span_id)
    except ValueError:
        return None
    milliseconds = known.int >> 80
    if known.version != 7 or milliseconds > _LATEST_MILLISECONDS:
        return None
    return _EPOCH + timedelta(milliseconds=milliseconds)


def after_ids(now: datetime, ids: Iterable[str]) -> datetime:
    """Now, or where a clock was set back the first moment whose ids are greater than these."""
    made = [at + timedelta(milliseconds=1) for one in ids if (at := made_at(one)) is not None]
    return max([now, *made])


def grown_since(known: Span, span: Span) -> Span | None:
    """What a span has grown by, as a span of its own that grows on; None when it has not.

    So a span that was corrected while it was the open one stays as it was then, and what follows
    is neither lost nor counted twice.
    """
    counted = max(0.0, span.counted_seconds - known.counted_seconds)
    dropped: tuple[DroppedTime, ...] = ()
    passed = known.dropped_seconds
    for time in span.dropped:
        dropped = with_dropped(dropped, time.rule, time.seconds - passed)
        passed = max(0.0, passed - time.seconds)
    if not counted and not dropped:
        return None
    from uuid import NAMESPACE_URL, uuid5

    return replace(
        span,
        span_id=str(uuid5(NAMESPACE_URL, f"{known.span_id}#{known.seconds}")),
        started_at=known.started_at + timedelta(seconds=known.seconds),
        counted_seconds=counted,
        dropped=dropped,
    )


def joined_by_id(spans: Iterable[Span]) -> list[Span]:
    """The union by span id: of two states of a growing span, the further one."""
    furthest: dict[str, Span] = {}
    for span in spans:
        known = furthest.get(span.span_id)
        if known is None or _reach(span) > _reach(known):
            furthest[span.span_id] = span
    return sorted(furthest.values(), key=lambda span: (span.started_at, span.span_id))


def _reach(span: Span) -> tuple[float, float, str]:
    return (span.seconds, span.counted_seconds, repr(span))
