"""Pictures of strangers, decoded within limits. Runs on any thread; the GUI thread never calls it.

Only the formats below reach a decoder, chosen by their first bytes and not by what they claim to
be: SVG can refer to files and addresses, TIFF and the rest are old and seldom looked after.
"""

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize
from PySide6.QtGui import QImage, QImageReader

MAX_PICTURE_BYTES = 12_000_000
MAX_PIXELS = 30_000_000
MAX_SIDE = 1600
"""Twice the reading width: sharp on a dense screen, and never slow to draw."""
_ALLOCATION_MB = 192

_KINDS = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"BM", "bmp"),
)


def decode_picture(data: bytes) -> QImage | None:
    """Return the first frame, scaled down where it is large; None for anything doubtful."""
    kind = _kind_of(data)
    if not kind or len(data) > MAX_PICTURE_BYTES:
        return None
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    # For the whole process; everything else that we decode is our own and small.
    QImageReader.setAllocationLimit(_ALLOCATION_MB)
    reader = QImageReader(buffer, QByteArray(kind.encode()))
    reader.setAutoDetectImageFormat(False)
    reader.setAutoTransform(True)
    size = reader.size()
    if not size.isValid() or size.isEmpty() or size.width() * size.height() > MAX_PIXELS:
        return None
    reader.setScaledSize(_fitting(size))
    image = reader.read()
    if image.isNull():
        return None
    # Of use to whoever draws it: only what can be seen through keeps an alpha channel.
    see_through = QImage.Format.Format_ARGB32_Premultiplied
    return image.convertToFormat(
        see_through if image.hasAlphaChannel() else QImage.Format.Format_RGB32
    )


def read_picture(path: str) -> QImage | None:
    """The picture in a file of our own cache; None when it is none."""
    try:
        with Path(path).open("rb") as file:
            return decode_picture(file.read(MAX_PICTURE_BYTES + 1))
    except OSError:
        return None


def _kind_of(data: bytes) -> str:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return next((kind for start, kind in _KINDS if data.startswith(start)), "")


def _fitting(size: QSize) -> QSize:
    """Its own size, or smaller in proportion, and never without a pixel."""
    longest = max(size.width(), size.height())
    if longest <= MAX_SIDE:
        return size
    return QSize(
        max(1, size.width() * MAX_SIDE // longest), max(1, size.height() * MAX_SIDE // longest)
    )
