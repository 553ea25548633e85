"""How much room the window has, in ems of body text: window and text size share one answer."""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtWidgets import QWidget

from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import NARROW_EMS

_TITLE_BAR = 48
"""Room for what the desktop puts around a window."""


class Density(Enum):
    """WIDE: labelled rail, cards side by side. NARROW: icon rail, cards in one scroll."""

    WIDE = auto()
    NARROW = auto()


def density_for(theme: Theme, width: int) -> Density:
    return Density.NARROW if width < NARROW_EMS * theme.em() else Density.WIDE


def resize_to_ems(theme: Theme, window: QWidget, wide: int, high: int) -> None:
    """To so many ems, but no larger than the screen."""
    em, room = theme.em(), window.screen().availableSize()
    window.resize(
        min(round(wide * em), room.width()), min(round(high * em), room.height() - _TITLE_BAR)
    )
