"""The My week page: the figure, the way to the goal, days, weeks, and the spans of one day."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from supportdesk.ui.rows import ButtonRank, SpanKind, TalkCard, WeekView
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.week.day_bars import DayBars
from supportdesk.ui.week.span_delegate import SpanDelegate
from supportdesk.ui.week.texture import LegendEntry
from supportdesk.ui.week.week_dots import WeekDots
from supportdesk.ui.widgets.box import STRETCH, Box, Grow, Item, clear, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.density import Density
from supportdesk.ui.widgets.flow import flowing
from supportdesk.ui.widgets.label import Label
from supportdesk.ui.widgets.progress import Progress
from supportdesk.ui.widgets.row_list import RowList
from supportdesk.ui.widgets.scroll import scrolling

_SIDE_WIDTH = 356
_BARS_NARROW_HEIGHT = 240


class WeekPage(Box):
    """Every figure opens to its spans; no streaks."""

    day_chosen = Signal(object)
    week_chosen = Signal(object)
    week_step = Signal(int)
    span_chosen = Signal(str)
    asked = Signal(object, str)
    rebuilt = Signal()

    def __init__(self, theme: Theme, density: Density) -> None:
        super().__init__(theme, Ink.LIST)
        self._density = density
        self._talk_shown: TalkCard | None = None
        self._legend_shown: tuple[str, ...] = ()
        self._build_head()
        self._build_total()
        self._chart = self._build_chart()
        self._talk_box = Box.card(theme)
        self._talk_place = column(theme, gap=3, margins=(16, 12, 16, 12), inside=self._talk_box)
        self._weeks_box = self._build_weeks()
        self._spans_box = self._build_spans()
        self._arrange()

    def show_week(self, view: WeekView) -> None:
        self._bounds.setText(view.bounds_label)
        self._later.set_possible(view.has_later_week, "This is the current week.")
        self._figure.setText(view.total_label)
        self._of_goal.setText(f"of {view.goal_minutes:g} minutes with customers")
        self._sentence.setText(view.sentence)
        share = view.total_minutes / view.goal_minutes if view.goal_minutes else 1.0
        self._progress.set_share(share)
        self._show_legend(view)
        self._bars.show_days(view.days, view.chosen_day)
        self._dots.show_weeks(view.twelve_weeks, view.goal_minutes)
        self._weeks_sentence.setText(view.twelve_weeks_sentence)
        self._weeks_box.setVisible(bool(view.twelve_weeks))
        self._show_talk(view.talk)
        self._day_title.setText(view.chosen_title)
        self._day_sentence.setText(view.chosen_sentence)
        self._nothing.setText(view.nothing_counted)
        self._nothing.setVisible(not view.spans)
        self._spans_hint.setText("every minute opens its message" if view.spans else "")
        self._spans.show_rows(view.spans)
        if self._density is Density.NARROW:
            self._spans.setFixedHeight(self._spans_height(view))

    def sections(self) -> list[QWidget]:
        return [self._head, self._chart, self._talk_box, self._weeks_box, self._spans_box]

    # --- building ----------------------------------------------------------------------

    def _build_head(self) -> None:
        theme = self.theme
        self._head = QWidget()
        self._bounds = Label(theme, "", ink=Ink.TEXT2)
        before = Button(theme, rank=ButtonRank.GHOST, icon="left", hint="Week before")
        before.clicked.connect(lambda: self.week_step.emit(-1))
        self._later = Button(theme, rank=ButtonRank.GHOST, icon="right", hint="Week after")
        self._later.clicked.connect(lambda: self.week_step.emit(1))
        title = Label(theme, "My week", TypeRole.TITLE)
        items: list[Item] = [title, 6, self._bounds, before, self._later, STRETCH]
        row(theme, *items, gap=4, inside=self._head)

    def _build_total(self) -> None:
        theme = self.theme
        self._figure = Label(theme, "", TypeRole.FIGURE)
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
        self._bars.day_chosen.connect(self.day_chosen)
        self._legend_place = row(theme, gap=14)
        title = Label(theme, "By day", TypeRole.BODY_B)
        if theme.is_large:
            head: Item = column(theme, title, self._legend_place)
        else:
            head = row(theme, title, STRETCH, self._legend_place)
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

    def _build_spans(self) -> Box:
        theme = self.theme
        box = Box.card(theme)
        self._day_title = Label(theme, "", TypeRole.BODY_B)
        self._day_sentence = Label(theme, "", ink=Ink.TEXT2, tabular=True)
        hint = Label(theme, "", TypeRole.CAPTION, Ink.TEXT3)
        self._spans_hint = hint
        margins = (16, 12, 16, 4)
        if theme.is_large or self._density is Density.NARROW:
            hint.setParent(box)
            hint.hide()
            head: Item = column(
                theme, self._day_title, self._day_sentence.wrapping(), margins=margins
            )
        else:
            head = row(theme, self._day_title, self._day_sentence, STRETCH, hint, margins=margins)
        self._nothing = Label(theme, "", ink=Ink.TEXT2).wrapping()
        self._nothing.setContentsMargins(theme.gap(16), 0, theme.gap(16), theme.gap(8))
        self._spans = RowList("Spans of the chosen day")
        self._spans_look = SpanDelegate(theme, self._spans)
        self._spans.setItemDelegate(self._spans_look)
        self._spans.activated_row.connect(self.span_chosen)
        column(
            theme, head, self._nothing, Grow(self._spans), gap=0, margins=(0, 0, 0, 4), inside=box
        )
        return box

    def _arrange(self) -> None:
        theme = self.theme
        if self._density is Density.NARROW:
            page = QWidget()
            cards = (self._chart, self._talk_box, self._weeks_box, self._spans_box)
            column(
                theme,
                self._head,
                self._total,
                *cards,
                STRETCH,
                gap=14,
                margins=(24, 12, 24, 20),
                inside=page,
            )
            column(theme, scrolling(page, "My week"), inside=self)
            return
        side = QWidget()
        side.setFixedWidth(theme.mark(_SIDE_WIDTH))
        column(theme, Grow(self._talk_box), self._weeks_box, gap=12, inside=side)
        column(
            theme,
            self._head,
            self._total,
            row(theme, Grow(self._chart), side, gap=12),
            Grow(self._spans_box),
            gap=12,
            margins=(24, 12, 24, 16),
            inside=self,
        )

    # --- showing -----------------------------------------------------------------------

    def _spans_height(self, view: WeekView) -> int:
        heights = [self._spans_look.row_height(span, self.width()) for span in view.spans]
        return int(sum(int(height) for height in heights)) + 4 if heights else 0

    def _show_legend(self, view: WeekView) -> None:
        sums = {
            SpanKind.READ: sum(day.read_minutes for day in view.days),
            SpanKind.REPLY: sum(day.reply_minutes for day in view.days),
            SpanKind.TALK: sum(day.talk_minutes for day in view.days),
        }
        labels = tuple(f"{kind.value} {minutes:.1f}" for kind, minutes in sums.items())
        if labels == self._legend_shown:
            return
        self._legend_shown = labels
        clear(self._legend_place)
        entries = [
            LegendEntry(self.theme, kind, label) for kind, label in zip(sums, labels, strict=True)
        ]
        if self.theme.is_large:
            self._legend_place.addWidget(flowing(*entries, gap=self.theme.gap(14)), 1)
            return
        for entry in entries:
            self._legend_place.addWidget(entry)

    def _show_talk(self, card: TalkCard | None) -> None:
        if card == self._talk_shown:
            return
        self._talk_shown = card
        self._talk_box.setVisible(card is not None)
        clear(self._talk_place)
        if card is None:
            return
        theme, place = self.theme, self._talk_place
        title = "Days since you last talked to a customer"
        place.addWidget(Label(theme, title, TypeRole.BODY_B).wrapping())
        sentence = Label(theme, card.sentence, TypeRole.CAPTION, Ink.TEXT2).wrapping()
        place.addLayout(
            row(theme, Label(theme, card.days, TypeRole.FIGURE), 6, Grow(sentence), gap=6)
        )
        if card.button is not None:
            action = card.button
            button = Button.for_action(theme, action, small=True)
            button.clicked.connect(lambda: self.asked.emit(action.action, action.target))
            place.addLayout(row(theme, -2, button, STRETCH))
        if card.note:
            place.addWidget(Label(theme, card.note, TypeRole.CAPTION, Ink.TEXT2).wrapping())
        place.addStretch(1)
        self.rebuilt.emit()
