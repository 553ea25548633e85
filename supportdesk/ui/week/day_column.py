"""One day of the bars: its minutes stacked by kind; a button, for the keyboard and when spoken."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from supportdesk.ui.rows import DayBar, SpanChoice, SpanKind
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import RADIUS_CARD, Ink, TypeRole
from supportdesk.ui.week.texture import paint_texture
from supportdesk.ui.widgets.canvas import Canvas, is_focus_shown
from supportdesk.ui.widgets.tips import plain_tip

_WIDEST_BAR = 44
_GAP = 2
_LEAST_SEGMENT = 4.0
_DIM = 0.3
_SIDE = 3
_STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Home: -7,
    Qt.Key.Key_End: 7,
}


class BarScale(NamedTuple):
    """Where the base line of all bars is, and how high a minute."""

    bottom: float
    per_minute: float


class DayColumn(QAbstractButton):
    """A click opens the day, a click on a segment only its kind.

    Signals:
        chosen: SpanChoice.
        stepped: So many days to the left or right, by keyboard.
        opened: The founder wants to go on in the spans.
    """

    chosen = Signal(object)
    stepped = Signal(int)
    opened = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._day: DayBar | None = None
        self._scale = BarScale(0, 0)
        self._choice = SpanChoice()
        self._pressed_kind: SpanKind | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.clicked.connect(self._on_clicked)

    @property
    def is_chosen(self) -> bool:
        return self._day is not None and self._choice.day == self._day.day

    def show_day(self, day: DayBar, choice: SpanChoice) -> None:
        """The bar, and what of the week is chosen."""
        self._day, self._choice = day, choice
        self.setEnabled(not day.is_future)
        shape = Qt.CursorShape.ArrowCursor if day.is_future else Qt.CursorShape.PointingHandCursor
        self.setCursor(shape)
        self.setAccessibleName(day.accessible_text)
        self.setAccessibleDescription("on show" if self.is_chosen else "")
        self.update()

    def use_scale(self, scale: BarScale) -> None:
        self._scale = scale
        self.update()

    # --- Qt ----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._day is None:
            return
        with Canvas.over(self._theme, self) as canvas:
            self._paint_ground(canvas)
            top = self._paint_bar(canvas)
            self._paint_total(canvas, self._day, top)
            self._paint_names(canvas, self._day)
            if is_focus_shown(self):
                canvas.focus_ring(self._ground().adjusted(1, 1, -1, -1), RADIUS_CARD)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_kind = self._kind_at(event.position().y())
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if self._day is not None:
            kind = self._kind_at(event.position().y())
            minutes = dict(self._day.by_kind)
            words = f"{kind.value} {minutes[kind]:.1f} min" if kind else self._day.accessible_text
            self.setToolTip(plain_tip(words))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _STEPS:
            self.stepped.emit(_STEPS[key])
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._step_kind(1 if key == Qt.Key.Key_Up else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not self.is_chosen:
                self.choose()
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    # --- choosing ----------------------------------------------------------------------

    def choose(self, kind: SpanKind | None = None) -> None:
        if self._day is not None and not self._day.is_future:
            self.chosen.emit(SpanChoice(day=self._day.day, kind=kind))

    def _on_clicked(self) -> None:
        kind, self._pressed_kind = self._pressed_kind, None
        self.choose(kind)

    def _step_kind(self, by: int) -> None:
        """Up and down the bar: the whole day, then kind by kind from the base line."""
        kinds = [None, *(kind for kind, _ in self._segments())]
        now = self._choice.kind if self.is_chosen else None
        at = kinds.index(now) + by if now in kinds else 0
        if 0 <= at < len(kinds):
            self.choose(kinds[at])

    def _kind_at(self, y: float) -> SpanKind | None:
        found = (kind for kind, place in self._segments() if place.top() <= y <= place.bottom())
        return next(found, None)

    # --- where things are --------------------------------------------------------------

    def _ground(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_SIDE, 0, -_SIDE, 0)

    def _segments(self) -> Iterator[tuple[SpanKind, QRectF]]:
        """From the base line up."""
        if self._day is None:
            return
        width = min(self._theme.mark(_WIDEST_BAR), self.width() * 0.56)
        x, y = (self.width() - width) / 2, self._scale.bottom
        for kind, minutes in self._day.by_kind:
            if minutes > 0:
                height = max(_LEAST_SEGMENT, minutes * self._scale.per_minute - _GAP)
                yield kind, QRectF(x, y - height, width, height)
                y -= height + _GAP

    # --- painting ----------------------------------------------------------------------

    def _paint_ground(self, canvas: Canvas) -> None:
        ground, bottom = self._ground(), self._scale.bottom
        if self.is_chosen:
            canvas.rounded(ground, RADIUS_CARD, Ink.SELECTED)
        elif self.underMouse() and self.isEnabled():
            canvas.rounded(ground, RADIUS_CARD, Ink.HOVER)
        else:
            return
        canvas.line(ground.left(), bottom, ground.right(), bottom, Ink.EDGE)

    def _paint_bar(self, canvas: Canvas) -> float:
        """Returns the top of the stack; while one kind is chosen the others stand back."""
        top = self._scale.bottom
        kind_of_all = self._choice.kind if self._choice.day is None or self.is_chosen else None
        for kind, place in self._segments():
            canvas.painter.setOpacity(1.0 if kind_of_all in (None, kind) else _DIM)
            paint_texture(canvas, place, kind)
            top = place.top() - _GAP
        canvas.painter.setOpacity(1.0)
        return top

    def _paint_total(self, canvas: Canvas, day: DayBar, top: float) -> None:
        centre = self.width() / 2
        if day.total_minutes > 0:
            words = f"{day.total_minutes:.1f}"
            canvas.text_centred(centre, top - 6, words, TypeRole.CAPTION_B, Ink.TEXT)
        elif not day.is_future:
            words = "off" if day.is_holiday else "0"
            canvas.text_centred(centre, top - 6, words, TypeRole.CAPTION, Ink.TEXT3)

    def _paint_names(self, canvas: Canvas, day: DayBar) -> None:
        metrics = self._theme.metrics(TypeRole.CAPTION)
        role = TypeRole.CAPTION_B if self.is_chosen else TypeRole.CAPTION
        ink = Ink.TEXT3 if day.is_future else Ink.TEXT2
        ink = Ink.ACCENT_TEXT if self.is_chosen else ink
        base = self._scale.bottom + 6 + metrics.ascent()
        centre = self.width() / 2
        canvas.text_centred(centre, base, day.weekday, role, ink)
        canvas.text_centred(centre, base + metrics.height(), day.number, role, ink)
