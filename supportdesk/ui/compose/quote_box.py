"""What is quoted below the text: folded, to be left out, or to be taken into the text."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from supportdesk.ui.inbox.message_prose import MessageProse
from supportdesk.ui.rows import ButtonRank
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import TypeRole
from supportdesk.ui.widgets.box import clear, column
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.flow import flowing

_MOST_SHOWN = 20_000


class QuoteBox(QWidget):
    """One line, and the quote under it when it is unfolded.

    Signals:
        changed: There is another quote, or none.
        into_text_asked: The quote is wanted in the text, to answer between its lines.
    """

    changed = Signal()
    into_text_asked = Signal(str)

    def __init__(self, theme: Theme, text: str, summary: str) -> None:
        super().__init__()
        self._theme = theme
        self._whole = text
        self._text = text
        self._summary = summary
        self._is_open = False
        self._is_touched = False
        self._stack = column(theme, gap=2, inside=self)
        self._show()

    @property
    def text(self) -> str:
        """What goes along; empty once it was left out."""
        return self._text

    @property
    def is_needed(self) -> bool:
        return bool(self._whole)

    def follow(self, text: str, summary: str) -> None:
        """Another quote is known, unless the founder has decided about this one."""
        if not self._is_touched and (text, summary) != (self._whole, self._summary):
            self._whole = self._text = text
            self._summary = summary
            self._show()

    def restyle(self) -> None:
        self._show()

    # --- inside ------------------------------------------------------------------------

    def _show(self) -> None:
        had_focus = self.isAncestorOf(self.window().focusWidget() or self)
        clear(self._stack)
        # Without a parent it would be shown as a window.
        if self.parentWidget() is not None:
            self.setVisible(self.is_needed)
        if not self.is_needed:
            return
        buttons = self._buttons()
        line = flowing(*buttons, gap=2)
        self._stack.addWidget(line)
        line.show()
        if self._is_open and self._text:
            words = MessageProse(self._theme, TypeRole.BODY)
            words.setAccessibleName("Quoted text")
            words.show_text(self._text[:_MOST_SHOWN])
            self._stack.addWidget(words)
        if had_focus:
            buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _buttons(self) -> list[Button]:
        theme, ghost = self._theme, ButtonRank.GHOST
        if not self._text:
            back = Button(theme, "Quote them again", ghost, icon="quote", small=True)
            back.clicked.connect(lambda: self._settle(self._whole))
            return [back]
        summary = self._summary or "Quoted below"
        fold = Button(theme, summary, ghost, icon="more", small=True).giving_way()
        fold.setCheckable(True)
        fold.setChecked(self._is_open)
        fold.toggled.connect(self._fold)
        out = Button(theme, "Leave out", ghost, hint="Send no quote", small=True)
        out.clicked.connect(lambda: self._settle(""))
        into = Button(theme, "Into the text", ghost, hint="To answer between its lines", small=True)
        into.clicked.connect(self._move_into_text)
        return [fold, into, out]

    def _fold(self, is_open: bool) -> None:
        self._is_open = is_open
        self._show()

    def _move_into_text(self) -> None:
        self.into_text_asked.emit(self._text)
        self._settle("")

    def _settle(self, text: str) -> None:
        self._text = text
        self._is_touched = True
        self._show()
        self.changed.emit()
