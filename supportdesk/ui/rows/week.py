"""What My week shows: days, weeks, spans; the sums are the presenter's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from supportdesk.ui.rows.common import ActionButton


@dataclass(frozen=True, slots=True, kw_only=True)
class DayBar:
    """Minutes of one day, by kind."""

    day: date
    weekday: str
    number: str
    read_minutes: float = 0.0
    reply_minutes: float = 0.0
    talk_minutes: float = 0.0
    is_future: bool = False

    @property
    def total_minutes(self) -> float:
        return self.read_minutes + self.reply_minutes + self.talk_minutes

    @property
    def accessible_text(self) -> str:
        if self.is_future:
            return f"{self.weekday} {self.number}: still to come"
        return (
            f"{self.weekday} {self.number}: {self.total_minutes:.1f} min, "
            f"read {self.read_minutes:.1f}, reply {self.reply_minutes:.1f}, "
            f"talk {self.talk_minutes:.1f}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekDot:
    """One of the twelve weeks; `minutes` None = off or before the log began, never zero."""

    start: date
    minutes: float | None
    is_current: bool = False
    label: str = ""


class SpanKind(StrEnum):
    """What a span of the log was spent on."""

    READ = "read"
    REPLY = "reply"
    TALK = "talk"
    ROBOT = "robot"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanRow:
    """One span of the log: counted, and what was dropped by which rule."""

    key: str
    time_label: str
    kind: SpanKind
    what: str
    how: str = ""
    counted_label: str = "0:00"
    dropped_line: str = ""

    @property
    def accessible_text(self) -> str:
        text = f"{self.time_label}, {self.what}, counted {self.counted_label}"
        return f"{text}. {self.dropped_line}" if self.dropped_line else text


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkCard:
    """Days since you last talked to a customer. `days` is words: "2", or "?" when unknown."""

    days: str
    sentence: str
    button: ActionButton | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekView:
    """My week; the sums add up: bars = legend = total."""

    bounds_label: str
    total_minutes: float
    total_label: str
    goal_minutes: float
    sentence: str
    days: tuple[DayBar, ...]
    chosen_day: date
    chosen_title: str = ""
    chosen_sentence: str = ""
    spans: tuple[SpanRow, ...] = ()
    nothing_counted: str = "Nothing was counted on this day."
    twelve_weeks: tuple[WeekDot, ...] = ()
    twelve_weeks_sentence: str = ""
    talk: TalkCard | None = None
    has_later_week: bool = False
