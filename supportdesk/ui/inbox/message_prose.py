"""The text of a message in the reading pane: its own size, and where its links lead."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent, QFont

from supportdesk.ui.inbox.links import words_of_link
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import TypeRole
from supportdesk.ui.widgets.prose import Prose


class MessageProse(Prose):
    """Tells of a link under the pointer and under the keyboard alike.

    Signals:
        link_chosen: An address, and the words that stand for it, a line for each place.
        link_near: The address under the pointer or the keyboard; "" when it left.
    """

    link_chosen = Signal(str, str)
    link_near = Signal(str)

    def __init__(self, theme: Theme, role: TypeRole = TypeRole.READ) -> None:
        super().__init__(theme, role)
        font = QFont(theme.font(role))
        font.setPointSizeF(font.pointSizeF() * theme.reading_zoom)
        self.setFont(font)
        self.document().setDefaultFont(font)
        self.highlighted.connect(lambda url: self.link_near.emit(url.toString()))
        self.link_asked.connect(
            lambda url: self.link_chosen.emit(url, words_of_link(self.document(), url))
        )

    def focusNextPrevChild(self, next: bool) -> bool:
        has_moved = super().focusNextPrevChild(next)
        # The stock class tells nobody when the keyboard goes from link to link.
        cursor = self.textCursor()
        form = cursor.charFormat()
        is_link = self.hasFocus() and cursor.hasSelection() and form.isAnchor()
        self.link_near.emit(form.anchorHref() if is_link else "")
        return has_moved

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.link_near.emit("")
