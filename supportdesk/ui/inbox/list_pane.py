"""The list of conversations: title, order, search, and a dated banner when it may be stale."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from supportdesk.ui.inbox.conversation_delegate import ConversationDelegate
from supportdesk.ui.rows import ButtonRank, InboxView, Notice, SectionRow
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import (
    LIST_LEAST_WIDTH,
    LIST_NARROW_WIDTH,
    LIST_WIDTH,
    Ink,
    TypeRole,
)
from supportdesk.ui.widgets.banner import Banner
from supportdesk.ui.widgets.box import Box, Edge, Grow, clear, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.density import Density
from supportdesk.ui.widgets.label import Elided, Label
from supportdesk.ui.widgets.row_list import RowList


class SearchField(QLineEdit):
    """Esc empties and leaves, Enter or Down goes to what was found."""

    left = Signal()
    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Escape:
                self.left.emit()
            case Qt.Key.Key_Down | Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.entered.emit()
            case _:
                super().keyPressEvent(event)


class ListPane(Box):
    """Longest waiting first, then what was answered today."""

    search_changed = Signal(str)
    asked = Signal(object, str)

    def __init__(self, theme: Theme, density: Density) -> None:
        super().__init__(theme, Ink.LIST, edges=Edge.RIGHT)
        is_wide = density is Density.WIDE
        if is_wide or theme.is_large:
            self.setFixedWidth(LIST_WIDTH if is_wide else LIST_NARROW_WIDTH)
        else:
            self.setMinimumWidth(LIST_LEAST_WIDTH)
            self.setMaximumWidth(LIST_WIDTH)
        self._view: InboxView | None = None
        self._banner_shown: Notice | None = None
        self._caption = Elided(theme, "", TypeRole.CAPTION, Ink.TEXT2)
        self._search_button = Button(theme, rank=ButtonRank.GHOST, icon="search", hint="Search (/)")
        self._search_button.clicked.connect(self.open_search)
        self._field = SearchField()
        self._field.setFont(theme.font())
        self._field.setAccessibleName("Search conversations")
        self._field.setPlaceholderText("Name, subject or words")
        self._field.setClearButtonEnabled(False)
        self._field.textEdited.connect(self.search_changed)
        self._field.left.connect(self.close_search)
        self._search_row = QWidget()
        column(theme, self._field, margins=(12, 0, 12, 6), inside=self._search_row)
        self._search_row.hide()
        self._banner_holder = QWidget()
        self._banner_place = column(theme, margins=(12, 0, 12, 4), inside=self._banner_holder)
        self._banner_holder.hide()
        self.list = RowList("Conversations", still=(SectionRow,))
        self.list.setItemDelegate(ConversationDelegate(theme, self.list))
        self._field.entered.connect(self.list.setFocus)
        words = column(theme, Label(theme, "Inbox", TypeRole.TITLE), self._caption, gap=0)
        head = row(theme, Grow(words), self._search_button, gap=2, margins=(20, 10, 10, 6))
        column(
            theme, head, self._search_row, self._banner_holder, Grow(self.list), gap=0, inside=self
        )

    def show_inbox(self, view: InboxView) -> None:
        if view is self._view:
            return  # the page is fed whole for every new message, also with the same old list
        self._view = view
        self._caption.set_text(view.caption)
        self.list.show_rows(view.rows)
        self._show_banner(view.banner)
        if view.search and view.search != self._field.text():
            self._field.setText(view.search)
            self._search_row.show()

    def open_search(self) -> None:
        self._search_row.show()
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._field.selectAll()

    def close_search(self) -> None:
        self._search_row.hide()
        if self._field.text():
            self._field.clear()
            self.search_changed.emit("")
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show_banner(self, notice: Notice | None) -> None:
        if notice == self._banner_shown:
            return
        self._banner_shown = notice
        clear(self._banner_place)
        self._banner_holder.setVisible(notice is not None)
        if notice is not None:
            banner = Banner(self.theme, notice)
            banner.asked.connect(self.asked)
            self._banner_place.addWidget(banner)
