"""What the form about a span of the log shows, and what was entered in it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum, auto

from supportdesk.ui.rows.week import SpanKind


class SpanTask(Enum):
    """What the form is for."""

    CORRECT = auto()
    ADD = auto()
    DELETE = auto()


class SpanField(StrEnum):
    """A field of the form, by its words."""

    KIND = "What it was"
    WHO = "Who or what"
    DAY = "Day"
    START = "Began at"
    LENGTH = "Length"
    REASON = "Why"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanEntry:
    """As it was typed."""

    kind: SpanKind = SpanKind.TALK
    who: str = ""
    day: str = ""
    start: str = ""
    length: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanForm:
    """What is there before anything is typed.

    Attributes:
        about: Which span, and what the log says of it; empty for time that is added.
    """

    task: SpanTask
    title: str
    about: str = ""
    entry: SpanEntry = SpanEntry()
