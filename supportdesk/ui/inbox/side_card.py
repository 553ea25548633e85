"""Beside the conversation: who has it, until when it sleeps, its labels and internal notes."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from supportdesk.ui.rows.common import ActionButton
from supportdesk.ui.rows.side import NoteCard, SideFact, SideView
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import RADIUS_CARD, Ink, TypeRole
from supportdesk.ui.widgets.box import STRETCH, Box, Grow, Item, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.flow import Flow
from supportdesk.ui.widgets.label import Icon, Label

_MARK = 15


class SideCard(QWidget):
    """Built for one view. Signals: what is asked for, and the key or name that it is about."""

    asked = Signal(object, str)

    def __init__(self, theme: Theme, view: SideView) -> None:
        super().__init__()
        self._theme = theme
        stack = column(theme, gap=6, inside=self)
        for fact in view.facts:
            stack.addWidget(self._fact(fact))
        if view.tags:
            stack.addWidget(self._tags(view))
        for note in view.notes:
            stack.addWidget(self._note(note))

    def _fact(self, fact: SideFact) -> QWidget:
        holder = QWidget()
        words = Label(self._theme, fact.words, TypeRole.CAPTION, Ink.TEXT2).wrapping()
        mark = Icon(self._theme, fact.icon, Ink.TEXT2, _MARK)
        buttons: list[Item] = [self._button(one) for one in fact.buttons]
        if self._theme.is_large:
            top = row(self._theme, mark, Grow(words), gap=7)
            column(self._theme, top, row(self._theme, *buttons, STRETCH), gap=2, inside=holder)
        else:
            row(self._theme, mark, Grow(words), *buttons, gap=7, inside=holder)
        return holder

    def _tags(self, view: SideView) -> QWidget:
        buttons = [self._button(one) for one in view.tags]
        for button, tag in zip(buttons, view.tags, strict=True):
            button.setAccessibleName(f"Tag {tag.target}: take it off")
        if view.add_tag is not None:
            buttons.append(self._button(view.add_tag))
        holder = QWidget()
        holder.setLayout(Flow(*buttons, gap=4))
        policy = holder.sizePolicy()
        policy.setHeightForWidth(True)
        holder.setSizePolicy(policy)
        return holder

    def _note(self, note: NoteCard) -> QWidget:
        theme = self._theme
        card = Box(theme, Ink.TINT, radius=RADIUS_CARD)
        card.setAccessibleName(f"{note.by_line}: {note.words}")
        head = Label(theme, note.by_line, TypeRole.CAPTION, Ink.ACCENT_TEXT).wrapping()
        words = Label(theme, note.words).wrapping()
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        mark = Icon(theme, "note", Ink.ACCENT_TEXT, _MARK)
        buttons: list[Item] = [self._button(one) for one in note.buttons]
        margins = (12, 8, 8, 10)
        if theme.is_large:
            top = row(theme, mark, Grow(head), gap=7)
            low = row(theme, *buttons, STRETCH)
            column(theme, top, words, low, gap=4, margins=margins, inside=card)
        else:
            top = row(theme, mark, Grow(head), *buttons, gap=7)
            column(theme, top, words, gap=4, margins=margins, inside=card)
        return card

    def _button(self, action: ActionButton) -> Button:
        button = Button.for_action(self._theme, action, small=True)
        button.clicked.connect(lambda: self.asked.emit(action.action, action.target))
        return button
