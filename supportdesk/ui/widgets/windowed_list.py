"""A long list to choose from: by pointer and keys, with headings that stay in sight."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent

from supportdesk.ui.rows.row_source import RowSource, SourceRow
from supportdesk.ui.widgets.canvas import Canvas
from supportdesk.ui.widgets.row_window import RowWindow

_RUSH_MS = 150
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class Place(NamedTuple):
    """Where a list stands: a row, how far its top is below the top of the view, the choice."""

    key: str
    top: int
    chosen: str


class WindowedList(RowWindow):
    """The founder's choice is told, the program's is not; both are kept by key."""

    def __init__(self, name: str, *, still: tuple[type, ...] = ()) -> None:
        super().__init__(name, still=still)
        self._still = still
        self._asked_for = ""
        self._is_own_choice = False
        self._untold = ""
        self._is_key_held = False
        self._rush = QTimer(self)
        self._rush.setSingleShot(True)
        self._rush.setInterval(_RUSH_MS)
        self._rush.timeout.connect(self._rush_over)

    # --- choosing by program -----------------------------------------------------------

    @property
    def current_key(self) -> str:
        return self._key

    def row_of(self, key: str) -> SourceRow | None:
        """The row of this key, in sight or not."""
        position = self._source.index_of(key)
        return self._source.rows(position, position + 1)[0] if position >= 0 else None

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
        self._last_position = max(0, source.index_of(chosen))
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

    # --- the heading that stays in sight -----------------------------------------------

    def _kept_heading(self) -> int:
        """The heading over the rows at the top, when it is out of sight itself; else -1."""
        if not self.rows.rowCount():
            return -1
        position, top = self._anchor_position()
        heading = self._source.heading_before(position)
        return -1 if heading == position and top == 0 else heading

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
