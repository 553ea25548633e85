"""The Inbox page: list at the left, reading at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from supportdesk.ui.inbox.list_pane import ListPane
from supportdesk.ui.inbox.reading_pane import ReadingPane
from supportdesk.ui.rows import (
    ClockView,
    ConversationRow,
    EmptyView,
    FilesView,
    InboxView,
    MessageView,
)
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.widgets.box import Grow, row
from supportdesk.ui.widgets.density import Density
from supportdesk.ui.widgets.tab_order import focus_first


class InboxPage(QWidget):
    """Choosing a row is told as `chosen`; the message comes back through `show_message`."""

    chosen = Signal(str)
    asked = Signal(object, str)
    search_changed = Signal(str)
    message_asked = Signal(str)
    item_asked = Signal(str)
    link_asked = Signal(str, str)
    zoom_asked = Signal(int)
    felt_chosen = Signal(str, object)
    quote_undo_asked = Signal(str)
    activity = Signal()
    list_scrolled = Signal()
    rebuilt = Signal()

    def __init__(self, theme: Theme, density: Density) -> None:
        super().__init__()
        self._list_pane = ListPane(theme, density)
        self._reading = ReadingPane(theme, density)
        row(theme, self._list_pane, Grow(self._reading), gap=0, inside=self)
        self._list_pane.list.chosen.connect(self.chosen)
        self._list_pane.list.scrolled.connect(self.list_scrolled)
        self._list_pane.list.chosen.connect(lambda _key: self.list_scrolled.emit())
        self._list_pane.list.activated_row.connect(self._go_reading)
        self._list_pane.search_changed.connect(self.search_changed)
        self._list_pane.asked.connect(self.asked)
        self._reading.asked.connect(self.asked)
        self._reading.message_asked.connect(self.message_asked)
        self._reading.item_asked.connect(self.item_asked)
        self._reading.link_asked.connect(self.link_asked)
        self._reading.zoom_asked.connect(self.zoom_asked)
        self._reading.felt_chosen.connect(self.felt_chosen)
        self._reading.quote_undo_asked.connect(self.quote_undo_asked)
        self._reading.activity.connect(self.activity)
        self._reading.rebuilt.connect(self.rebuilt)
        self._reading.step_asked.connect(self._list_pane.list.step)

    def show_inbox(self, view: InboxView) -> None:
        self._list_pane.show_inbox(view)
        self._reading.show_empty(view.empty)

    def show_why_empty(self, view: EmptyView | None) -> None:
        """Why there is nothing to choose, if not because nobody wrote."""
        self._reading.show_why_empty(view)

    def show_message(self, view: MessageView | None) -> None:
        self._reading.show_message(view)
        if view is not None:
            self._light_row_of(view)

    def show_picture(self, name: str, image: QImage) -> None:
        """A picture of the message on show, by its name in the HTML."""
        self._reading.show_picture(name, image)

    def show_files(self, view: FilesView) -> None:
        """How the attached files of the message on show are now."""
        self._reading.show_files(view)

    def show_clock(self, view: ClockView) -> None:
        self._reading.show_clock(view)

    def open_item(self, key: str) -> bool:
        """Chooses a conversation as if the founder had; False when it is not in the list."""
        if not self._list_pane.list.choose(key):
            return False
        self.chosen.emit(key)
        return True

    def dock(self, composer: QWidget | None) -> None:
        """An answer stands below the message on show; None: none any more."""
        self._reading.dock(composer)

    @property
    def selected_words(self) -> str:
        """What is selected in the message on show."""
        return self._reading.selected_words

    @property
    def selected_at(self) -> int:
        return self._reading.selected_at

    def choose_sentence(self) -> bool:
        """Select the first sentence of the message; False when there is none."""
        return self._reading.choose_sentence()

    def step(self, by: int) -> None:
        self._list_pane.list.step(by)

    def open_search(self) -> None:
        self._list_pane.open_search()

    def step_back(self, focused: QWidget | None) -> bool:
        """Esc: from the reading to the list."""
        if focused is None or not self._reading.isAncestorOf(focused):
            return False
        self._list_pane.list.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True

    def focus_message(self) -> None:
        """The keyboard goes on in what is read."""
        self._reading.focus_words()

    def open_menu(self) -> None:
        """What is asked for less often about the message on show."""
        self._reading.open_menu()

    def turn_page(self, by: int) -> bool:
        """Scroll the message on show by a page."""
        return self._reading.turn_page(by)

    def toggle_quote(self) -> bool:
        return self._reading.toggle_quote()

    @property
    def message(self) -> MessageView | None:
        return self._reading.message

    def _go_reading(self, _key: str) -> None:
        focus_first(self._reading)

    def _light_row_of(self, view: MessageView) -> None:
        """The row of the conversation; among what was found and old mail that of the very mail.

        The conversation on show may go back further than the one in the list, and a list of old
        mail that is not up to date may have rows of mails that a conversation holds by now.
        """
        shown = self._list_pane.list
        lines = (line.key for line in (*view.earlier, *view.later))
        for key in (view.conversation_key, view.key, *lines):
            row = shown.row_of(key)
            if isinstance(row, ConversationRow) and not row.is_single:
                break
        else:
            key = view.key if shown.row_of(view.key) is not None else view.conversation_key
        if key != shown.current_key:
            shown.choose(key)

    def sections(self) -> list[QWidget]:
        return [self._list_pane, *self._reading.sections()]
