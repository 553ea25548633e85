"""Whether pictures can be told apart without their colours."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtGui import QColor, QImage

_LEAST_CONTRAST: Final = 3.0


def relative_luminance(colour: QColor) -> float:
    """As WCAG 2 defines it."""
    red, green, blue = (
        _linear(value) for value in (colour.redF(), colour.greenF(), colour.blueF())
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def lightness_of(image: QImage) -> list[float]:
    """The luminance of each pixel, line by line."""
    width, height = image.width(), image.height()
    return [relative_luminance(image.pixelColor(x, y)) for y in range(height) for x in range(width)]


def far_apart(first: Sequence[float], second: Sequence[float]) -> int:
    """How many pixels differ by the contrast that signs need."""
    pairs = zip(first, second, strict=True)
    return sum(_contrast(one, other) >= _LEAST_CONTRAST for one, other in pairs)


def _contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def _linear(value: float) -> float:
    """Undo the curve of sRGB."""
    if value <= 0.04045:
        return value / 12.92
    return float(((value + 0.055) / 1.055) ** 2.4)
