"""Surfaces and the two layouts everything is stacked with."""

from __future__ import annotations

from enum import Flag, auto
from typing import NamedTuple

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import RADIUS_CARD, Ink
from supportdesk.ui.widgets.canvas import Canvas

Margins = tuple[int, int, int, int]
NO_MARGINS: Margins = (0, 0, 0, 0)


class Edge(Flag):
    """Sides of a surface that carry a hairline."""

    NONE = 0
    TOP = auto()
    BOTTOM = auto()
    LEFT = auto()
    RIGHT = auto()


class Box(QFrame):
    """A surface: fill, hairline, radius. Paints itself, so that child palettes survive."""

    def __init__(
        self,
        theme: Theme,
        fill: Ink | None = None,
        line: Ink | None = None,
        *,
        radius: int = 0,
        edges: Edge = Edge.NONE,
    ) -> None:
        super().__init__()
        self.theme = theme
        self._fill = fill
        self._hairline = line
        self._radius = radius
        self._edges = edges

    @classmethod
    def card(cls, theme: Theme, fill: Ink = Ink.PAGE, line: Ink | None = Ink.LINE) -> Box:
        return cls(theme, fill, line, radius=RADIUS_CARD)

    def set_fill(self, fill: Ink) -> None:
        self._fill = fill
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with Canvas.over(self.theme, self) as canvas:
            if self._radius or self._hairline:
                canvas.rounded(QRectF(self.rect()), self._radius, self._fill, self._hairline)
            elif self._fill:
                canvas.painter.fillRect(self.rect(), self.theme.colour(self._fill))
            if self._edges:
                self._paint_edges(canvas.painter)

    def _paint_edges(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setPen(self.theme.colour(Ink.LINE))
        right, bottom = self.width() - 1, self.height() - 1
        if Edge.TOP in self._edges:
            painter.drawLine(0, 0, right, 0)
        if Edge.BOTTOM in self._edges:
            painter.drawLine(0, bottom, right, bottom)
        if Edge.LEFT in self._edges:
            painter.drawLine(0, 0, 0, bottom)
        if Edge.RIGHT in self._edges:
            painter.drawLine(right, 0, right, bottom)


class Stretch:
    """In a stack: takes all the room that is left."""


class Grow(NamedTuple):
    """In a stack: the item that takes the room."""

    item: QWidget | QLayout


STRETCH = Stretch()
Item = QWidget | QLayout | Stretch | Grow | int


def row(
    theme: Theme,
    *items: Item,
    gap: int = 8,
    margins: Margins = NO_MARGINS,
    inside: QWidget | None = None,
) -> QHBoxLayout:
    """Side by side; an int is extra space, negative ones pull to the optical edge."""
    layout = QHBoxLayout(inside) if inside is not None else QHBoxLayout()
    _fill(theme, layout, items, gap, margins)
    return layout


def column(
    theme: Theme,
    *items: Item,
    gap: int = 8,
    margins: Margins = NO_MARGINS,
    inside: QWidget | None = None,
) -> QVBoxLayout:
    """One under the other."""
    layout = QVBoxLayout(inside) if inside is not None else QVBoxLayout()
    _fill(theme, layout, items, gap, margins)
    return layout


def _fill(
    theme: Theme, layout: QBoxLayout, items: tuple[Item, ...], gap: int, margins: Margins
) -> None:
    layout.setSpacing(theme.gap(gap))
    layout.setContentsMargins(*[theme.gap(value) for value in margins])
    for item in items:
        _place(theme, layout, item)


def _place(theme: Theme, layout: QBoxLayout, item: Item) -> None:
    stretch = 0
    if isinstance(item, Grow):
        item, stretch = item.item, 1
    if isinstance(item, Stretch):
        layout.addStretch(1)
    elif isinstance(item, int):
        layout.addSpacing(theme.gap(item) if item > 0 else item)
    elif isinstance(item, QLayout):
        layout.addLayout(item, stretch)
    else:
        layout.addWidget(item, stretch)


def clear(layout: QLayout) -> None:
    """Takes everything out of a layout and lets it go."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        inner = item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            clear(inner)
