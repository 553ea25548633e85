"""Lists: a delegate that paints ground, focus and row, and a view where nothing jumps.

While the pointer has just moved over the list, an update that would shift rows waits until the
pointer rests or leaves; words inside rows are taken over at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import RADIUS_CARD, Ink
from supportdesk.ui.widgets.canvas import Canvas
from supportdesk.ui.widgets.keyed_model import ROW_ROLE, KeyedModel, KeyedRow

_SELECTION_BAR = 3
_REST_MS = 1500
_BATCH = 100
_HEIGHTS_KEPT = 500


class RowState(NamedTuple):
    """What a row must know of its place to paint itself."""

    is_selected: bool
    is_last: bool

    @property
    def has_line(self) -> bool:
        """A hairline parts a row from the next one; a chosen row has its own ground."""
        return not self.is_selected and not self.is_last


class RowDelegate(QStyledItemDelegate):
    """Ground for hover, selection and keyboard focus; subclasses paint the row itself."""

    inset = 6

    def __init__(self, theme: Theme, view: QListView) -> None:
        super().__init__(view)
        self.theme = theme
        self._view = view
        self._heights: dict[int, dict[object, int]] = {}
        theme.sizes_changed.connect(self._forget_heights)

    def row_height(self, row: object, width: int) -> float:
        raise NotImplementedError

    def paint_row(self, canvas: Canvas, rect: QRectF, row: object, state: RowState) -> None:
        raise NotImplementedError

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        width = self._view.viewport().width()
        return QSize(width, self.height_of(self._row(index), width))

    def height_of(self, row: object, width: int) -> int:
        """As `row_height`, in whole pixels; a view asks many times for the same row."""
        known = self._heights.get(width, {}).get(row)
        if known is not None:
            return known
        if sum(map(len, self._heights.values())) >= _HEIGHTS_KEPT:
            self._heights.clear()
        height = int(self.row_height(row, width))
        self._heights.setdefault(width, {})[row] = height
        return height

    def _row(self, index: QModelIndex | QPersistentModelIndex) -> object:
        """The row itself; by way of Qt it costs five times as much, and a frame asks for 100."""
        model = index.model()
        return model.row_at(index) if isinstance(model, KeyedModel) else index.data(ROW_ROLE)

    def _forget_heights(self) -> None:
        self._heights.clear()

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        painter.save()
        canvas = Canvas(self.theme, painter)
        rect = QRectF(option.rect)
        painter.setClipRect(rect)
        state = option.state
        self._paint_ground(canvas, rect, state)
        row_state = RowState(
            is_selected=bool(state & QStyle.StateFlag.State_Selected),
            is_last=index.row() == index.model().rowCount() - 1,
        )
        self.paint_row(canvas, rect, self._row(index), row_state)
        painter.restore()

    def paint_kept(self, canvas: Canvas, rect: QRectF, row: object) -> None:
        """A heading that stays in sight while its rows scroll below it."""
        canvas.painter.fillRect(rect, self.theme.colour(Ink.LIST))
        self.paint_row(canvas, rect, row, RowState(is_selected=False, is_last=False))
        canvas.line(rect.left(), rect.bottom() - 0.5, rect.right(), rect.bottom() - 0.5)

    def _paint_ground(self, canvas: Canvas, rect: QRectF, state: QStyle.StateFlag) -> None:
        inner = rect.adjusted(self.inset, 1, -self.inset, -1)
        if state & QStyle.StateFlag.State_Selected:
            canvas.rounded(inner, RADIUS_CARD, Ink.SELECTED)
            bar = QRectF(inner.x(), inner.y() + 8, _SELECTION_BAR, inner.height() - 16)
            canvas.rounded(bar, _SELECTION_BAR / 2, Ink.ACCENT)
        elif state & QStyle.StateFlag.State_MouseOver and state & QStyle.StateFlag.State_Enabled:
            canvas.rounded(inner, RADIUS_CARD, Ink.HOVER)
        by_keyboard = state & QStyle.StateFlag.State_KeyboardFocusChange
        if state & QStyle.StateFlag.State_HasFocus and by_keyboard:
            canvas.focus_ring(inner, RADIUS_CARD)


class RowList(QListView):
    """A list of keyed rows. `chosen` is the founder's choice, not the program's."""

    chosen = Signal(str)
    activated_row = Signal(str)

    def __init__(self, name: str, *, still: tuple[type, ...] = ()) -> None:
        super().__init__()
        self.rows = KeyedModel(self, still=still)
        self.setModel(self.rows)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setUniformItemSizes(False)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setBatchSize(_BATCH)
        self.viewport().setAutoFillBackground(False)
        self._is_telling = True
        self._held: Sequence[KeyedRow] | None = None
        self._last_position = 0
        self._is_hugging = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._let_go)
        self.selectionModel().currentChanged.connect(self._on_current)
        self.activated.connect(self._on_activated)

    # --- showing -----------------------------------------------------------------------

    def hug_rows(self) -> None:
        """No higher than its rows; short of room it scrolls."""
        self._is_hugging = True
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        if not self._is_hugging:
            return hint
        heights = [self.sizeHintForRow(at) for at in range(self.rows.rowCount())]
        return QSize(hint.width(), sum(heights))

    def show_rows(self, rows: Sequence[KeyedRow]) -> None:
        if self._rest.isActive() and self.rows.would_move(rows):
            self._held = rows
            self.rows.refresh_rows(rows)
            return
        self._held = None
        self._take(rows)

    @property
    def current_key(self) -> str:
        return self.rows.key_at(self.currentIndex())

    def choose(self, key: str) -> bool:
        """Selects a row without telling; False when there is no such row."""
        index = self.rows.index_of(key)
        self._is_telling = False
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)
        else:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
        self._is_telling = True
        return index.isValid()

    def step(self, by: int) -> None:
        """The next or previous row that can be chosen, as the founder's choice."""
        count = self.rows.rowCount()
        current = self.currentIndex()
        position = current.row() + by if current.isValid() else self._last_position
        while 0 <= position < count:
            index = self.rows.index(position, 0)
            if self.rows.flags(index) & Qt.ItemFlag.ItemIsSelectable:
                self.setCurrentIndex(index)
                return
            position += by

    # --- Qt ----------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Letters are commands of the page, not a search by first letter.
        if event.text().strip():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._rest.start()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._rest.stop()
        self._let_go()

    # --- inside ------------------------------------------------------------------------

    def _let_go(self) -> None:
        if self._held is not None:
            rows, self._held = self._held, None
            self._take(rows)

    def _take(self, rows: Sequence[KeyedRow]) -> None:
        """Shows rows so that the one at the top of the view stays where it is."""
        anchor_key, offset = self._anchor()
        chosen = self.current_key
        self._is_telling = False
        self.rows.show_rows(rows)
        if self._is_hugging:
            self.updateGeometry()
        if self.current_key != chosen:
            # Qt hands a removed row's selection to its neighbour; here only the founder chooses.
            self.setCurrentIndex(self.rows.index_of(chosen))
        self._is_telling = True
        index = self.rows.index_of(anchor_key) if anchor_key else QModelIndex()
        if index.isValid():
            self.executeDelayedItemsLayout()
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + self.visualRect(index).top() - offset)

    def _anchor(self) -> tuple[str, int]:
        if self.verticalScrollBar().value() == 0:
            return "", 0
        index = self.indexAt(self.viewport().rect().topLeft())
        return self.rows.key_at(index), self.visualRect(index).top()

    def _on_current(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if not self._is_telling:
            return
        key = self.rows.key_at(current)
        if key:
            self._last_position = current.row()
            self.chosen.emit(key)

    def _on_activated(self, index: QModelIndex) -> None:
        key = self.rows.key_at(index)
        if key:
            self.activated_row.emit(key)
