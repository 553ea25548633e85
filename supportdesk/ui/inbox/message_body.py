"""The message itself: person, notices, words, folded quote, attachments; one scrolling column."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from supportdesk.ui.inbox.person_card import PersonCard
from supportdesk.ui.rows import AttachmentView, ButtonRank, ChipKind, ChipView, MessageView
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import READING_WIDTH, Ink, TypeRole
from supportdesk.ui.widgets.banner import Banner
from supportdesk.ui.widgets.box import STRETCH, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.chips import Chip
from supportdesk.ui.widgets.flow import flowing
from supportdesk.ui.widgets.label import Label
from supportdesk.ui.widgets.prose import Prose

_HOW_TO_SAVE = "Open this mail in your mail program to save it"


class MessageBody(QWidget):
    """Built for one message; another message gets a new body."""

    asked = Signal(object, str)
    link_asked = Signal(str)
    selection_made = Signal()

    def __init__(self, theme: Theme, view: MessageView) -> None:
        super().__init__()
        self._theme = theme
        self._stack = column(theme, gap=8, margins=(24, 2, 24, 12), inside=self)
        self.setMaximumWidth(theme.mark(READING_WIDTH) + 2 * theme.gap(24))
        if view.person is not None:
            card = PersonCard(theme, view.person)
            card.asked.connect(self.asked)
            self._stack.addWidget(card)
            self._stack.addSpacing(theme.gap(6))
        for notice in view.notices:
            banner = Banner(theme, notice)
            banner.asked.connect(self.asked)
            self._stack.addWidget(banner)
            self._stack.addSpacing(theme.gap(6))
        self._add_words(view)
        if view.quoted_text:
            self._add_quote(view)
        if view.attachments:
            self._add_attachments(view.attachments)
        self._stack.addStretch(1)

    def _add_words(self, view: MessageView) -> None:
        prose = self._prose()
        if view.html:
            prose.show_html(view.html)
        elif view.text.strip():
            prose.show_text(view.text)
        else:
            nothing = "This message has no words of its own."
            self._stack.addWidget(Label(self._theme, nothing, ink=Ink.TEXT3))
            return
        self._stack.addWidget(prose)

    def _add_quote(self, view: MessageView) -> None:
        summary = view.quoted_summary or "Quoted text"
        fold = Button(self._theme, summary, ButtonRank.GHOST, icon="fold", small=True)
        fold.giving_way().setCheckable(True)
        quote = self._prose(TypeRole.BODY)
        quote.setAccessibleName("Quoted text")
        quote.show_text(view.quoted_text)
        quote.hide()
        fold.toggled.connect(quote.setVisible)
        self._stack.addLayout(self._pulled_left(fold))
        self._stack.addWidget(quote)

    def _add_attachments(self, attachments: tuple[AttachmentView, ...]) -> None:
        chips: list[QWidget] = []
        for attachment in attachments:
            words = ", ".join(part for part in (attachment.name, attachment.size_label) if part)
            chip = Chip(self._theme, ChipView(label=words, kind=ChipKind.FILE))
            chip.setToolTip(f"{words}. {_HOW_TO_SAVE}")
            chip.setAccessibleDescription(_HOW_TO_SAVE)
            chips.append(chip)
        self._stack.addWidget(flowing(*chips, gap=6))

    def _pulled_left(self, button: Button) -> QHBoxLayout:
        """Takes back a ghost button's padding, so that its words line up with the text."""
        return row(self._theme, -9, button, STRETCH)

    def _prose(self, role: TypeRole = TypeRole.READ) -> Prose:
        prose = Prose(self._theme, role)
        prose.link_asked.connect(self.link_asked)
        prose.selection_made.connect(self.selection_made)
        return prose
