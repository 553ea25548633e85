"""Icons of the window: SVG text, its colours replaced, painted at size times device pixel ratio.

Those of the tray are in `tray_pixmaps`, which does without QtSvg.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from supportdesk.ui.theme.resources import resource
from supportdesk.ui.theme.tokens import Colour

APP_SIZES = (16, 24, 32, 48, 64, 128, 256)


@cache
def _svg(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text(encoding="utf-8")


def render_icon(
    name: str, colour: Colour, size: int, ratio: float = 1.0, cutout: Colour = "#ffffff"
) -> QPixmap:
    """One icon as a pixmap of `size` logical pixels."""
    pixels = round(size * ratio)
    pixmap = QPixmap(pixels, pixels)
    pixmap.fill(Qt.GlobalColor.transparent)
    svg = _svg(name).replace("currentColor", colour).replace("#cutout", cutout)
    painter = QPainter(pixmap)
    QSvgRenderer(svg.encode()).render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def app_icon() -> QIcon:
    """The mark of the program, for windows and task bars; it has its own colours."""
    icon = QIcon()
    for size in APP_SIZES:
        icon.addPixmap(render_icon("app", "#000000", size))
    return icon
