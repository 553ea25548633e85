"""What stands where an image belongs: a box with its description, and later the picture itself."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import DARK, LIGHT, Ink, TypeRole
from supportdesk.ui.widgets.prose_parts import Place

MAX_PICTURES = 500
_UNNAMED = "Image"
_RADIUS = 5
_PAD = 8
_HIGHEST = 3000
_DARK, _LIGHT = 110, 225
_SAMPLE = 12
_TINY = 40
"""An image that small without a description is an ornament: no box says that it is missing."""


def nothing() -> QImage:
    """The smallest picture: for what is never loaded."""
    image = QImage(1, 1, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    return image


class ProsePictures:
    """The pictures that were handed in, by name, and the boxes that hold their places."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._given: dict[str, QImage] = {}
        self._boxes: dict[tuple[str, int, int], QImage] = {}

    def give(self, name: str, image: QImage) -> bool:
        """Keep a picture; False when there is no room for more."""
        if name not in self._given and len(self._given) >= MAX_PICTURES:
            return False
        self._given[name] = image
        return True

    def forget(self) -> None:
        self._given.clear()
        self._boxes.clear()

    def forget_boxes(self) -> None:
        """Their colours are of yesterday."""
        self._boxes.clear()

    def shown_at(self, place: Place, room: int, ratio: float) -> QImage:
        """The picture as wide as there is room, or its box."""
        image = self._given.get(place.name)
        if image is None or image.isNull():
            return self._box(place, room, ratio)
        size = _shown_size(place, image.size(), room)
        wanted = QSize(round(size.width() * ratio), round(size.height() * ratio))
        if wanted.width() < image.width() or not _is_alike(wanted, image.size()):
            image = image.scaled(
                wanted,
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        else:
            # Enlarged on painting; letting it grow here would only cost memory.
            image = QImage(image)
        image = self._on_ground(image)
        image.setDevicePixelRatio(image.width() / size.width())
        return image

    def _on_ground(self, image: QImage) -> QImage:
        """A dark logo was drawn for white paper and gets some on a dark page; a white one as well.

        What is neither, or cannot be seen through, is left as it is.
        """
        lightness = _lightness_of(image) if image.hasAlphaChannel() else None
        is_dark = self._theme.is_dark
        if lightness is None or not (lightness < _DARK if is_dark else lightness > _LIGHT):
            return image
        paper = LIGHT if is_dark else DARK
        ground = QImage(image.size(), QImage.Format.Format_RGB32)
        ground.fill(QColor(paper[Ink.PAGE]))
        painter = QPainter(ground)
        painter.drawImage(ground.rect(), image)
        painter.end()
        return ground

    # --- boxes -------------------------------------------------------------------------

    def _box(self, place: Place, room: int, ratio: float) -> QImage:
        label = " ".join(place.alt.split())
        is_known = place.width > 0 and place.height > 0
        if not label and is_known and max(place.width, place.height) <= _TINY:
            return nothing()
        keeps_size = place.name.startswith("cid:") and is_known
        width = min(place.width, room) if keeps_size else 0
        height = place.height * width // place.width if keeps_size else 0
        key = (label or _UNNAMED, width, height)
        box = self._boxes.get(key)
        if box is None:
            box = self._boxes[key] = self._painted(*key, room, ratio)
        return box

    def _painted(self, label: str, width: int, height: int, room: int, ratio: float) -> QImage:
        theme = self._theme
        metrics = theme.metrics(TypeRole.CAPTION)
        pad = theme.gap(_PAD)
        lines = round(metrics.height()) + pad
        width = width or min(room, round(metrics.horizontalAdvance(label)) + 2 * pad + 2)
        height = max(height, lines)
        image = QImage(
            QSize(round(width * ratio), round(height * ratio)),
            QImage.Format.Format_ARGB32_Premultiplied,
        )
        image.setDevicePixelRatio(ratio)
        image.fill(QColor(0, 0, 0, 0))
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour(Ink.LINE), 1))
        painter.setBrush(theme.colour(Ink.LIST))
        painter.drawRoundedRect(QRectF(0.5, 0.5, width - 1, height - 1), _RADIUS, _RADIUS)
        painter.setFont(theme.font(TypeRole.CAPTION))
        painter.setPen(theme.colour(Ink.TEXT2))
        words = metrics.elidedText(label, Qt.TextElideMode.ElideRight, width - 2 * pad)
        painter.drawText(
            QRectF(pad, 0, width - 2 * pad, height), Qt.AlignmentFlag.AlignCenter, words
        )
        painter.end()
        return image


def _lightness_of(image: QImage) -> float | None:
    """Of what can be seen, from 0 to 255; None for what is all or nothing."""
    small = image.scaled(_SAMPLE, _SAMPLE).convertToFormat(QImage.Format.Format_ARGB32)
    colours = [small.pixelColor(x, y) for x in range(_SAMPLE) for y in range(_SAMPLE)]
    weight = sum(colour.alpha() for colour in colours)
    if weight in (0, 255 * len(colours)):
        return None
    return sum(colour.lightness() * colour.alpha() for colour in colours) / weight


def _is_alike(one: QSize, other: QSize) -> bool:
    """Of the same shape, but for a pixel."""
    off = one.width() * other.height() - other.width() * one.height()
    return abs(off) <= max(one.width(), other.width(), one.height(), other.height())


def _shown_size(place: Place, own: QSize, room: int) -> QSize:
    """As the sender wants it, never wider than there is room, never distorted by that."""
    width, height = place.width, place.height
    if width and not height:
        height = own.height() * width // max(1, own.width())
    elif height and not width:
        width = own.width() * height // max(1, own.height())
    elif not width:
        width, height = own.width(), own.height()
    if width > room:
        width, height = room, height * room // width
    return QSize(max(1, width), max(1, min(height, _HIGHEST)))
