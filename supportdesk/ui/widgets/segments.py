"""The strip's sentence. Short of room it drops whole segments, never half a word."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from supportdesk.ui.rows import StripSegment, Tone
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import RADIUS_CONTROL, Ink, TypeRole
from supportdesk.ui.widgets.box import STRETCH, row
from supportdesk.ui.widgets.canvas import Canvas
from supportdesk.ui.widgets.flow import DOT
from supportdesk.ui.widgets.label import TONE_INKS, Icon, Label
from supportdesk.ui.widgets.tips import plain_tip

_BOLD_TONES = (Tone.STRONG, Tone.AMBER, Tone.BRICK)


class FigureSegment(QAbstractButton):
    """A part that opens what its figure is made of.

    Tab passes it by, for the way there by keyboard is the key of the page and the rail.
    """

    def __init__(self, theme: Theme, segment: StripSegment, label: Label) -> None:
        super().__init__()
        self._theme = theme
        self.segment = segment
        self._line = row(theme, label, margins=(0, 2, 0, 2), inside=self)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(segment.text)
        self.setToolTip(plain_tip("Show them"))

    def sizeHint(self) -> QSize:
        return self._line.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.underMouse():
            with Canvas.over(self._theme, self) as canvas:
                canvas.rounded(QRectF(self.rect()), RADIUS_CONTROL, Ink.HOVER)


def segment_parts(theme: Theme, segments: Sequence[StripSegment]) -> list[QWidget]:
    """Labels, or buttons with one, and dots between them; loud tones are set in 600."""
    parts: list[QWidget] = []
    for segment in segments:
        if parts:
            parts.append(Label(theme, DOT, ink=Ink.TEXT2))
        role = TypeRole.BODY_B if segment.tone in _BOLD_TONES else TypeRole.BODY
        label = Label(theme, segment.text, role, TONE_INKS[segment.tone], tabular=True)
        opens = segment.opens is not None
        parts.append(FigureSegment(theme, segment, label) if opens else label)
    return parts


class Segments(QWidget):
    """One line: an icon, then segments from the left as long as whole ones fit."""

    def __init__(self, theme: Theme, icon: Icon, segments: Sequence[StripSegment]) -> None:
        super().__init__()
        self._gap = theme.gap(8)
        self._parts: list[QWidget] = [icon, *segment_parts(theme, segments)]
        row(theme, *self._parts, STRETCH, gap=8, inside=self)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:
        tallest = max(part.sizeHint().height() for part in self._parts)
        return QSize(120, tallest)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        x = 0
        is_cut = False
        for index, part in enumerate(self._parts):
            needed = self._width_of(part)
            is_dot = isinstance(part, Label) and part.text() == DOT
            with_next = needed + (self._width_of(self._parts[index + 1]) if is_dot else 0)
            is_cut = is_cut or x + with_next - self._gap > self.width()
            part.setVisible(not is_cut)
            x += needed

    def _width_of(self, part: QWidget) -> int:
        return max(part.sizeHint().width(), part.minimumWidth()) + self._gap
