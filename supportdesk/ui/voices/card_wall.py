"""Quotes in columns, each card as high as its words. Of thousands only those in sight are made.

Cards are placed one after the other where there is most room, from the top: those in sight at
once, the others in moments when there is nothing else to do.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from typing import NamedTuple

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from supportdesk.ui.rows.voices import CardSource, FixedCards, QuoteCard
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.voices.quote_card import QuoteCardButton, QuoteLook
from supportdesk.ui.week.roving import rove_to

_GAP = 12
_LEAST_EMS = 21
_STEP_SECONDS = 0.004
_AHEAD = 600
_HEIGHTS_KEPT = 20_000


class Columns(NamedTuple):
    """How many there are at a width, how wide one is, and what is between them."""

    number: int
    width: int
    gap: int


class Place(NamedTuple):
    """Where a card stands on the wall."""

    x: int
    y: int
    height: int


class CardWall(QWidget):
    """As high as all of its cards; tell it with `show_part` which part of it is in sight.

    Signals:
        chosen: Key of a quote.
        opened: Key of a quote whose source is wanted.
        came_to: A card to bring into sight: its top and its height.
    """

    chosen = Signal(str)
    opened = Signal(str)
    came_to = Signal(int, int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._source: CardSource = FixedCards()
        self._chosen = ""
        self._columns = self._columns_at_width()
        self._places: list[Place] = []
        self._bottoms: list[int] = []
        self._ends: list[int] = []
        """The lowest end of all cards up to each: it only grows."""
        self._whole = ""
        """Key of the one of which all words are shown: it was cut, and is chosen."""
        self._heights: dict[tuple[str, int, bool], tuple[QuoteCard, int]] = {}
        self._shown: dict[int, QuoteCardButton] = {}
        self._part = (0, 0)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._place_rest)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Kept words")

    def show_cards(self, source: CardSource, chosen: str) -> None:
        """Other quotes, or the same with other felt words and notes; the place stays."""
        same = self._alike(source)
        self._source = source
        self.show_chosen(chosen)
        self._begin(same)

    def show_chosen(self, chosen: str) -> None:
        """With this one something can be done; none, if it is no quote."""
        self._chosen = chosen
        for one in self._shown.values():
            one.mark_chosen(is_chosen=one.card.key == chosen)
        self._settle_tab_stop()

    def show_part(self, top: int, bottom: int) -> None:
        """This much of the wall is in sight."""
        self._part = (top, bottom)
        self._place_until(bottom + _AHEAD)
        self._show_in_sight()

    def step(self, by: int) -> None:
        """To the next card, or the one before."""
        at = self._source.index_of(self._chosen) if self._chosen else -1
        to = 0 if at < 0 else at + by
        if 0 <= to < self._source.count:
            self.go_to(to)

    def go_to(self, at: int) -> None:
        """Choose this one, bring it into sight and give it the keyboard."""
        while len(self._places) <= at:
            self._place_next()
        self._settle_height()
        place = self._places[at]
        self.came_to.emit(place.y, place.height)
        if at not in self._shown:
            self._make(at)
        self._shown[at].setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._choose(at)

    @property
    def is_finished(self) -> bool:
        """All cards have their place."""
        return len(self._places) == self._source.count

    def sizeHint(self) -> QSize:
        return QSize(200, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._begin()

    # --- places ------------------------------------------------------------------------

    def _columns_at_width(self) -> Columns:
        gap = self._theme.gap(_GAP)
        count = max(1, int((self.width() + gap) // (_LEAST_EMS * self._theme.em() + gap)))
        return Columns(count, (self.width() - (count - 1) * gap) // count, gap)

    def _alike(self, source: CardSource) -> int:
        """So many cards from the first one on are the same, and stay where they are."""
        most = min(len(self._places), source.count)
        return next(
            (at for at in range(most) if self._source.card(at) is not source.card(at)), most
        )

    def _begin(self, same: int = 0) -> None:
        """Place all cards anew from this one on."""
        had_focus = any(card.hasFocus() for card in self._shown.values())
        self._drop([at for at in self._shown if at >= same])
        del self._places[same:], self._ends[same:]
        self._columns = self._columns_at_width()
        self._bottoms = self._bottoms_of_places()
        self.show_part(*self._part)
        at = self._source.index_of(self._chosen) if had_focus else -1
        if at in self._shown:
            self._shown[at].setFocus(Qt.FocusReason.OtherFocusReason)
        if not self.is_finished:
            self._rest.start(0)

    def _bottoms_of_places(self) -> list[int]:
        count, width, gap = self._columns
        bottoms = [0] * count
        for place in self._places:
            column = place.x // (width + gap)
            bottoms[column] = max(bottoms[column], place.y + place.height + gap)
        return bottoms

    def _place_until(self, bottom: int) -> None:
        while not self.is_finished and min(self._bottoms) < bottom:
            self._place_next()
        self._settle_height()

    def _place_rest(self) -> None:
        ends_at = time.perf_counter() + _STEP_SECONDS
        while not self.is_finished and time.perf_counter() < ends_at:
            self._place_next()
        if self.is_finished:
            self._settle_height()
        else:
            self._rest.start(0)

    def _place_next(self) -> None:
        at, (_, width, gap) = len(self._places), self._columns
        height = self._height_of(self._source.card(at), width)
        column = min(range(len(self._bottoms)), key=self._bottoms.__getitem__)
        y = self._bottoms[column]
        self._bottoms[column] = y + height + gap
        self._places.append(Place(column * (width + gap), y, height))
        self._ends.append(max(self._ends[-1] if self._ends else 0, y + height))

    def _height_of(self, card: QuoteCard, width: int) -> int:
        is_whole = card.key == self._whole
        known = self._heights.get((card.key, width, is_whole))
        if known is None or known[0] is not card:
            if len(self._heights) >= _HEIGHTS_KEPT:
                self._heights.clear()
            look = QuoteLook(self._theme, card, width, is_whole=is_whole)
            known = self._heights[card.key, width, is_whole] = (card, look.height)
        return known[1]

    def _settle_height(self) -> None:
        end = self._ends[-1] if self._ends else 0
        if end != self.height():
            self.setFixedHeight(end)

    # --- cards in sight ----------------------------------------------------------------

    def _show_in_sight(self) -> None:
        top, bottom = self._part
        wanted = set(self._around(top, bottom))
        self._drop([at for at in self._shown if at not in wanted and not self._has_focus(at)])
        for at in sorted(wanted - set(self._shown)):
            self._make(at)
        self._settle_tab_stop()

    def _around(self, top: int, bottom: int) -> list[int]:
        first = bisect_left(self._ends, top - _AHEAD)
        found: list[int] = []
        for at in range(first, len(self._places)):
            place = self._places[at]
            if place.y > bottom + _AHEAD:
                break
            if place.y + place.height >= top - _AHEAD:
                found.append(at)
        return found

    def _has_focus(self, at: int) -> bool:
        return self._shown[at].hasFocus()

    def _make(self, at: int) -> None:
        place = self._places[at]
        shown = self._source.card(at)
        is_whole = shown.key == self._whole
        card = QuoteCardButton(self._theme, shown, self._columns.width, is_whole=is_whole)
        card.setParent(self)
        card.move(place.x, place.y)
        card.mark_chosen(is_chosen=card.card.key == self._chosen)
        card.chosen.connect(lambda: self._choose(at))
        card.opened.connect(lambda: self.opened.emit(card.card.key))
        card.stepped.connect(self.step)
        card.show()
        self._shown[at] = card

    def _settle_tab_stop(self) -> None:
        """Tab comes to the chosen card, else to the first in sight."""
        if self._shown:
            first = self._shown[min(self._shown)]
            chosen = (one for one in self._shown.values() if one.isChecked())
            rove_to(next(chosen, first), self._shown.values())

    def _drop(self, which: list[int]) -> None:
        for at in which:
            card = self._shown.pop(at)
            card.hide()
            card.deleteLater()

    def _choose(self, at: int) -> None:
        key = self._source.card(at).key
        self.show_chosen(key)
        if at in self._shown and self._shown[at].is_cut:
            self._whole = key
            self._begin()
        self.chosen.emit(key)
