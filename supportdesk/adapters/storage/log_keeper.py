"""The log as files, while the window is open: files are read and written in threads.

What goes into the log goes there on the thread that owns desk.db, some rows at a time between other
work: a reading thread hands them over and waits for what came of them.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from queue import Empty, SimpleQueue

from PySide6.QtCore import QObject, Qt, Signal, Slot

from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.storage.log_files import (
    LogFormat,
    caution_about,
    deleted_words,
    export_log,
    import_words,
    read_log,
    refuse_same,
)
from supportdesk.adapters.worker_signals import emit_if_heard
from supportdesk.domain.errors import StoreError, SupportDeskError
from supportdesk.domain.reading import Span
from supportdesk.services.log_import import LogImport, overlapping
from supportdesk.services.log_size import log_size
from supportdesk.services.log_union import JoinedSpans, LogDone
from supportdesk.services.ports import Clock

Join = Callable[[Sequence[Span]], JoinedSpans]
Then = Callable[[LogDone], None]
_Reply = SimpleQueue[JoinedSpans | SupportDeskError]

_ANSWER_SECONDS = 60.0
_log = logging.getLogger(__name__)
_EXPORT, _SIZE = "export of the log", "counting of the log"
_IMPORT, _DELETION = "import of the log", "deletion of the log"


class LogKeeper(QObject):
    """Lives on the thread that owns desk.db; each answer comes there.

    Args of the constructor:
        desk_db: The file that the log is in.
        join: Joins some spans to the log, on that thread.
        delete: Deletes the whole log, on that thread; returns how many rows there were.
        waiting: Spans that the disk did not take yet.
    """

    _done = Signal(object, object)
    _join_asked = Signal(object, object)

    def __init__(
        self,
        desk_db: Path,
        *,
        join: Join,
        delete: Callable[[], int],
        waiting: Callable[[], Sequence[Span]],
        clock: Clock,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._desk_db = desk_db
        self._join = join
        self._delete = delete
        self._waiting = waiting
        self._clock = clock
        self._done.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._join_asked.connect(self._join_some, Qt.ConnectionType.QueuedConnection)

    def export(self, folder: Path, then: Then) -> None:
        """Write reading-log.csv and reading-log.json into this folder."""
        waiting = {span.span_id: span for span in self._waiting()}

        def work() -> LogDone:
            with closing(SqliteDeskStore(self._desk_db)) as store:
                exported = export_log(folder, LogFormat, lambda: _with(store, waiting))
            return LogDone(words=exported.words)

        self._in_thread(_EXPORT, work, then)

    def measure(self, first_weekday: int, then: Then) -> None:
        """Say how many minutes of how many weeks the log holds; no words when it is empty."""
        waiting = {span.span_id: span for span in self._waiting()}

        def work() -> LogDone:
            with closing(SqliteDeskStore(self._desk_db)) as store:
                return LogDone(words=log_size(_with(store, waiting), first_weekday).words)

        self._in_thread(_SIZE, work, then)

    def import_file(self, path: Path, then: Then) -> None:
        """Join what a file says to the log; rows that cannot be believed are named."""
        now = self._clock.now()

        def work() -> LogDone:
            refuse_same(path, self._desk_db)
            caution = caution_about(path)
            importing = LogImport(self._join_there)
            importing.take(read_log(path, now))
            self._join_there(())  # refused before a word is taken, where nothing may be joined
            words = import_words(path, self._desk_db)
            self._join_there(())  # and whoever has them in memory reads them again
            with closing(SqliteDeskStore(self._desk_db)) as store:
                over = overlapping(store.all_spans, importing.taken)
            told = importing.result(overlapping=over, caution=caution)
            sentences = " ".join(one for one in (told.words, words) if one)
            return LogDone(words=sentences, refused=told.refused)

        self._in_thread(_IMPORT, work, then)

    def delete(self, then: Then) -> None:
        """Delete every row for good, at once: a hundred thousand take a tenth of a second."""
        self._done.emit(
            then, _done(_DELETION, lambda: LogDone(words=deleted_words(self._delete())))
        )

    # --- inside ----------------------------------------------------------------------------

    def _join_there(self, spans: Sequence[Span]) -> JoinedSpans:
        """In a reading thread: have them joined by the thread that owns the log."""
        reply: _Reply = SimpleQueue()
        emit_if_heard(self._join_asked, spans, reply)
        try:
            joined = reply.get(timeout=_ANSWER_SECONDS)
        except Empty:
            raise StoreError(
                "The import was not finished", "Import the file again: nothing is counted twice."
            ) from None
        if isinstance(joined, SupportDeskError):
            raise joined
        return joined

    @Slot(object, object)
    def _join_some(self, spans: Sequence[Span], reply: _Reply) -> None:
        try:
            reply.put(self._join(spans))
        except SupportDeskError as error:
            reply.put(error)
        except Exception as error:  # noqa: BLE001 - whoever waits for the answer gets one
            reply.put(_mistake(_IMPORT, error))

    def _in_thread(self, name: str, work: Callable[[], LogDone], then: Then) -> None:
        def run() -> None:
            emit_if_heard(self._done, then, _done(name, work))

        threading.Thread(target=run, name=name, daemon=True).start()

    @Slot(object, object)
    def _deliver(self, then: Then, done: LogDone) -> None:
        then(done)


def _done(name: str, work: Callable[[], LogDone]) -> LogDone:
    """Always something: the window waits for it, and takes no other wish meanwhile."""
    try:
        return work()
    except SupportDeskError as error:
        return _failed(error)
    except Exception as error:  # noqa: BLE001 - a window that waits for us gets an answer
        return _failed(_mistake(name, error))


def _mistake(name: str, error: Exception) -> SupportDeskError:
    """Ours, so its traceback is in the log file."""
    _log.error("The %s ended with a mistake", name, exc_info=error)
    again = " What was taken until then stays, and nothing is counted twice."
    return StoreError(
        f"The {name} was not finished: {type(error).__name__}",
        "That is a mistake of supportdesk. Try it again. If it ends the same way, “Is it working?” "
        "has a report to copy for whoever helps you, and the log file says where it went wrong."
        + (again if name == _IMPORT else ""),
    )


def _failed(error: SupportDeskError) -> LogDone:
    return LogDone(words=f"{error.title}. {error.advice}", problem=error.problem)


def _with(store: SqliteDeskStore, waiting: dict[str, Span]) -> Iterator[Span]:
    left = dict(waiting)
    for span in store.all_spans():
        yield left.pop(span.span_id, span)
    yield from left.values()
