"""The line below every page: a note of a call or on a conversation, or a label to add."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class NoteKind(StrEnum):
    """What is typed into the line."""

    CALL = "call"
    MAIL = "mail"
    TAG = "tag"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteView:
    """What it is about, and the words so far.

    Attributes:
        call: Ledger key of the call or message.
        label: Who that was.
        suggestions: What may be meant by a beginning of it.
        is_wanted: The founder asked for it just now: it takes the keyboard.
    """

    call: str
    label: str
    words: str = ""
    kind: NoteKind = NoteKind.CALL
    suggestions: tuple[str, ...] = ()
    is_wanted: bool = False

    @property
    def question(self) -> str:
        if self.kind is NoteKind.MAIL:
            return f"Internal note about {self.label}" if self.label else "Internal note"
        if self.kind is NoteKind.TAG:
            return f"Tag for {self.label}" if self.label else "Tag"
        return f"Note about this call with {self.label}" if self.label else "Note about this call"

    @property
    def hint(self) -> str:
        if self.kind is NoteKind.MAIL:
            return "Never sent to anybody. Enter keeps it, Esc goes on without"
        if self.kind is NoteKind.TAG:
            return "Enter adds it, Esc goes on without"
        return "Enter keeps it, Esc goes on without"
