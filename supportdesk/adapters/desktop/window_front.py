"""Coming to the front on Windows, which lets only the program in front give its place away.

There the click on an alert belongs to the shell. For a moment our input is attached to that of the
program in front, as if the click had come to us; where that too is refused the taskbar flashes.
"""

import sys
from typing import Any

_ANY_PROCESS = -1


def let_another_come_to_front(user32: Any = None) -> None:
    """A second start, which was clicked, gives its place to the app that runs."""
    library = user32 or _user32()
    if library is not None:
        library.AllowSetForegroundWindow(_ANY_PROCESS)


def take_the_front(window: int, user32: Any = None) -> bool:
    """Bring a window of this process to the front.

    Args:
        window: Its handle, as `QWidget.winId` gives it.
        user32: The library; None is the one of this system.

    Returns:
        True elsewhere than on Windows, where nothing is to be done.
    """
    library = user32 or _user32()
    if library is None:
        return True
    in_front = library.GetForegroundWindow()
    if in_front == window:
        return True
    theirs = library.GetWindowThreadProcessId(in_front, None)
    ours = library.GetWindowThreadProcessId(window, None)
    is_attached = theirs != ours and bool(library.AttachThreadInput(ours, theirs, True))
    try:
        return bool(library.SetForegroundWindow(window))
    finally:
        if is_attached:
            library.AttachThreadInput(ours, theirs, False)


def _user32() -> Any:
    if sys.platform == "win32":
        import ctypes

        return ctypes.windll.user32
    return None
