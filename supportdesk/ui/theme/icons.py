"""Icons: SVG text, its colours replaced, painted at size times device pixel ratio."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from supportdesk.ui.theme.resources import resource
from supportdesk.ui.theme.tokens import Colour

TRAY_SIZES = (16, 22, 24, 32, 48, 64)
APP_SIZES = (16, 24, 32, 48, 64, 128, 256)
_HALO_SHARE = 16
# By the name that Qt has for it the whole `Qt` namespace would come, 1.1 MB in an idle tray.
_TRANSPARENT = QColor(0, 0, 0, 0)


@cache
def _svg(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text(encoding="utf-8")


def render_icon(
    name: str, colour: Colour, size: int, ratio: float = 1.0, cutout: Colour = "#ffffff"
) -> QPixmap:
    """One icon as a pixmap of `size` logical pixels."""
    pixels = round(size * ratio)
    pixmap = QPixmap(pixels, pixels)
    pixmap.fill(_TRANSPARENT)
    svg = _svg(name).replace("currentColor", colour).replace("#cutout", cutout)
    painter = QPainter(pixmap)
    QSvgRenderer(svg.encode()).render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def with_halo(glyph: QPixmap, colour: Colour) -> QPixmap:
    """The same with an edge around it, so that it is seen on a ground of its own shade too.

    A pixel wide at 16 pixels: so much room the tray icons leave at their sides.
    """
    ground = QPixmap(glyph.size())
    ground.fill(QColor(colour))
    shadow = QPixmap(glyph)
    painter = QPainter(shadow)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.drawPixmap(0, 0, ground)  # fillRect looks for a colour in the whole of `Qt`
    painter.end()
    result = QPixmap(glyph.size())
    result.fill(_TRANSPARENT)
    painter = QPainter(result)
    for x, y in _around(max(1, round(glyph.width() / _HALO_SHARE))):
        painter.drawPixmap(x, y, shadow)
    painter.drawPixmap(0, 0, glyph)
    painter.end()
    return result


def _around(reach: int) -> list[tuple[int, int]]:
    """The steps of a disc; the smallest has corners, or a slanting edge would be thin."""
    steps = range(-reach, reach + 1)
    return [(x, y) for x in steps for y in steps if x * x + y * y <= reach * reach + 1]


def app_icon() -> QIcon:
    """The mark of the program, for windows and task bars; it has its own colours."""
    return render_sizes("app", "#000000", "#ffffff", APP_SIZES)


def render_sizes(
    name: str,
    colour: Colour,
    cutout: Colour,
    sizes: tuple[int, ...] = TRAY_SIZES,
    *,
    halo: Colour | None = None,
) -> QIcon:
    """An icon with a pixmap of its own for each size, as panels ask for them."""
    icon = QIcon()
    for size in sizes:
        glyph = render_icon(name, colour, size, 1.0, cutout)
        icon.addPixmap(glyph if halo is None else with_halo(glyph, halo))
    return icon
