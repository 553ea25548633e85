"""The live strip: one line on top that says how the desk stands, and one button."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from supportdesk.ui.rows import (
    Action,
    ActionButton,
    ProgressView,
    StripKind,
    StripSegment,
    StripView,
    Tone,
)
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import RADIUS_CONTROL, STRIP_HEIGHT, Ink
from supportdesk.ui.widgets.box import Box, Edge, Grow, Item, clear, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.canvas import Canvas
from supportdesk.ui.widgets.flow import DOT, flowing
from supportdesk.ui.widgets.label import Icon, Label
from supportdesk.ui.widgets.progress import Progress
from supportdesk.ui.widgets.segments import FigureSegment, Segments, segment_parts
from supportdesk.ui.widgets.tips import plain_tip


class _Look(NamedTuple):
    icon: str
    ink: Ink
    ground: Ink


_LOOKS = {
    StripKind.QUIET: _Look("check", Ink.ACCENT, Ink.RAIL),
    StripKind.LIFTED: _Look("lift", Ink.AMBER, Ink.RAIL),
    StripKind.WAITING: _Look("phone-ring", Ink.AMBER, Ink.RAIL),
    StripKind.YOURS: _Look("phone-ring", Ink.AMBER, Ink.AMBER_BG),
    StripKind.PAUSED: _Look("pause", Ink.TEXT2, Ink.RAIL),
    StripKind.DEAF: _Look("deaf", Ink.BRICK, Ink.BRICK_BG),
}
_STARTING = StripView(
    kind=StripKind.QUIET, segments=(StripSegment(text="Starting", tone=Tone.MUTED),)
)


class WeekFigure(QAbstractButton):
    """The minutes of the week: a click shows what they are made of.

    Tab passes it by, for the way to My week by keyboard is its key and the rail.
    """

    def __init__(self, theme: Theme, view: ProgressView) -> None:
        super().__init__()
        self._theme = theme
        self._progress = Progress(theme, 0.0)
        self._label = Label(theme, "", ink=Ink.TEXT2, tabular=True)
        row(theme, self._progress, self._label, gap=8, margins=(6, 2, 6, 2), inside=self)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(plain_tip("Show the minutes of this week"))
        self.show_progress(view)

    def show_progress(self, view: ProgressView) -> None:
        self._progress.set_share(view.minutes / view.goal_minutes)
        self._label.setText(view.label)
        self.setAccessibleName(view.label)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.underMouse():
            with Canvas.over(self._theme, self) as canvas:
                canvas.rounded(QRectF(self.rect()), RADIUS_CONTROL, Ink.HOVER)


class LiveStrip(Box):
    """Ticks in place: labels change, buttons stay, so the keyboard never loses its place."""

    asked = Signal(object, str)
    rebuilt = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, Ink.RAIL, edges=Edge.BOTTOM)
        self.setMinimumHeight(STRIP_HEIGHT)
        self.setObjectName("live-strip")
        vertical = 5 if not theme.is_large else 8
        self._row = row(theme, gap=8, margins=(16, vertical, 14, vertical), inside=self)
        self._view: StripView | None = None
        self._sentence = QWidget()
        self._week: WeekFigure | None = None
        self._buttons: dict[ActionButton, Button] = {}
        self.show_strip(_STARTING)

    def show_strip(self, view: StripView) -> None:
        old, self._view = self._view, view
        if old == view:
            return
        self.setAccessibleName(f"Live strip: {', '.join(s.text for s in view.segments)}")
        if old is not None and _shape(old) == _shape(view):
            self._tick(view)
        else:
            self._build(view)

    # --- inside ------------------------------------------------------------------------

    def _tick(self, view: StripView) -> None:
        labels = [label for label in self._sentence.findChildren(Label) if label.text() != DOT]
        for label, segment in zip(labels, view.segments, strict=True):
            label.setText(segment.text)
            holder = label.parentWidget()
            if isinstance(holder, FigureSegment):
                holder.setAccessibleName(segment.text)
        if view.progress and self._week:
            self._week.show_progress(view.progress)

    def _build(self, view: StripView) -> None:
        focused = next((a.action for a, b in self._buttons.items() if b.hasFocus()), None)
        clear(self._row)
        look = _LOOKS[view.kind]
        self.set_fill(look.ground)
        self._sentence = self._build_sentence(view, Icon(self.theme, look.icon, look.ink, 20))
        items: list[Item] = [Grow(self._sentence)]
        items += self._build_week(view)
        self._buttons = {action: self._build_button(action) for action in view.buttons}
        items += self._buttons.values()
        for item in items:
            if isinstance(item, Grow):
                self._row.addWidget(self._sentence, 1)
            elif isinstance(item, QWidget):
                self._row.addWidget(item)
        self._row.setAlignment(self._sentence, Qt.AlignmentFlag.AlignVCenter)
        self._restore_focus(focused)
        self.rebuilt.emit()

    def _build_sentence(self, view: StripView, icon: Icon) -> QWidget:
        if self.theme.is_large:
            parts = segment_parts(self.theme, view.segments)
            sentence = flowing(icon, *parts, gap=self.theme.gap(8))
        else:
            sentence = Segments(self.theme, icon, view.segments)
        for figure in sentence.findChildren(FigureSegment):
            opens, target = figure.segment.opens, figure.segment.target
            figure.clicked.connect(lambda _=False, a=opens, t=target: self.asked.emit(a, t))
        return sentence

    def _build_week(self, view: StripView) -> list[Item]:
        self._week = None
        if view.progress is None:
            return []
        self._week = WeekFigure(self.theme, view.progress)
        self._week.clicked.connect(lambda: self.asked.emit(Action.SHOW_WEEK, ""))
        return [self._week]

    def _build_button(self, action: ActionButton) -> Button:
        button = Button.for_action(self.theme, action)
        button.clicked.connect(lambda: self.asked.emit(action.action, action.target))
        return button

    def _restore_focus(self, focused: Action | None) -> None:
        for action, button in self._buttons.items():
            if action.action is focused:
                button.setFocus()


def _shape(view: StripView) -> tuple[object, ...]:
    """What must be built anew when it changes; words alone are only set."""
    parts = tuple((one.tone, one.opens, one.target) for one in view.segments)
    return view.kind, parts, view.buttons, view.progress is None
