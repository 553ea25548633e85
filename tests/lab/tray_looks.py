"""The five states of the tray icon as real panels draw them, in two colours, at 16 pixels."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter

from tests.lab.desktop import (
    DesktopLab,
    DesktopSettings,
    Keyring,
    Notifier,
    Panel,
    Session,
    Tray,
)
from tests.lab.stage_on import stage_on
from tests.lab.waiting import wait_until

TRAYS: Final = (Tray.XFCE, Tray.TINT2, Tray.TRAYER, Tray.WAYBAR)
PANELS: Final = (Panel.DARK, Panel.LIGHT)
STATES: Final = ("listening 0", "waiting 4", "yours 0", "paused 0", "not-listening 0")
SIZE: Final = 16
_WALLPAPER: Final = QColor("#3a5f7d")
_ZOOM, _GAP, _WORDS = 4, 12, 200


def looks_on(tray: Tray, panel: Panel) -> list[QImage]:
    """One picture a state: the icon, cut out of the panel."""
    settings = DesktopSettings(
        session=Session.SWAY if tray is Tray.WAYBAR else Session.X11,
        tray=tray,
        panel=panel,
        notifier=Notifier.NONE,
        keyring=Keyring.NONE,
        screen="640x200x24",
    )
    screens: list[QImage] = []
    with DesktopLab(settings) as lab, stage_on(lab) as stage:
        stage.wait_for("host")
        for state in STATES:
            stage.do(f"tray {state}")
            screens.append(_settled(lab, panel, screens))
    return _icons(screens, panel)


def _settled(lab: DesktopLab, panel: Panel, before: Sequence[QImage]) -> QImage:
    """The screen once it shows an icon that it did not show before, twice in a row."""
    seen: list[QImage] = []

    def is_settled() -> bool:
        seen.append(_screen(lab))
        drawn = _drawn(seen[-1], panel)
        # A panel comes onto the screen before it is painted.
        has_icon = not drawn.isEmpty() and max(drawn.width(), drawn.height()) <= SIZE
        return has_icon and seen[-1] not in before and seen[-2:-1] == seen[-1:]

    wait_until(is_settled, seconds=20, what="the icon to be drawn")
    return seen[-1]


def _screen(lab: DesktopLab) -> QImage:
    file = lab.folder / "screen.png"
    lab.screenshot(file)
    return QImage(str(file)).convertToFormat(QImage.Format.Format_RGB32)


def _drawn(screen: QImage, panel: Panel) -> QRect:
    """Where there is neither panel nor wallpaper."""
    grounds = frozenset((QColor(panel.value).rgb(), _WALLPAPER.rgb()))
    drawn = QRect()
    for y, line in enumerate(_lines(screen)):
        if not grounds.issuperset(line):
            across = [x for x, pixel in enumerate(line) if pixel not in grounds]
            drawn |= QRect(across[0], y, across[-1] - across[0] + 1, 1)
    return drawn


def _lines(screen: QImage) -> list[list[int]]:
    """The pixels, line by line: asked one by one they take five times as long."""
    pixels = memoryview(screen.constBits()).cast("I").tolist()
    width = screen.width()
    return [pixels[at : at + width] for at in range(0, len(pixels), width)]


def is_icon_on(lab: DesktopLab, panel: Panel) -> bool:
    """Whether the panel at the bottom of the screen is there, and something on it."""
    screen = _screen(lab)
    strip = screen.copy(0, screen.height() - SIZE, screen.width(), SIZE)
    pixels = [pixel for line in _lines(strip) for pixel in line]
    ground = pixels.count(QColor(panel.value).rgb())
    return len(pixels) // 2 < ground < len(pixels)


def _icons(screens: Sequence[QImage], panel: Panel) -> list[QImage]:
    """Cut the same square out of all of them."""
    place = QRect()
    for screen in screens:
        place |= _drawn(screen, panel)
    if max(place.width(), place.height()) > SIZE:
        raise AssertionError(f"the icon is not of {SIZE} pixels: {place}")
    x = max(0, place.right() + 1 - SIZE)
    y = max(0, place.bottom() + 1 - SIZE)
    return [screen.copy(x, y, SIZE, SIZE) for screen in screens]


def take_tray_panels(file: Path) -> None:
    """All trays and colours on one sheet, four times as large, in colour and in grey."""
    cell = SIZE * _ZOOM + _GAP
    rows = [(tray, panel) for tray in TRAYS for panel in PANELS]
    size = (_WORDS + 2 * len(STATES) * cell + 3 * _GAP, len(rows) * (cell + _GAP))
    sheet = QImage(*size, QImage.Format.Format_RGB32)
    sheet.fill(Qt.GlobalColor.white)
    painter = QPainter(sheet)
    painter.setFont(QFont("DejaVu Sans", 10))
    for number, (tray, panel) in enumerate(rows):
        _draw_row(painter, number * (cell + _GAP) + _GAP // 2, tray, panel)
    painter.end()
    sheet.save(str(file))
    # With a table of its own colours it takes a third of the room.
    fewer = ("-strip", "-dither", "None", "-colors", "255", "-define", "png:compression-level=9")
    subprocess.run(["convert", str(file), *fewer, f"PNG8:{file}"], check=True)


def _draw_row(painter: QPainter, y: int, tray: Tray, panel: Panel) -> None:
    cell = SIZE * _ZOOM + _GAP
    words = f"{tray.value}, {panel.name.lower()}"
    painter.drawText(QRect(_GAP, y, _WORDS, cell), Qt.AlignmentFlag.AlignVCenter, words)
    x = _WORDS
    pictures = looks_on(tray, panel)
    grey = [one.convertToFormat(QImage.Format.Format_Grayscale8) for one in pictures]
    for half in (pictures, grey):
        painter.fillRect(x, y, cell * len(half) + _GAP, cell, QColor(panel.value))
        for number, picture in enumerate(half):
            place = QRect(x + _GAP + number * cell, y + _GAP // 2, SIZE * _ZOOM, SIZE * _ZOOM)
            painter.drawImage(place, picture)
        x += cell * len(half) + 2 * _GAP
