"""Tray icons without QtSvg, which an icon that stands in the tray all day is not worth: 1.5 MB.

How much of each of three inks a pixel holds is kept beside the SVG (`NAME.inks`); to paint an icon
is to mix them. `tests/lab/tray_inks.py` makes these files from the SVGs, and a test compares.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from PySide6.QtGui import QIcon, QImage, QPixmap

from supportdesk.ui.theme.resources import resource
from supportdesk.ui.theme.tokens import Colour

TRAY_SIZES = (16, 22, 24, 32, 48, 64)
_INKS = 3
_FULL = 255


def tray_pixmaps(name: str, colour: Colour, cutout: Colour, halo: Colour) -> QIcon:
    """An icon with a pixmap of its own for each size, as panels ask for them.

    Args:
        name: Of the file.
        colour: Of the shape.
        cutout: Of what is written into the shape.
        halo: Of the edge around it.
    """
    icon = QIcon()
    inks = (colour, cutout, halo)
    kept = zlib.decompress(resource("icons", f"{name}.inks").read_bytes())
    start = 0
    for size in TRAY_SIZES:
        area = size * size
        planes = [kept[start + ink * area :][:area] for ink in range(_INKS)]
        start += _INKS * area
        icon.addPixmap(_pixmap(size, _mixed(planes, inks)))
    return icon


def _pixmap(size: int, pixels: bytes) -> QPixmap:
    form = QImage.Format.Format_RGBA8888_Premultiplied
    return QPixmap.fromImage(QImage(pixels, size, size, 4 * size, form))


def _mixed(planes: Sequence[bytes], inks: Sequence[Colour]) -> bytes:
    """Red, green, blue and opacity of each pixel, one after the other."""
    pixels = bytearray(4 * len(planes[0]))
    for channel in range(3):
        shares = [int(ink[1 + 2 * channel :][:2], 16) for ink in inks]
        pixels[channel::4] = _sum(planes, shares)
    pixels[3::4] = _sum(planes, [_FULL] * _INKS)
    return bytes(pixels)


def _sum(planes: Sequence[bytes], shares: Sequence[int]) -> bytes:
    """Added up as whole numbers: the shares of a pixel are never more than the whole of it."""
    total = 0
    for plane, share in zip(planes, shares, strict=True):
        parts = plane.translate(bytes(part * share // _FULL for part in range(_FULL + 1)))
        total += int.from_bytes(parts)
    return total.to_bytes(len(planes[0]))
