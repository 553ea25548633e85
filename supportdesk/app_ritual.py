"""What the founder's ritual asks of the rest: the `RitualActs` of the controllers."""

from collections.abc import Callable
from functools import cached_property

from supportdesk.adapters.storage.scroll_table import ScrollTable
from supportdesk.app_words_page import AppWordsPage
from supportdesk.core import Core
from supportdesk.domain.errors import Problem

Answer = Callable[[str, Problem | None], None]
InThread = Callable[[str, Callable[[], str], Answer], None]
"""Does work in a thread of this name; the answer comes back on the GUI thread."""


class AppRitual:
    """Implements the ui's `RitualActs`. Belongs to the GUI thread."""

    def __init__(self, core: Core, in_thread: InThread) -> None:
        self._core = core
        self._in_thread = in_thread

    def export_quotes(self, folder: str, done: Answer) -> None:
        raise NotImplementedError

    @cached_property
    def scroll_store(self) -> ScrollTable:
        kept_in = self._core.kept_in
        return ScrollTable(kept_in.connection, kept_in.path)

    @cached_property
    def words_page(self) -> AppWordsPage:
        return AppWordsPage(self._core, self._in_thread)
