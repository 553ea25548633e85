"""Chips: a mark and words. Filled = needs or got something, outlined = a fact."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from supportdesk.ui.rows import ChipKind, ChipView
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import RADIUS_CHIP, Ink, TypeRole
from supportdesk.ui.widgets.canvas import Canvas

_GAP_X = 6
_GAP_Y = 4
_MARK = 13
_LEAST_WIDTH = 60


class _Look(NamedTuple):
    icon: str
    ink: Ink
    fill: Ink | None
    line: Ink | None


_LOOKS = {
    ChipKind.CLAIMED: _Look("claim", Ink.TEXT2, None, Ink.LINE),
    ChipKind.LIFTED: _Look("lift", Ink.AMBER, Ink.AMBER_BG, None),
    ChipKind.ANSWERED: _Look("check", Ink.ACCENT_TEXT, Ink.TINT, None),
    ChipKind.PROMISE: _Look("promise", Ink.TEXT2, None, Ink.LINE),
    ChipKind.KNOCK: _Look("refresh", Ink.AMBER, Ink.AMBER_BG, None),
    ChipKind.MISSED: _Look("phone-missed", Ink.BRICK, Ink.BRICK_BG, None),
    ChipKind.PLAIN: _Look("", Ink.TEXT2, None, Ink.LINE),
    ChipKind.ACCOUNT: _Look("", Ink.TEXT2, None, Ink.LINE),
    ChipKind.FILE: _Look("export", Ink.TEXT2, None, Ink.LINE),
    ChipKind.ROBOT: _Look("robot", Ink.TEXT2, None, Ink.LINE),
    ChipKind.DEAF: _Look("deaf", Ink.BRICK, Ink.BRICK_BG, None),
    ChipKind.TAG: _Look("tag", Ink.TEXT2, None, Ink.LINE),
    ChipKind.NOTE: _Look("note", Ink.TEXT2, None, Ink.LINE),
    ChipKind.SNOOZED: _Look("snooze", Ink.TEXT2, None, Ink.LINE),
}


def chip_height(theme: Theme) -> float:
    return theme.metrics(TypeRole.CAPTION).height() + theme.gap(5)


def chip_width(theme: Theme, chip: ChipView) -> float:
    mark = theme.mark(_MARK) + 4 if _LOOKS[chip.kind].icon else 0
    words = theme.metrics(TypeRole.CAPTION).horizontalAdvance(chip.label)
    return words + theme.gap(14) + mark


def paint_chip(canvas: Canvas, x: float, y: float, chip: ChipView, most: float) -> None:
    """One chip, at most `most` wide."""
    theme, look = canvas.theme, _LOOKS[chip.kind]
    height = chip_height(theme)
    width = min(chip_width(theme, chip), most)
    canvas.rounded(QRectF(x, y, width, height), RADIUS_CHIP, look.fill, look.line)
    text_x = x + theme.gap(7)
    if look.icon:
        size = theme.mark(_MARK)
        canvas.icon(look.icon, look.ink, text_x - 1, y + (height - size) / 2, size)
        text_x += size + 3
    metrics = theme.metrics(TypeRole.CAPTION)
    base = y + (height + metrics.ascent() - metrics.descent()) / 2
    room = x + width - text_x - theme.gap(5) + 2
    canvas.text(text_x, base, chip.label, TypeRole.CAPTION, look.ink, width=room)


def place_chips(
    theme: Theme, chips: Sequence[ChipView], width: float
) -> list[tuple[float, float, ChipView]]:
    """Where each chip goes within `width`; they wrap, never clip."""
    placed = []
    x = y = 0.0
    for chip in chips:
        needed = chip_width(theme, chip)
        if x > 0 and x + needed > width:
            x, y = 0.0, y + chip_height(theme) + _GAP_Y
        placed.append((x, y, chip))
        x += needed + _GAP_X
    return placed


def paint_chips(
    canvas: Canvas, x: float, y: float, chips: Sequence[ChipView], width: float
) -> None:
    for left, top, chip in place_chips(canvas.theme, chips, width):
        paint_chip(canvas, x + left, y + top, chip, width - left)


def chips_height(theme: Theme, chips: Sequence[ChipView], width: float) -> float:
    if not chips:
        return 0.0
    return place_chips(theme, chips, width)[-1][1] + chip_height(theme)


class Chip(QWidget):
    """A chip as a widget, for pages that are not lists."""

    def __init__(self, theme: Theme, chip: ChipView) -> None:
        super().__init__()
        self._theme = theme
        self._chip = chip
        self.setMinimumSize(_LEAST_WIDTH, int(chip_height(theme)) + 2)
        self.setMaximumSize(int(chip_width(theme, chip)) + 2, int(chip_height(theme)) + 2)
        self.setAccessibleName(chip.label)

    def sizeHint(self) -> QSize:
        return self.maximumSize()

    def paintEvent(self, event: QPaintEvent) -> None:
        with Canvas.over(self._theme, self) as canvas:
            paint_chip(canvas, 0.5, 0.5, self._chip, self.width() - 1)
