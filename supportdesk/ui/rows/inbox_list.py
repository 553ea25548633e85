"""What the conversation list shows: headings, conversations, and the words above them."""

from __future__ import annotations

from dataclasses import dataclass

from supportdesk.ui.rows.common import ChipKind, ChipView, EmptyView, Notice

_NEVER_ANSWERED = (ChipKind.ROBOT, ChipKind.PLAIN)


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
    """One conversation: who waits, about what, since when, and what happened to it."""

    key: str
    who: str
    subject: str
    first_words: str = ""
    age_label: str = ""
    is_hot: bool = False
    is_unread_by_me: bool = False
    is_answered: bool = False
    chips: tuple[ChipView, ...] = ()

    @property
    def accessible_text(self) -> str:
        state = "waiting"
        if self.is_answered:
            state = "" if any(chip.kind in _NEVER_ANSWERED for chip in self.chips) else "answered"
        parts = [self.who, self.subject, f"{state} {self.age_label}".strip()]
        parts += [chip.label for chip in self.chips]
        if self.is_unread_by_me:
            parts.append("not yet read by you")
        return ", ".join(parts)


InboxRow = SectionRow | ConversationRow


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxView:
    """The list. `caption` says the order and, when deaf, the date of the last knowledge."""

    caption: str
    rows: tuple[InboxRow, ...] = ()
    banner: Notice | None = None
    empty: EmptyView | None = None
    search: str = ""
