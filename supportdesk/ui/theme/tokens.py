"""Design tokens: colours, type scale, spacing, radii, motion. Plain values, no Qt.

`Ink` names a colour by its use; LIGHT and DARK say what it is. Every pair that meets on screen
is listed in PAIRS with the least contrast it must keep (checked by tests/ui/test_contrast.py).
"""

from __future__ import annotations

from enum import Enum, StrEnum
from types import MappingProxyType
from typing import NamedTuple


class Ink(StrEnum):
    """Colours by use. Av* are grounds of initials."""

    RAIL = "rail"
    LIST = "list"
    PAGE = "page"
    RAISED = "raised"
    HOVER = "hover"
    SELECTED = "selected"
    PRESSED = "pressed"
    LINE = "line"
    EDGE = "edge"
    TEXT = "text"
    TEXT2 = "text2"
    TEXT3 = "text3"
    ACCENT = "accent"
    ACCENT_HOVER = "accentHover"
    ON_ACCENT = "onAccent"
    TINT = "tint"
    ACCENT_TEXT = "accentText"
    AMBER = "amber"
    AMBER_BG = "amberBg"
    AMBER_MARK = "amberMark"
    BRICK = "brick"
    BRICK_BG = "brickBg"
    BRICK_MARK = "brickMark"
    THUMB = "thumb"
    MID = "mid"
    SOFT = "soft"
    FOCUS = "focus"
    AV0 = "av0"
    AV1 = "av1"
    AV2 = "av2"
    AV3 = "av3"
    AV4 = "av4"
    AV_TEXT = "avText"


Colour = str
"""A colour as #RRGGBB."""

LIGHT: MappingProxyType[Ink, Colour] = MappingProxyType(
    {
        Ink.RAIL: "#F2EDE5",
        Ink.LIST: "#F9F6F1",
        Ink.PAGE: "#FFFDFA",
        Ink.RAISED: "#FFFFFF",
        Ink.HOVER: "#EEE8DE",
        Ink.SELECTED: "#E1EDE8",
        Ink.PRESSED: "#E5DDD0",
        Ink.LINE: "#E5DED3",
        Ink.EDGE: "#8C8274",
        Ink.TEXT: "#25211C",
        Ink.TEXT2: "#564E44",
        Ink.TEXT3: "#6B6256",
        Ink.ACCENT: "#0F6A5A",
        Ink.ACCENT_HOVER: "#0B594B",
        Ink.ON_ACCENT: "#FFFFFF",
        Ink.TINT: "#DDECE6",
        Ink.ACCENT_TEXT: "#0B5C4D",
        Ink.AMBER: "#7A4A00",
        Ink.AMBER_BG: "#FBEDD0",
        Ink.AMBER_MARK: "#A56A00",
        Ink.BRICK: "#98301C",
        Ink.BRICK_BG: "#FBE5DE",
        Ink.BRICK_MARK: "#B5412A",
        Ink.THUMB: "#CDC3B5",
        Ink.MID: "#6FA999",
        Ink.SOFT: "#C9DED6",
        Ink.FOCUS: "#0F6A5A",
        Ink.AV0: "#E9DFCF",
        Ink.AV1: "#DCE5DA",
        Ink.AV2: "#EADAD2",
        Ink.AV3: "#DAE1E6",
        Ink.AV4: "#E6DEE6",
        Ink.AV_TEXT: "#463E35",
    }
)

DARK: MappingProxyType[Ink, Colour] = MappingProxyType(
    {
        Ink.RAIL: "#191715",
        Ink.LIST: "#1F1C1A",
        Ink.PAGE: "#252220",
        Ink.RAISED: "#2D2926",
        Ink.HOVER: "#2E2A27",
        Ink.SELECTED: "#21372F",
        Ink.PRESSED: "#37322D",
        Ink.LINE: "#38332E",
        Ink.EDGE: "#8F8578",
        Ink.TEXT: "#EFE9E0",
        Ink.TEXT2: "#C4BAAD",
        Ink.TEXT3: "#A79D90",
        Ink.ACCENT: "#5EC4AB",
        Ink.ACCENT_HOVER: "#7BD3BD",
        Ink.ON_ACCENT: "#08241D",
        Ink.TINT: "#1F3A32",
        Ink.ACCENT_TEXT: "#7BD3BD",
        Ink.AMBER: "#EDBF6C",
        Ink.AMBER_BG: "#392D18",
        Ink.AMBER_MARK: "#E0A83F",
        Ink.BRICK: "#F5A08D",
        Ink.BRICK_BG: "#42241D",
        Ink.BRICK_MARK: "#EE7F68",
        Ink.THUMB: "#4D463F",
        Ink.MID: "#3F8E7B",
        Ink.SOFT: "#2C4A41",
        Ink.FOCUS: "#5EC4AB",
        Ink.AV0: "#453C30",
        Ink.AV1: "#344036",
        Ink.AV2: "#47372F",
        Ink.AV3: "#323D45",
        Ink.AV4: "#423844",
        Ink.AV_TEXT: "#EADFD1",
    }
)


class TypeStyle(NamedTuple):
    """Size as a factor of the system font, and weight. Only 400 and 600 are used."""

    factor: float
    weight: int


