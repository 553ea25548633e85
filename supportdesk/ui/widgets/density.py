"""How much room the window has, in ems of body text: window and text size share one answer."""

from __future__ import annotations

from enum import Enum, auto

from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import NARROW_EMS


class Density(Enum):
    """WIDE: labelled rail, cards side by side. NARROW: icon rail, cards in one scroll."""

    WIDE = auto()
    NARROW = auto()


def density_for(theme: Theme, width: int) -> Density:
    return Density.NARROW if width < NARROW_EMS * theme.em() else Density.WIDE
