"""Twelve weeks as discs: the filled share is the share of the goal; a holiday is hollow dashes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from supportdesk.ui.rows import WeekDot
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import RADIUS_CONTROL, Ink, TypeRole
from supportdesk.ui.week.roving import rove_to
from supportdesk.ui.widgets.canvas import Canvas, is_focus_shown
from supportdesk.ui.widgets.tips import plain_tip

_DISC = 22
_STROKE = 1.5
_WEEKS = 12
_STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Home: -_WEEKS,
    Qt.Key.Key_End: _WEEKS,
}


class WeekDisc(QAbstractButton):
    """One week. Chosen = ground; the present one has its minutes in bold.

    Signals:
        stepped: So many weeks to the left or right, by keyboard.
    """

    stepped = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._week: WeekDot | None = None
        self._goal = 30.0
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    @property
    def week(self) -> WeekDot | None:
        return self._week

    def show_week(self, week: WeekDot, goal_minutes: float) -> None:
        self._week, self._goal = week, goal_minutes
        self.setAccessibleName(week.accessible_text)
        self.setAccessibleDescription("on show" if week.is_chosen else "")
        self.setToolTip(plain_tip(week.accessible_text))
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _STEPS:
            self.stepped.emit(_STEPS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        week = self._week
        if week is None:
            return
        with Canvas.over(self._theme, self) as canvas:
            ground = QRectF(self.rect())
            if week.is_chosen:
                canvas.rounded(ground, RADIUS_CONTROL, Ink.SELECTED)
            elif self.underMouse():
                canvas.rounded(ground, RADIUS_CONTROL, Ink.HOVER)
            disc = min(self._theme.mark(_DISC), self.width() - 4)
            centre = self.width() / 2
            self._paint_disc(canvas, week, QRectF(centre - disc / 2, 4, disc, disc))
            role = TypeRole.CAPTION_B if week.is_current else TypeRole.CAPTION
            ink = Ink.TEXT if week.is_current else Ink.TEXT2
            base = disc + 7 + self._theme.metrics(role).ascent()
            canvas.text_centred(centre, base, week.label, role, ink)
            if is_focus_shown(self):
                canvas.focus_ring(ground.adjusted(1, 1, -1, -1), RADIUS_CONTROL)

    # --- inside ------------------------------------------------------------------------

    def _paint_disc(self, canvas: Canvas, week: WeekDot, rect: QRectF) -> None:
        is_reached = week.minutes is not None and week.minutes >= self._goal
        if is_reached:
            canvas.rounded(rect, rect.width() / 2, Ink.ACCENT)
            size = round(rect.width() * 0.62)
            corner = rect.center().x() - size / 2, rect.center().y() - size / 2
            canvas.icon("check", Ink.ON_ACCENT, *corner, size)
            return
        is_dashed = week.is_off or week.minutes is None
        self._paint_ring(canvas, rect, Ink.EDGE if is_dashed else Ink.ACCENT, dashed=is_dashed)
        if week.minutes:
            self._paint_level(canvas, rect, week.minutes / self._goal)

    def _paint_ring(self, canvas: Canvas, rect: QRectF, ink: Ink, *, dashed: bool) -> None:
        pen = QPen(self._theme.colour(ink), _STROKE)
        if dashed:
            pen.setDashPattern([2, 2.2])
        canvas.painter.setBrush(Qt.BrushStyle.NoBrush)
        canvas.painter.setPen(pen)
        canvas.painter.drawEllipse(rect.adjusted(0.75, 0.75, -0.75, -0.75))

    def _paint_level(self, canvas: Canvas, rect: QRectF, share: float) -> None:
        inner = rect.adjusted(3.5, 3.5, -3.5, -3.5)
        height = inner.height() * share
        level = QPainterPath()
        level.addRect(QRectF(inner.x(), inner.bottom() - height, inner.width(), height))
        moon = QPainterPath()
        moon.addEllipse(inner)
        canvas.painter.setPen(Qt.PenStyle.NoPen)
        canvas.painter.setBrush(self._theme.colour(Ink.ACCENT))
        canvas.painter.drawPath(level & moon)


class WeekDots(QWidget):
    """A disc opens its week by click, arrows or Enter. Minutes stand under each."""

    week_chosen = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        caption = theme.metrics(TypeRole.CAPTION).height()
        self.setMinimumHeight(int(theme.mark(32) + caption + 6))
        self.setAccessibleName("Twelve weeks")
        self._discs = [WeekDisc(theme, self) for _ in range(_WEEKS)]
        for at, disc in enumerate(self._discs):
            disc.clicked.connect(lambda _=False, at=at: self._choose(at))
            disc.stepped.connect(lambda by, at=at: self._step(at, by))

    def show_weeks(self, weeks: Sequence[WeekDot], goal_minutes: float) -> None:
        if not weeks:
            return
        for disc, week in zip(self._discs, weeks, strict=True):
            disc.show_week(week, goal_minutes)
        chosen = (disc for disc, week in zip(self._discs, weeks, strict=True) if week.is_chosen)
        rove_to(next(chosen, self._discs[-1]), self._discs)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = self.width() / _WEEKS
        for at, disc in enumerate(self._discs):
            begin, end = round(at * width), round((at + 1) * width)
            disc.setGeometry(begin, 0, end - begin, self.height())

    # --- inside ------------------------------------------------------------------------

    def _step(self, at: int, by: int) -> None:
        """From the disc that has the keyboard, whichever week is on show."""
        wanted = max(0, min(_WEEKS - 1, at + by))
        if wanted != at:
            self._discs[wanted].setFocus()
            self._choose(wanted)

    def _choose(self, at: int) -> None:
        week = self._discs[at].week
        if week is not None:
            self.week_chosen.emit(week.start)
