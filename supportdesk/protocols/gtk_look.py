"""The words in which GTK desktops name a font and a theme."""

import re
from dataclasses import dataclass

_SIZE = re.compile(r"(?<![^\s,])(?P<size>\d+(?:\.\d+)?)(?P<pixels>px)?\Z")
_MOST_POINTS = 96.0
_POINTS_A_PIXEL = 72 / 96
# What may stand between the family and the size, as Pango reads it: weights are our own.
_STYLES = (
    "normal roman oblique italic small-caps thin ultra-light extra-light light semi-light"
    " demi-light book regular medium semi-bold demi-bold bold ultra-bold extra-bold heavy black"
    " ultra-heavy extra-heavy ultra-condensed extra-condensed condensed semi-condensed"
    " semi-expanded expanded extra-expanded ultra-expanded not-rotated south upside-down north"
    " rotated-left east rotated-right west"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DesktopFont:
    """The font of the desktop's own programs.

    Attributes:
        scale: By which texts are larger than their points say.
    """

    family: str
    points: float
    scale: float = 1.0


def font_in(words: str, *, scale: float = 1.0) -> DesktopFont | None:
    """Of a description such as `Cantarell Bold 11`; None if it names no family or no size."""
    sized = _SIZE.search(words)
    if sized is None:
        return None
    points = float(sized["size"]) * (_POINTS_A_PIXEL if sized["pixels"] else 1)
    family = _family(words[: sized.start()])
    if not family or not 1 <= points <= _MOST_POINTS:
        return None
    return DesktopFont(family=family, points=points, scale=scale)


def is_dark_theme(name: str) -> bool | None:
    """By its name, as nothing else tells it; None where there is none."""
    small = name.lower()
    return ("dark" in small or "inverse" in small) if small else None


def _family(words: str) -> str:
    """A comma ends it, so that a family may end with the name of a style."""
    first, comma, _ = words.partition(",")
    names = first.split()
    styles = _STYLES.split()
    while not comma and len(names) > 1 and names[-1].lower() in styles:
        names.pop()
    return " ".join(names)
