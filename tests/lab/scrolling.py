"""Turning the wheel until a control is where a picture wants it."""

from typing import Final

from tests.lab.accessibility import controls
from tests.lab.desktop import DesktopLab

_OVER_THE_PAGE: Final = ("640", "500")
_ASIDE: Final = ("1500", "860")
_TURNS_AT_MOST: Final = 60
_UNMOVED_AT_THE_END: Final = 4
_UP, _DOWN = "4", "5"


def scroll_to(lab: DesktopLab, name: str, *, within: tuple[int, int]) -> None:
    """Over the fields of the page, which must not change by that; an end of the page will do."""
    lab.exec("xdotool", "mousemove", *_OVER_THE_PAGE)
    low, high = within
    before, unmoved = None, 0
    for _ in range(_TURNS_AT_MOST):
        top = next((node.box[1] for node in controls(lab) if node.name == name), None)
        unmoved = unmoved + 1 if top == before else 0
        if top is None or low <= top <= high or unmoved == _UNMOVED_AT_THE_END:
            break
        before = top
        lab.exec("xdotool", "click", "--repeat", "2", "--delay", "5", _UP if top < low else _DOWN)
    lab.exec("xdotool", "mousemove", *_ASIDE)
