"""A list of any length that only ever lays out the rows near the ones on show.

Qt lays out every row of a list view whenever one is added, which takes a third of a second for
100,000. So the view's model holds a *window* of rows around those on show. It is moved, unseen,
before the end of it comes in sight; a scroll bar of our own speaks for the whole list, and choice
and anchor are kept by key, because positions inside the window mean nothing for long.

Three coordinates: a *position* counts rows of the source, a *row* counts rows of the window, and
the value of the scroll bar is position times the mean height of a row (a fraction of a row is a
fraction of its height). While the window holds the whole source, the bar says exact pixels.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from itertools import accumulate
from typing import NamedTuple

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QListView, QScrollBar

from supportdesk.ui.rows.row_source import FixedRows, RowSource
from supportdesk.ui.widgets.canvas import Canvas
from supportdesk.ui.widgets.row_list import RowDelegate, RowList

_LEAST_ROWS_SEEN = 12
_SCREENS_AROUND = 2
_RUSH_MS = 150
_LINES_A_STEP = 2
_SELECT = QItemSelectionModel.SelectionFlag.ClearAndSelect
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class Place(NamedTuple):
    """Where a list stands: a row, how far its top is below the top of the view, the choice."""

    key: str
    top: int
    chosen: str


class WindowedList(RowList):
    """Shows a `RowSource`. Rows under a heading keep it in sight while they scroll."""

    def __init__(self, name: str, *, still: tuple[type, ...] = ()) -> None:
        super().__init__(name, still=still)
        self.setLayoutMode(QListView.LayoutMode.SinglePass)
        self.setAutoScroll(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._still = still
        self._source: RowSource = FixedRows()
        self._waiting: RowSource | None = None
        self._start = 0
        self._row_pixels = 0.0
        self._tops: list[int] = []
        self._key = ""
        self._asked_for = ""
        self._is_own_choice = False
        self._is_moving = False
        self._untold = ""
        self._is_key_held = False
        model = self.rows
        for changed in (model.dataChanged, model.rowsInserted, model.rowsRemoved):
            changed.connect(self._forget_tops)
        model.layoutChanged.connect(self._forget_tops)
        self._rush = QTimer(self)
        self._rush.setSingleShot(True)
        self._rush.setInterval(_RUSH_MS)
        self._rush.timeout.connect(self._rush_over)
        # Not a row, as Qt would have it: rows of a window differ, a turn of the wheel should not.
        self.verticalScrollBar().setSingleStep(_LINES_A_STEP * self.fontMetrics().height())
        self._bar = QScrollBar(Qt.Orientation.Vertical, self)
        self._bar.valueChanged.connect(self._on_bar)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.verticalScrollBar().rangeChanged.connect(self._sync_bar)

    # --- showing -----------------------------------------------------------------------

    def show_source(self, source: RowSource) -> None:
        """Take over news. What is at the top of the view stays there."""
        if self._rest.isActive() and self._would_move(source):
            self._waiting = source
            self.rows.refresh_rows(self._fresh_rows(source))
            return
        self._waiting = None
        self._take_source(source)

    @property
    def source(self) -> RowSource:
        return self._source

    @property
    def current_key(self) -> str:
        return self._key

    def choose(self, key: str) -> bool:
        """Selects a row without telling and brings it in sight; False when there is none.

        Told the same again it does not scroll: the founder may have gone elsewhere since. What
        the founder chose stays chosen when there is no such row: it stands for another one.
        """
        position = self._source.index_of(key)
        is_news = key != self._asked_for
        self._asked_for = key
        if position < 0:
            if not self._is_own_choice:
                self._key = ""
                self._select_chosen()
            return False
        self._key, self._last_position, self._is_own_choice = key, position, False
        if is_news:
            self._bring_in_sight(position)
        self._select_chosen()
        return True

    def step(self, by: int) -> None:
        here = self._source.index_of(self._key)
        self._choose_near(here + by if here >= 0 else self._last_position, by)

    def place(self) -> Place:
        """Where the list stands now, to come back to with `turn_to`."""
        position, top = self._anchor_position()
        rows = self._source.rows(position, position + 1)
        return Place(key=rows[0].key if rows else "", top=top, chosen=self._key)

    def turn_to(self, source: RowSource, place: Place | None = None) -> None:
        """Another list, at once: from its top, or where it was left."""
        self._waiting = None
        self._source = source
        chosen = place.chosen if place is not None else self._key
        self._key = chosen if source.index_of(chosen) >= 0 else ""
        position = source.index_of(place.key) if place is not None else -1
        top = place.top if place is not None and position >= 0 else 0
        self._open_window(max(0, position), top)
        self._select_chosen()

    # --- Qt ----------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Also for letters, which the page turns into steps.
        self._is_key_held = event.isAutoRepeat()
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
            return
        match event.key():
            case Qt.Key.Key_Down | Qt.Key.Key_Up:
                self.step(_STEPS[Qt.Key(event.key())])
            case Qt.Key.Key_PageDown:
                self._page(1)
            case Qt.Key.Key_PageUp:
                self._page(-1)
            case Qt.Key.Key_Home:
                self._choose_near(0, 1)
            case Qt.Key.Key_End:
                self._choose_near(self._source.count - 1, -1)
            case _:
                super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        # Qt makes a row of the window the current one when there is none; here the founder does.
        self._is_telling = False
        super().focusInEvent(event)
        self._is_telling = True
        self._select_chosen()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        # The heading that is kept in sight lies over a row which is not meant.
        if not self._kept_heading_rect().contains(event.position().toPoint()):
            super().mousePressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        width = self._bar.sizeHint().width()
        self.setViewportMargins(0, 0, width, 0)
        super().resizeEvent(event)
        self._bar.setGeometry(self.width() - width, 0, width, self.height())
        self._row_pixels = 0.0
        self._forget_tops()
        if self._source.count and event.size().width() != event.oldSize().width():
            self.scheduleDelayedItemsLayout()
        self._keep_window()
        self._sync_bar()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        height = self._heading_height()
        if height:
            self.viewport().update(0, 0, self.viewport().width(), height + max(0, dy) + 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        rect = self._kept_heading_rect()
        if rect.isEmpty():
            return
        delegate = self._delegate()
        heading = self._kept_heading()
        painter = QPainter(self.viewport())
        delegate.paint_kept(
            Canvas(delegate.theme, painter),
            QRectF(rect),
            self._source.rows(heading, heading + 1)[0],
        )
        painter.end()

    # --- choosing ----------------------------------------------------------------------

    def _choose_near(self, position: int, by: int) -> None:
        """The founder's choice of this row, or of the next one that can be chosen."""
        while 0 <= position < self._source.count:
            row = self._source.rows(position, position + 1)[0]
            if not isinstance(row, self._still):
                self._choose_own(row.key, position)
                self._bring_in_sight(position)
                self._select_chosen()
                self._tell(row.key)
                return
            position += 1 if by > 0 else -1

    def _choose_own(self, key: str, position: int) -> None:
        self._key, self._last_position = key, position
        self._is_own_choice, self._asked_for = True, ""

    def _page(self, by: int) -> None:
        """A screen on or back, less a row; at the end to the last row."""
        here = self._source.index_of(self._key)
        if here < 0:
            here = self._anchor_position()[0]
        target = here + by * max(1, self._rows_seen() - 1)
        if 0 <= target < self._source.count:
            self._choose_near(target, by)
        else:
            self._choose_near(0 if by < 0 else self._source.count - 1, -by)

    def _tell(self, key: str) -> None:
        """At once; but of rows passed while a key is held down, only the last one is meant."""
        if self._is_key_held:
            self._untold = key
            self._rush.start()
        else:
            self._untold = ""
            self.chosen.emit(key)

    def _rush_over(self) -> None:
        self._is_key_held = False
        key, self._untold = self._untold, ""
        if key and key == self._key:
            self.chosen.emit(key)

    def _on_current(self, current: QModelIndex, _previous: QModelIndex) -> None:
        """By the pointer or by an aid; the keyboard goes by `_choose_near`."""
        key = self.rows.key_at(current)
        if self._is_telling and key:
            self._choose_own(key, self._start + current.row())
            self._untold = ""
            self.chosen.emit(key)

    def _select_chosen(self) -> None:
        """The view's own choice is the founder's, as far as the window has it."""
        self._is_telling = False
        index = self.rows.index_of(self._key) if self._key else QModelIndex()
        if index.isValid():
            self.selectionModel().setCurrentIndex(index, _SELECT)
        else:
            self.selectionModel().clear()
        self._is_telling = True

    # --- the window --------------------------------------------------------------------

    def _rows_seen(self) -> int:
        height = self._row_pixels or self._mean_height()
        return math.ceil(self.viewport().height() / height) if height else _LEAST_ROWS_SEEN

    def _mean_height(self) -> float:
        count = self.rows.rowCount()
        if not count:
            return 0.0
        first, last = self._rect_of(0), self._rect_of(count - 1)
        return (last.bottom() + 1 - first.top()) / count

    def _rect_of(self, row: int) -> QRect:
        """As `visualRect`, which asks for each height anew."""
        tops = self._row_tops()
        top = tops[row] - self.verticalScrollBar().value()
        return QRect(0, top, self.viewport().width(), tops[row + 1] - tops[row])

    def _row_tops(self) -> list[int]:
        """Where the rows of the window begin, and where the last one ends."""
        if not self._tops:
            delegate, width = self._delegate(), self.viewport().width()
            heights = (
                delegate.height_of(self.rows.row_at(self.rows.index(row, 0)), width)
                for row in range(self.rows.rowCount())
            )
            self._tops = [0, *accumulate(heights)]
        return self._tops

    def _forget_tops(self) -> None:
        self._tops = []

    def _delegate(self) -> RowDelegate:
        delegate = self.itemDelegate()
        assert isinstance(delegate, RowDelegate)  # noqa: S101 - ours are the only ones
        return delegate

    def _window_around(self, position: int) -> range:
        seen = max(_LEAST_ROWS_SEEN, self._rows_seen())
        start = max(0, position - _SCREENS_AROUND * seen)
        stop = min(self._source.count, position + (_SCREENS_AROUND + 1) * seen)
        return range(start, stop)

    def _open_window(self, position: int, top: int) -> None:
        """Have the rows around a position, with its row this far below the top of the view."""
        window = self._window_around(position)
        self._is_moving, self._is_telling = True, False
        self._start = window.start
        self.rows.show_rows(self._source.rows(window.start, window.stop))
        self.executeDelayedItemsLayout()
        inner = self.verticalScrollBar()
        if window:
            rect = self._rect_of(min(position, window.stop - 1) - window.start)
            inner.setValue(inner.value() + rect.top() - top)
        self._is_moving, self._is_telling = False, True
        if self.rows.key_at(self.currentIndex()) != self._key:
            self._select_chosen()
        if not self._row_pixels:
            self._row_pixels = self._mean_height()
        self._sync_bar()
        # Qt repaints what changed and moved; the heading lies over rows of which it does not know.
        self.viewport().update(0, 0, self.viewport().width(), self._heading_height() + 1)

    def _keep_window(self) -> None:
        """Move the window before the end of its rows comes in sight."""
        if self._is_moving or not self.rows.rowCount():
            return
        position, top = self._anchor_position()
        seen = max(_LEAST_ROWS_SEEN, self._rows_seen())
        stop = self._start + self.rows.rowCount()
        is_near_start = self._start > 0 and position - self._start < seen
        is_near_stop = stop < self._source.count and stop - position < 2 * seen
        if is_near_start or is_near_stop:
            self._open_window(position, top)

    def _anchor_position(self) -> tuple[int, int]:
        """The row at the top of the view, and how far below it that begins (never more than 0)."""
        row = self._top_row()
        return (self._start + row, self._rect_of(row).top()) if row >= 0 else (self._start, 0)

    def _top_row(self) -> int:
        """The row of the window at the top of the view; -1 when there is none."""
        row = bisect_right(self._row_tops(), self.verticalScrollBar().value()) - 1
        return min(row, self.rows.rowCount() - 1)

    def _bring_in_sight(self, position: int) -> None:
        """Scroll as little as needed; a row far away comes to the middle."""
        row = position - self._start
        if not 0 <= row < self.rows.rowCount():
            self._open_window(position, self.viewport().height() // 3)
            row = position - self._start
        rect = self._rect_of(row)
        heading = self._source.heading_before(position)
        if heading == position - 1 and heading >= self._start:
            rect = rect.united(self._rect_of(row - 1))
            top = 0
        else:
            top = self._heading_height() if heading >= 0 else 0
        bottom = self.viewport().height() - 1
        inner = self.verticalScrollBar()
        if rect.top() < top:
            inner.setValue(inner.value() + rect.top() - top)
        elif rect.bottom() > bottom:
            inner.setValue(inner.value() + min(rect.bottom() - bottom, rect.top() - top))

    # --- news --------------------------------------------------------------------------

    def _is_at_top(self) -> bool:
        return self._start == 0 and self.verticalScrollBar().value() == 0

    def _shown_keys(self) -> tuple[int, list[str]]:
        """Where the rows in sight begin, and their keys."""
        position, _ = self._anchor_position()
        row = position - self._start
        keys = []
        while row < self.rows.rowCount() and self._rect_of(row).top() < self.viewport().height():
            keys.append(self.rows.key_at(self.rows.index(row, 0)))
            row += 1
        return position, keys

    def _would_move(self, source: RowSource) -> bool:
        """Whether a row in sight would change its place."""
        position, keys = self._shown_keys()
        if not keys:
            return False
        if not self._is_at_top():
            position = source.index_of(keys[0])
        if position < 0:
            return True
        fresh = source.rows(position, min(source.count, position + len(keys)))
        return [row.key for row in fresh] != keys

    def _fresh_rows(self, source: RowSource) -> list:  # type: ignore[type-arg] # KeyedRows
        keys = [self.rows.key_at(self.rows.index(at, 0)) for at in range(self.rows.rowCount())]
        places = [source.index_of(key) for key in keys]
        return [source.rows(place, place + 1)[0] for place in places if place >= 0]

    def _let_go(self) -> None:
        super()._let_go()
        if self._waiting is not None:
            source, self._waiting = self._waiting, None
            self._take_source(source)

    def _take_source(self, source: RowSource) -> None:
        position, top = 0, 0
        if not self._is_at_top():
            position, top = self._kept_place(source)
        self._source = source
        self._open_window(position, top)

    def _kept_place(self, source: RowSource) -> tuple[int, int]:
        """Where the first row in sight that is still there now is."""
        first, keys = self._shown_keys()
        for at, key in enumerate(keys):
            position = source.index_of(key)
            if position >= 0:
                return position, self._rect_of(first + at - self._start).top()
        return min(first, max(0, source.count - 1)), 0

    # --- the scroll bar ----------------------------------------------------------------

    @property
    def _is_whole(self) -> bool:
        return self._start == 0 and self.rows.rowCount() == self._source.count

    def _sync_bar(self) -> None:
        """Let the bar say where in the whole list the view is."""
        if self._is_moving:
            return
        inner, bar = self.verticalScrollBar(), self._bar
        bar.blockSignals(True)
        if self._is_whole:
            bar.setRange(0, inner.maximum())
            bar.setValue(inner.value())
        else:
            position, top = self._anchor_position()
            height = self._rect_of(position - self._start).height() or 1
            most = round(self._source.count * self._row_pixels) - self.viewport().height()
            bar.setRange(0, max(0, most))
            bar.setValue(round((position - top / height) * self._row_pixels))
            if self._is_at_end():
                bar.setValue(most)
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(inner.singleStep())
        bar.blockSignals(False)
        bar.setVisible(bar.maximum() > 0)

    def _is_at_end(self) -> bool:
        inner = self.verticalScrollBar()
        is_last = self._start + self.rows.rowCount() == self._source.count
        return is_last and inner.value() == inner.maximum()

    def _on_bar(self, value: int) -> None:
        """The founder moves the bar: to that position, by the fraction of its own height."""
        if self._is_whole:
            self.verticalScrollBar().setValue(value)
            return
        if value == self._bar.maximum():
            self._open_window(self._source.count - 1, 0)
            return
        where = value / self._row_pixels
        position = min(int(where), self._source.count - 1)
        row = position - self._start
        if not 0 <= row < self.rows.rowCount():
            self._open_window(position, 0)
            row = position - self._start
        rect = self._rect_of(row)
        inner = self.verticalScrollBar()
        self._is_moving = True
        inner.setValue(inner.value() + rect.top() + round((where - position) * rect.height()))
        self._is_moving = False
        self._keep_window()

    def _on_scrolled(self) -> None:
        if not self._is_moving:
            self._keep_window()
            self._sync_bar()

    # --- the heading that stays in sight -----------------------------------------------

    def _kept_heading(self) -> int:
        """The heading over the rows at the top, when it is out of sight itself; else -1."""
        if not self.rows.rowCount():
            return -1
        position, top = self._anchor_position()
        heading = self._source.heading_before(position)
        return -1 if heading == position and top == 0 else heading

    def _heading_height(self) -> int:
        heading = self._source.heading_before(self._anchor_position()[0])
        if heading < 0:
            return 0
        row = self._source.rows(heading, heading + 1)[0]
        return self._delegate().height_of(row, self.viewport().width())

    def _kept_heading_rect(self) -> QRect:
        """Where it lies: at the top, or pushed up by the next heading."""
        if self._kept_heading() < 0:
            return QRect()
        height = self._heading_height()
        top = 0
        below = self._top_row() + 1
        while below < self.rows.rowCount() and self._rect_of(below).top() < height:
            if isinstance(self.rows.row_at(self.rows.index(below, 0)), self._still):
                top = self._rect_of(below).top() - height
                break
            below += 1
        return QRect(0, top, self.viewport().width(), height)
