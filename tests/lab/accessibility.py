"""Controls found by role and name, as a screen reader finds them, on a lab desktop."""

import json
from dataclasses import dataclass
from pathlib import Path

from tests.lab.desktop import DesktopLab
from tests.lab.waiting import wait_until

_PYTHON = "/usr/bin/python3"  # the one that python3-gi belongs to
_PROBE = str(Path(__file__).parent / "atspi_probe.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One node of the accessibility tree. `box` is x, y, width and height on the screen."""

    program: str
    role: str
    name: str
    description: str
    is_showing: bool
    is_focused: bool
    is_sensitive: bool
    box: tuple[int, int, int, int]

    @property
    def centre(self) -> tuple[int, int]:
        x, y, width, height = self.box
        return x + width // 2, y + height // 2


@dataclass(frozen=True, slots=True, kw_only=True)
class TextControl:
    """A field as a screen reader reads it; `caret` is a place in its text."""

    text: str
    caret: int
    is_focused: bool


def controls(lab: DesktopLab, *, role: str = "", name: str = "") -> list[Control]:
    """Return what is on the desktop now; empty arguments match everything."""
    answer = lab.exec(_PYTHON, _PROBE, "list")
    if answer.returncode != 0:
        raise RuntimeError(answer.stderr)
    nodes = [Control(**{**node, "box": tuple(node["box"])}) for node in json.loads(answer.stdout)]
    return [node for node in nodes if role in ("", node.role) and name in ("", node.name)]


def find_control(lab: DesktopLab, *, role: str, name: str, seconds: float = 10) -> Control:
    """Wait until such a control is showing, and return it."""

    def showing() -> Control | None:
        found = controls(lab, role=role, name=name)
        return next((node for node in found if node.is_showing), None)

    control = wait_until(showing, seconds=seconds, what=f"{role} {name!r}")
    assert control is not None
    return control


def act_on(lab: DesktopLab, *, role: str, name: str) -> None:
    """Carry out the first action of a control: press a button, choose an entry."""
    answer = lab.exec(_PYTHON, _PROBE, "act", role, name)
    if answer.returncode != 0:
        raise LookupError(f"no {role} {name!r} that can be acted on. {answer.stderr}")


def text_control(lab: DesktopLab, *, name: str) -> TextControl | None:
    """The field of this name that is showing; None while there is none."""
    answer = lab.exec(_PYTHON, _PROBE, "text", name)
    return TextControl(**json.loads(answer.stdout)) if answer.returncode == 0 else None
