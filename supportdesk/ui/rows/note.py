"""The line that asks for a note when a call of the founder has ended."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteView:
    """Which call it is about, and the words so far.

    Attributes:
        call: Ledger key.
        label: Who that was.
    """

    call: str
    label: str
    words: str = ""

    @property
    def question(self) -> str:
        return f"Note about this call with {self.label}" if self.label else "Note about this call"
