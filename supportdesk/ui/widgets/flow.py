"""A layout that wraps: chips and buttons go to the next line instead of being cut."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QLabel, QLayout, QLayoutItem, QWidget

DOT = "·"


class Flow(QLayout):
    """Left to right, then down. A "·" label never dangles at the end of a line."""

    def __init__(self, *widgets: QWidget, gap: int = 6) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self.setContentsMargins(0, 0, 0, 0)
        for widget in widgets:
            self.addWidget(widget)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), is_trial=True)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, is_trial=False)

    def sizeHint(self) -> QSize:
        return _widest(item.sizeHint() for item in self._items)

    def minimumSize(self) -> QSize:
        return _widest(item.minimumSize() for item in self._items)

    def _arrange(self, rect: QRect, *, is_trial: bool) -> int:
        x, y, line_height = rect.x(), rect.y(), 0
        for index, item in enumerate(self._items):
            hint = item.sizeHint()
            needed = hint.width()
            is_dot = _is_dot(item)
            if is_dot and index + 1 < len(self._items):
                needed += self._gap + self._items[index + 1].sizeHint().width()
            if x > rect.x() and x + needed > rect.right() + 1:
                x, y, line_height = rect.x(), y + line_height + self._gap, 0
                if is_dot:
                    self._put(item, QRect(x, y, 0, 0), is_trial=is_trial)
                    continue
            width = min(hint.width(), max(rect.width(), item.minimumSize().width()))
            place = QRect(x, y, width, max(hint.height(), line_height))
            self._put(item, place, is_trial=is_trial)
            x += width + self._gap
            line_height = max(line_height, hint.height())
        return y + line_height - rect.y()

    @staticmethod
    def _put(item: QLayoutItem, place: QRect, *, is_trial: bool) -> None:
        if not is_trial:
            item.setGeometry(place)


def _widest(sizes: Iterable[QSize]) -> QSize:
    whole = QSize(0, 0)
    for size in sizes:
        whole = whole.expandedTo(size)
    return whole


def _is_dot(item: QLayoutItem) -> bool:
    widget = item.widget()
    return isinstance(widget, QLabel) and widget.text() == DOT


def flowing(*widgets: QWidget, gap: int = 6) -> QWidget:
    """A widget whose children wrap; its height follows its width."""
    holder = QWidget()
    holder.setLayout(Flow(*widgets, gap=gap))
    policy = holder.sizePolicy()
    policy.setHeightForWidth(True)
    holder.setSizePolicy(policy)
    return holder
