"""The column of the morning scroll: pieces one below the other, of which only those near are built.

What lies ahead is built while nobody waits, so that moving on only scrolls; what was left far
behind is taken down. Whatever is built, taken down or grows, what is in view stays where it is.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from supportdesk.ui.morning.end_card import BELOW_HEAD, BELOW_PIECE, EndCard
from supportdesk.ui.morning.piece import SIDE, MorningPiece
from supportdesk.ui.rows.morning import InView, MorningView
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import READING_WIDTH, TypeRole

_BUILD_MS = 15
"""The frame after a move comes first."""
_SETTLED_MS = 120
_AHEAD = 2.0
"""So many heights of the window are built before they are needed."""
_FAR = 6.0
"""What is further away is taken down."""
_EDGE = 2
_RULE = 1
"""The line above a piece: at the top of the page there is one already."""
_END_AT = 0.4
"""So far down the page the card of the end stands."""
_LINES_THAT_COUNT = 3
"""With less left of a piece at the top, the one below it is read."""


class MorningColumn(QScrollArea):
    """Shows one `MorningView`; the same scroll again keeps its place.

    Signals:
        came_in_view: Key of the piece that is read now, "" for the end; at once.
        settled: The same as an `InView`, once the founder has stopped there.
        scrolled: The founder moves.
    """

    asked = Signal(object, str)
    link_asked = Signal(str, str)
    zoom_asked = Signal(int)
    selection_made = Signal()
    felt_chosen = Signal(str, object)
    undo_asked = Signal(str)
    came_in_view = Signal(str)
    settled = Signal(object)
    scrolled = Signal()
    rebuilt = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._view: MorningView | None = None
        self._keys: tuple[str, ...] = ()
        self._first = 0
        self._built: list[MorningPiece | EndCard] = []
        self._in_view = -1
        self._chosen = -1
        self._is_arranging = False
        self._told: InView | None = None
        self.setAccessibleName("Morning scroll")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # What is not built has no height yet: a bar would lie.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self._body = _Body(self)
        self.setWidget(self._body)
        self._body.setAutoFillBackground(False)
        self._building = self._timer(_BUILD_MS, self._build_near)
        self._settling = self._timer(_SETTLED_MS, self.settle)
        self.verticalScrollBar().valueChanged.connect(lambda _: self._moved())

    def _timer(self, milliseconds: int, act: object) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(act)
        return timer

    # --- what is shown -----------------------------------------------------------------

    def show_view(self, view: MorningView) -> None:
        old, self._view = self._view, view
        before, self._keys = self._keys, view.pieces.keys
        if old is None or old.name != view.name:
            self._begin_at(self._start_of(view))
            return
        if before == self._keys:
            self._show_end(view)
            return
        gone = self._keys[: len(before)] != before
        here = self._key_at(before, self._in_view)
        if gone:
            self._begin_at(self._place_of(here))
            return
        # News joins at the end: the card makes room for it.
        if self._built and isinstance(self._built[-1], EndCard):
            self._take_down(-1)
        self._fill()

    def refresh(self, key: str) -> None:
        """What is known of this piece has changed."""
        piece = self._piece(key)
        if piece is not None and self._view is not None:
            piece.show_view(self._view.pieces.piece(key))
            self.arrange()

    def show_picture(self, key: str, name: str, image: QImage) -> None:
        piece = self._piece(key)
        if piece is not None:
            piece.show_picture(name, image)

    @property
    def position(self) -> int:
        """Of the piece in view, from 1; the end counts as the last one."""
        return min(self._in_view + 1, len(self._keys))

    @property
    def count(self) -> int:
        return len(self._keys)

    @property
    def key_in_view(self) -> str:
        """Empty at the end."""
        return self._key_at(self._keys, self._in_view)

    @property
    def selected_words(self) -> str:
        """What is selected in the piece in view."""
        piece = self._piece(self.key_in_view)
        return piece.selected_words if piece is not None else ""

    @property
    def selected_at(self) -> int:
        piece = self._piece(self.key_in_view)
        return piece.selected_at if piece is not None else 0

    def choose_sentence(self) -> bool:
        piece = self._piece(self.key_in_view)
        return piece is not None and piece.choose_sentence()

    def toggle_quote(self) -> bool:
        piece = self._piece(self.key_in_view)
        return piece is not None and piece.toggle_quote()

    # --- moving ------------------------------------------------------------------------

    def turn(self, by: int) -> None:
        """On: down a page of what is read, and to the next once it was seen. Back: likewise."""
        bar, room = self.verticalScrollBar(), self.viewport().height()
        here = self._widget(self._in_view)
        if here is None:
            return
        page = max(self._line(), room - 2 * self._line())
        if by > 0 and _bottom(here) > bar.value() + room + _EDGE:
            below = self._widget(self._in_view + 1)
            most = below.y() + _RULE if below is not None else bar.value() + page
            bar.setValue(min(bar.value() + page, most))
        elif by < 0 and here.y() < bar.value() - _EDGE:
            bar.setValue(max(bar.value() - page, here.y() + _RULE))
        else:
            self._go_to(self._in_view + by, is_to_last_page=by < 0)

    def step(self, by: int) -> None:
        """To the beginning of the next or the last piece."""
        self._go_to(self._in_view + by)

    def go_to_end(self, by: int) -> None:
        self._go_to(0 if by < 0 else len(self._keys))

    def settle(self) -> None:
        """Tell where the founder is, now."""
        self._settling.stop()
        where = InView(key=self.key_in_view, seen=self._seen(), is_end=self._is_end_in_view())
        if self._built and where != self._told:
            self._told = where
            self.settled.emit(where)

    def _go_to(self, at: int, *, is_to_last_page: bool = False) -> None:
        at = max(0, min(at, len(self._keys)))
        if not self._first <= at < self._first + len(self._built):
            self._build_up_to(at)
        target = self._widget(at)
        if target is None:
            return
        room = self.viewport().height()
        if isinstance(target, EndCard):
            # With the last words above it, as when one comes to it by scrolling.
            is_whole = _bottom(target) <= self.verticalScrollBar().value() + room
            is_whole = is_whole and self._first < at
            top = target.y() - round(room * _END_AT)
            top = self.verticalScrollBar().value() if is_whole else top
        elif is_to_last_page:
            top = max(target.y() + _RULE, _bottom(target) - room)
        else:
            top = target.y() + _RULE
        self.verticalScrollBar().setValue(top)
        self._chosen = at
        self._note_in_view()

    def _build_up_to(self, at: int) -> None:
        """The next one is built even if the idle moments were too few; far ones begin anew."""
        if at in (self._first - 1, self._first + len(self._built)):
            self._build(at)
            self.arrange()
        else:
            self._begin_at(at)

    # --- building ----------------------------------------------------------------------

    def _begin_at(self, at: int) -> None:
        while self._built:
            self._take_down(-1)
        # The end is shown below the last words.
        self._first = min(at, max(0, len(self._keys) - 1))
        self._in_view = self._chosen = at
        self._told = None
        self._build(self._first)
        self._fill()
        self._go_to(at)

    def _fill(self) -> None:
        """Build what can be seen at once, and the rest in idle moments."""
        self.arrange()
        while self._is_room_below(1.0):
            self._build(self._first + len(self._built))
            self.arrange()
        self._building.start()
        self._settling.start()
        self._note_in_view()
        self.rebuilt.emit()

    def _build_near(self) -> None:
        if not self.isVisible():
            return
        if self._is_room_below(1.0 + _AHEAD):
            self._build(self._first + len(self._built))
        elif self._first > 0 and self._built[0].y() > self.verticalScrollBar().value() - self._far(
            _AHEAD
        ):
            self._build(self._first - 1)
        elif not self._trim():
            return
        self.arrange()
        self.rebuilt.emit()
        self._building.start()

    def _build(self, at: int) -> None:
        """Above or below what is there."""
        assert self._view is not None  # noqa: S101 - there is something to build
        if at == len(self._keys):
            above = BELOW_PIECE if self._keys else BELOW_HEAD
            widget: MorningPiece | EndCard = EndCard(self._theme, self._view.end, above)
        else:
            widget = self._new_piece(at, self._view)
        widget.asked.connect(self.asked)
        widget.setParent(self._body)
        # Below all that is there until it is arranged: it must not flash up at the top.
        widget.move(0, self._body.height())
        widget.show()
        if at < self._first:
            self._built.insert(0, widget)
            self._first = at
        else:
            self._built.append(widget)

    def _new_piece(self, at: int, view: MorningView) -> MorningPiece:
        piece = MorningPiece(self._theme, view.pieces.piece(self._keys[at]), has_rule=at > 0)
        piece.link_asked.connect(self.link_asked)
        piece.zoom_asked.connect(self.zoom_asked)
        piece.felt_chosen.connect(self.felt_chosen)
        piece.undo_asked.connect(self.undo_asked)
        piece.selection_made.connect(self._selected_in)
        return piece

    def _show_end(self, view: MorningView) -> None:
        if self._built and isinstance(self._built[-1], EndCard):
            self._built[-1].show_view(view.end)
            self.arrange()

    def _trim(self) -> bool:
        """Take down one that is far away; False when there is none."""
        bar = self.verticalScrollBar().value()
        first, last = self._built[0], self._built[-1]
        if _bottom(first) < bar - self._far(_FAR):
            self._take_down(0)
        elif last.y() > bar + self._far(_FAR):
            self._take_down(-1)
        else:
            return False
        return True

    def _take_down(self, which: int) -> None:
        widget = self._built[which]
        if which == 0:
            # Its room goes with it, and what is in view moves up: the bar follows.
            self._first += 1
        del self._built[which]
        if self._has_keyboard(widget):
            self.setFocus()
        widget.hide()
        widget.deleteLater()

    def _has_keyboard(self, widget: QWidget) -> bool:
        return widget.isAncestorOf(self.window().focusWidget() or self)

    def _is_room_below(self, heights: float) -> bool:
        is_more = self._first + len(self._built) <= len(self._keys)
        reach = self.verticalScrollBar().value() + self._far(heights)
        return is_more and (not self._built or _bottom(self._built[-1]) < reach)

    def _far(self, heights: float) -> int:
        return round(heights * max(1, self.viewport().height()))

    # --- geometry ----------------------------------------------------------------------

    def arrange(self) -> None:
        """Put them below one another; what is in view stays where it is."""
        if self._built and not self._is_arranging:
            self._arrange(self._offset())

    def _offset(self) -> int:
        """How far below the top of the page what is in view begins."""
        return self._anchor().y() - self.verticalScrollBar().value()

    def _anchor(self) -> QWidget:
        return self._widget(self._in_view) or self._built[0]

    def _arrange(self, offset: int) -> None:
        self._is_arranging = True
        bar, room = self.verticalScrollBar(), self.viewport().size()
        side = self._theme.gap(SIDE)
        width = min(self._theme.mark(READING_WIDTH) + 2 * side, room.width())
        left, top = (room.width() - width) // 2, 0
        for widget in self._built:
            height = widget.height_at(width)
            widget.setGeometry(left, top, width, height)
            top += height
        # Also the last can stand at the top.
        self._body.resize(room.width(), max(top, self._built[-1].y() + room.height()))
        bar.setRange(0, max(0, self._body.height() - room.height()))
        bar.setValue(self._anchor().y() - offset)
        self._is_arranging = False

    def resizeEvent(self, event: QResizeEvent) -> None:
        if not self._built:
            super().resizeEvent(event)
            return
        # The stock class moves what is read where the page has become higher than the rest of it.
        offset = self._offset()
        self._is_arranging = True
        super().resizeEvent(event)
        self._arrange(offset)
        self._fill()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Home if not event.modifiers():
                self.go_to_end(-1)
            case Qt.Key.Key_End if not event.modifiers():
                self.go_to_end(1)
            case _:
                super().keyPressEvent(event)

    # --- what is in view ---------------------------------------------------------------

    def _moved(self) -> None:
        if self._is_arranging:
            return
        self._chosen = -1
        self._note_in_view()
        self.scrolled.emit()

    def _note_in_view(self) -> None:
        """One piece is read at a time: that at the top, or the one that was asked for."""
        self._building.start()
        self._settling.start()
        at = self._chosen if self._chosen >= 0 else self._at_top()
        for number, widget in enumerate(self._built, self._first):
            if isinstance(widget, MorningPiece):
                widget.set_in_view(number == at)
                if number != at and self._has_keyboard(widget):
                    self.setFocus()
        if at != self._in_view or self._told is None:
            self._in_view = at
            self.came_in_view.emit(self.key_in_view)

    def _at_top(self) -> int:
        top, room = self.verticalScrollBar().value(), self.viewport().height()
        least = self._line() * _LINES_THAT_COUNT // 2
        for number, widget in enumerate(self._built, self._first):
            is_whole = widget.y() >= top - _EDGE and _bottom(widget) <= top + room
            if is_whole or _bottom(widget) > top + least:
                return number
        return self._in_view

    def _selected_in(self, key: str) -> None:
        """Who selects words in a piece reads that one."""
        self._chosen = self._place_of(key)
        self._note_in_view()
        self.selection_made.emit()

    def _seen(self) -> tuple[str, ...]:
        below = self.verticalScrollBar().value() + self.viewport().height() + _EDGE
        pieces = (one for one in self._built if isinstance(one, MorningPiece))
        return tuple(one.view.key for one in pieces if _bottom(one) - self._theme.gap(40) <= below)

    def _is_end_in_view(self) -> bool:
        """Who still reads an earlier piece has not come to it, even if it can be seen."""
        last = self._built[-1] if self._built else None
        if not isinstance(last, EndCard) or self._in_view < len(self._keys) - 1:
            return False
        below = self.verticalScrollBar().value() + self.viewport().height()
        return self._in_view == len(self._keys) or _bottom(last) <= below + _EDGE

    def _widget(self, at: int) -> MorningPiece | EndCard | None:
        return self._built[at - self._first] if 0 <= at - self._first < len(self._built) else None

    def _piece(self, key: str) -> MorningPiece | None:
        pieces = (one for one in self._built if isinstance(one, MorningPiece))
        return next((one for one in pieces if one.view.key == key), None)

    def _start_of(self, view: MorningView) -> int:
        return len(self._keys) if view.is_at_end else self._place_of(view.place)

    def _place_of(self, key: str) -> int:
        return self._keys.index(key) if key in self._keys else 0

    @staticmethod
    def _key_at(keys: tuple[str, ...], at: int) -> str:
        return keys[at] if 0 <= at < len(keys) else ""

    def _line(self) -> int:
        return int(self._theme.metrics(TypeRole.QUOTE).height() * 1.5)


class _Body(QWidget):
    """What the pieces stand on. A piece that has grown is told here."""

    def __init__(self, column: MorningColumn) -> None:
        super().__init__()
        self._column = column

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:
            self._column.arrange()
        return super().event(event)


def _bottom(widget: QWidget) -> int:
    return widget.y() + widget.height()
