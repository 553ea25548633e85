"""Attachments on the desktop: judged, opened, saved and shown; what takes time runs in threads.

What judges a file is imported when there is one to judge: most runs in the tray never have one.
"""

import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QStandardPaths, Qt, Signal, Slot

from supportdesk.adapters.atomic_file import write_atomically
from supportdesk.adapters.attachment_files import save_as, save_beside
from supportdesk.adapters.attachment_store import AttachmentStore
from supportdesk.adapters.worker_signals import emit_if_heard
from supportdesk.domain.errors import Problem, StoreError
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId, MessagePart

if TYPE_CHECKING:
    from supportdesk.services.file_danger import Judgement

_log = logging.getLogger(__name__)
_LAST_FOLDER = "last-folder"

Saved = Callable[[Sequence[str], Problem | None], None]


class _FileToSave(Protocol):
    @property
    def path(self) -> str: ...

    @property
    def name(self) -> str: ...


class AttachmentDesk(QObject):
    """Implements the ui's `FileActs`. Lives on the GUI thread."""

    _judged = Signal(object, object)
    _saved = Signal(object, object, object)

    def __init__(
        self,
        store: AttachmentStore,
        hand_over: Callable[[str], bool],
        parent: QObject | None = None,
    ) -> None:
        """`hand_over` opens a file or a folder with what the desktop has for it."""
        super().__init__(parent)
        self._store = store
        self._hand_over = hand_over
        self._note = store.folder / _LAST_FOLDER
        queued = Qt.ConnectionType.QueuedConnection
        self._judged.connect(self._deliver_judgement, queued)
        self._saved.connect(self._deliver_saved, queued)

    def path_of(self, account: SourceName, message_id: MessageId, section: str) -> str:
        """Where a fetched part lies; empty when it is not here."""
        path = self._store.path_of(account, message_id, section) if section else None
        return str(path) if path else ""

    def judge(self, path: str, part: MessagePart, done: "Callable[[Judgement], None]") -> None:
        def look() -> None:
            from supportdesk.adapters.file_inspection import inspect_file
            from supportdesk.services.file_danger import Judgement, Risk, judge_file

            try:
                found = judge_file(part.name, part.media_type, inspect_file(Path(path)))
            except OSError:
                found = Judgement(risk=Risk.UNKNOWN, kind="A file that cannot be read here")
            except Exception:  # noqa: BLE001 - whatever fails on a stranger's file, it is not opened
                _log.exception("A file could not be judged")
                found = Judgement(risk=Risk.UNKNOWN, kind="A file that cannot be judged here")
            emit_if_heard(self._judged, done, found)

        _in_thread("judge a file", look)

    def open(self, path: str) -> bool:
        try:
            self._store.touch(Path(path))
        except OSError:
            return False
        return self._hand_over(path)

    def save_as(self, path: str, target: str, sender: str, done: Saved) -> None:
        self._remember(Path(target).parent)
        self._save(lambda: [save_as(Path(path), Path(target), sender)], done)

    def save_into(
        self, files: Sequence[_FileToSave], folder: str, sender: str, done: Saved
    ) -> None:
        self._remember(Path(folder))
        wanted = [(Path(one.path), one.name) for one in files]

        def save() -> list[Path]:
            return [save_beside(path, Path(folder), name, sender) for path, name in wanted]

        self._save(save, done)

    def show_in_folder(self, path: str) -> None:
        if sys.platform == "win32":
            subprocess.Popen(["explorer", f"/select,{path}"])  # noqa: S603, S607 - the desktop's own
        elif sys.platform == "darwin":
            subprocess.Popen(["/usr/bin/open", "-R", path])  # noqa: S603 - the desktop's own
        else:
            self._hand_over(str(Path(path).parent))

    def last_folder(self) -> str:
        downloads = QStandardPaths.StandardLocation.DownloadLocation
        try:
            noted = self._note.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            noted = ""
        known = noted if noted and Path(noted).is_dir() else ""
        return known or QStandardPaths.writableLocation(downloads) or str(Path.home())

    def _remember(self, folder: Path) -> None:
        try:
            self._note.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_atomically(self._note, str(folder).encode())
        except (OSError, UnicodeEncodeError):
            _log.info("The folder of saved files is not remembered")

    def _save(self, save: Callable[[], list[Path]], done: Saved) -> None:
        def run() -> None:
            try:
                copies = [str(one) for one in save()]
            except StoreError as error:
                emit_if_heard(self._saved, done, [], error.problem)
            else:
                emit_if_heard(self._saved, done, copies, None)

        _in_thread("save files", run)

    @Slot(object, object)
    def _deliver_judgement(self, done: "Callable[[Judgement], None]", found: "Judgement") -> None:
        done(found)

    @Slot(object, object, object)
    def _deliver_saved(self, done: Saved, paths: list[str], problem: Problem | None) -> None:
        done(paths, problem)


def _in_thread(name: str, work: Callable[[], None]) -> None:
    threading.Thread(target=work, name=name, daemon=True).start()
