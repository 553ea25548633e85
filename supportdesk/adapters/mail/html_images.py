"""Images of an HTML mail: parts of it by `cid:`, those of the network by number, trackers never.

Nothing here loads anything. An address of the network is set aside under `remote:N`, so that the
HTML itself holds none.
"""

import html
import re
from dataclasses import dataclass
from urllib.parse import unquote

from supportdesk.adapters.mail.html_cleaning import attribute_of, is_hidden

MAX_IMAGES = 400
_TRACKER_PIXELS = 3
_MAX_SIDE = 2000
_LONGEST_ALT = 200
_SIDE = re.compile(r"\d{1,5}")
_STYLE_SIDE = re.compile(r"(?:^|;)\s*(width|height)\s*:\s*(\d{1,5})(?:\.\d+)?(?:px)?\s*(?=;|$)")
_TRANSPARENT = re.compile(r"(?:^|;)\s*opacity\s*:\s*0*\.?0+\s*(?=;|$)")
_CID = re.compile(r"[^\s\"'<>\\\x00-\x1f]{1,250}")


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenImage:
    """What stands in the HTML for an image: a tag, or only the words that describe it."""

    tag: str = ""
    alt: str = ""


class ImageLedger:
    """Numbers the images of one message, over all of its parts."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._remote: list[str] = []
        self._written = 0

    @property
    def remote(self) -> tuple[str, ...]:
        """Their addresses; an empty one is a hidden image, which only tracks."""
        return tuple(self._remote)

    def forget_after(self, count: int) -> None:
        """Trackers are counted again: what they stood in is written anew."""
        del self._remote[count:]

    def written_for(self, attributes: str, *, is_hiding: bool) -> WrittenImage:
        address = html.unescape(attribute_of(attributes, "src"))
        sides = _sides_of(attributes)
        alt = html.unescape(attribute_of(attributes, "alt")).strip()[:_LONGEST_ALT]
        is_remote = address[:4].lower() == "http"
        if is_hiding or _is_tracker(attributes, sides):
            if is_remote:
                self._remote.append("")
            return WrittenImage()
        name = self._remote_name(address) if is_remote else _part_name(address)
        if not name or self._written >= MAX_IMAGES:
            return WrittenImage(alt=alt)
        self._written += 1
        described = html.escape(" ".join(alt.split()))
        size = "".join(f' {side}="{pixels}"' for side, pixels in sides.items() if pixels)
        return WrittenImage(tag=f'<img src="{html.escape(name)}" alt="{described}"{size}>', alt=alt)

    def _remote_name(self, address: str) -> str:
        if self._written >= MAX_IMAGES:
            return ""
        if address not in self._numbers:
            self._numbers[address] = len(self._remote)
            self._remote.append(address)
        return f"remote:{self._numbers[address]}"


def _part_name(address: str) -> str:
    """`cid:` with the Content-ID as the header has it (RFC 2392); nothing that could be a path."""
    if address[:4].lower() != "cid:":
        return ""
    name = unquote(address[4:]).strip("<>")
    return f"cid:{name}" if _CID.fullmatch(name) else ""


def _sides_of(attributes: str) -> dict[str, int]:
    """Width and height in pixels, where they are told; a share of the width is not."""
    sides: dict[str, int] = {}
    for side in ("width", "height"):
        told = attribute_of(attributes, side).removesuffix("px")
        if _SIDE.fullmatch(told):
            sides[side] = min(int(told), _MAX_SIDE)
    for side, told in _STYLE_SIDE.findall(attribute_of(attributes, "style")):
        sides[side] = min(int(told), _MAX_SIDE)
    return sides


def _is_tracker(attributes: str, sides: dict[str, int]) -> bool:
    """Nobody can see it: it is there to tell the sender that it was loaded."""
    is_tiny = bool(sides) and all(pixels <= _TRACKER_PIXELS for pixels in sides.values())
    is_nothing = 0 in sides.values()
    style = attribute_of(attributes, "style")
    return is_tiny or is_nothing or is_hidden(attributes) or bool(_TRANSPARENT.search(style))
