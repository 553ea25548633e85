"""The page "Is it working?": one card a source, and a report without names or secrets."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLayout, QWidget

from supportdesk.ui.rows import (
    Action,
    ActionButton,
    CheckLine,
    HealthRow,
    HealthState,
    HealthView,
)
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import READING_WIDTH, Ink, TypeRole
from supportdesk.ui.widgets.box import STRETCH, Box, Grow, clear, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.density import Density
from supportdesk.ui.widgets.flow import flowing
from supportdesk.ui.widgets.label import Elided, Icon, Label
from supportdesk.ui.widgets.scroll import scrolling
from supportdesk.ui.widgets.trouble_card import TroubleCard


class _Look(NamedTuple):
    icon: str
    ink: Ink
    words: Ink


_LOOKS = {
    HealthState.GOOD: _Look("check", Ink.ACCENT, Ink.ACCENT_TEXT),
    HealthState.TRYING: _Look("refresh", Ink.AMBER_MARK, Ink.AMBER),
    HealthState.DEAF: _Look("deaf", Ink.BRICK_MARK, Ink.BRICK),
    HealthState.OFF: _Look("pause", Ink.TEXT3, Ink.TEXT2),
    HealthState.UNKNOWN: _Look("more", Ink.TEXT3, Ink.TEXT2),
}
_MARK = 18
_MARK_GAP = 10
_CHECK_ICONS = {HealthState.DEAF: "close"}


class HealthPage(Box):
    """Built anew only when something changed; a minute's tick with the same words does nothing."""

    asked = Signal(object, str)
    rebuilt = Signal()

    def __init__(self, theme: Theme, density: Density) -> None:
        super().__init__(theme, Ink.PAGE)
        self._view: HealthView | None = None
        self._head = Label(theme, "", TypeRole.TITLE).wrapping()
        self._sentence = Label(theme, "", ink=Ink.TEXT2).wrapping()
        self._cards = column(theme, gap=12)
        self._copy = Button(theme, "Copy report", icon="copy")
        self._copy.clicked.connect(self._on_copy)
        note = Label(theme, "The report has no names, no mail and no secrets.", TypeRole.CAPTION)
        note.set_ink(Ink.TEXT2)
        self._body = QWidget()
        self._body.setMaximumWidth(theme.mark(READING_WIDTH) + 2 * theme.gap(24))
        column(
            theme,
            self._head,
            self._sentence,
            8,
            self._cards,
            8,
            row(theme, -2, self._copy, Grow(note.wrapping()), gap=8),
            STRETCH,
            gap=4,
            margins=(24, 18, 24, 20),
            inside=self._body,
        )
        column(theme, scrolling(self._body, "Is it working?"), inside=self)

    def show_health(self, view: HealthView) -> None:
        old, self._view = self._view, view
        if old == view:
            return
        self._copy.set_label("Copy report")
        self._head.setText(view.head)
        self._sentence.setText(view.sentence)
        if old is not None and old.rows == view.rows:
            return
        clear(self._cards)
        for source in view.rows:
            self._cards.addWidget(self._build_card(source))
        self.rebuilt.emit()

    @property
    def report(self) -> str:
        return self._view.report if self._view else ""

    def _on_copy(self) -> None:
        self.asked.emit(Action.COPY_REPORT, "")
        self._copy.set_label("Copied")

    def sections(self) -> list[QWidget]:
        return [self._body]

    def _build_card(self, source: HealthRow) -> Box:
        theme, look = self.theme, _LOOKS[source.state]
        card = Box.card(theme, Ink.LIST)
        card.setAccessibleName(f"{source.name}: {source.state_words}")
        name = Label(theme, source.name, TypeRole.BODY_B)
        words = Label(theme, source.state_words, ink=look.words)
        if theme.is_large:
            head: QLayout = column(theme, name, words.wrapping(), gap=2)
        else:
            for label in (name, words.wrapping()):
                label.setAlignment(Qt.AlignmentFlag.AlignTop)
            head = row(theme, name, Grow(words))
        stack = column(theme, gap=6, margins=(14, 12, 14, 12), inside=card)
        mark = column(theme, Icon(theme, look.icon, look.ink, _MARK), STRETCH)
        stack.addLayout(row(theme, mark, Grow(head), gap=_MARK_GAP))
        details = column(theme, gap=4)
        if source.last_event:
            last_event = Label(theme, source.last_event, TypeRole.CAPTION, Ink.TEXT2)
            details.addWidget(last_event.wrapping())
        for check in source.checks:
            details.addLayout(self._build_check(check))
        details.setContentsMargins(theme.mark(_MARK) + theme.gap(_MARK_GAP), 0, 0, 0)
        stack.addLayout(details)
        if source.trouble is not None:
            stack.addWidget(TroubleCard(theme, source.trouble))
        if source.buttons:
            buttons = [self._build_button(action) for action in source.buttons]
            stack.addWidget(flowing(*buttons, gap=4))
        return card

    def _build_check(self, check: CheckLine) -> QLayout:
        theme, look = self.theme, _LOOKS[check.state]
        icon = _CHECK_ICONS.get(check.state, look.icon)
        words = Elided(theme, check.words, TypeRole.CAPTION, Ink.TEXT2)
        return row(
            theme, Icon(theme, icon, look.ink, 16), Label(theme, check.name), Grow(words), gap=10
        )

    def _build_button(self, action: ActionButton) -> Button:
        button = Button.for_action(self.theme, action, small=True)
        button.clicked.connect(lambda: self.asked.emit(action.action, action.target))
        return button
