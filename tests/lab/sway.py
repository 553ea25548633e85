"""sway, a Wayland desktop, in a window of the lab's X server.

It refuses to run as root. Then it, its panel and its alerts run as a system user, and the folder
of sockets belongs to that user; the program under test may stay root.
"""

import json
import os
import pwd
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

_USER: Final = "nobody"
SOCKET: Final = "sway.sock"
Run = Callable[..., Any]


def session_user() -> int | None:
    """Return the id of the user whose session it is; None where it is our own."""
    return pwd.getpwnam(_USER).pw_uid if os.geteuid() == 0 else None


def give_session_to_user(folder: Path) -> None:
    """Let the user of the session read the folder, and own the one of the sockets."""
    folder.chmod(0o755)
    user = session_user()
    if user is not None:
        os.chown(folder / "run", user, user)


def sway_environment(folder: Path) -> dict[str, str]:
    return {
        "WAYLAND_DISPLAY": "wayland-1",
        "SWAYSOCK": str(folder / "run" / SOCKET),
        "XDG_CURRENT_DESKTOP": "sway",
        "XDG_SESSION_TYPE": "wayland",
    }


# Sway takes the socket it is told of, and the first free name for programs: wayland-1.
BACKEND: Final = {"WLR_BACKENDS": "x11", "WLR_RENDERER": "pixman"}


def forget_sockets(folder: Path) -> None:
    """Remove what a sway that was killed has left."""
    for left in (folder / "run" / SOCKET, *(folder / "run").glob("wayland-*")):
        left.unlink(missing_ok=True)


def leaves_of(tree: str) -> Iterator[tuple[str, bool]]:
    """Yield each window of `swaymsg -t get_tree`: its title, and whether it has the focus."""
    waiting: list[dict[str, Any]] = [json.loads(tree)] if tree else []
    while waiting:
        node = waiting.pop()
        waiting += [*node["nodes"], *node["floating_nodes"]]
        if "pid" in node:
            yield str(node["name"] or ""), bool(node["focused"])
