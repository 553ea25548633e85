"""The log of this home, and what happens with faults of our own: logged whole, told once.

Mail texts, names and secrets do not belong in it; what is logged is what helps to mend.
"""

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from io import TextIOWrapper
from itertools import pairwise
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, QTimer, Signal, Slot

_log = logging.getLogger(__name__)

_LARGEST_BYTES = 1_000_000
_KEPT_FILES = 3
_FORMAT = "%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"


class LogFile(QObject):
    """While it lives, the log goes to `supportdesk.log` and no exception passes unseen.

    Signals:
        fault: An exception that nobody handled, on the GUI thread: its kind and words.
    """

    fault = Signal(str)
    _raised = Signal(str)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._handler = _handler(folder / "supportdesk.log")
        root = logging.getLogger()
        root.addHandler(self._handler)
        root.setLevel(logging.INFO)
        self._hooks = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._main_raised
        threading.excepthook = self._thread_raised
        self._raised.connect(self._tell)

    def close(self) -> None:
        """Give back what was taken over."""
        sys.excepthook, threading.excepthook = self._hooks
        logging.getLogger().removeHandler(self._handler)
        self._handler.close()

    def _main_raised(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._hooks[0](kind, error, trace)
            return
        _log.error("A fault of supportdesk", exc_info=(kind, error, trace))
        traceback.print_exception(kind, error, trace)
        self._raised.emit(f"{kind.__name__}: {error}")

    def _thread_raised(self, raised: threading.ExceptHookArgs) -> None:
        if raised.exc_value is not None:
            self._main_raised(raised.exc_type, raised.exc_value, raised.exc_traceback)

    @Slot(str)
    def _tell(self, words: str) -> None:
        """In a turn of its own: not amid whatever has failed."""
        QTimer.singleShot(0, self, lambda: self.fault.emit(words))


class _LogHandler(logging.FileHandler):
    """Begins a new file after each megabyte and keeps the last few.

    The one in `logging.handlers` brings pickles, queues and all of its kin: 0.4 MB, all day.
    What a full disk does not take is lost, and no traceback of logging comes in its place.
    """

    def emit(self, record: logging.LogRecord) -> None:
        super().emit(record)
        try:
            if self.stream is not None and self.stream.tell() >= _LARGEST_BYTES:
                self._put_away()
        except (OSError, ValueError):
            self.handleError(record)

    def _put_away(self) -> None:
        """The next record opens a new file."""
        if self.stream is not None:
            self.stream.close()
            self.stream = None
        path = Path(self.baseFilename)
        kept = [path, *(path.with_name(f"{path.name}.{n}") for n in range(1, _KEPT_FILES + 1))]
        for newer, older in reversed(list(pairwise(kept))):
            if newer.exists():
                newer.replace(older)

    def _open(self) -> TextIOWrapper:
        stream = super()._open()
        Path(self.baseFilename).chmod(0o600)
        return stream

    def handleError(self, record: logging.LogRecord) -> None:
        """The founder hears of the disk by an alert."""


def on_fault(tell: Callable[[str], None], log_file: LogFile) -> None:
    """Tell faults to `tell`, each kind once in a run."""
    told: set[str] = set()

    def first_time(words: str) -> None:
        if words not in told:
            told.add(words)
            tell(words)

    log_file.fault.connect(first_time)


def _handler(path: Path) -> logging.Handler:
    try:
        handler = _LogHandler(path, encoding="utf-8")
    except OSError:
        # A log that cannot be written must not keep the desk from listening.
        return logging.NullHandler()
    handler.setFormatter(logging.Formatter(_FORMAT))
    return handler
