"""What the page of a week asks of the rest of the app; `RitualActs.words_page` is one."""

from collections.abc import Callable
from typing import Protocol

from supportdesk.domain.errors import Problem
from supportdesk.services.chat_message import ChatMessage
from supportdesk.services.week_page_store import WeekPageStore

Ended = Callable[[str, Problem | None], None]
"""Called once, with words or with the problem that ended it."""


class WordsPageActs(Protocol):
    """Each method returns at once; what comes of it comes through the callback."""

    @property
    def store(self) -> WeekPageStore:
        """Keeps what is on the page of each week."""
        ...

    def save(self, path: str, text: str, done: Ended) -> None:
        """Write a file; what lies there is replaced whole or not at all."""
        ...

    def chat_url(self, done: Ended) -> None:
        """The address of the chat's hook, or "" when none is kept."""
        ...

    def forget_chat_url(self, done: Ended) -> None: ...

    def post(self, message: ChatMessage, done: Ended) -> None:
        """Hand it to the chat, once."""
        ...
