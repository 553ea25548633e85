"""Reads and drives programs through their accessibility tree; run on a lab desktop.

Runs under the system's Python (python3-gi), so it imports nothing of ours:
    atspi_probe.py list                     every control on the desktop, as JSON
    atspi_probe.py act ROLE NAME            carry out a control's first action
    atspi_probe.py text NAME                the text of a control on show, and its caret, as JSON
"""

import json
import sys
from collections.abc import Iterator
from typing import Any

import gi  # type: ignore[import-not-found]  # of the system, never in our environment

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # type: ignore[import-not-found]  # noqa: E402  # as above

_DEPTH = 40
_CHILDREN = 200


def controls(parent: Any, program: str, depth: int = 0) -> Iterator[tuple[str, Any]]:
    for owner, child in children(parent, program):
        yield owner, child
        if depth < _DEPTH:
            yield from controls(child, owner, depth + 1)


def children(parent: Any, program: str) -> list[tuple[str, Any]]:
    """The controls right below this one; none when it goes away while it is looked at."""
    try:
        count = min(parent.get_child_count(), _CHILDREN)
        found = [parent.get_child_at_index(index) for index in range(count)]
        return [(program or child.get_name(), child) for child in found if child is not None]
    except GLib.Error:
        return []


def described(program: str, control: Any) -> dict[str, object]:
    states = control.get_state_set()
    component = control.get_component_iface()
    box = component.get_extents(Atspi.CoordType.SCREEN) if component else None
    return {
        "program": program,
        "role": control.get_role_name(),
        "name": control.get_name(),
        "description": control.get_description(),
        "is_showing": states.contains(Atspi.StateType.SHOWING),
        "is_focused": states.contains(Atspi.StateType.FOCUSED),
        "is_sensitive": states.contains(Atspi.StateType.SENSITIVE),
        "box": [box.x, box.y, box.width, box.height] if box else [0, 0, 0, 0],
    }


def listed() -> Iterator[dict[str, object] | None]:
    """Every control, None for one that went away while it was being looked at."""
    for program, control in controls(Atspi.get_desktop(0), ""):
        try:
            yield described(program, control)
        except GLib.Error:
            yield None


def act(role: str, name: str) -> int:
    for _, control in controls(Atspi.get_desktop(0), ""):
        if control.get_role_name() == role and control.get_name() == name:
            action = control.get_action_iface()
            return 0 if action and action.do_action(0) else 1
    return 1


def read_text(name: str) -> int:
    for _, control in controls(Atspi.get_desktop(0), ""):
        try:
            states = control.get_state_set()
            text = control.get_text_iface()
            if text is None or control.get_name() != name:
                continue
            if not states.contains(Atspi.StateType.SHOWING):
                continue
            length = Atspi.Text.get_character_count(text)
            told = {
                "text": Atspi.Text.get_text(text, 0, length),
                "caret": Atspi.Text.get_caret_offset(text),
                "is_focused": states.contains(Atspi.StateType.FOCUSED),
            }
        except GLib.Error:
            continue
        print(json.dumps(told))  # noqa: T201  # read by tests/lab/accessibility.py
        return 0
    return 1


def main() -> int:
    if sys.argv[1] == "text":
        return read_text(sys.argv[2])
    if sys.argv[1] == "act":
        return act(sys.argv[2], sys.argv[3])
    everything = [node for node in listed() if node is not None]
    print(json.dumps(everything))  # noqa: T201  # read by tests/lab/accessibility.py
    return 0


if __name__ == "__main__":
    sys.exit(main())
