"""Under the text: send, attach, saved replies, marks, how many words, discard."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from supportdesk.services.light_markup import Mark
from supportdesk.ui.rows import ButtonRank
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.box import Box, Edge, clear, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.flow import flowing
from supportdesk.ui.widgets.label import Label

_SIGNATURE = re.compile(r"^-- $", re.MULTILINE)
_MOST_COUNTED = 50_000
"""Letters. Of longer texts it is said that there are more words."""
_MARKS = (
    (Mark.BOLD, "bold", "Bold (Ctrl+B)"),
    (Mark.ITALIC, "italic", "Italic (Ctrl+I)"),
    (Mark.BULLETS, "list", "List (Ctrl+Shift+L)"),
)


class ComposerBar(Box):
    """Asks; decides nothing."""

    send_asked = Signal()
    attach_asked = Signal()
    replies_asked = Signal()
    mark_asked = Signal(object)
    preview_asked = Signal(bool)
    discard_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, Ink.LIST, edges=Edge.TOP)
        self._is_primary = True
        self._is_formatted = False
        self._is_previewed = False
        self._why_not = ""
        self._words = 0
        self._is_longer = False
        self._line = row(theme, gap=4, inside=self)
        self._send: Button | None = None
        self._preview: Button | None = None
        self._count: Label | None = None
        self.restyle()

    def set_primary(self, is_primary: bool) -> None:
        if is_primary != self._is_primary:
            self._is_primary = is_primary
            self.restyle()

    def set_formatted(self, is_formatted: bool) -> None:
        """It has marks, which go out as HTML, too: then there is something to preview."""
        if is_formatted != self._is_formatted:
            self._is_formatted = is_formatted
            self._settle()

    def set_previewed(self, is_previewed: bool) -> None:
        self._is_previewed = is_previewed
        if self._preview is not None:
            self._preview.setChecked(is_previewed)

    def set_why_not(self, why_not: str) -> None:
        """Why it cannot be sent; empty when it can."""
        if why_not != self._why_not:
            self._why_not = why_not
            self._settle()

    def show_words(self, text: str) -> None:
        """How long it is, without the signature."""
        self._words = words_of(text[:_MOST_COUNTED])
        self._is_longer = len(text) > _MOST_COUNTED
        self._settle()

    def restyle(self) -> None:
        theme = self.theme
        had_focus = self.isAncestorOf(self.window().focusWidget() or self)
        clear(self._line)
        gap = theme.gap
        self._line.setContentsMargins(gap(22), gap(7), gap(12), gap(7))
        rank = ButtonRank.PRIMARY if self._is_primary else ButtonRank.SECONDARY
        # Short of room the key is in the tooltip alone.
        key = "" if theme.is_large else "Ctrl+Enter"
        hint = "Send (Ctrl+Enter)"
        self._send = Button(theme, "Send", rank, icon="send", key=key, hint=hint)
        self._send.clicked.connect(self.send_asked)
        attach = self._ghost("attach", "Attach files (Ctrl+Shift+A)")
        attach.clicked.connect(self.attach_asked)
        replies = self._ghost("replies", "Saved replies (Ctrl+Shift+S)")
        replies.clicked.connect(self.replies_asked)
        marks = [self._mark(*one) for one in _MARKS]
        self._preview = self._ghost("eye", "How it looks to them (Ctrl+Shift+P)")
        self._preview.setCheckable(True)
        self._preview.setChecked(self._is_previewed)
        self._preview.clicked.connect(self.preview_asked)
        self._count = Label(theme, "", TypeRole.CAPTION, Ink.TEXT2, tabular=True)
        self._count.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        discard = self._ghost("trash", "Discard this draft")
        discard.clicked.connect(self.discard_asked)
        left = flowing(self._send, attach, replies, *marks, self._preview, gap=3)
        self._line.addWidget(left, 1)
        right = QWidget()
        row(theme, self._count, discard, gap=4, inside=right)
        self._line.addWidget(right, 0, Qt.AlignmentFlag.AlignTop)
        self._settle()
        if had_focus:
            self._send.show()
            self._send.setFocus(Qt.FocusReason.OtherFocusReason)

    def _settle(self) -> None:
        if self._send is not None:
            self._send.set_possible(not self._why_not, self._why_not)
        if self._preview is not None:
            self._preview.setVisible(self._is_formatted)
        if self._count is not None:
            count = "1 word" if self._words == 1 else f"{self._words:,} words"
            whole = f"over {count}" if self._is_longer else count
            # Short of room the figure alone: one more line would cost the text one.
            self._count.setText(f"{self._words:,}" if self.theme.is_large else whole)
            self._count.setAccessibleName(whole)
            self._count.setToolTip(whole)

    def _ghost(self, icon: str, hint: str) -> Button:
        return Button(self.theme, rank=ButtonRank.GHOST, icon=icon, hint=hint)

    def _mark(self, mark: Mark, icon: str, hint: str) -> Button:
        button = self._ghost(icon, hint)
        button.clicked.connect(lambda: self.mark_asked.emit(mark))
        return button


def words_of(text: str) -> int:
    """Words of an answer; a signature is none of it."""
    signature = _SIGNATURE.search(text)
    return len((text[: signature.start()] if signature else text).split())
