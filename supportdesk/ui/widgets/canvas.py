"""Painting with the theme: text, icons, surfaces, avatars; every painted widget goes by here."""

from __future__ import annotations

import math
from types import TracebackType

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QFont, QPaintDevice, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import AVATAR, Ink, TypeRole

_HINTS = (
    QPainter.RenderHint.Antialiasing
    | QPainter.RenderHint.TextAntialiasing
    | QPainter.RenderHint.SmoothPixmapTransform
)
_AVATAR_GROUNDS = (Ink.AV0, Ink.AV1, Ink.AV2, Ink.AV3, Ink.AV4)


class Canvas:
    """A painter that knows the theme. As a context manager over a widget it begins and ends."""

    def __init__(self, theme: Theme, painter: QPainter) -> None:
        self.theme = theme
        self.painter = painter
        painter.setRenderHints(_HINTS)

    @classmethod
    def over(cls, theme: Theme, device: QPaintDevice) -> Canvas:
        return cls(theme, QPainter(device))

    def __enter__(self) -> Canvas:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.painter.end()

    def icon(self, name: str, ink: Ink, x: float, y: float, size: int) -> None:
        ratio = self.painter.device().devicePixelRatioF()
        self.painter.drawPixmap(QPointF(x, y), self.theme.icon(name, ink, size, ratio))

    def rounded(
        self,
        rect: QRectF,
        radius: float,
        fill: Ink | None = None,
        line: Ink | None = None,
        width: float = 1.0,
    ) -> None:
        """A rounded surface; a line lies inside the rectangle."""
        painter, theme = self.painter, self.theme
        painter.setBrush(theme.colour(fill) if fill else QBrush(Qt.BrushStyle.NoBrush))
        painter.setPen(QPen(theme.colour(line), width) if line else QPen(Qt.PenStyle.NoPen))
        half = width / 2 if line else 0
        painter.drawRoundedRect(rect.adjusted(half, half, -half, -half), radius, radius)

    def line(self, x1: float, y1: float, x2: float, y2: float, ink: Ink = Ink.LINE) -> None:
        self.painter.setPen(self.theme.colour(ink))
        self.painter.drawLine(QPointF(x1, y1), QPointF(x2, y2))

    def text_centred(
        self,
        centre: float,
        base: float,
        words: str,
        role: TypeRole = TypeRole.BODY,
        ink: Ink = Ink.TEXT,
    ) -> None:
        """Draws one line around `centre`, with tabular figures."""
        width = self.theme.metrics(role, tabular=True).horizontalAdvance(words)
        self._draw_figures(QPointF(centre - width / 2, base), words, role, ink)

    def focus_ring(self, rect: QRectF, radius: float) -> None:
        self.rounded(rect, radius, None, Ink.FOCUS, 2)

    def text(
        self,
        x: float,
        base: float,
        words: str,
        role: TypeRole = TypeRole.BODY,
        ink: Ink = Ink.TEXT,
        *,
        width: float | None = None,
        tabular: bool = False,
    ) -> float:
        """Draws one line at its base line, elided to `width`; returns the width it took."""
        metrics = self.theme.metrics(role, tabular=tabular)
        if width is not None:
            words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(0.0, width))
        self.painter.setFont(self.theme.font(role, tabular=tabular))
        self.painter.setPen(self.theme.colour(ink))
        self.painter.drawText(QPointF(x, base), words)
        return metrics.horizontalAdvance(words)

    def text_right(
        self,
        right: float,
        base: float,
        words: str,
        role: TypeRole = TypeRole.BODY,
        ink: Ink = Ink.TEXT,
        *,
        width: float | None = None,
    ) -> float:
        """Draws one line that ends at `right`, with tabular figures; returns its width."""
        metrics = self.theme.metrics(role, tabular=True)
        if width is not None:
            words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(0.0, width))
        advance = metrics.horizontalAdvance(words)
        self._draw_figures(QPointF(right - advance, base), words, role, ink)
        return advance

    def _draw_figures(self, place: QPointF, words: str, role: TypeRole, ink: Ink) -> None:
        self.painter.setFont(self.theme.font(role, tabular=True))
        self.painter.setPen(self.theme.colour(ink))
        self.painter.drawText(place, words)

    def avatar(self, x: float, y: float, name: str, size: int) -> None:
        ratio = self.painter.device().devicePixelRatioF()
        letters = initials(name)
        ground = _AVATAR_GROUNDS[sum(map(ord, name)) % len(_AVATAR_GROUNDS)]
        face = self.theme.pixmap(
            (letters, ground, size, ratio),
            lambda: _draw_face(self.theme, letters, ground, size, ratio),
        )
        self.painter.drawPixmap(QPointF(x, y), face)


def _draw_face(theme: Theme, letters: str, ground: Ink, size: int, ratio: float) -> QPixmap:
    """A round face with letters, once for all rows that show it."""
    pixels = math.ceil(size * ratio)
    face = QPixmap(pixels, pixels)
    face.fill(Qt.GlobalColor.transparent)
    face.setDevicePixelRatio(ratio)
    rect = QRectF(0, 0, size, size)
    with Canvas.over(theme, face) as canvas:
        painter = canvas.painter
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(ground))
        painter.drawEllipse(rect)
        font = QFont(theme.font(TypeRole.CAPTION_B))
        font.setPointSizeF(font.pointSizeF() * (size / theme.mark(AVATAR)) ** 0.6)
        painter.setFont(font)
        painter.setPen(theme.colour(Ink.AV_TEXT))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, letters)
    return face


def is_focus_shown(widget: QWidget) -> bool:
    """Whether a focus ring is due: only after the keyboard was used, never after a click."""
    by_keyboard = widget.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
    return by_keyboard and widget.hasFocus()


def initials(name: str) -> str:
    """At most two letters of a name; a phone number or an unknown has "?"."""
    words = [word for word in name.split() if word[0].isalpha() or word[0] == "&"]
    return "".join(word[0] for word in words[:2]).upper() or "?"


def wrap_words(theme: Theme, text: str, role: TypeRole, width: float, lines: int) -> list[str]:
    """Greedy wrap to at most `lines` lines, the last one elided."""
    metrics = theme.metrics(role)
    done: list[str] = []
    current = ""
    words = text.split()
    for index, word in enumerate(words):
        candidate = f"{current} {word}".strip()
        if not current or metrics.horizontalAdvance(candidate) <= width:
            current = candidate
            continue
        if len(done) == lines - 1:
            current = " ".join([current, *words[index:]])
            break
        done.append(current)
        current = word
    return [*done, metrics.elidedText(current, Qt.TextElideMode.ElideRight, width)]
