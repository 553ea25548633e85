"""The Calls page: waiting now, past calls, and the team beside them."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

from supportdesk.ui.calls.past_panel import PastPanel
from supportdesk.ui.calls.ring_card import RingCard
from supportdesk.ui.calls.team_card import TeamCard, build_legend
from supportdesk.ui.calls.waiting_list import WaitingArea, WaitingList
from supportdesk.ui.rows import Action, ButtonRank, CallsView, Notice
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.banner import Banner
from supportdesk.ui.widgets.box import STRETCH, Box, Grow, Item, clear, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.density import Density
from supportdesk.ui.widgets.empty_card import EmptyCard
from supportdesk.ui.widgets.label import Label
from supportdesk.ui.widgets.scroll import scrolling

_TEAM_WIDTH = 276


class CallsPage(Box):
    """Takes a CallsView every second while somebody waits; only what changed is touched."""

    asked = Signal(object, str)
    chosen = Signal(str)
    filter_changed = Signal(object)
    rebuilt = Signal()

    def __init__(self, theme: Theme, density: Density) -> None:
        super().__init__(theme, Ink.PAGE)
        self._density = density
        self._view = CallsView()
        self._layers = QStackedLayout(self)
        self._board = QWidget()
        self._left = QWidget()
        self._team = QWidget()
        self._build_left()
        self._build_team()
        self._arrange()
        self._layers.addWidget(self._board)
        self._empty: EmptyCard | None = None

    def show_calls(self, view: CallsView) -> None:
        old, self._view = self._view, view
        if view.empty is not None:
            self._show_empty(view)
            return
        self._layers.setCurrentWidget(self._board)
        self._show_banner(old.banner, view.banner)
        self._show_waiting(view)
        self._past.show_past(view.past)
        self._show_team(view)

    def sections(self) -> list[QWidget]:
        if self._empty is not None and self._layers.currentWidget() is self._empty:
            return [self._empty]
        return [self._left, self._team]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._density is Density.WIDE:
            self._waiting.limit_height(self.height() // 2)

    def choose_caller(self, key: str) -> None:
        """Show who of those waiting is meant."""
        self._waiting.choose(key)

    def step(self, by: int) -> None:
        """The next or previous past call, as the founder's choice."""
        self._past.step(by)

    def open_search(self) -> None:
        self._past.open_search()

    def step_back(self, focused: QWidget | None) -> bool:
        """Esc: out of the search or of what a figure opened."""
        return self._past.step_back()

    # --- building ----------------------------------------------------------------------

    def _build_left(self) -> None:
        theme = self.theme
        self._banner_place = column(theme, gap=0)
        self._waiting_count = Label(theme, "", ink=Ink.TEXT2, tabular=True)
        self._waiting_note = Label(theme, "", TypeRole.CAPTION, Ink.TEXT2)
        self._nobody_waits = Label(theme, "", ink=Ink.TEXT2).wrapping()
        self._nobody_waits.setContentsMargins(theme.gap(14), theme.gap(10), 0, theme.gap(10))
        callers = WaitingList(theme)
        callers.asked.connect(self.asked)
        callers.chosen.connect(self.chosen)
        self._waiting = WaitingArea(callers)
        waiting_box = Box.card(theme)
        column(theme, self._waiting, self._nobody_waits, margins=(0, 4, 0, 4), inside=waiting_box)
        self._past = PastPanel(theme, self._density)
        self._past.asked.connect(self.asked)
        self._past.chosen.connect(self.chosen)
        self._past.filter_changed.connect(self.filter_changed)
        self._past.rebuilt.connect(self.rebuilt)
        column(
            theme,
            self._banner_place,
            self._heading("Waiting now", self._waiting_count, self._waiting_note),
            waiting_box,
            4,
            Grow(self._past),
            gap=8,
            inside=self._left,
        )

    def _build_team(self) -> None:
        theme = self.theme
        self._team_label = Label(theme, "", TypeRole.CAPTION_B, Ink.TEXT2)
        self._members = TeamCard(theme)
        self._no_members = Label(theme, "No members known yet.", ink=Ink.TEXT2).wrapping()
        self._ring = RingCard(theme)
        self._ring.asked.connect(self.asked)
        self._ring.rebuilt.connect(self.rebuilt)
        board = Button(theme, "Live board", ButtonRank.GHOST, icon="open", key="l", small=True)
        legend = build_legend(theme)
        heading = Label(theme, "On the phones", TypeRole.BODY_B)
        self._of_team = (heading, self._team_label, legend)
        board.clicked.connect(lambda: self.asked.emit(Action.LIVE_BOARD, ""))
        self._cannot_tell = Label(theme, "", TypeRole.CAPTION, Ink.TEXT2).wrapping()
        column(
            theme,
            row(theme, heading, STRETCH, self._team_label),
            self._members,
            self._no_members,
            legend,
            4,
            self._ring,
            self._cannot_tell,
            row(theme, board, STRETCH),
            STRETCH,
            gap=8,
            inside=self._team,
        )

    def _arrange(self) -> None:
        theme = self.theme
        if self._density is Density.WIDE:
            self._team.setFixedWidth(theme.mark(_TEAM_WIDTH))
            row(
                theme,
                Grow(self._left),
                self._team,
                gap=20,
                margins=(24, 14, 24, 16),
                inside=self._board,
            )
            return
        page = QWidget()
        column(theme, self._left, self._team, gap=20, margins=(24, 14, 24, 16), inside=page)
        column(theme, scrolling(page, "Calls"), inside=self._board)

    def _heading(self, title: str, count: Label, note: Label) -> QWidget:
        holder = QWidget()
        items: list[Item] = [Label(self.theme, title, TypeRole.BODY_B), count, STRETCH]
        if not self.theme.is_large:
            items.append(note)
        else:
            note.setParent(holder)
            note.hide()
        row(self.theme, *items, inside=holder)
        return holder

    # --- showing -----------------------------------------------------------------------

    def _show_empty(self, view: CallsView) -> None:
        if view.empty is None:
            return
        if self._empty is not None:
            self._layers.removeWidget(self._empty)
            self._empty.deleteLater()
        self._empty = EmptyCard(self.theme, view.empty)
        self._empty.asked.connect(self.asked)
        self._layers.addWidget(self._empty)
        self._layers.setCurrentWidget(self._empty)
        self.rebuilt.emit()

    def _show_banner(self, old: Notice | None, new: Notice | None) -> None:
        if old == new:
            return
        clear(self._banner_place)
        if new is not None:
            banner = Banner(self.theme, new)
            banner.asked.connect(self.asked)
            self._banner_place.addWidget(banner)

    def _show_waiting(self, view: CallsView) -> None:
        self._waiting_count.setText(str(len(view.waiting)) if view.waiting else "")
        self._waiting_note.setText(view.waiting_note)
        self._nobody_waits.setText(view.nobody_waits)
        self._nobody_waits.setVisible(not view.waiting)
        self._waiting.setVisible(bool(view.waiting))
        self._waiting.show_callers(view.waiting)

    def _show_team(self, view: CallsView) -> None:
        for part in self._of_team:
            part.setVisible(view.has_team)
        self._team_label.setText(view.team_label)
        self._team_label.set_ink(Ink.AMBER if view.is_team_full else Ink.TEXT2)
        self._members.show_members(view.members)
        self._members.setVisible(bool(view.members))
        self._no_members.setVisible(view.has_team and not view.members)
        self._ring.show_figure(view.ring_figure)
        self._cannot_tell.setText(view.cannot_tell)
        self._cannot_tell.setVisible(bool(view.cannot_tell))
