"""Pictures for the reading pane: fetched and decoded on threads, handed over on the GUI thread."""

import threading
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QImage

from supportdesk.adapters.mail.remote_images import FetchLimits, RemoteImages
from supportdesk.adapters.worker_signals import emit_if_heard
from supportdesk.ui.pictures import decode_picture, read_picture

PictureDone = Callable[[str, QImage | None, str], None]
"""Its name in the HTML (`remote:N` or `cid:ID`), the picture, or why there is none."""


class PictureLoader(QObject):
    """Lives on the GUI thread; each answer comes there, through a queued signal."""

    _came = Signal(object, str, object, str)

    def __init__(self, parent: QObject, limits: FetchLimits | None = None) -> None:
        super().__init__(parent)
        self._limits = limits or FetchLimits()
        self._came.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def load_remote(self, urls: Sequence[str], done_each: PictureDone) -> Callable[[], None]:
        """Fetch all that are not empty; what is returned gives the rest up."""

        def came(place: int, data: bytes | None, why: str) -> None:
            image = decode_picture(data) if data else None
            if data and image is None:
                why = "It is no image that can be shown."
            self._tell(done_each, f"remote:{place}", image, why)

        images = RemoteImages(self._limits, came)
        images.start(urls)
        return images.stop

    def read_file(self, name: str, path: str, done: PictureDone) -> None:
        """Decode a part that was fetched into our cache."""

        def read() -> None:
            image = read_picture(path)
            self._tell(done, name, image, "" if image else "It is no image that can be shown.")

        threading.Thread(target=read, name="picture", daemon=True).start()

    def _tell(self, done: PictureDone, name: str, image: QImage | None, why: str) -> None:
        emit_if_heard(self._came, done, name, image, why)

    @Slot(object, str, object, str)
    def _deliver(self, done: PictureDone, name: str, image: QImage | None, why: str) -> None:
        done(name, image, why)
