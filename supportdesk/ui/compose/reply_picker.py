"""Saved replies: type to find, Enter takes it. What is chosen is shown before it is taken."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QWidget

from supportdesk.domain.folding import fold
from supportdesk.ui.compose.pick_list import PickList
from supportdesk.ui.compose.shown_words import ShownWords
from supportdesk.ui.rows import ButtonRank
from supportdesk.ui.rows.composer import ReplyRow
from supportdesk.ui.settings.fields import TextField
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.box import STRETCH, Grow, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.label import Label

_WIDTH, _HEIGHT = 560, 380
_NONE = "No saved reply has these words."
_NONE_YET = "There are no saved replies yet."
_KEYS_OF_LIST = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class ReplyPicker(QDialog):
    """Names on the left, the words of the one chosen on the right.

    Signals:
        chosen: The key of a reply.
        new_asked: One more is to be made.
        change_asked: The key of one that is to be changed or deleted.
    """

    chosen = Signal(str)
    new_asked = Signal()
    change_asked = Signal(str)

    def __init__(self, theme: Theme, replies: Sequence[ReplyRow], parent: QWidget | None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._replies = tuple(replies)
        self._found: list[ReplyRow] = []
        self.setWindowTitle("Saved replies")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._find = TextField(theme, "Find a saved reply", "", "Find by name or words")
        self._find.textChanged.connect(lambda _words: self._fill())
        self._list = PickList(theme, "Saved replies")
        self._list.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._list.currentItemChanged.connect(lambda *_items: self._preview())
        self._list.itemActivated.connect(lambda _item: self._take())
        self._words = ShownWords(theme)
        self._nothing = Label(theme, _NONE_YET, ink=Ink.TEXT2).wrapping()
        leave = Button(theme, "Cancel", ButtonRank.GHOST)
        leave.setAutoDefault(False)
        leave.clicked.connect(self.reject)
        self._insert = Button(theme, "Insert", ButtonRank.PRIMARY, key="Enter")
        self._insert.setDefault(True)
        self._insert.clicked.connect(self._take)
        make = Button(theme, "New…", ButtonRank.GHOST, hint="New saved reply of what is written")
        make.setAutoDefault(False)
        make.clicked.connect(self._make)
        self._change = Button(theme, "Change…", ButtonRank.GHOST, hint="Change or delete it")
        self._change.setAutoDefault(False)
        self._change.clicked.connect(self._change_it)
        sides = QWidget()
        row(theme, self._list, Grow(self._words.framed()), gap=10, inside=sides)
        self._list.setFixedWidth(theme.mark(210))
        column(
            theme,
            Label(theme, "Saved replies", TypeRole.TITLE),
            self._find,
            self._nothing,
            Grow(sides),
            row(theme, make, self._change, STRETCH, leave, self._insert),
            gap=10,
            margins=(20, 16, 20, 14),
            inside=self,
        )
        self._sides = sides
        self.resize(theme.mark(_WIDTH), theme.mark(_HEIGHT))
        self._fill()

    def open_at(self, place: QPoint) -> None:
        """Above this place of the screen, where there is room."""
        room = self.screen().availableGeometry()
        left = min(place.x(), room.right() - self.width())
        top = max(room.top(), place.y() - self.height())
        self.move(max(room.left(), left), top)
        self.open()
        self._find.setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The field keeps the keyboard; up and down go through the list."""
        if event.key() in _KEYS_OF_LIST:
            self._list.setFocus()
            self._list.keyPressEvent(event)
            self._find.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)

    # --- inside ------------------------------------------------------------------------

    def _fill(self) -> None:
        wanted = [fold(word).casefold() for word in self._find.value.split()]
        found = sorted(
            (rank, number)
            for number, reply in enumerate(self._replies)
            if (rank := _rank(reply, wanted)) is not None
        )
        self._found = [self._replies[number] for _rank_of, number in found]
        self._list.clear()
        for reply in self._found:
            self._list.add_line(reply.name)
        self._nothing.setText(_NONE if self._replies else _NONE_YET)
        self._nothing.setVisible(not found)
        self._insert.set_possible(bool(found))
        self._change.set_possible(bool(found))
        self._list.setCurrentRow(0)
        self._preview()

    def _preview(self) -> None:
        reply = self._current()
        self._words.setPlainText(reply.text if reply is not None else "")

    def _current(self) -> ReplyRow | None:
        row_number = self._list.currentRow()
        return self._found[row_number] if 0 <= row_number < len(self._found) else None

    def _take(self) -> None:
        reply = self._current()
        if reply is not None:
            self.accept()
            self.chosen.emit(reply.key)

    def _make(self) -> None:
        self.reject()
        self.new_asked.emit()

    def _change_it(self) -> None:
        reply = self._current()
        if reply is not None:
            self.reject()
            self.change_asked.emit(reply.key)


def _rank(reply: ReplyRow, wanted: Sequence[str]) -> int | None:
    """A name that begins so comes first, then names, then texts; None for no match."""
    name, text = fold(reply.name).casefold(), fold(reply.text).casefold()
    if not all(word in name or word in text for word in wanted):
        return None
    if wanted and name.startswith(wanted[0]):
        return 0
    return 1 if all(word in name for word in wanted) else 2
