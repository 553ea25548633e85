"""One tab stop for a group: Tab comes to its chosen member, arrows go on from there."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def rove_to(entry: QWidget, group: Iterable[QWidget]) -> None:
    for one in group:
        policy = Qt.FocusPolicy.StrongFocus if one is entry else Qt.FocusPolicy.ClickFocus
        if one.focusPolicy() is not policy:
            one.setFocusPolicy(policy)
