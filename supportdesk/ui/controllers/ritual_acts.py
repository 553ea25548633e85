"""What the controllers of the ritual ask of the rest of the app; `Acts.ritual` is one."""

from collections.abc import Callable
from typing import Protocol

from supportdesk.domain.errors import Problem
from supportdesk.services.morning_scroll import ScrollStore


class RitualActs(Protocol):
from supportdesk.ui.controllers.words_page_acts import WordsPageActs
    """Each returns at once; what comes of it comes through the callback."""

    def export_quotes(self, folder: str, done: Callable[[str, Problem | None], None]) -> None:
        """Write all kept words and lessons into this folder, as Markdown and JSON."""
        ...

    @property
    def scroll_store(self) -> ScrollStore:
        """Keeps the place in the morning scroll."""
        ...

    @property
    def words_page(self) -> WordsPageActs:
        """What the page of a week needs."""
        ...
