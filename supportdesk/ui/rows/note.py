"""The line below every page: a note of a call or on a conversation, a label, words to keep."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from supportdesk.ui.rows.common import ActionButton


class NoteKind(StrEnum):
    """What is typed into the line."""

    CALL = "call"
    MAIL = "mail"
    TAG = "tag"
    QUOTE = "quote"
    """What somebody said, word for word."""
    BESIDE_QUOTE = "beside-quote"
    """The founder's own note beside kept words."""
    LESSON = "lesson"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteView:
    """What it is about, and the words so far.

    Attributes:
        call: Ledger key of the call or message.
        label: Who that was.
        suggestions: What may be meant by a beginning of it.
        others: What else of this can be kept instead.
        is_wanted: The founder asked for it just now: it takes the keyboard.
        problem: Why the words are not kept, where no other place on show says so.
    """

    call: str
    label: str
    words: str = ""
    kind: NoteKind = NoteKind.CALL
    suggestions: tuple[str, ...] = ()
    others: tuple[ActionButton, ...] = ()
    is_wanted: bool = False
    problem: str = ""

    @property
    def question(self) -> str:
        if self.problem:
            return self.problem
        about, alone = _QUESTIONS[self.kind]
        return about.format(self.label) if self.label else alone

    def is_about_same(self, shown: NoteView | None) -> bool:
        """It says something else of what is asked for already."""
        if shown is None or self.is_wanted:
            return False
        return (self.call, self.kind) == (shown.call, shown.kind)

    @property
    def hint(self) -> str:
        return _HINTS.get(self.kind, "Enter keeps it, Esc goes on without")


_QUESTIONS = {
    NoteKind.CALL: ("Note about this call with {}", "Note about this call"),
    NoteKind.MAIL: ("Internal note about {}", "Internal note"),
    NoteKind.TAG: ("Tag for {}", "Tag"),
    NoteKind.QUOTE: ("What {} said", "What they said"),
    NoteKind.BESIDE_QUOTE: ("Your note beside the words of {}", "Your note beside these words"),
    NoteKind.LESSON: ("What did we learn from {}?", "What did we learn?"),
}
"""About somebody, and about nobody by name."""
_HINTS = {
    NoteKind.MAIL: "Never sent to anybody. Enter keeps it, Esc goes on without",
    NoteKind.TAG: "Enter adds it, Esc goes on without",
    NoteKind.QUOTE: "In their words. Enter keeps them, Esc goes on without",
    NoteKind.LESSON: "In one line. Enter keeps it, Esc goes on without",
}
