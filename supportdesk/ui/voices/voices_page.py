"""The Voices page: kept words, verbatim, each with the way back to its source."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from supportdesk.domain.voices import Felt
from supportdesk.ui.rows import Action, ActionButton, EmptyView, Notice
from supportdesk.ui.rows.voices import VoicesView
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink
from supportdesk.ui.voices.card_wall import CardWall
from supportdesk.ui.voices.lessons_box import LessonsBox
from supportdesk.ui.voices.voices_head import VoicesHead
from supportdesk.ui.voices.week_words_banner import WeekWordsBanner
from supportdesk.ui.widgets.action_bar import ActionBar
from supportdesk.ui.widgets.banner import Banner
from supportdesk.ui.widgets.box import STRETCH, Box, Grow, clear, column
from supportdesk.ui.widgets.density import Density
from supportdesk.ui.widgets.empty_card import EmptyCard
from supportdesk.ui.widgets.label import Label
from supportdesk.ui.widgets.scroll import scrolling
from supportdesk.ui.widgets.tab_order import focus_first


class VoicesPage(Box):
    """Choosing a card is told as `chosen`; what can be done with it stands below the page.

    Signals:
        chosen: Key of a quote or a lesson.
        wanted: A `VoicesFilter`.
        felt_chosen: Key of a quote, and a `Felt` or None.
    """

    chosen = Signal(str)
    wanted = Signal(object)
    felt_chosen = Signal(str, object)
    asked = Signal(object, str)
    rebuilt = Signal()

    def __init__(self, theme: Theme, density: Density) -> None:
        super().__init__(theme, Ink.LIST)
        self._density = density
        self._view = VoicesView()
        self._empty: EmptyView | None = None
        self._notice: Notice | None = None
        self._actions: tuple[ActionButton, ...] = ()
        self._bar: ActionBar | None = None
        self._head = VoicesHead(theme)
        self._head.wanted.connect(self.wanted)
        self._head.entered.connect(self._enter)
        self._head.asked.connect(self.asked)
        self._head.rebuilt.connect(self.rebuilt)
        self._notice_place = column(theme, gap=0)
        self.week_words = WeekWordsBanner(theme, density)
        self.week_words.open_asked.connect(lambda: self.asked.emit(Action.OPEN_WEEK_WORDS, ""))
        self.week_words.copy_asked.connect(lambda: self.asked.emit(Action.COPY_WEEK_WORDS, ""))
        self._nothing = Label(theme, ink=Ink.TEXT2).wrapping()
        self._nothing.hide()
        self._wall = CardWall(theme)
        self._wall.chosen.connect(self.chosen)
        self._wall.opened.connect(self._open)
        self._wall.came_to.connect(self._bring_into_sight)
        self._lessons = LessonsBox(theme)
        self._lessons.chosen.connect(self.chosen)
        self._lessons.opened.connect(self._open)
        self._lessons.rebuilt.connect(self.rebuilt)
        self._empty_place = column(theme, gap=0)
        page = QWidget()
        parts = (self._notice_place, self.week_words, self._nothing, self._wall)
        column(
            theme,
            *parts,
            self._empty_place,
            STRETCH,
            self._lessons,
            gap=12,
            margins=(24, 0, 24, 16),
            inside=page,
        )
        self._scroll = scrolling(page, "Kept words")
        self._scroll.verticalScrollBar().valueChanged.connect(lambda _: self._show_part())
        self._scroll.verticalScrollBar().rangeChanged.connect(lambda *_: self._show_part())
        self._bar_place = column(theme, gap=0)
        top = QWidget()
        column(theme, self._head, margins=(24, 12, 24, 12), inside=top)
        column(theme, top, Grow(self._scroll), self._bar_place, gap=0, inside=self)

    def show_voices(self, view: VoicesView) -> None:
        was_typing = self._head.has_keyboard
        old, self._view = self._view, view
        self._head.show_view(view)
        self._show_notice(view.notice)
        self._show_empty(view.empty)
        self.week_words.show_view(view.banner)
        self._nothing.setText(view.nothing)
        self._nothing.setVisible(bool(view.nothing))
        if view.cards != old.cards:
            if view.wanted != old.wanted:
                self._scroll.verticalScrollBar().setValue(0)
            self._wall.show_cards(view.cards, view.chosen)
            self._show_part_soon()
        self._wall.show_chosen(view.chosen)
        self._lessons.show_lessons(view.lessons, view.chosen)
        self._show_actions(view.actions)
        if not was_typing:
            self._leave_field()

    def step(self, by: int) -> None:
        self._wall.step(by)

    def open_search(self) -> None:
        self._head.open_search()

    def ask(self, action: Action) -> bool:
        """By its key, if it is offered; False when it is not."""
        for one in (*self._view.actions, *self._view.buttons):
            if one.action is action and one.is_enabled:
                self.asked.emit(action, one.target)
                return True
        return False

    def toggle_felt(self, felt: Felt) -> bool:
        """How the chosen words were felt; once more takes it back. False when none are chosen."""
        at = self._view.cards.index_of(self._view.chosen)
        if at >= 0:
            card = self._view.cards.card(at)
            self.felt_chosen.emit(card.key, None if card.felt is felt else felt)
        return at >= 0

    def sections(self) -> list[QWidget]:
        bars = [self._bar] if self._bar is not None else []
        # The words first: nobody who only wants to read types into the search by accident.
        return [self._scroll, self._head, *bars]

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Qt gives the keyboard to the first field: single letters would be typed there.
        QTimer.singleShot(0, self, self._leave_field)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_part_soon()

    # --- inside ------------------------------------------------------------------------

    def _show_notice(self, notice: Notice | None) -> None:
        if notice == self._notice:
            return
        self._notice = notice
        clear(self._notice_place)
        if notice is not None:
            banner = Banner(self.theme, notice)
            banner.asked.connect(self.asked)
            self._notice_place.addWidget(banner)
        self.rebuilt.emit()

    def _show_empty(self, empty: EmptyView | None) -> None:
        if empty == self._empty:
            return
        self._empty = empty
        clear(self._empty_place)
        if empty is not None:
            card = EmptyCard(self.theme, empty)
            card.set_fill(Ink.LIST)
            card.asked.connect(self.asked)
            self._empty_place.addWidget(card)
        self.rebuilt.emit()

    def _show_actions(self, actions: tuple[ActionButton, ...]) -> None:
        if actions == self._actions:
            return
        self._actions = actions
        had_focus = self._bar is not None and self._bar.isAncestorOf(self.focusWidget() or self)
        clear(self._bar_place)
        self._bar = None
        if actions:
            self._bar = ActionBar(self.theme, actions)
            self._bar.asked.connect(self._on_action)
            self._bar_place.addWidget(self._bar)
            if had_focus:
                self._bar.show()
                focus_first(self._bar)
        self.rebuilt.emit()

    def _on_action(self, action: Action) -> None:
        self.asked.emit(action, self._view.chosen)

    def _open(self, key: str) -> None:
        self.asked.emit(Action.OPEN_SOURCE, key)

    def _leave_field(self) -> None:
        if self._head.has_keyboard and not focus_first(self._scroll):
            self._head.focus_tabs()

    def _enter(self) -> None:
        """From the search to the first of what was found."""
        if self._view.cards.count:
            self._wall.go_to(0)

    def _show_part_soon(self) -> None:
        # Once the page around it has its new height.
        QTimer.singleShot(0, self, self._show_part)

    def _show_part(self) -> None:
        value = self._scroll.verticalScrollBar().value()
        top = value - self._wall.y()
        self._wall.show_part(max(0, top), max(0, top) + self._scroll.viewport().height())

    def _bring_into_sight(self, top: int, height: int) -> None:
        gap = self.theme.gap(12)
        centre = self._wall.y() + top + height // 2
        self._scroll.ensureVisible(0, centre, 0, height // 2 + gap)
