"""What the Calls page shows: who waits, who answers, who was missed."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from supportdesk.ui.rows.common import ActionButton, ChipView, EmptyView, Notice
from supportdesk.ui.rows.message import PersonLine
from supportdesk.ui.rows.row_source import FixedRows, RowSource


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerRow:
    """Somebody waiting on the phone."""

    key: str
    position: int
    who: str
    house: str = ""
    number: str = ""
    rings: int = 0
    time_label: str = "0:00"
    last_line: str = ""
    is_known: bool = True
    can_take: bool = True
    take_label: str = "Take"
    take_hint: str = ""
    why_not: str = ""

    @property
    def accessible_text(self) -> str:
        rings = "1 ring" if self.rings == 1 else f"{self.rings} rings"
        return f"{self.who}, {rings}, {self.time_label}, position {self.position}"


class MemberState(StrEnum):
    """Told apart by shape: ring, diamond, disc, bars, dash, ?, square."""

    FREE = "free"
    RINGING = "ringing"
    ON_A_CALL = "on a call"
    PAUSED = "paused"
    GONE = "gone"
    UNKNOWN = "unknown"
    STANDING_BY = "standing by"


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRow:
    """Somebody who answers the phone, and since when they do what.

    Attributes:
        more: What the line has no room for; the tooltip tells it, and it is read out.
    """

    key: str
    name: str
    state: MemberState
    since_line: str = ""
    more: str = ""

    @property
    def accessible_text(self) -> str:
        parts = (f"{self.name}: {self.state.value}", self.since_line, self.more)
        return ", ".join(part for part in parts if part)


class CallMark(StrEnum):
    """What became of a call, told apart by the icon before it."""

    MISSED = "waiting for a call back"
    DONE = "closed"
    ANSWERED = "answered"
    TAKEN = "taken by you"
    CALLED = "called"
    WAITING = "on the line"
    UNKNOWN = "not known"
    GAP = "phones unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEntry:
    """The missed calls of one person, one call of the history, or a gap.

    Attributes:
        note: What the founder noted of it.
    """

    key: str
    who: str
    mark: CallMark = CallMark.MISSED
    why: str = ""
    tries: int = 1
    tries_line: str = ""
    age_label: str = ""
    is_hot: bool = False
    chips: tuple[ChipView, ...] = ()
    note: str = ""

    @property
    def is_open(self) -> bool:
        return self.mark is CallMark.MISSED

    @property
    def accessible_text(self) -> str:
        parts = [self.who, f"{self.tries} tries" if self.tries > 1 else "", self.why]
        parts += [chip.label for chip in self.chips]
        parts += [self.age_label, self.note]
        return ", ".join(part for part in parts if part)


class CallsTab(StrEnum):
    """Which calls the list shows; the last four are opened by the figures of the week."""

    MISSED = "Missed"
    OPEN = "To call back"
    ANSWERED = "Answered"
    MINE = "Mine"
    ALL = "All calls"
    WITHIN_RING = "Answered within one ring this week"
    BEYOND_RING = "Not within one ring this week"
    UNSEEN = "Not known this week"
    AFTER_HOURS = "Outside the opening hours this week"


CHOICES = (CallsTab.MISSED, CallsTab.OPEN, CallsTab.ANSWERED, CallsTab.MINE, CallsTab.ALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallsFilter:
    """What the founder wants to see of the calls.

    Attributes:
        queue: Empty for all.
        day: An ISO date; empty for any.
        words: As typed into the search.
    """

    tab: CallsTab = CallsTab.MISSED
    queue: str = ""
    day: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayChoice:
    """A day to choose, in words."""

    day: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCalls:
    """The list below those who wait: missed ones by person, or single calls.

    Attributes:
        promise: The soonest that was made to whoever is chosen.
    """

    title: str = CallsTab.MISSED.value
    note: str = ""
    filter: CallsFilter = field(default_factory=CallsFilter)
    queues: tuple[str, ...] = ()
    days: tuple[DayChoice, ...] = ()
    rows: RowSource = field(default_factory=FixedRows)
    chosen: str = ""
    nothing: str = "No missed calls."
    actions: tuple[ActionButton, ...] = ()
    promise: PersonLine | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FigurePart:
    """Words that open the callers behind them."""

    words: str
    opens: CallsTab


@dataclass(frozen=True, slots=True, kw_only=True)
class RingFigure:
    """How many, "of 31 calls", within one ring; each part opens the callers it counts.

    Attributes:
        figure: None where there is nobody to count: no number without words (F86).
    """

    figure: FigurePart | None
    of_what: str = ""
    parts: tuple[FigurePart, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CallsView:
    """The Calls page; lists may be empty, sentences say so."""

    waiting: tuple[CallerRow, ...] = ()
    waiting_note: str = ""
    nobody_waits: str = "Nobody is waiting on the phone."
    members: tuple[MemberRow, ...] = ()
    has_team: bool = True
    team_label: str = ""
    is_team_full: bool = False
    past: PastCalls = field(default_factory=PastCalls)
    ring_figure: RingFigure | None = None
    cannot_tell: str = ""
    banner: Notice | None = None
    empty: EmptyView | None = None


class BoardLevel(StrEnum):
    """How the live board stands: a shape and a colour each."""

    QUIET = "quiet"
    RINGING = "one ring"
    LATE = "more than one ring"
    LONG = "many rings"
    DEAF = "not listening"


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardView:
    """The live board: two lines.

    Attributes:
        waiting: How many wait and for how long, or that nobody does.
        team: Who is free, or what the team does.
        ticks: Somebody waits: the seconds go on.
    """

    level: BoardLevel
    waiting: str
    team: str
    ticks: bool = False

    @property
    def accessible_text(self) -> str:
        return f"{self.waiting}. {self.team}".rstrip(". ")
