"""The list of conversations: title, order, search, and a dated banner when it may be stale."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from supportdesk.ui.inbox.conversation_delegate import ConversationDelegate
from supportdesk.ui.inbox.search_box import SearchBox
from supportdesk.ui.rows import (
    Action,
    ActionButton,
    ButtonRank,
    InboxView,
    ListProgress,
    NothingFound,
    Notice,
    SectionRow,
)
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import (
    LIST_LEAST_WIDTH,
    LIST_NARROW_WIDTH,
    LIST_WIDTH,
    Ink,
    TypeRole,
)
from supportdesk.ui.widgets.banner import Banner
from supportdesk.ui.widgets.box import STRETCH, Box, Edge, Grow, clear, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.density import Density
from supportdesk.ui.widgets.label import Elided, Label
from supportdesk.ui.widgets.progress import Progress
from supportdesk.ui.widgets.windowed_list import Place, WindowedList

_THREAD = 3


class ListPane(Box):
    """Longest waiting first, then what was answered, then old mail; or what a search found."""

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
        self._before_search: Place | None = None
        self._banner_shown: Notice | None = None
        self._nothing_shown: NothingFound | None = None
        # It wraps: the date of a list that may be out of date comes last and must not be cut off.
        self._caption = Label(theme, "", TypeRole.CAPTION, Ink.TEXT2).wrapping()
        self._progress = _ProgressLine(theme)
        self._search = SearchBox(theme)
        self._search.changed.connect(self.search_changed)
        self._search.left.connect(self.close_search)
        self._search.entered.connect(self._go_to_found)
        self._banner_holder = QWidget()
        self._banner_place = column(theme, margins=(12, 0, 12, 4), inside=self._banner_holder)
        self._banner_holder.hide()
        self._nothing_holder = QWidget()
        self._nothing_place = column(theme, margins=(20, 12, 16, 0), inside=self._nothing_holder)
        self._nothing_holder.hide()
        self._more_shown: ActionButton | None = None
        self._more_holder = QWidget()
        self._more_place = column(theme, margins=(20, 6, 16, 8), inside=self._more_holder)
        self._more_holder.hide()
        self.list = WindowedList("Conversations", still=(SectionRow,))
        self.list.setItemDelegate(ConversationDelegate(theme, self.list))
        column(
            theme,
            self._build_head(),
            self._search,
            self._progress,
            self._banner_holder,
            self._nothing_holder,
            Grow(self.list),
            self._more_holder,
            gap=0,
            inside=self,
        )

    def show_inbox(self, view: InboxView) -> None:
        if view is self._view:
            return  # the page is fed whole for every new message, also with the same old list
        looked_for = self._view.search if self._view is not None else ""
        self._view = view
        self._caption.setText(view.caption)
        self._progress.show_progress(view.progress)
        self._show_banner(view.banner)
        self._show_nothing(view.nothing)
        if view.search == looked_for:
            self.list.show_source(view.rows)
        else:
            self._turn_to(view, looked_for)
        self._show_more(view.more)

    def open_search(self) -> None:
        self._search.open()

    def close_search(self) -> None:
        was_searching = bool(self._search.words)
        self._search.close_empty()
        if was_searching:
            self.search_changed.emit("")
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the search also from among what was found."""
        if event.key() == Qt.Key.Key_Escape and self._search.is_open:
            self.close_search()
        else:
            super().keyPressEvent(event)

    # --- inside ------------------------------------------------------------------------

    def _build_head(self) -> QWidget:
        search = Button(self.theme, rank=ButtonRank.GHOST, icon="search", hint="Search (/)")
        search.clicked.connect(self.open_search)
        scroll = Button(self.theme, rank=ButtonRank.GHOST, icon="coffee", hint="Morning scroll (M)")
        scroll.clicked.connect(lambda: self.asked.emit(Action.SHOW_MORNING, ""))
        title = Label(self.theme, "Inbox", TypeRole.TITLE)
        words = column(self.theme, title, self._caption, gap=0)
        head = QWidget()
        row(self.theme, Grow(words), scroll, search, gap=2, margins=(20, 10, 10, 6), inside=head)
        return head

    def _turn_to(self, view: InboxView, looked_for: str) -> None:
        """To what was found, from its top; or back to where the list was before the search."""
        if view.search:
            if not looked_for:
                self._before_search = self.list.place()
            self.list.turn_to(view.rows)
            if not self._search.is_open:
                self._search.restore(view.search)
            return
        self.list.turn_to(view.rows, self._before_search)
        self._before_search = None
        self._search.close_empty()

    def _go_to_found(self) -> None:
        """To the first of them, if the founder is not among them already."""
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if not self.list.current_key:
            self.list.step(1)

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

    def _show_nothing(self, nothing: NothingFound | None) -> None:
        if nothing == self._nothing_shown:
            return
        self._nothing_shown = nothing
        clear(self._nothing_place)
        self._nothing_holder.setVisible(nothing is not None)
        if nothing is not None:
            words = Label(self.theme, nothing.sentence, TypeRole.BODY, Ink.TEXT2).wrapping()
            offer = Button(self.theme, nothing.offer, small=True).giving_way()
            offer.clicked.connect(lambda: self._search_instead(nothing.words))
            self._nothing_place.addWidget(words)
            self._nothing_place.addLayout(row(self.theme, -2, offer, STRETCH))

    def _show_more(self, more: ActionButton | None) -> None:
        if more == self._more_shown:
            return
        self._more_shown = more
        if any(button.hasFocus() for button in self._more_holder.findChildren(Button)):
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        clear(self._more_place)
        self._more_holder.setVisible(more is not None)
        if more is not None:
            button = Button.for_action(self.theme, more, small=True).giving_way()
            button.clicked.connect(lambda: self.asked.emit(more.action, more.target))
            self._more_place.addLayout(row(self.theme, -2, button, STRETCH))

    def _search_instead(self, words: str) -> None:
        if not words:
            self.close_search()
            return
        self._search.open(words)
        self.search_changed.emit(words)


class _ProgressLine(QWidget):
    """A thread and its number, while a mailbox is listed for the first time."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._label = Elided(theme, "", TypeRole.CAPTION, Ink.TEXT2)
        self._thread = Progress(theme, 0.0, width=None, height=_THREAD)
        column(theme, self._label, self._thread, gap=3, margins=(20, 0, 16, 6), inside=self)
        self.hide()

    def show_progress(self, progress: ListProgress | None) -> None:
        self.setVisible(progress is not None)
        if progress is not None:
            self._label.set_text(progress.label)
            self._thread.set_share(progress.share)
