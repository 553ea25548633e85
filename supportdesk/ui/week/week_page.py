"""The My week page: the figure, the way to the goal, days, weeks, and the spans of one day."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QTimer, Signal, SignalInstance
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from supportdesk.ui.rows import (
    COUNTED_KINDS,
    Action,
    SpanChoice,
    SpanKind,
    WeekView,
)
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.week.day_bars import DayBars
from supportdesk.ui.week.figures import FigureButton, LegendEntry
from supportdesk.ui.week.spans_box import SpansBox
from supportdesk.ui.week.talk_box import TalkBox
from supportdesk.ui.week.week_dots import WeekDots
from supportdesk.ui.week.week_head import WeekHead
from supportdesk.ui.widgets.box import STRETCH, Box, Grow, Item, column, row
from supportdesk.ui.widgets.density import Density
from supportdesk.ui.widgets.flow import flowing
from supportdesk.ui.widgets.label import Label
from supportdesk.ui.widgets.progress import Progress
from supportdesk.ui.widgets.scroll import scrolling

_SIDE_WIDTH = 356
_BARS_NARROW_HEIGHT = 240


class WeekPage(Box):
    """Every figure opens to its spans; no streaks.

    Signals:
        day_chosen: SpanChoice: which spans are wanted.
        span_chosen: The message or call of a span.
        edit_asked, delete_asked: span_id of the chosen span.
        add_asked: The day on which time is missing.
    """

    day_chosen = Signal(object)
    week_chosen = Signal(object)
    week_step = Signal(int)
    span_chosen = Signal(str)
    edit_asked = Signal(str)
    delete_asked = Signal(str)
    add_asked = Signal(object)
    undo_asked = Signal()
    export_asked = Signal()
    asked = Signal(object, str)
    rebuilt = Signal()

    def __init__(self, theme: Theme, density: Density) -> None:
        super().__init__(theme, Ink.LIST)
        self._density = density
        self._chosen_day: date | None = None
        self._scroll: QScrollArea | None = None
        self._column: QVBoxLayout | None = None
        self._are_spans_first = False
        self._head = self._build_head()
        self._build_total()
        self._chart = self._build_chart()
        self._talk_box = TalkBox(theme)
        self._talk_box.asked.connect(self.asked)
        self._talk_box.opened.connect(self.span_chosen)
        self._talk_box.rebuilt.connect(self.rebuilt)
        self._weeks_box = self._build_weeks()
        self._spans = self._build_spans()
        self._arrange()

    def show_week(self, view: WeekView) -> None:
        self._head.show_head(view)
        self._show_figure(view)
        self._of_goal.setText(f"of {view.goal_minutes:g} minutes with customers")
        self._sentence.setText(view.sentence)
        share = view.total_minutes / view.goal_minutes if view.goal_minutes else 1.0
        self._progress.set_share(share)
        self._show_legend(view)
        self._bars.show_days(view.days, _choice(view))
        self._dots.show_weeks(view.twelve_weeks, view.goal_minutes)
        self._weeks_sentence.setText(view.twelve_weeks_sentence)
        self._weeks_box.setVisible(bool(view.twelve_weeks))
        self._put_spans(is_first=view.empty is not None)
        self._talk_box.show_talk(view.talk)
        self._spans.show_spans(view)
        self._settle_correct()
        self._chosen_day = view.chosen_day

    def step(self, by: int) -> None:
        """The next or previous span, as the founder's choice."""
        self._spans.step(by)

    def correct_chosen(self) -> bool:
        """False when no span is chosen."""
        return self._ask_about_span(self.edit_asked)

    def delete_chosen(self) -> bool:
        return self._ask_about_span(self.delete_asked)

    def add(self) -> None:
        """Ask for time that is missing on the day on show."""
        self._head.add()

    def sections(self) -> list[QWidget]:
        if self._are_spans_first:
            return [self._head, self._spans, self._chart, self._talk_box, self._weeks_box]
        return [self._head, self._chart, self._talk_box, self._weeks_box, self._spans]

    # --- building ----------------------------------------------------------------------

    def _build_head(self) -> WeekHead:
        head = WeekHead(self.theme, self._density)
        head.week_step.connect(self.week_step)
        head.add_asked.connect(self.add_asked)
        head.correct_asked.connect(self.correct_chosen)
        head.export_asked.connect(self.export_asked)
        head.phone_week_asked.connect(lambda: self.asked.emit(Action.SHOW_PHONE_WEEK, ""))
        return head

    def _build_total(self) -> None:
        theme = self.theme
        self._figure = FigureButton(theme)
        self._figure.clicked.connect(lambda: self._list(SpanChoice()))
        self._of_goal = Label(theme, "", TypeRole.BODY_B).wrapping()
        self._sentence = Label(theme, "", TypeRole.CAPTION, Ink.TEXT2).wrapping()
        words = column(theme, STRETCH, self._of_goal, self._sentence, STRETCH, gap=1)
        self._progress = Progress(theme, 0, width=None, height=8)
        figure = row(theme, self._figure, 4, Grow(words), gap=6)
        self._total = column(theme, figure, self._progress, gap=8)

    def _build_chart(self) -> Box:
        theme = self.theme
        box = Box.card(theme)
        self._bars = DayBars(theme)
        self._bars.chosen.connect(self.day_chosen)
        self._bars.opened.connect(self._go_to_spans)
        self._legend = {kind: LegendEntry(theme, kind) for kind in COUNTED_KINDS}
        for kind, entry in self._legend.items():
            entry.clicked.connect(lambda _=False, kind=kind: self._choose_kind(kind))
        title = Label(theme, "By day", TypeRole.BODY_B)
        if theme.is_large:
            legend = flowing(*self._legend.values(), gap=theme.gap(4))
            head: Item = column(theme, title, legend)
        else:
            head = row(theme, title, STRETCH, row(theme, *self._legend.values(), gap=10))
        if self._density is Density.NARROW:
            self._bars.setMinimumHeight(theme.mark(_BARS_NARROW_HEIGHT))
        column(theme, head, Grow(self._bars), gap=8, margins=(16, 12, 16, 10), inside=box)
        return box

    def _build_weeks(self) -> Box:
        theme = self.theme
        box = Box.card(theme)
        self._dots = WeekDots(theme)
        self._dots.week_chosen.connect(self.week_chosen)
        self._weeks_sentence = Label(theme, "", TypeRole.CAPTION, Ink.TEXT2)
        title = Label(theme, "12 weeks", TypeRole.BODY_B)
        if theme.is_large:
            head: Item = column(theme, title, self._weeks_sentence)
        else:
            head = row(theme, title, STRETCH, self._weeks_sentence)
        column(theme, head, self._dots, gap=8, margins=(16, 12, 12, 10), inside=box)
        return box

    def _build_spans(self) -> SpansBox:
        box = SpansBox(self.theme, self._density)
        box.opened.connect(self.span_chosen)
        box.edit_asked.connect(self.edit_asked)
        box.chosen.connect(self._settle_correct)
        box.all_asked.connect(lambda: self._choose_kind(None))
        box.undo_asked.connect(self.undo_asked)
        box.asked.connect(self._on_asked)
        box.rebuilt.connect(self.rebuilt)
        return box

    def _arrange(self) -> None:
        theme = self.theme
        if self._density is Density.NARROW:
            page = QWidget()
            cards = (self._chart, self._talk_box, self._weeks_box, self._spans)
            self._column = column(
                theme,
                self._head,
                self._total,
                *cards,
                STRETCH,
                gap=14,
                margins=(24, 12, 24, 20),
                inside=page,
            )
            self._scroll = scrolling(page, "My week")
            column(theme, self._scroll, inside=self)
            return
        side = QWidget()
        side.setFixedWidth(theme.mark(_SIDE_WIDTH))
        column(theme, Grow(self._talk_box), self._weeks_box, gap=12, inside=side)
        column(
            theme,
            self._head,
            self._total,
            row(theme, Grow(self._chart), side, gap=12),
            Grow(self._spans),
            gap=12,
            margins=(24, 12, 24, 16),
            inside=self,
        )

    # --- showing -----------------------------------------------------------------------

    def _put_spans(self, *, is_first: bool) -> None:
        """Where all is one column, an empty chart would stand before what there is to do."""
        if self._column is None or is_first is self._are_spans_first:
            return
        self._are_spans_first = is_first
        self._column.removeWidget(self._spans)
        at = self._column.indexOf(self._chart if is_first else self._weeks_box)
        self._column.insertWidget(at if is_first else at + 1, self._spans)
        self.rebuilt.emit()

    def _settle_correct(self) -> None:
        self._head.set_correct_possible(bool(self._spans.chosen_span))

    def _show_figure(self, view: WeekView) -> None:
        name = f"{view.total_label} of {view.goal_minutes:g} minutes with customers"
        self._figure.show_figure(view.total_label, name, "Show all spans of the week")

    def _show_legend(self, view: WeekView) -> None:
        for kind, entry in self._legend.items():
            minutes = sum(dict(day.by_kind)[kind] for day in view.days)
            is_chosen = view.chosen_day is None and view.chosen_kind is kind
            entry.show_sum(minutes, is_chosen=is_chosen)

    # --- choosing ----------------------------------------------------------------------

    def _choose_kind(self, kind: SpanKind | None) -> None:
        """One kind of the whole week, or all kinds of what is on show."""
        day = self._chosen_day if kind is None else None
        self._list(SpanChoice(day=day, kind=kind))

    def _list(self, choice: SpanChoice) -> None:
        """Spans of a figure that is far from them on a narrow page."""
        self.day_chosen.emit(choice)
        self._bring_spans_to_sight()

    def _bring_spans_to_sight(self) -> None:
        # Once the list has the height of its new rows.
        if self._scroll is not None:
            QTimer.singleShot(0, self, self._scroll_to_spans)

    def _scroll_to_spans(self) -> None:
        if self._scroll is not None:
            self._scroll.verticalScrollBar().setValue(self._spans.y())

    def _go_to_spans(self) -> None:
        if self._spans.take_keyboard():
            self._bring_spans_to_sight()

    def _ask_about_span(self, told: SignalInstance) -> bool:
        span = self._spans.chosen_span
        if span:
            told.emit(span)
        return bool(span)

    def _on_asked(self, action: Action, target: str) -> None:
        if action is Action.UNDO_CORRECTION:
            self.undo_asked.emit()
        else:
            self.asked.emit(action, target)


def _choice(view: WeekView) -> SpanChoice:
    return SpanChoice(day=view.chosen_day, kind=view.chosen_kind)
