"""What the conversation list shows: headings, conversations and mails, the words above them."""

from __future__ import annotations

from dataclasses import dataclass, field

from supportdesk.ui.rows.common import ActionButton, ChipKind, ChipView, EmptyView, Notice
from supportdesk.ui.rows.row_source import FixedRows, RowSource

_NEVER_ANSWERED = (ChipKind.ROBOT, ChipKind.PLAIN)

Marks = tuple[tuple[int, int], ...]
"""Ranges of characters that a search has found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionRow:
    """A heading inside the list."""

    key: str
    title: str
    count: str = ""

    @property
    def accessible_text(self) -> str:
        return f"{self.title}, {self.count}" if self.count else self.title


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationRow:
    """One conversation: who waits, about what, since when, and what happened to it.

    Attributes:
        is_single: One mail by itself, old or found by a search; nobody is said to wait there.
    """

    key: str
    who: str
    subject: str
    first_words: str = ""
    age_label: str = ""
    is_hot: bool = False
    is_unread_by_me: bool = False
    is_answered: bool = False
    is_single: bool = False
    chips: tuple[ChipView, ...] = ()
    who_marks: Marks = ()
    subject_marks: Marks = ()
    words_marks: Marks = ()

    @property
    def accessible_text(self) -> str:
        parts = [self.who, self.subject, f"{self._state} {self.age_label}".strip()]
        parts += [chip.label for chip in self.chips]
        if self.is_unread_by_me:
            parts.append("not yet read by you")
        return ", ".join(part for part in parts if part)

    @property
    def _state(self) -> str:
        if self.is_single:
            return ""
        if self.is_answered:
            return "" if any(chip.kind in _NEVER_ANSWERED for chip in self.chips) else "answered"
        return "waiting"


InboxRow = SectionRow | ConversationRow


def listed(*rows: InboxRow) -> FixedRows:
    """A short list, whole."""
    return FixedRows(rows, (SectionRow,))


@dataclass(frozen=True, slots=True, kw_only=True)
class ListProgress:
    """How far the first listing of a mailbox has come."""

    share: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingFound:
    """A search without a result, and one way on: other words, or none to leave the search."""

    sentence: str
    offer: str
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxView:
    """The list. `caption` says the order and, when deaf, the date of the last knowledge.

    Attributes:
        more: Offered below the rows when there are others beyond them.
    """

    caption: str
    rows: RowSource = field(default_factory=FixedRows)
    banner: Notice | None = None
    empty: EmptyView | None = None
    search: str = ""
    nothing: NothingFound | None = None
    progress: ListProgress | None = None
    more: ActionButton | None = None
