"""Questions to mail.db and its index that may take time, answered by one thread of their own.

The thread begins with the first question: a quiet tray pays nothing. Answers come back on the GUI
thread through a queued signal.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal, Slot

from supportdesk.adapters.storage.mail_history import Held, list_old_mail
from supportdesk.adapters.storage.mail_search import MailSearch, SearchGivenUp
from supportdesk.adapters.storage.search_database import SearchPaths
from supportdesk.adapters.worker_signals import emit_if_heard
from supportdesk.domain.search import OldMail, SearchAnswer

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    number: int
    words: str
    limit: int
    done: Callable[[SearchAnswer], None]


class MailQueries(QObject):
    """Made and called on the GUI thread."""

    _answered = Signal(object)
    _found = Signal(object, object)

    def __init__(
        self, paths: SearchPaths, what_is_missing: Callable[[], str], parent: QObject | None = None
    ) -> None:
        """Ask nothing yet.

        Args:
            paths: The cache and its index.
            what_is_missing: A sentence while not all mail can be found; any thread may ask.
            parent: As of every QObject.
        """
        super().__init__(parent)
        self._what_is_missing = what_is_missing
        self._search = MailSearch(paths)
        self._number = 0
        self._wanted: _Search | None = None
        self._shown: _Search | None = None
        self._others: deque[Callable[[], None]] = deque()
        self._is_stopping = False
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None
        queued = Qt.ConnectionType.QueuedConnection
        self._answered.connect(self._deliver, queued)
        self._found.connect(self._deliver_search, queued)

    def search(self, words: str, limit: int, done: Callable[[SearchAnswer], None]) -> None:
        """Look for words; the search before this one is given up and not answered any more."""
        with self._wake:
            self._number += 1
            wanted = _Search(number=self._number, words=words, limit=limit, done=done)
            self._wanted = self._shown = wanted if words.strip() else None
            self._wake.notify()
        if words.strip():
            self._begin()

    def search_again(self) -> None:
        """More can be found than before: answer the search that is on show once more."""
        with self._wake:
            self._wanted = self._wanted or self._shown
            self._wake.notify()

    def list_history(self, held: Held, done: Callable[[OldMail], None]) -> None:
        """List the customers' mail that is not held, newest first."""
        with self._wake:
            self._others.append(partial(self._list_history, held, done))
            self._wake.notify()
        self._begin()

    def stop(self, seconds: float) -> None:
        """End the thread; one that does not end in time is left behind."""
        with self._wake:
            self._is_stopping = True
            self._number += 1
            self._shown = None
            self._wake.notify()
        if self._thread is not None:
            self._thread.join(seconds)
            if self._thread.is_alive():
                _log.warning("The thread of the search did not end within %s s", seconds)

    # --- the thread ------------------------------------------------------------------------

    def _begin(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="search", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        try:
            while (job := self._next_job()) is not None:
                job()
        finally:
            self._search.close()

    def _next_job(self) -> Callable[[], None] | None:
        """What was typed last comes first."""
        with self._wake:
            while not (self._is_stopping or self._wanted or self._others):
                self._wake.wait()
            if self._is_stopping:
                return None
            if self._wanted is None:
                return self._others.popleft()
            wanted, self._wanted = self._wanted, None
            return partial(self._look, wanted)

    def _look(self, wanted: _Search) -> None:
        try:
            answer = self._search.answer(
                wanted.words, wanted.limit, lambda: self._number != wanted.number
            )
        except SearchGivenUp:
            return
        missing = self._what_is_missing()
        if missing:
            answer = replace(answer, notes=(*answer.notes, missing))
        emit_if_heard(self._found, wanted, answer)

    def _list_history(self, held: Held, done: Callable[[OldMail], None]) -> None:
        try:
            found = self._search.run(
                lambda mail: list_old_mail(mail, held), lambda: self._is_stopping
            )
        except SearchGivenUp:
            return
        emit_if_heard(self._answered, partial(done, found or OldMail()))

    # --- back on the GUI thread ------------------------------------------------------------

    @Slot(object)
    def _deliver(self, answer: Callable[[], None]) -> None:
        if not self._is_stopping:
            answer()

    @Slot(object, object)
    def _deliver_search(self, wanted: _Search, answer: SearchAnswer) -> None:
        if wanted.number == self._number:
            wanted.done(answer)
