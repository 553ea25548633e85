"""How a text with marks looks to who gets it, in place of the text while it is looked at."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from supportdesk.services.light_markup import formatted_html
from supportdesk.ui.inbox.message_prose import MessageProse
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.widgets.box import clear, column


class Preview(QWidget):
    """Empty and hidden until it is shown a text."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._stack = column(theme, gap=0, inside=self)
        self.is_on = False

    def show_text(self, text: str) -> None:
        self.is_on = True
        clear(self._stack)
        words = MessageProse(self._theme)
        words.setAccessibleName("How it looks to them")
        words.show_html(formatted_html(text))
        self._stack.addWidget(words)
        self._stack.addStretch(1)
        self.show()
        words.show()
        words.setFocus(Qt.FocusReason.OtherFocusReason)

    def end(self) -> None:
        self.is_on = False
        clear(self._stack)
        self.hide()
