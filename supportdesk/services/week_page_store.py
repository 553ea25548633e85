"""What the founder chose for the page of a week, and which kept words began which day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class PageChoice:
    """One line of a week's page: whether it is on it; lines come in the founder's order."""

    key: str
    is_on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Starter:
    """The kept words of a local day, to begin a conversation with."""

    day: date
    quote: str


class WeekPageStore(Protocol):
    """Called from the thread that owns desk.db, outside of its turns. Raises StoreError."""

    def choices(self, week: date) -> list[PageChoice]:
        """Of the week with this first day, in order; empty before anything was chosen."""
        ...

    def save_choices(self, week: date, choices: Sequence[PageChoice]) -> None:
        """Replace all that was chosen for this week."""
        ...

    def starters(self) -> list[Starter]: ...

    def save_starter(self, starter: Starter) -> None: ...
