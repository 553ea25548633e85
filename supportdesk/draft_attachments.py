"""Files and pictures for drafts: copied on threads, handed over on the GUI thread."""

import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QObject, Qt, Signal, Slot
from PySide6.QtGui import QImage, QImageWriter

from supportdesk.adapters.attached_files import keep_bytes, keep_file
from supportdesk.adapters.worker_signals import emit_if_heard
from supportdesk.domain.answers import DraftFile
from supportdesk.domain.errors import Problem, StoreError

AttachedThen = Callable[[DraftFile | None, Problem | None], None]
"""Called with the copy, or with why there is none."""
_PICTURE = "picture.png"


class DraftAttachments(QObject):
    """Lives on the GUI thread; each answer comes there, through a queued signal."""

    _done = Signal(object, object, object)

    def __init__(self, folder: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._folder = folder
        self._done.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def attach(self, paths: Sequence[str], then_each: AttachedThen) -> None:
        """Copy them in their order."""

        def copy() -> None:
            for path in paths:
                self._tell(then_each, partial(keep_file, Path(path), self._folder))

        threading.Thread(target=copy, name="attach", daemon=True).start()

    def attach_picture(self, image: QImage, then: AttachedThen) -> None:
        """Keep what was pasted, as PNG."""

        def keep() -> None:
            self._tell(then, lambda: keep_bytes(_PICTURE, _as_png(image), self._folder))

        threading.Thread(target=keep, name="attach", daemon=True).start()

    def _tell(self, then: AttachedThen, keep: Callable[[], DraftFile]) -> None:
        try:
            emit_if_heard(self._done, then, keep(), None)
        except StoreError as error:
            emit_if_heard(self._done, then, None, error.problem)

    @Slot(object, object, object)
    def _deliver(self, then: AttachedThen, file: DraftFile | None, why: Problem | None) -> None:
        then(file, why)


def _as_png(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())
