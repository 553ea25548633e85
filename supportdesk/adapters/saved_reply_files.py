"""Saved replies on disk: text files in a folder beside settings.toml, made and changed by anybody.

Nothing is read or watched before somebody asks for the replies; then changes are heard, not polled.
"""

import logging
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from supportdesk.adapters.atomic_file import write_atomically
from supportdesk.domain.errors import StoreError
from supportdesk.protocols.charsets import decode_8bit
from supportdesk.services.saved_replies import (
    ENDING,
    MAX_TEXT,
    SavedReply,
    key_for,
    read_reply,
    written_reply,
)

_MOST_FILES = 1_000
_SETTLE_MILLISECONDS = 100
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")

_log = logging.getLogger(__name__)


class SavedReplyFiles(QObject):
    """The folder of saved replies. Lives on the GUI thread: the files are few and small.

    Signals:
        changed: There may be other replies than before, by whomever.
    """

    changed = Signal()

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._known: tuple[SavedReply, ...] | None = None
        self._watcher: QFileSystemWatcher | None = None
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MILLISECONDS)
        self._settle.timeout.connect(self._look_again)

    @property
    def folder(self) -> Path:
        return self._folder

    def replies(self) -> tuple[SavedReply, ...]:
        """By name. A file that cannot be read is left out, and noted in the log."""
        if self._known is None:
            self._watch()
            found = [reply for path in self._files() if (reply := _read(path)) is not None]
            self._known = tuple(sorted(found, key=lambda one: (one.name.casefold(), one.key)))
        return self._known

    def save(self, name: str, text: str, key: str = "") -> str:
        """Write a new reply, or this one anew; returns its key. Raises StoreError."""
        key = self._checked(key) if key else key_for(name, [path.name for path in self._files()])
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_atomically(self._folder / key, written_reply(name, text).encode())
        except OSError as error:
            raise self._refused("kept", error) from error
        self._look_again()
        return key

    def remove(self, key: str) -> None:
        """Delete its file; one that is gone is no error. Raises StoreError."""
        try:
            (self._folder / self._checked(key)).unlink(missing_ok=True)
        except OSError as error:
            raise self._refused("deleted", error) from error
        self._look_again()

    # --- inside ------------------------------------------------------------------------

    def _checked(self, key: str) -> str:
        """A key names a file of this folder, and nothing beside or above it."""
        if Path(key).name != key or not key.endswith(ENDING):
            raise ValueError(f"{key!r} is no key of a saved reply")
        return key

    def _files(self) -> list[Path]:
        found = self._folder.glob(f"[!.]*{ENDING}") if self._folder.is_dir() else ()
        return sorted(path for path in found if path.is_file())[:_MOST_FILES]

    def _watch(self) -> None:
        """The folder tells of files that come and go, each file of what an editor writes in it."""
        if self._watcher is None:
            self._watcher = QFileSystemWatcher(self)
            self._watcher.fileChanged.connect(lambda _path: self._settle.start())
            self._watcher.directoryChanged.connect(lambda _path: self._settle.start())
        # Before there is a folder the one above it tells of its coming.
        folder = self._folder if self._folder.is_dir() else self._folder.parent
        wanted = {str(path) for path in (folder, *self._files()) if path.exists()}
        missing = wanted.difference(self._watcher.files(), self._watcher.directories())
        if missing:
            self._watcher.addPaths(sorted(missing))

    def _look_again(self) -> None:
        before, self._known = self._known, None
        if before is not None and self.replies() != before:
            self.changed.emit()

    def _refused(self, what: str, error: OSError) -> StoreError:
        return StoreError(
            f"The saved reply cannot be {what} in {self._folder}: {error.strerror or error}",
            "Make room on that disk, or give this user the right to write there.",
        )


def _read(path: Path) -> SavedReply | None:
    try:
        with path.open("rb") as file:
            # A letter takes four bytes at most; more than is shown is not read.
            raw = file.read(MAX_TEXT * 4)
    except OSError as error:
        _log.warning("The saved reply %s cannot be read: %s", path.name, error)
        return None
    text = raw.decode("utf-16", "replace") if raw[:2] in _UTF_16_MARKS else decode_8bit(raw)
    return read_reply(path.name, text)
