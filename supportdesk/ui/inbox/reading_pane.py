"""The message being read, its actions, and the reading clock."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout

from supportdesk.ui.inbox.message_body import MessageBody
from supportdesk.ui.rows import (
    Action,
    ButtonRank,
    ClockView,
    EmptyView,
    MessageView,
)
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.action_bar import ActionBar
from supportdesk.ui.widgets.box import STRETCH, Box, Grow, Item, clear, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.density import Density
from supportdesk.ui.widgets.empty_card import EmptyCard
from supportdesk.ui.widgets.label import Elided, Label
from supportdesk.ui.widgets.pill import ClockPill
from supportdesk.ui.widgets.scroll import scrolling

_NOTHING = EmptyView(head="Nothing chosen", sentence="Choose a conversation to read it.")
_NO_CLOCK = ClockView(is_counting=False, label="not counting")


class ReadingPane(Box):
    """Shows one message at a time; the same message again keeps its scroll position."""

    asked = Signal(object, str)
    step_asked = Signal(int)
    link_asked = Signal(str)
    activity = Signal()
    rebuilt = Signal()

    def __init__(self, theme: Theme, density: Density) -> None:
        super().__init__(theme, Ink.PAGE)
        self._density = density
        self._stack = column(theme, gap=0, inside=self)
        self._message: MessageView | None = None
        self._empty = _NOTHING
        self._clock = _NO_CLOCK
        self._pill: ClockPill | None = None
        self._scroll: QScrollArea | None = None
        self._build_empty()

    @property
    def message(self) -> MessageView | None:
        return self._message

    def show_empty(self, view: EmptyView | None) -> None:
        """What to say while no message is open."""
        wanted = view or _NOTHING
        if wanted == self._empty:
            return
        self._empty = wanted
        if self._message is None:
            self._build_empty()

    def show_message(self, view: MessageView | None) -> None:
        old, self._message = self._message, view
        if old == view:
            return
        if view is None:
            self._build_empty()
            return
        is_same = old is not None and old.key == view.key
        position = self._scroll.verticalScrollBar().value() if self._scroll and is_same else 0
        self._build_message(view)
        if position and self._scroll:
            self._stack.activate()
            self._scroll.verticalScrollBar().setValue(position)

    def show_clock(self, view: ClockView) -> None:
        self._clock = view
        if self._pill is not None:
            self._pill.show_clock(view)

    # --- inside ------------------------------------------------------------------------

    def _build_empty(self) -> None:
        clear(self._stack)
        self._pill = self._scroll = None
        card = EmptyCard(self.theme, self._empty)
        card.asked.connect(self.asked)
        self._stack.addWidget(card, 1)
        self.rebuilt.emit()

    def _build_message(self, view: MessageView) -> None:
        clear(self._stack)
        theme = self.theme
        self._pill = ClockPill(theme, self._clock)
        body = MessageBody(theme, view)
        body.asked.connect(self.asked)
        body.link_asked.connect(self.link_asked)
        body.selection_made.connect(self.activity)
        self._scroll = scrolling(body, "Message")
        self._scroll.verticalScrollBar().valueChanged.connect(lambda _: self.activity.emit())
        bar = ActionBar(theme, view.actions)
        bar.asked.connect(self._on_action)
        self._stack.addLayout(self._build_head(view, self._pill))
        self._stack.addWidget(self._scroll, 1)
        self._stack.addWidget(bar)
        self.rebuilt.emit()

    def _build_head(self, view: MessageView, pill: ClockPill) -> QVBoxLayout:
        theme = self.theme
        subject = Label(theme, view.subject or "(no subject)", TypeRole.TITLE).wrapping()
        if theme.is_large:
            address: Label = Label(theme, view.address_line, TypeRole.CAPTION, Ink.TEXT2).wrapping()
        else:
            address = Elided(theme, view.address_line, TypeRole.CAPTION, Ink.TEXT2)
        tools = self._build_tools()
        if self._density is Density.NARROW:
            top = row(theme, pill, STRETCH, *tools, gap=0)
            return column(theme, top, subject, address, gap=4, margins=(24, 10, 14, 10))
        words = column(theme, subject, address, gap=2)
        top = row(theme, pill, 4, *tools, gap=0)
        return column(theme, row(theme, Grow(words), top), margins=(24, 12, 14, 10))

    def _build_tools(self) -> list[Item]:
        tools: list[Item] = []
        for icon, hint, step in (("up", "Previous (k)", -1), ("down", "Next (j)", 1)):
            button = Button(self.theme, rank=ButtonRank.GHOST, icon=icon, hint=hint)
            button.clicked.connect(lambda _=False, by=step: self.step_asked.emit(by))
            tools.append(button)
        return tools

    def _on_action(self, action: Action) -> None:
        target = self._message.conversation_key if self._message else ""
        self.asked.emit(action, target)
