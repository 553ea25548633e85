"""Makes `resources/icons/*.inks` anew from the SVGs: `QT_QPA_PLATFORM=offscreen python -m
tests.lab.tray_inks`. Run it when a tray icon was drawn anew.

A file holds, packed, for each size three planes: how much (0 to 255) each pixel holds of the
colour of the shape, of what is written into it, and of the halo around both.
"""

import zlib
from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter, QPixmap

from supportdesk.ui.rows import TrayState
from supportdesk.ui.theme.icons import render_icon
from supportdesk.ui.theme.resources import resource
from supportdesk.ui.theme.tokens import Colour
from supportdesk.ui.theme.tray_pixmaps import TRAY_SIZES
from supportdesk.ui.tray import icon_name

_HALO_SHARE = 16
_MANY = 10
# Each ink is one of the three colours of a pixel: what is drawn tells the shares.
_PURE = ("#ff0000", "#00ff00", "#0000ff")


def tray_names() -> list[str]:
    numbers = range(1, _MANY + 1)
    return sorted({icon_name(state, number) for state in TrayState for number in numbers})


def drawn(name: str, colour: Colour, cutout: Colour, halo: Colour) -> Iterator[QImage]:
    """As the SVG says, with a halo, in each size."""
    for size in TRAY_SIZES:
        yield with_halo(render_icon(name, colour, size, 1.0, cutout), halo).toImage()


def with_halo(glyph: QPixmap, colour: Colour) -> QPixmap:
    """The same with an edge around it, so that it is seen on a ground of its own shade too.

    A pixel wide at 16 pixels: so much room the tray icons leave at their sides.
    """
    shadow = QPixmap(glyph)
    painter = QPainter(shadow)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(shadow.rect(), colour)
    painter.end()
    result = QPixmap(glyph.size())
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    for x, y in _around(max(1, round(glyph.width() / _HALO_SHARE))):
        painter.drawPixmap(x, y, shadow)
    painter.drawPixmap(0, 0, glyph)
    painter.end()
    return result


def pixels_of(image: QImage) -> bytes:
    """Red, green, blue and opacity of each pixel, one after the other."""
    told = image.convertToFormat(QImage.Format.Format_RGBA8888_Premultiplied)
    return bytes(told.constBits())  # it is on loan from `told`, which must outlive it


def inks_of(name: str) -> bytes:
    planes = []
    for image in drawn(name, *_PURE):
        pixels = pixels_of(image)
        shares = [_no_more_than_all(*pixels[at : at + 4]) for at in range(0, len(pixels), 4)]
        planes += [bytes(plane) for plane in zip(*shares, strict=True)]
    return b"".join(planes)


def _no_more_than_all(red: int, green: int, blue: int, opacity: int) -> list[int]:
    """Qt rounds each for itself, so that together they may come to a little more."""
    shares = [red, green, blue]
    shares[shares.index(max(shares))] -= max(0, sum(shares) - opacity)
    return shares


def _around(reach: int) -> list[tuple[int, int]]:
    """The steps of a disc; the smallest has corners, or a slanting edge would be thin."""
    steps = range(-reach, reach + 1)
    return [(x, y) for x in steps for y in steps if x * x + y * y <= reach * reach + 1]


def main() -> None:
    app = QGuiApplication([])
    for name in tray_names():
        resource("icons", f"{name}.inks").write_bytes(zlib.compress(inks_of(name), 9))
    app.quit()


if __name__ == "__main__":
    main()
