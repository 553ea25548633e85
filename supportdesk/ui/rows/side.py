"""What stands beside a conversation and is no mail: who has it, labels, notes, snooze."""

from __future__ import annotations

from dataclasses import dataclass

from supportdesk.ui.rows.common import ActionButton


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteCard:
    """An internal note; `by_line` says whose and of when. Only one's own can be changed."""

    words: str
    by_line: str
    buttons: tuple[ActionButton, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SideFact:
    """Something that is so, and what can be done about it."""

    words: str
    icon: str
    buttons: tuple[ActionButton, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SideView:
    """Of the conversation on show.

    Attributes:
        facts: Who has it; until when it is put off.
        tags: Each takes its label off.
        add_tag: Asks for one more; None where there is none yet.
    """

    facts: tuple[SideFact, ...] = ()
    tags: tuple[ActionButton, ...] = ()
    add_tag: ActionButton | None = None
    notes: tuple[NoteCard, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.facts or self.tags or self.notes)


NOTHING_BESIDE = SideView()
