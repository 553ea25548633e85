"""What the Calls page shows: who waits, who answers, who was missed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from supportdesk.ui.rows.common import ActionButton, ChipView, EmptyView, Notice


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
    """Somebody who answers the phone, and since when they do what."""

    key: str
    name: str
    state: MemberState
    since_line: str = ""

    @property
    def accessible_text(self) -> str:
        return f"{self.name}: {self.state.value}, {self.since_line}".rstrip(", ")


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedRow:
    """Missed calls of one person, and what became of them."""

    key: str
    who: str
    why: str = ""
    tries: int = 1
    tries_line: str = ""
    age_label: str = ""
    is_hot: bool = False
    is_open: bool = True
    chips: tuple[ChipView, ...] = ()

    @property
    def accessible_text(self) -> str:
        parts = [self.who, f"{self.tries} tries" if self.tries > 1 else "", self.why]
        parts += [chip.label for chip in self.chips]
        parts.append(self.age_label)
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class RingFigure:
    """How many, "of 31 calls", within one ring, beside the sentence it is made of."""

    figure: str
    of_what: str
    sentence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallsView:
    """The Calls page; lists may be empty, sentences say so."""

    waiting: tuple[CallerRow, ...] = ()
    waiting_note: str = ""
    nobody_waits: str = "Nobody is waiting on the phone."
    members: tuple[MemberRow, ...] = ()
    team_label: str = ""
    is_team_full: bool = False
    missed: tuple[MissedRow, ...] = ()
    missed_note: str = ""
    nobody_missed: str = "No missed calls."
    call_back_oldest: ActionButton | None = None
    ring_figure: RingFigure | None = None
    cannot_tell: str = ""
    banner: Notice | None = None
    empty: EmptyView | None = None
