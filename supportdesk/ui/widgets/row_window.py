"""A view of any length that only ever lays out the rows near the ones on show.

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

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QListView, QScrollBar

from supportdesk.ui.rows.row_source import FixedRows, RowSource
from supportdesk.ui.widgets.row_list import RowDelegate, RowList

_LEAST_ROWS_SEEN = 12
_SCREENS_AROUND = 2
_LINES_A_STEP = 2
_SELECT = QItemSelectionModel.SelectionFlag.ClearAndSelect


class RowWindow(RowList):
    """Shows a `RowSource`, wherever the founder scrolls; which row is chosen others decide."""

    scrolled = Signal()
    """By the founder, not by news."""

    def __init__(self, name: str, *, still: tuple[type, ...] = ()) -> None:
        super().__init__(name, still=still)
        self.setLayoutMode(QListView.LayoutMode.SinglePass)
        self.setAutoScroll(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._source: RowSource = FixedRows()
        self._waiting: RowSource | None = None
        self._start = 0
        self._row_pixels = 0.0
        self._tops: list[int] = []
        self._key = ""
        self._is_moving = False
        model = self.rows
        for changed in (model.dataChanged, model.rowsInserted, model.rowsRemoved):
            changed.connect(self._forget_tops)
        model.layoutChanged.connect(self._forget_tops)
        # Not a row, as Qt would have it: rows of a window differ, a turn of the wheel should not.
        self.verticalScrollBar().setSingleStep(_LINES_A_STEP * self.fontMetrics().height())
        self._bar = QScrollBar(Qt.Orientation.Vertical, self)
        self._bar.valueChanged.connect(self._on_bar)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.verticalScrollBar().rangeChanged.connect(self._sync_bar)

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
            rect = self._rect_of(min(position - window.start, self.rows.rowCount() - 1))
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
        self.scrolled.emit()
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
            self.scrolled.emit()
            self._keep_window()
            self._sync_bar()

    # --- the heading over the rows at the top ------------------------------------------

    def _heading_height(self) -> int:
        heading = self._source.heading_before(self._anchor_position()[0])
        if heading < 0:
            return 0
        row = self._source.rows(heading, heading + 1)[0]
        return self._delegate().height_of(row, self.viewport().width())
