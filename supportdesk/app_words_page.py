"""What the page of a week asks of the rest: files, the key store, and the chat's hook."""

from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from supportdesk.adapters.storage.week_page_tables import WeekPageTables
from supportdesk.core import Core
from supportdesk.domain.errors import Problem, StoreError
from supportdesk.services.chat_message import SECRET, ChatMessage

Ended = Callable[[str, Problem | None], None]
InThread = Callable[[str, Callable[[], str], Ended], None]


class AppWordsPage:
    """Implements the ui's `WordsPageActs`. Belongs to the GUI thread."""

    def __init__(self, core: Core, in_thread: InThread) -> None:
        self._core = core
        self._in_thread = in_thread

    @cached_property
    def store(self) -> WeekPageTables:
        kept_in = self._core.kept_in
        return WeekPageTables(kept_in.connection, kept_in.path)

    def save(self, path: str, text: str, done: Ended) -> None:
        self._in_thread("words page", lambda: _save(Path(path), text), done)

    def chat_url(self, done: Ended) -> None:
        secrets = self._core.secrets
        self._in_thread("chat hook", lambda: secrets.get(SECRET) or "", done)

    def forget_chat_url(self, done: Ended) -> None:
        secrets = self._core.secrets

        def forget() -> str:
            secrets.clear(SECRET)
            return "The hook is forgotten."

        self._in_thread("chat hook", forget, done)

    def post(self, message: ChatMessage, done: Ended) -> None:
        def send() -> str:
            from supportdesk.adapters.chat_post import post  # nobody else needs http

            post(message)
            return f"The page is in the chat: {message.host} took it."

        self._in_thread("chat message", send, done)


def _save(path: Path, text: str) -> str:
    from supportdesk.adapters.atomic_file import write_atomically

    try:
        write_atomically(path, text.encode())
    except OSError as error:
        why = error.strerror or str(error)
        raise StoreError(
            f"The page cannot be saved as {path.name}",
            f"{why}. Choose another folder; the page is as it was.",
        ) from error
    return f"The page is saved as {path.name}."
