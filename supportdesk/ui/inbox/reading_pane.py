"""The conversation being read, its actions, and the reading clock."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from supportdesk.ui.compose.composer_place import ComposerPlace
from supportdesk.ui.inbox.link_line import LinkLine
from supportdesk.ui.inbox.message_body import MessageBody
from supportdesk.ui.inbox.reading_head import ReadingHead
from supportdesk.ui.rows import (
    Action,
    ClockView,
    EmptyView,
    FilesView,
    MessageView,
)
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.action_bar import ActionBar
from supportdesk.ui.widgets.box import Box, clear, column
from supportdesk.ui.widgets.density import Density
from supportdesk.ui.widgets.empty_card import EmptyCard
from supportdesk.ui.widgets.scroll import scrolling
from supportdesk.ui.widgets.tab_order import focus_first

_NOTHING = EmptyView(head="Nothing chosen", sentence="Choose a conversation to read it.")
_LAID_OUT_MS = 400
_NO_CLOCK = ClockView(is_counting=False, label="not counting")


class ReadingPane(Box):
    """Shows one message at a time; the same message again keeps its place.

    Signals:
        message_asked: The key of another message of the conversation.
        link_asked: An address, and the words that stand for it.
        zoom_asked: So many steps larger; 0 is the size of the rest.
    """

    asked = Signal(object, str)
    step_asked = Signal(int)
    message_asked = Signal(str)
    item_asked = Signal(str)
    link_asked = Signal(str, str)
    zoom_asked = Signal(int)
    felt_chosen = Signal(str, object)
    quote_undo_asked = Signal(str)
    activity = Signal()
    rebuilt = Signal()

    def __init__(self, theme: Theme, density: Density) -> None:
        super().__init__(theme, Ink.PAGE)
        self._density = density
        upper = QWidget()
        self._stack = column(theme, gap=0, inside=upper)
        # Apart from all that is built anew with the message.
        self.place = ComposerPlace(theme, upper)
        column(theme, self.place, gap=0, inside=self)
        self._head_place = column(theme, gap=0)
        self._bar_place = column(theme, gap=0)
        self._message: MessageView | None = None
        self._empty = _NOTHING
        self._why_empty: EmptyView | None = None
        self._clock = _NO_CLOCK
        self._head: ReadingHead | None = None
        self._bar: ActionBar | None = None
        self._body: MessageBody | None = None
        self._scroll: QScrollArea | None = None
        self._place_before = ("", 0)
        self._laid_out = QTimer(self)
        self._laid_out.setSingleShot(True)
        self._laid_out.setInterval(_LAID_OUT_MS)
        self._link_line = LinkLine(theme, self)
        self._build_empty()

    @property
    def message(self) -> MessageView | None:
        return self._message

    def show_empty(self, view: EmptyView | None) -> None:
        """What to say while no message is open."""
        self._settle_empty(view or _NOTHING, self._why_empty)

    def show_why_empty(self, view: EmptyView | None) -> None:
        """What to say instead, while there is nothing to choose because nothing is heard."""
        self._settle_empty(self._empty, view)

    def _settle_empty(self, usual: EmptyView, why: EmptyView | None) -> None:
        if (usual, why) == (self._empty, self._why_empty):
            return
        self._empty, self._why_empty = usual, why
        if self._message is None:
            self._build_empty()

    def show_message(self, view: MessageView | None) -> None:
        old, self._message = self._message, view
        if old == view:
            return
        if view is None:
            self._build_empty()
            return
        if self._body is None:
            self._build_frame()
        self._show_head(old, view)
        self._show_body(old, view)
        self._show_bar(old, view)

    def show_picture(self, name: str, image: QImage) -> None:
        if self._body is not None:
            self._body.show_picture(name, image)

    def show_files(self, view: FilesView) -> None:
        if self._body is not None:
            self._body.show_files(view)

    def show_clock(self, view: ClockView) -> None:
        self._clock = view
        if self._head is not None:
            self._head.show_clock(view)

    def open_menu(self) -> None:
        """What is asked for less often."""
        if self._head is not None:
            self._head.open_menu()

    def dock(self, composer: QWidget | None) -> None:
        """An answer stands below the message, in place of its actions; None: none any more."""
        was_taken = self.place.is_taken
        self.place.hold(composer)
        self._settle_bar()
        if was_taken is not self.place.is_taken:
            self._make_room(is_answered=self.place.is_taken)
        self.rebuilt.emit()

    @property
    def selected_words(self) -> str:
        """What is selected in the message."""
        return self._body.selected_words if self._body is not None else ""

    @property
    def selected_at(self) -> int:
        """Where in the text the selection begins."""
        return self._body.selected_at if self._body is not None else 0

    def choose_sentence(self) -> bool:
        """Select the first sentence; False when there is none."""
        return self._body is not None and self._body.choose_sentence()

    def sections(self) -> list[QWidget]:
        """The message, and the answer below it if there is one."""
        return self.place.sections()

    def turn_page(self, by: int) -> bool:
        """A page down or up, a line less than is in sight; False when there is nothing to read."""
        if self._scroll is None:
            return False
        bar = self._scroll.verticalScrollBar()
        line = int(self.theme.metrics(TypeRole.READ).height() * 2)
        bar.setValue(bar.value() + by * max(line, self._scroll.viewport().height() - line))
        return True

    def go_to_end(self, by: int) -> None:
        """To the beginning or the end of the column."""
        if self._scroll is not None:
            bar = self._scroll.verticalScrollBar()
            bar.setValue(bar.minimum() if by < 0 else bar.maximum())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Home if not event.modifiers():
                self.go_to_end(-1)
            case Qt.Key.Key_End if not event.modifiers():
                self.go_to_end(1)
            case _:
                super().keyPressEvent(event)

    def toggle_quote(self) -> bool:
        return self._body is not None and self._body.toggle_quote()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ctrl and the wheel make the message larger or smaller, as in a browser."""
        if isinstance(event, QWheelEvent):
            is_zoom = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            turned = event.angleDelta().y()
            if is_zoom and turned:
                self.zoom_asked.emit(1 if turned > 0 else -1)
                return True
        return super().eventFilter(watched, event)

    # --- inside ------------------------------------------------------------------------

    def _build_empty(self) -> None:
        clear(self._stack)
        self._head = self._bar = self._body = self._scroll = None
        self._link_line.hide()
        card = EmptyCard(self.theme, self._why_empty or self._empty)
        card.asked.connect(self.asked)
        self._stack.addWidget(card, 1)
        self.rebuilt.emit()

    def _build_frame(self) -> None:
        clear(self._stack)
        # Holders that stay: the tab order is that of the widgets as they were made.
        head, bar = QWidget(), QWidget()
        self._head_place = column(self.theme, gap=0, inside=head)
        body = MessageBody(self.theme)
        body.asked.connect(self.asked)
        body.message_asked.connect(self.message_asked)
        body.item_asked.connect(self.item_asked)
        body.link_asked.connect(self.link_asked)
        body.link_hovered.connect(self._show_link)
        body.selection_made.connect(self.activity)
        body.zoom_asked.connect(self.zoom_asked)
        body.felt_chosen.connect(self.felt_chosen)
        body.quote_undo_asked.connect(self.quote_undo_asked)
        body.rebuilt.connect(self.rebuilt)
        self._body = body
        self._scroll = scrolling(body, "Message")
        self._scroll.viewport().installEventFilter(self)
        self._scroll.verticalScrollBar().valueChanged.connect(lambda _: self._scrolled())
        self._scroll.verticalScrollBar().rangeChanged.connect(lambda *_: self._bring_in())
        self._bar_place = column(self.theme, gap=0, inside=bar)
        self._stack.addWidget(head)
        self._stack.addWidget(self._scroll, 1)
        self._stack.addWidget(bar)
        self._settle_bar()

    def _show_head(self, old: MessageView | None, view: MessageView) -> None:
        is_same = old is not None and _head_of(old) == _head_of(view)
        if self._head is not None and is_same:
            self._head.show_more(view)
            return
        clear(self._head_place)
        self._head = ReadingHead(self.theme, self._density, view, self._clock)
        self._head.asked.connect(self._on_action)
        self._head.step_asked.connect(self.step_asked)
        self._head_place.addWidget(self._head)
        self.rebuilt.emit()

    def _show_bar(self, old: MessageView | None, view: MessageView) -> None:
        if self._bar is not None and old is not None and old.actions == view.actions:
            return
        had_focus = self._bar is not None and self._bar.isAncestorOf(self.focusWidget() or self)
        clear(self._bar_place)
        self._bar = ActionBar(self.theme, view.actions)
        self._bar.asked.connect(self._on_action)
        self._bar_place.addWidget(self._bar)
        if had_focus:
            self._bar.show()
            focus_first(self._bar)
        self.rebuilt.emit()

    def _settle_bar(self) -> None:
        """The answer has a bar of its own; there would be two for one thing."""
        # While nothing is open there is no bar: its place went with the message.
        holder = self._bar_place.parentWidget() if self._scroll is not None else None
        if holder is not None:
            holder.setVisible(not self.place.is_taken)

    def _make_room(self, *, is_answered: bool) -> None:
        """What is answered stands at the top of the room that is left, and later as before."""
        if self._scroll is None or self._message is None:
            return
        key, place = self._message.key, self._scroll.verticalScrollBar().value()
        if is_answered:
            self._place_before = (key, place)
            self._laid_out.start()
        else:
            self._laid_out.stop()
        # The room is another only after the next events.
        QTimer.singleShot(0, self, self._bring_in if is_answered else self._bring_back)

    def _bring_in(self) -> None:
        """A pane that was just built is laid out in several steps; after that it stays."""
        if self._scroll is not None and self._body is not None and self._laid_out.isActive():
            bar = self._scroll.verticalScrollBar()
            bar.setValue(max(bar.value(), self._body.top_of_words - self.theme.gap(8)))

    def _bring_back(self) -> None:
        key, place = self._place_before
        if self._scroll is not None and self._message is not None and self._message.key == key:
            self._scroll.verticalScrollBar().setValue(place)

    def _show_body(self, old: MessageView | None, view: MessageView) -> None:
        body, scroll = self._body, self._scroll
        if body is None or scroll is None:
            return
        had_focus = body.isAncestorOf(self.focusWidget() or self)
        is_same = old is not None and old.key == view.key
        place = scroll.verticalScrollBar().value() if is_same else 0
        body.show_view(view)
        self._stack.activate()
        body.resize(body.width(), body.sizeHint().height())
        scroll.verticalScrollBar().setValue(place)
        if is_same:
            return
        self._link_line.hide()
        if old is not None and old.conversation_key == view.conversation_key:
            scroll.verticalScrollBar().setValue(self._reading_place(body, scroll))
        if had_focus:
            self.focus_words()

    def _reading_place(self, body: MessageBody, scroll: QScrollArea) -> int:
        """Another message of the same conversation begins at the top, if it is not in sight."""
        top = body.top_of_message
        return 0 if top < scroll.viewport().height() // 2 else max(0, top - self.theme.gap(8))

    def focus_words(self) -> None:
        """What had the keyboard is gone: it goes on in the message that is open."""
        if self._body is not None:
            words = self._body.words
            if words is not None:
                words.show()
                words.setFocus(Qt.FocusReason.OtherFocusReason)

    def _scrolled(self) -> None:
        self._link_line.hide()
        self.activity.emit()

    def _show_link(self, url: str) -> None:
        bottom = self._scroll.geometry().bottom() if self._scroll is not None else self.height()
        self._link_line.show_link(url, bottom)

    def _on_action(self, action: Action) -> None:
        target = self._message.conversation_key if self._message else ""
        self.asked.emit(action, target)


def _head_of(view: MessageView) -> tuple[str, str]:
    return view.subject, view.address_line