class TypeRole(Enum):
    """The type scale."""

    CAPTION = TypeStyle(0.87, 400)
    CAPTION_B = TypeStyle(0.87, 600)
    BODY = TypeStyle(1.0, 400)
    BODY_B = TypeStyle(1.0, 600)
    READ = TypeStyle(1.1, 400)
    TITLE = TypeStyle(1.3, 600)
    HEAD = TypeStyle(1.6, 600)
    FIGURE = TypeStyle(2.9, 600)
    QUOTE = TypeStyle(1.15, 400)


RADIUS_CHIP = 5
RADIUS_CONTROL = 6
RADIUS_CARD = 8
STRIP_HEIGHT = 48
RAIL_WIDTH = 176
RAIL_NARROW_WIDTH = 66
LIST_WIDTH = 376
LIST_NARROW_WIDTH = 424
LIST_LEAST_WIDTH = 240
CONTROL_HEIGHT = 32
CONTROL_SMALL_HEIGHT = 26
AVATAR = 34
READING_WIDTH = 640
HOVER_MS = 90
FOLD_MS = 160
LARGE_TEXT = 1.5
"""From this text scale on, rows wrap their subjects and captions."""
NARROW_EMS = 70
"""Under so many ems of body text the window turns to its narrow layout."""


class Pair(NamedTuple):
    """A text or mark, its ground, and the least contrast ratio (WCAG 2.2 AA)."""

    front: Ink
    ground: Ink
    least: float


def pairs(front: Ink, least: float, *grounds: Ink) -> list[Pair]:
    return [Pair(front, ground, least) for ground in grounds]


PAIRS: tuple[Pair, ...] = (
    *pairs(
        Ink.TEXT,
        4.5,
        Ink.RAIL,
        Ink.LIST,
        Ink.PAGE,
        Ink.RAISED,
        Ink.HOVER,
        Ink.SELECTED,
        Ink.AMBER_BG,
        Ink.BRICK_BG,
        Ink.TINT,
        Ink.PRESSED,
    ),
    *pairs(
        Ink.TEXT2,
        4.5,
        Ink.RAIL,
        Ink.LIST,
        Ink.PAGE,
        Ink.RAISED,
        Ink.HOVER,
        Ink.SELECTED,
        Ink.AMBER_BG,
        Ink.BRICK_BG,
        Ink.TINT,
        Ink.PRESSED,
    ),
    *pairs(Ink.TEXT3, 4.5, Ink.RAIL, Ink.LIST, Ink.PAGE, Ink.RAISED, Ink.HOVER, Ink.SELECTED),
    *pairs(Ink.ON_ACCENT, 4.5, Ink.ACCENT, Ink.ACCENT_HOVER),
    *pairs(
        Ink.ACCENT_TEXT,
        4.5,
        Ink.PAGE,
        Ink.LIST,
        Ink.RAIL,
        Ink.RAISED,
        Ink.TINT,
        Ink.SELECTED,
        Ink.HOVER,
        Ink.PRESSED,
    ),
    *pairs(
        Ink.AMBER,
        4.5,
        Ink.AMBER_BG,
        Ink.PAGE,
        Ink.LIST,
        Ink.RAISED,
        Ink.SELECTED,
        Ink.HOVER,
        Ink.RAIL,
    ),
    *pairs(
        Ink.BRICK,
        4.5,
        Ink.BRICK_BG,
        Ink.PAGE,
        Ink.LIST,
        Ink.RAISED,
        Ink.SELECTED,
        Ink.HOVER,
        Ink.RAIL,
    ),
    *pairs(Ink.AV_TEXT, 4.5, Ink.AV0, Ink.AV1, Ink.AV2, Ink.AV3, Ink.AV4),
    *pairs(
        Ink.EDGE,
        3.0,
        Ink.RAIL,
        Ink.LIST,
        Ink.PAGE,
        Ink.RAISED,
        Ink.AMBER_BG,
        Ink.BRICK_BG,
        Ink.TINT,
        Ink.HOVER,
    ),
    *pairs(
        Ink.FOCUS,
        3.0,
        Ink.RAIL,
        Ink.LIST,
        Ink.PAGE,
        Ink.RAISED,
        Ink.SELECTED,
        Ink.HOVER,
        Ink.AMBER_BG,
        Ink.BRICK_BG,
    ),
    *pairs(Ink.ACCENT, 3.0, Ink.PAGE, Ink.LIST, Ink.RAIL, Ink.RAISED, Ink.TINT, Ink.SELECTED),
    *pairs(Ink.AMBER_MARK, 3.0, Ink.AMBER_BG, Ink.PAGE, Ink.LIST),
    *pairs(Ink.BRICK_MARK, 3.0, Ink.BRICK_BG, Ink.PAGE, Ink.LIST),
)


def luminance(colour: Colour) -> float:
    """WCAG relative luminance of #RRGGBB."""
    channels = []
    for start in (1, 3, 5):
        value = int(colour[start : start + 2], 16) / 255
        channels.append(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4)
    red, green, blue = channels
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: Colour, second: Colour) -> float:
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)
