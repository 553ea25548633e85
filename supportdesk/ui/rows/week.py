"""What My week shows: days, weeks, spans; the sums are the presenter's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from supportdesk.domain.reading import Edit
from supportdesk.ui.rows.common import ActionButton, EmptyView, Notice


class SpanKind(StrEnum):
    """What a span of the log was spent on."""

    READ = "read"
    REPLY = "reply"
    TALK = "talk"
    ROBOT = "robot"


COUNTED_KINDS = (SpanKind.READ, SpanKind.REPLY, SpanKind.TALK)
"""What minutes are made of; mail of robots earns none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanChoice:
    """Which spans are wanted: of one day or of the whole week (None), of one kind or of all."""

    day: date | None = None
    kind: SpanKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayBar:
    """Minutes of one day, by kind, in tenths."""

    day: date
    weekday: str
    number: str
    read_minutes: float = 0.0
    reply_minutes: float = 0.0
    talk_minutes: float = 0.0
    is_future: bool = False
    is_holiday: bool = False

    @property
    def total_minutes(self) -> float:
        return self.read_minutes + self.reply_minutes + self.talk_minutes

    @property
    def by_kind(self) -> tuple[tuple[SpanKind, float], ...]:
        minutes = (self.read_minutes, self.reply_minutes, self.talk_minutes)
        return tuple(zip(COUNTED_KINDS, minutes, strict=True))

    @property
    def accessible_text(self) -> str:
        name = f"{self.day:%A} {self.day.day} {self.day:%B}"
        if self.is_holiday:
            name += ", a day off"
        if self.is_future:
            return f"{name}: still to come"
        if not any(minutes for _, minutes in self.by_kind):
            return f"{name}: nothing counted"
        parts = [f"{kind.value} {minutes:.1f}" for kind, minutes in self.by_kind if minutes]
        return f"{name}: {self.total_minutes:.1f} minutes, {', '.join(parts)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekDot:
    """One of the twelve weeks.

    Attributes:
        minutes: None = off with nothing counted, before the log began, or not read yet.
        is_off: It holds a holiday: drawn dashed, whatever it reached.
        is_chosen: It is the week on show.
        accessible_text: The bounds and what it reached.
    """

    start: date
    minutes: float | None
    is_current: bool = False
    is_off: bool = False
    is_chosen: bool = False
    label: str = ""
    accessible_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanRow:
    """One span of the log: counted, and what was dropped by which rule.

    Attributes:
        key: Of this row; one item may have several.
        item: The message or call that it opens.
        is_by_hand: The founder entered or changed it.
        span_id: What a correction is asked for.
        edit: What the hand did; None for what no hand has touched, and what was taken back.
        before: What it was before, in words; empty where nothing was.
    """

    key: str
    time_label: str
    kind: SpanKind
    what: str
    item: str = ""
    how: str = ""
    counted_label: str = "0:00"
    dropped_line: str = ""
    is_by_hand: bool = False
    span_id: str = ""
    edit: Edit | None = None
    before: str = ""

    @property
    def accessible_text(self) -> str:
        counted = f"counted {self.counted_label}"
        words = [self.time_label, self.what, self.how, counted, self.before]
        text = ", ".join(word for word in words if word)
        return f"{text}. {self.dropped_line}" if self.dropped_line else text


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkCard:
    """Days since you last talked to a customer. `days` is words: "2", or "?" when unknown.

    Attributes:
        item: The call, for the figure to open; empty when none is known.
    """

    days: str
    sentence: str
    item: str = ""
    button: ActionButton | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekView:
    """My week; the sums add up: bars = legend = total.

    Attributes:
        chosen_day: None while the spans of the whole week are on show.
        chosen_kind: The only kind whose spans are on show; None = all of them.
        empty: In place of spans while nothing was ever counted.
        notice: What was done to the log just now.
        undo: Label of the button that takes back the newest act; empty where there is none.
        undo_words: That act, exactly: it may be of another week or day.
        adding_to: The day to which missing time is added.
    """

    bounds_label: str
    total_minutes: float
    total_label: str
    goal_minutes: float
    sentence: str
    days: tuple[DayBar, ...]
    chosen_day: date | None
    chosen_kind: SpanKind | None = None
    chosen_title: str = ""
    chosen_sentence: str = ""
    spans: tuple[SpanRow, ...] = ()
    nothing_counted: str = "Nothing was counted on this day."
    twelve_weeks: tuple[WeekDot, ...] = ()
    twelve_weeks_sentence: str = ""
    talk: TalkCard | None = None
    has_later_week: bool = False
    empty: EmptyView | None = None
    notice: Notice | None = None
    undo: str = ""
    undo_words: str = ""
    adding_to: date | None = None
