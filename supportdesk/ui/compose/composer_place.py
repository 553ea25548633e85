"""Below the message: room for one answer, with a handle between the two.

It is never cleared: what stands in it belongs to `Composers`, which puts it there and takes it.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QSplitter, QSplitterHandle, QVBoxLayout, QWidget

from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink
from supportdesk.ui.widgets.canvas import Canvas

_HANDLE = 9
_MESSAGE_SHARE = 0.42


class ComposerPlace(QSplitter):
    """The message above, the answer below it while there is one."""

    def __init__(self, theme: Theme, message: QWidget) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self._theme = theme
        self._message = message
        self._holder = QWidget()
        self._holder.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._layout = QVBoxLayout(self._holder)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._held: QWidget | None = None
        self._has_sizes = False
        self.setHandleWidth(theme.mark(_HANDLE))
        self.setChildrenCollapsible(False)
        self.addWidget(message)
        self.addWidget(self._holder)
        self._holder.hide()

    @property
    def is_taken(self) -> bool:
        return self._held is not None

    def hold(self, widget: QWidget | None) -> None:
        """Whoever was here before has been taken away by its owner."""
        self._held = widget
        if widget is not None:
            self._layout.addWidget(widget)
            widget.show()
        self._holder.setVisible(widget is not None)
        if widget is not None and not self._has_sizes:
            # Where the founder puts the handle later is kept as long as the pane.
            self._has_sizes = True
            upper = int(1000 * _MESSAGE_SHARE)
            self.setSizes([upper, 1000 - upper])

    def sections(self) -> list[QWidget]:
        return [self._message, *([self._holder] if self.is_taken else [])]

    def createHandle(self) -> QSplitterHandle:
        return _Handle(self._theme, self)


class _Handle(QSplitterHandle):
    """A short thread in the middle says that it can be pulled."""

    def __init__(self, theme: Theme, splitter: QSplitter) -> None:
        super().__init__(Qt.Orientation.Vertical, splitter)
        self._theme = theme
        self.setToolTip("Pull to give the answer more room, or less")

    def paintEvent(self, event: QPaintEvent) -> None:
        with Canvas.over(self._theme, self) as canvas:
            rect = QRectF(self.rect())
            canvas.painter.fillRect(rect, self._theme.colour(Ink.PAGE))
            width = self._theme.mark(36)
            x = rect.center().x() - width / 2
            canvas.rounded(QRectF(x, rect.center().y() - 1.5, width, 3), 1.5, Ink.THUMB)
