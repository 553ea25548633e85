"""One heap for all threads: the C library of Linux else keeps one for each, mostly empty.

A tray with a thread for its mail holds 1 MB less all day. Python's own lock keeps its threads from
allocating at the same moment anyway.
"""

import ctypes
import sys

_M_ARENA_MAX = -8
"""mallopt(3)"""


def share_one_heap() -> None:
    """Call it before the first thread. Where the C library is another one nothing happens."""
    if not sys.platform.startswith("linux"):
        return
    try:
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)
    except (OSError, AttributeError):
        # musl and others know no arenas.
        return
