"""Tab order by sections: strip, rail, list, reading; also after parts were built anew."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QWidget


def focusable(section: QWidget) -> list[QWidget]:
    """The widgets of a section that Tab can reach, in the order they were built."""
    widgets = [section, *section.findChildren(QWidget)]
    return [widget for widget in widgets if _takes_tab(widget, section.window())]


def _takes_tab(widget: QWidget, window: QWidget) -> bool:
    """Leaves out pop-ups of their own window and the inner parts of compound fields."""
    if not widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
        return False
    is_inner = isinstance(widget.parent(), QComboBox | QAbstractSpinBox)
    return widget.window() is window and not is_inner


def arrange_tabs(sections: Sequence[QWidget]) -> None:
    chain = [widget for section in sections for widget in focusable(section)]
    for before, after in pairwise(chain):
        QWidget.setTabOrder(before, after)


def focus_first(section: QWidget, reason: Qt.FocusReason = Qt.FocusReason.TabFocusReason) -> bool:
    """Puts the keyboard into a section; False when nothing there can take it."""
    for widget in focusable(section):
        if widget.isVisible() and widget.isEnabled():
            widget.setFocus(reason)
            return True
    return False
