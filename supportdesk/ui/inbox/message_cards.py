"""Cards of a message: an invitation, a forwarded message, a seal."""

from __future__ import annotations

from typing import assert_never

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout

from supportdesk.ui.inbox.message_prose import MessageProse
from supportdesk.ui.rows import (
    ActionButton,
    ButtonRank,
    InvitationView,
    MessageCard,
    NestedView,
    SealView,
)
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import RADIUS_CARD, Ink, TypeRole
from supportdesk.ui.widgets.box import STRETCH, Box, Grow, Item, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.label import Icon, Label


class CardBox(Box):
    """What all cards share: ground, hairline, and asking."""

    asked = Signal(object, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, Ink.LIST, Ink.LINE, radius=RADIUS_CARD)

    def button_for(self, action: ActionButton) -> Button:
        button = Button.for_action(self.theme, action, small=True)
        button.clicked.connect(lambda: self.asked.emit(action.action, action.target))
        return button


class InvitationCard(CardBox):
    """What, when, where, who; nothing is answered from here."""

    def __init__(self, theme: Theme, view: InvitationView) -> None:
        super().__init__(theme)
        parts = (view.kind, view.title, view.warning, view.when, view.where, view.who)
        self.setAccessibleName(". ".join(part for part in parts if part))
        kind = Label(theme, view.kind, TypeRole.CAPTION_B, Ink.TEXT2)
        head: list[Item] = [Icon(theme, "calendar", Ink.TEXT2), kind, STRETCH]
        stack = column(theme, row(theme, *head), gap=4, margins=(14, 11, 12, 12), inside=self)
        stack.addWidget(Label(theme, view.title, TypeRole.BODY_B).wrapping())
        if view.warning:
            stack.addWidget(Label(theme, view.warning, TypeRole.BODY_B, Ink.AMBER).wrapping())
        stack.addLayout(self._facts(view))
        if view.save is not None:
            stack.addLayout(row(theme, -2, self.button_for(view.save), STRETCH))

    def _facts(self, view: InvitationView) -> QGridLayout:
        theme, grid = self.theme, QGridLayout()
        grid.setHorizontalSpacing(theme.gap(10))
        grid.setVerticalSpacing(theme.gap(3))
        grid.setColumnStretch(1, 1)
        facts = (
            ("When", view.when),
            ("Repeats", view.repeats),
            ("Where", view.where),
            ("From", view.who),
        )
        for line, (name, words) in enumerate(fact for fact in facts if fact[1]):
            label = Label(theme, name, TypeRole.CAPTION, Ink.TEXT2)
            grid.addWidget(label, line, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(Label(theme, words, TypeRole.CAPTION).wrapping(), line, 1)
        return grid


class NestedCard(CardBox):
    """A forwarded message; its words open in place and are never mixed with those around it."""

    link_asked = Signal(str, str)
    selection_made = Signal()
    unfolded = Signal()

    def __init__(self, theme: Theme, view: NestedView) -> None:
        super().__init__(theme)
        self._view = view
        self._words: MessageProse | None = None
        self.setAccessibleName(f"Forwarded message of {view.who}: {view.subject}")
        head = Label(theme, "Forwarded message", TypeRole.CAPTION_B, Ink.TEXT2)
        who = ", ".join(part for part in (view.who, view.when) if part)
        self._stack = column(
            theme,
            row(theme, Icon(theme, "mail", Ink.TEXT2), head, STRETCH),
            Label(theme, view.subject, TypeRole.BODY_B).wrapping(),
            Label(theme, who, TypeRole.CAPTION, Ink.TEXT2).wrapping(),
            gap=4,
            margins=(14, 11, 12, 12),
            inside=self,
        )
        if view.text.strip():
            fold = Button(theme, "Read it here", ButtonRank.GHOST, icon="fold", small=True)
            fold.setCheckable(True)
            fold.toggled.connect(self._show_words)
            self._stack.addLayout(row(theme, -9, fold, STRETCH))

    def _show_words(self, is_shown: bool) -> None:
        if self._words is None:
            self._words = MessageProse(self.theme, TypeRole.BODY)
            self._words.setAccessibleName("Forwarded text")
            self._words.link_chosen.connect(self.link_asked)
            self._words.selection_made.connect(self.selection_made)
            self._words.show_text(self._view.text)
            self._stack.addWidget(self._words)
            self.unfolded.emit()
        self._words.setVisible(is_shown)


class SealCard(CardBox):
    """Says what protects the message; verifies nothing and decrypts nothing."""

    def __init__(self, theme: Theme, view: SealView) -> None:
        super().__init__(theme)
        self.setAccessibleName(view.words)
        items: list[Item] = [
            Icon(theme, "lock" if view.is_locked else "cert", Ink.TEXT2),
            Grow(Label(theme, view.words).wrapping()),
        ]
        if view.button is not None:
            items.append(self.button_for(view.button))
        row(theme, *items, gap=8, margins=(14, 8, 12, 8), inside=self)


def card_widget(theme: Theme, card: MessageCard) -> InvitationCard | NestedCard | SealCard:
    match card:
        case InvitationView():
            return InvitationCard(theme, card)
        case NestedView():
            return NestedCard(theme, card)
        case SealView():
            return SealCard(theme, card)
        case _:
            assert_never(card)
