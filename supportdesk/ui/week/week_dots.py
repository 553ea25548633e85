"""Twelve weeks as discs: the filled share is the share of the goal; a holiday is hollow dashes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from supportdesk.ui.rows import WeekDot
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import RADIUS_CONTROL, Ink, TypeRole
from supportdesk.ui.widgets.canvas import Canvas, is_focus_shown

_DISC = 22
_STROKE = 1.5


class WeekDots(QWidget):
    """Click a disc to open its week. Minutes stand under each."""

    week_chosen = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._weeks: tuple[WeekDot, ...] = ()
        self._goal = 30.0
        caption = theme.metrics(TypeRole.CAPTION).height()
        self.setMinimumHeight(int(theme.mark(30) + caption + 6))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_weeks(self, weeks: Sequence[WeekDot], goal_minutes: float) -> None:
        self._weeks = tuple(weeks)
        self._goal = goal_minutes
        self.setAccessibleName("Twelve weeks: " + ", ".join(_minutes(week) for week in weeks))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with Canvas.over(self._theme, self) as canvas:
            for position, week in enumerate(self._weeks):
                self._paint_week(canvas, position, week)
            if is_focus_shown(self):
                canvas.focus_ring(QRectF(self.rect()), RADIUS_CONTROL)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        position = int(event.position().x() // self._step())
        if 0 <= position < len(self._weeks):
            self.week_chosen.emit(self._weeks[position].start)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        position = next((at for at, week in enumerate(self._weeks) if week.is_current), None)
        if step is None or position is None:
            super().keyPressEvent(event)
        elif 0 <= position + step < len(self._weeks):
            self.week_chosen.emit(self._weeks[position + step].start)

    def helpEvent(self, event: QHelpEvent) -> None:
        position = int(event.pos().x() // self._step())
        if 0 <= position < len(self._weeks):
            QToolTip.showText(event.globalPos(), self._weeks[position].label, self)

    def _step(self) -> float:
        return self.width() / max(1, len(self._weeks))

    def _paint_week(self, canvas: Canvas, position: int, week: WeekDot) -> None:
        disc = min(self._theme.mark(_DISC), self._step() - 6)
        centre = self._step() * (position + 0.5)
        rect = QRectF(centre - disc / 2, 3, disc, disc)
        if week.minutes is None:
            self._paint_off(canvas, rect)
        elif week.minutes >= self._goal:
            canvas.rounded(rect, disc / 2, Ink.ACCENT)
            size = round(disc * 0.62)
            top = rect.center().y() - size / 2
            canvas.icon("check", Ink.ON_ACCENT, centre - size / 2, top, size)
        else:
            self._paint_level(canvas, rect, week.minutes / self._goal)
        words = _minutes(week)
        role = TypeRole.CAPTION_B if week.is_current else TypeRole.CAPTION
        ink = Ink.TEXT if week.is_current else Ink.TEXT2
        base = disc + 6 + self._theme.metrics(role).ascent()
        canvas.text_centred(centre, base, words, role, ink)

    def _paint_off(self, canvas: Canvas, rect: QRectF) -> None:
        pen = QPen(self._theme.colour(Ink.EDGE), _STROKE)
        pen.setDashPattern([2, 2.2])
        canvas.painter.setBrush(Qt.BrushStyle.NoBrush)
        canvas.painter.setPen(pen)
        canvas.painter.drawEllipse(rect.adjusted(1, 1, -1, -1))

    def _paint_level(self, canvas: Canvas, rect: QRectF, share: float) -> None:
        painter = canvas.painter
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._theme.colour(Ink.ACCENT), _STROKE))
        painter.drawEllipse(rect.adjusted(0.75, 0.75, -0.75, -0.75))
        inner = rect.adjusted(3.5, 3.5, -3.5, -3.5)
        height = inner.height() * share
        level = QPainterPath()
        level.addRect(QRectF(inner.x(), inner.bottom() - height, inner.width(), height))
        moon = QPainterPath()
        moon.addEllipse(inner)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour(Ink.ACCENT))
        painter.drawPath(level & moon)


def _minutes(week: WeekDot) -> str:
    return week.label or ("off" if week.minutes is None else f"{week.minutes:.0f}")
