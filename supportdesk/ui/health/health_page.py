"""The page "Is it working?": a card a source and a part, a test, a report without names."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLayout, QWidget

from supportdesk.ui.health.check_lines import LOOKS, check_line
from supportdesk.ui.health.trial_card import TrialCard
from supportdesk.ui.rows import Action, ActionButton, HealthRow, HealthView
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import READING_WIDTH, Ink, TypeRole
from supportdesk.ui.widgets.box import STRETCH, Box, Grow, clear, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.density import Density
from supportdesk.ui.widgets.flow import flowing
from supportdesk.ui.widgets.label import Icon, Label
from supportdesk.ui.widgets.scroll import scrolling
from supportdesk.ui.widgets.trouble_card import TroubleCard

_MARK = 18
_MARK_GAP = 10


class HealthPage(Box):
    """Of what is on show only cards that changed are built anew: the keyboard stays where it is."""

    asked = Signal(object, str)
    rebuilt = Signal()

    def __init__(self, theme: Theme, density: Density) -> None:
        super().__init__(theme, Ink.PAGE)
        self._view: HealthView | None = None
        self._head = Label(theme, "", TypeRole.TITLE).wrapping()
        self._sentence = Label(theme, "", ink=Ink.TEXT2).wrapping()
        self._trial = TrialCard(theme)
        self._trial.begun.connect(lambda: self.asked.emit(Action.BEGIN_TRIAL, ""))
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
            self._trial,
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
        self._trial.show_steps(view.trial, is_running=view.is_trying)
        self._show_rows(() if old is None else old.rows, view.rows)

    @property
    def report(self) -> str:
        return self._view.report if self._view else ""

    def _on_copy(self) -> None:
        self.asked.emit(Action.COPY_REPORT, "")
        self._copy.set_label("Copied")

    def sections(self) -> list[QWidget]:
        return [self._body]

    def _show_rows(self, old: tuple[HealthRow, ...], new: tuple[HealthRow, ...]) -> None:
        if old == new:
            return
        if [one.key for one in old] != [one.key for one in new]:
            clear(self._cards)
            for one in new:
                self._cards.addWidget(self._build_card(one))
        else:
            for at, (before, after) in enumerate(zip(old, new, strict=True)):
                if before != after:
                    self._replace(at, self._build_card(after))
        self.rebuilt.emit()

    def _replace(self, at: int, card: QWidget) -> None:
        item = self._cards.itemAt(at)
        gone = item.widget() if item is not None else None
        self._cards.insertWidget(at, card)
        if gone is not None:
            self._cards.removeWidget(gone)
            gone.hide()
            gone.deleteLater()

    def _build_card(self, source: HealthRow) -> Box:
        theme, look = self.theme, LOOKS[source.state]
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
            details.addWidget(self._caption(source.last_event))
        for check in source.checks:
            details.addLayout(check_line(theme, check))
        for note in source.notes:
            details.addWidget(self._caption(note))
        details.setContentsMargins(theme.mark(_MARK) + theme.gap(_MARK_GAP), 0, 0, 0)
        stack.addLayout(details)
        if source.trouble is not None:
            stack.addWidget(TroubleCard(theme, source.trouble))
        if source.buttons:
            buttons = [self._build_button(action) for action in source.buttons]
            stack.addWidget(flowing(*buttons, gap=4))
        return card

    def _caption(self, words: str) -> Label:
        return Label(self.theme, words, TypeRole.CAPTION, Ink.TEXT2).wrapping()

    def _build_button(self, action: ActionButton) -> Button:
        button = Button.for_action(self.theme, action, small=True)
        button.clicked.connect(lambda: self.asked.emit(action.action, action.target))
        return button
