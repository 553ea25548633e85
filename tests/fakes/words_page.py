"""What the page of a week asks of the outside of the window, recorded."""

from collections.abc import Callable
from pathlib import Path

from supportdesk.domain.errors import Problem
from supportdesk.services.chat_message import ChatMessage
from supportdesk.ui.controllers.words_page_acts import Ended
from tests.fakes.week_page_store import MemoryWeekPageStore


class FakeWordsPage:
    """WordsPageActs that answer at once, or when `answer` is called."""

    def __init__(self) -> None:
        self.store = MemoryWeekPageStore()
        self.url = ""
        self.posted: list[ChatMessage] = []
        self.problem: Problem | None = None
        self.is_slow = False
        self._waiting: list[Callable[[], None]] = []

    def save(self, path: str, text: str, done: Ended) -> None:
        if self.problem is None:
            Path(path).write_text(text, encoding="utf-8")
        self._end(done, "" if self.problem else f"The page is saved as {Path(path).name}.")

    def chat_url(self, done: Ended) -> None:
        done(self.url, None)

    def forget_chat_url(self, done: Ended) -> None:
        self.url = ""
        done("The hook is forgotten.", None)

    def post(self, message: ChatMessage, done: Ended) -> None:
        self.posted.append(message)
        self._end(done, f"The page is in the chat: {message.host} took it.")

    def answer(self) -> None:
        """Of all that waits."""
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            one()

    def _end(self, done: Ended, words: str) -> None:
        problem = self.problem

        def end() -> None:
            done("" if problem else words, problem)

        if self.is_slow:
            self._waiting.append(end)
        else:
            end()
