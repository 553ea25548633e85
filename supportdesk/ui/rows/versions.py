"""What the picker of earlier texts shows of one of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """A text as it was; `when` says until when it stood there."""

    number: int
    when: str
    words: str
    text: str

    @property
    def label(self) -> str:
        return f"{self.when} · {self.words}"
