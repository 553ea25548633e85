"""Search and old mail as the window asks for them: the thread that answers, the one that indexes.

Made with the first question, and imported only then: a quiet tray pays nothing for it.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject

from supportdesk.adapters.right_of_way import RightOfWay
from supportdesk.adapters.storage.mail_history import Held
from supportdesk.adapters.storage.mail_indexing import MailIndexing
from supportdesk.adapters.storage.mail_pruning import Pruning
from supportdesk.adapters.storage.mail_queries import MailQueries
from supportdesk.adapters.storage.search_database import SearchPaths
from supportdesk.domain.search import OldMail, SearchAnswer


class MailLibrary(QObject):
    """Made and called on the GUI thread."""

    def __init__(
        self,
        paths: SearchPaths,
        pruning: Callable[[], Pruning],
        right_of_way: RightOfWay,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._indexing = MailIndexing(paths, pruning, right_of_way, self)
        self._queries = MailQueries(paths, self._indexing.what_is_missing, self)
        self._indexing.grew.connect(self._queries.search_again)

    def search(self, words: str, limit: int, done: Callable[[SearchAnswer], None]) -> None:
        """Answer, and answer again while more can be found; gives up the search before it."""
        self._indexing.begin()
        self._queries.search(words, limit, done)

    def list_history(self, held: Held, done: Callable[[OldMail], None]) -> None:
        """List the customers' mail that is not held, newest first."""
        self._indexing.begin()
        self._queries.list_history(held, done)

    def wake(self) -> None:
        """There is other mail than before."""
        self._indexing.wake()

    def limit(self, limit_bytes: int) -> None:
        """Keep all that is cached below this."""
        self._indexing.limit(limit_bytes)

    def keep_within_limit(self) -> None:
        """Nobody has asked yet, but the caches have become too large."""
        self._indexing.begin()

    def stop(self, seconds: float) -> None:
        self._queries.stop(seconds)
        self._indexing.stop(seconds)
