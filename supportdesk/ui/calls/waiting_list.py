"""Who waits on the phone: position, person, a stroke a ring, seconds, and Take."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, QModelIndex, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from supportdesk.ui.rows import Action, CallerRow
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.canvas import Canvas
from supportdesk.ui.widgets.keyed_model import KeyedRow
from supportdesk.ui.widgets.row_list import RowDelegate, RowList, RowState

_MOST_STROKES = 10
_STROKE = 4
_STROKE_STEP = 7
_AVATAR = 40
_LEAST_WORDS = 60


class CallerDelegate(RowDelegate):
    """Leaves room at the right for the time and the Take button."""

    inset = 4

    def row_height(self, row: object, width: int) -> float:
        theme = self.theme
        lines = theme.metrics(TypeRole.BODY_B).height() + theme.metrics().height()
        return lines + theme.metrics(TypeRole.CAPTION).height() + 8 + theme.gap(24)

    def paint_row(self, canvas: Canvas, rect: QRectF, row: object, state: RowState) -> None:
        if not isinstance(row, CallerRow):
            return
        theme = self.theme
        metrics = theme.metrics()
        x = rect.x() + theme.gap(18)
        top = rect.y() + theme.gap(12)
        base = top + metrics.ascent()
        title = theme.metrics(TypeRole.TITLE)
        time_right = rect.right() - take_room(theme)
        canvas.text_right(
            time_right, rect.center().y() + title.ascent() / 2 - 2, row.time_label, TypeRole.TITLE
        )
        right = time_right - title.horizontalAdvance("00:00") - theme.gap(12)
        canvas.text(x, base, str(row.position), TypeRole.BODY_B, Ink.TEXT3, tabular=True)
        x += theme.gap(22)
        size = theme.mark(_AVATAR)
        canvas.avatar(x, top + 2, row.who if row.is_known else "?", size)
        x += size + theme.gap(12)
        advance = canvas.text(x, base, row.who, TypeRole.BODY_B, width=right - x)
        house_x = x + advance + 8
        if right - house_x > theme.mark(_LEAST_WORDS):
            canvas.text(house_x, base, row.house, TypeRole.BODY, Ink.TEXT2, width=right - house_x)
        base += metrics.height() + 4
        self._paint_rings(canvas, x, base, row, right)
        base += theme.metrics(TypeRole.CAPTION).height() + 5
        canvas.text(x, base, row.last_line, TypeRole.CAPTION, Ink.TEXT2, width=right - x)
        if state.has_line:
            canvas.line(x, rect.bottom(), rect.right() - theme.gap(16), rect.bottom())

    def _paint_rings(
        self, canvas: Canvas, x: float, base: float, row: CallerRow, right: float
    ) -> None:
        """The first ring is grey, from the second on amber; the number stands beside them."""
        ascent = self.theme.metrics().ascent()
        for ring in range(min(row.rings, _MOST_STROKES)):
            ink = Ink.AMBER_MARK if ring >= 1 else Ink.TEXT3
            stroke = QRectF(x + ring * _STROKE_STEP, base - ascent + 3, _STROKE, ascent - 3)
            canvas.rounded(stroke, _STROKE / 2, ink)
        x += min(row.rings, _MOST_STROKES) * _STROKE_STEP + 6
        words = "1 ring" if row.rings == 1 else f"{row.rings} rings"
        ink = Ink.AMBER if row.rings > 1 else Ink.TEXT2
        x += canvas.text(x, base, words, TypeRole.BODY_B, ink, tabular=True) + 8
        room = right - x
        if room > self.theme.mark(_LEAST_WORDS):
            canvas.text(x, base, row.number, TypeRole.BODY, Ink.TEXT2, width=room, tabular=True)


def take_room(theme: Theme) -> int:
    """The width the Take button and its margins need at the right of a row."""
    return theme.mark(94) + theme.gap(16)


class _Callers(RowList):
    """The rows; on one of the buttons that lie over them the pointer has not left them."""

    settled = Signal()
    """The rows are those last shown, each in its place."""

    def _take(self, rows: Sequence[KeyedRow]) -> None:
        super()._take(rows)
        self.settled.emit()

    def leaveEvent(self, event: QEvent) -> None:
        around = self.parentWidget()
        if around is None or not around.underMouse():
            super().leaveEvent(event)


class WaitingList(QWidget):
    """As high as its rows, whose Take buttons lie over the list, not in it.

    What lies in a list, its rows alone are told to screen readers; beside it each button is one
    to them, and to the Tab key.
    """

    asked = Signal(object, str)
    chosen = Signal(str)
    current_moved = Signal(QRect)
    """The row that the keyboard has come to."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._buttons: dict[str, Button] = {}
        self._list = _Callers("Waiting callers")
        self._list.setParent(self)
        self._list.chosen.connect(self.chosen)
        self._list.settled.connect(self._place_buttons)
        self._delegate = CallerDelegate(theme, self._list)
        self._list.setItemDelegate(self._delegate)
        self._list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.selectionModel().currentChanged.connect(self._tell_current)

    @property
    def row_height(self) -> int:
        return int(self._delegate.row_height(None, 0))

    def show_callers(self, callers: Sequence[CallerRow]) -> None:
        self._list.show_rows(callers)
        self.setFixedHeight(self.row_height * len(callers))
        self._sync_buttons(callers)
        self._place_buttons()

    @property
    def chosen_key(self) -> str:
        return self._list.current_key

    def choose(self, key: str) -> None:
        """Light up the row of this caller, as a click on it would, and bring it into sight."""
        if self._list.choose(key):
            self.current_moved.emit(self._list.visualRect(self._list.rows.index_of(key)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._list.setGeometry(self.rect())
        self._place_buttons()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._list.leaveEvent(event)

    def _tell_current(self, current: QModelIndex) -> None:
        if self._list.hasFocus():
            self.current_moved.emit(self._list.visualRect(current))

    def _sync_buttons(self, callers: Sequence[CallerRow]) -> None:
        wanted = {caller.key: caller for caller in callers}
        is_anybody_new = not wanted.keys() <= self._buttons.keys()
        for key in [key for key, one in self._buttons.items() if not _is_for(one, wanted.get(key))]:
            button = self._buttons.pop(key)
            button.hide()
            button.deleteLater()
        for key, caller in wanted.items():
            button = self._buttons.get(key) or self._add_button(caller)
            button.set_possible(caller.can_take, caller.why_not)
            button.setAccessibleName(_spoken(caller))
        if is_anybody_new:
            around = [self._list, *(self._buttons[caller.key] for caller in callers)]
            for before, after in pairwise(around):
                QWidget.setTabOrder(before, after)

    def _add_button(self, caller: CallerRow) -> Button:
        key, icon = caller.key, "phone-in" if caller.take_label == "Take" else "copy"
        button = Button(self._theme, caller.take_label, icon=icon, hint=caller.take_hint)
        button.setParent(self)
        button.clicked.connect(lambda: self.asked.emit(Action.TAKE_CALL, key))
        button.show()
        self._buttons[key] = button
        return button

    def _place_buttons(self) -> None:
        self._list.executeDelayedItemsLayout()
        for key, button in self._buttons.items():
            rect = self._list.visualRect(self._list.rows.index_of(key))
            hint = button.sizeHint()
            button.resize(hint)
            x = self.width() - hint.width() - self._theme.gap(16)
            button.move(x, rect.center().y() - hint.height() // 2)


class WaitingArea(QScrollArea):
    """As high as its callers up to a limit; beyond it they scroll, with what the keyboard is on."""

    _LEAST_ROWS = 1.5
    """Half a row says that there are more."""

    def __init__(self, callers: WaitingList) -> None:
        super().__init__()
        self._callers = callers
        self._limit: int | None = None
        self.setAccessibleName("Waiting now")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setWidget(callers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        callers.setAutoFillBackground(False)
        callers.current_moved.connect(self._show_row)

    def show_callers(self, callers: Sequence[CallerRow]) -> None:
        self._callers.show_callers(callers)
        self._fit()

    def choose(self, key: str) -> None:
        self._callers.choose(key)

    def limit_height(self, limit: int | None) -> None:
        """None: as high as all of them."""
        self._limit = limit
        self._fit()

    def _fit(self) -> None:
        height = self._callers.height()
        if self._limit is not None:
            least = int(self._LEAST_ROWS * self._callers.row_height)
            height = min(height, max(least, self._limit))
        self.setFixedHeight(height)

    def _show_row(self, row: QRect) -> None:
        self.ensureVisible(0, row.center().y(), 0, row.height() // 2)


def _is_for(button: Button, caller: CallerRow | None) -> bool:
    return caller is not None and button.text() == caller.take_label


def _spoken(caller: CallerRow) -> str:
    if caller.take_label == "Take":
        return f"Take the call of {caller.who}"
    return f"Copy the number of {caller.who}"
