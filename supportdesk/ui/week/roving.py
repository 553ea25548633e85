"""One tab stop for a group: Tab comes to its chosen member, arrows go on from there."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def rove_to(entry: QWidget, group: Iterable[QWidget]) -> None:
    for one in group:
        is_entry = one is entry
        one.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_entry else Qt.FocusPolicy.ClickFocus)
