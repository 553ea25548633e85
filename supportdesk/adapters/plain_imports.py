"""Imports as Python does them, without the look at each module's source that PySide6 adds.

PySide6 replaces `__import__` for its switchable features (`from __feature__ import snake_case`).
Since then it reads the source of every module that is imported and keeps its lines, for the word
"PySide6" may be in it. We use no features, and those lines are 10 MB of a program that sits in the
tray all day. https://github.com/napari/napari/issues/8584
"""

import builtins

import PySide6.QtCore  # noqa: F401 - puts its own way of importing in place, and the former beside


def import_plainly() -> None:
    """Take PySide6's way of importing back; call it before the rest of the program is imported."""
    former = getattr(builtins, "__orig_import__", None)
    if former is not None:
        builtins.__import__ = former
