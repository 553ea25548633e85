"""The icons of the tray are what their SVGs say, whatever the colours."""

import zlib

import pytest
from PySide6.QtWidgets import QApplication

from supportdesk.ui.theme.resources import resource
from supportdesk.ui.theme.tray_pixmaps import TRAY_SIZES, tray_pixmaps
from tests.lab.tray_inks import drawn, inks_of, pixels_of, tray_names

# Of 255. Qt rounds at each step of drawing, we once.
_ROUNDING = 4


@pytest.mark.parametrize("name", tray_names())
def test_an_icon_is_what_its_svg_draws(qapp: QApplication, name: str) -> None:
    colours = ("#B45F06", "#FFFDFA", "#1C1A18")
    icon = tray_pixmaps(name, *colours)
    assert {size.width() for size in icon.availableSizes()} == set(TRAY_SIZES)
    for image in drawn(name, *colours):
        width = image.width()
        pixels = pixels_of(icon.pixmap(width, width).toImage())
        pairs = zip(pixels, pixels_of(image), strict=True)
        assert max(abs(ours - its) for ours, its in pairs) <= _ROUNDING


@pytest.mark.parametrize("name", tray_names())
def test_what_is_kept_is_of_the_newest_svg(qapp: QApplication, name: str) -> None:
    """If not: `python -m tests.lab.tray_inks`. Qt's versions may differ by a shade."""
    kept = zlib.decompress(resource("icons", f"{name}.inks").read_bytes())
    pairs = zip(kept, inks_of(name), strict=True)
    assert max(abs(ours - its) for ours, its in pairs) <= _ROUNDING
