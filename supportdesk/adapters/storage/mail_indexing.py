"""The thread that keeps the index of mail.db, and all that is cached within its limit.

It begins with the first question to the index, sleeps until it is woken, and never polls.
"""

import logging
import sqlite3
import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot

from supportdesk.adapters.right_of_way import RightOfWay
from supportdesk.adapters.storage.mail_index import BATCH, MailIndex
from supportdesk.adapters.storage.mail_pruning import MEGABYTE, Pruned, Pruning, make_room
from supportdesk.adapters.storage.search_database import SearchPaths
from supportdesk.adapters.storage.sqlite_errors import store_error
from supportdesk.adapters.worker_signals import emit_if_heard

_log = logging.getLogger(__name__)

_ACCEPTED_GROWTH = 1.1
_BATCHES_UNSAID = 4
_POLITE_SECONDS = 1.0


class MailIndexing(QObject):
    """Made and called on the GUI thread.

    Signals:
        grew: More can be found than before, after a time in which not all could be.
    """

    grew = Signal()
    _too_large = Signal()

    def __init__(
        self,
        paths: SearchPaths,
        pruning: Callable[[], Pruning],
        right_of_way: RightOfWay,
        parent: QObject | None = None,
    ) -> None:
        """Ask nothing yet.

        Args:
            paths: The cache and its index.
            pruning: Called on the GUI thread when the caches are larger than their limit.
            right_of_way: Whether the founder scrolls just now.
            parent: As of every QObject.
        """
        super().__init__(parent)
        self._paths = paths
        self._pruning = pruning
        self._right_of_way = right_of_way
        self._limit_bytes: int | None = None
        self._index = MailIndex(paths)
        self._room: Pruning | None = None
        self._accepted_bytes = 0
        self._batches = 0
        self._is_complete = False
        self._problem = ""
        self._is_woken = False
        self._is_asking = False
        self._is_stopping = False
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None
        self._too_large.connect(self._make_room, Qt.ConnectionType.QueuedConnection)

    def begin(self) -> None:
        """Somebody searches: from now on the index is kept, and what failed is tried again."""
        if self._thread is None and not self._is_stopping:
            self._thread = threading.Thread(target=self._run, name="search index", daemon=True)
            self._thread.start()
        elif self._problem:
            self.wake()

    def wake(self) -> None:
        """There is other mail than before."""
        with self._wake:
            self._is_woken = True
            self._wake.notify()

    def limit(self, limit_bytes: int) -> None:
        """Keep all that is cached below this."""
        with self._wake:
            self._limit_bytes = limit_bytes
        self.wake()

    def what_is_missing(self) -> str:
        """A sentence while not all mail can be found; any thread may ask."""
        if problem := self._problem:
            return f"Search cannot be kept on this disk ({problem}); not all mail is found."
        if self._is_complete:
            return ""
        waiting = self._index.waiting
        older = f"{waiting:,} older messages" if waiting else "Mail"
        return f"{older} cannot be found yet: search is being made ready."

    def stop(self, seconds: float) -> None:
        """End the thread; a batch at hand is given up, and done anew by the next run."""
        with self._wake:
            self._is_stopping = True
            self._wake.notify()
        if self._thread is not None:
            self._index.interrupt()
            self._thread.join(seconds)
            if self._thread.is_alive():
                _log.info("The thread of the search index did not end within %s s", seconds)

    # --- the thread ------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            # Whoever asked is shown what is there first; what is missing takes long anyway.
            self._rest(_POLITE_SECONDS)
            while not self._is_stopping:
                has_more = self._work()
                self._say_grown()
                if has_more:
                    self._let_others_go_first()
                else:
                    self._look_at_size()
                    self._sleep()
        finally:
            self._index.close()

    def _work(self) -> bool:
        """One piece of work; False when there is none, or the disk does not let us."""
        with self._wake:
            self._is_woken = False
            room, self._room = self._room, None
        try:
            if room is not None:
                self._let_go(room)
                return True
            has_more = self._index.work()
        except (sqlite3.Error, OSError) as error:
            return self._failed(error)
        self._problem = ""
        return has_more

    def _failed(self, error: sqlite3.Error | OSError) -> bool:
        """Try once more at once: a damaged index was taken away and is made anew."""
        if self._is_stopping:
            return False
        _log.info("The search index could not be written: %s", error)
        is_first = not self._problem
        self._problem = _in_words(error, self._paths)
        return is_first

    def _let_others_go_first(self) -> None:
        """While mail pours in, its worker and the window need the processor more than we do."""
        if self._is_woken and self._index.waiting >= BATCH:
            self._rest(_POLITE_SECONDS)
        while not self._is_stopping and (scrolled_for := self._right_of_way.seconds_left):
            self._rest(scrolled_for)

    def _rest(self, seconds: float) -> None:
        with self._wake:
            self._wake.wait_for(lambda: self._is_stopping, timeout=seconds)

    def _say_grown(self) -> None:
        """What is searched meanwhile is answered again and again, but not with every batch."""
        was_complete, self._is_complete = self._is_complete, self._is_kept()
        self._batches += 1
        is_worth_it = not self._is_complete and self._batches % _BATCHES_UNSAID == 0
        if is_worth_it or was_complete is not self._is_complete:
            emit_if_heard(self.grew)

    def _is_kept(self) -> bool:
        # An index that cannot be opened has nothing waiting, and nothing in it.
        return not self._problem and self._index.waiting < BATCH

    def _let_go(self, room: Pruning) -> None:
        pruned = make_room(self._paths, room)
        _say(pruned)
        self._index.compact()
        if pruned.texts == 0 and pruned.file_bytes == 0:
            # Envelopes alone are more than the limit: asking again changes nothing.
            self._accepted_bytes = int(self._index.bytes_in_all() * _ACCEPTED_GROWTH)

    def _look_at_size(self) -> None:
        size = self._index.bytes_in_all()
        with self._wake:
            limit = self._limit_bytes
            # Asked twice, the index of what has just been let go would be made room for again.
            is_under_way = self._is_asking or self._room is not None
            if limit is None or is_under_way or size <= max(limit, self._accepted_bytes):
                return
            self._is_asking = True
        emit_if_heard(self._too_large)

    def _sleep(self) -> None:
        with self._wake:
            while not (self._is_woken or self._is_stopping):
                self._wake.wait()

    @Slot()
    def _make_room(self) -> None:
        if self._is_stopping:
            return
        pruning = self._pruning()
        with self._wake:
            self._room = pruning
            self._is_asking = False
        self.wake()


def _in_words(error: sqlite3.Error | OSError, paths: SearchPaths) -> str:
    if isinstance(error, OSError):
        return error.strerror or str(error)
    known = (
        store_error(error, paths.search_db) if isinstance(error, sqlite3.DatabaseError) else None
    )
    return str(error) if known is None else known.problem.title.replace("The disk", "the disk", 1)


def _say(pruned: Pruned) -> None:
    if pruned.newest is not None:
        _log.info(
            "Room was made: the texts of %d messages up to %s were let go; they are fetched again"
            " when they are opened",
            pruned.texts,
            pruned.newest.date(),
        )
    if pruned.file_bytes:
        _log.info("Room was made: %.1f MB of attachments", pruned.file_bytes / MEGABYTE)
