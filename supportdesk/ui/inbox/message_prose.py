"""The text of a message in the reading pane: its own size, and where its links lead."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QFocusEvent, QFont, QKeyEvent, QMouseEvent, QTextCursor, QWheelEvent

from supportdesk.ui.inbox.links import words_of_link
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import TypeRole
from supportdesk.ui.widgets.prose import Prose
from supportdesk.ui.widgets.sentences import Sentence, first_said, sentences

_FOR_THE_PAGE = (
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
)

_STEPS = {int(Qt.Key.Key_Left): -1, int(Qt.Key.Key_Right): 1}
_LEADS_OUT = ("http", "https", "mailto")


class MessageProse(Prose):
    """Tells of a link under the pointer and under the keyboard alike.

    Signals:
        link_chosen: An address, and the words that stand for it, a line for each place.
        zoom_asked: So many steps larger, by Ctrl and the wheel.
        link_near: The address under the pointer or the keyboard; "" when it left.
    """

    link_chosen = Signal(str, str)
    link_near = Signal(str)
    zoom_asked = Signal(int)

    def __init__(self, theme: Theme, role: TypeRole = TypeRole.READ) -> None:
        super().__init__(theme, role)
        font = QFont(theme.font(role))
        font.setPointSizeF(font.pointSizeF() * theme.reading_zoom)
        self.setFont(font)
        self.document().setDefaultFont(font)
        self._chosen: tuple[Sentence, Sentence] | None = None
        self.highlighted.connect(self._tell_link)
        self.link_asked.connect(
            lambda url: self.link_chosen.emit(url, words_of_link(self.document(), url))
        )

    def choose_sentence(self) -> bool:
        """Select the first that is no greeting; the arrows go on from there (F70).

        Left and right go to the one before and the next, with Shift they take it in, too. False
        when there is none.
        """
        first = first_said(self.toPlainText())
        if first is not None:
            self._select(first, first)
            self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return first is not None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """It has no scroll bar of its own: the keys that scroll are for the page around it."""
        step = _STEPS.get(event.key())
        if step is not None and self._chosen is not None:
            is_more = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._step_sentence(step, is_more=is_more)
        elif event.key() in _FOR_THE_PAGE and not event.modifiers():
            event.ignore()
        elif event.key() == Qt.Key.Key_Space:
            # Shift with it turns back; with the others it would select.
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _step_sentence(self, by: int, *, is_more: bool) -> None:
        found = sentences(self.toPlainText())
        if self._chosen is None or not found:
            return
        first, last = (found.index(one) if one in found else 0 for one in self._chosen)
        end = min(max(0, last + by), len(found) - 1)
        self._select(found[min(first, end) if is_more else end], found[end])

    def _select(self, first: Sentence, last: Sentence) -> None:
        cursor = QTextCursor(self.document())
        cursor.setPosition(first.start)
        cursor.setPosition(last.end, QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        self._chosen = (first, last)
        self.follow_cursor()

    def deselect(self) -> None:
        """Nothing of it is meant any more."""
        self._chosen = None
        cursor = self.textCursor()
        if cursor.hasSelection():
            cursor.clearSelection()
            self.setTextCursor(cursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._chosen = None
        super().mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The stock class would zoom by itself, this text alone, until it is built anew."""
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
        elif event.angleDelta().y():
            self.zoom_asked.emit(1 if event.angleDelta().y() > 0 else -1)
            event.accept()

    def focusNextPrevChild(self, next: bool) -> bool:
        has_moved = super().focusNextPrevChild(next)
        # The stock class tells nobody when the keyboard goes from link to link.
        cursor = self.textCursor()
        form = cursor.charFormat()
        is_link = self.hasFocus() and cursor.hasSelection() and form.isAnchor()
        self._tell_link(QUrl(form.anchorHref() if is_link else ""))
        return has_moved

    def _tell_link(self, url: QUrl) -> None:
        """Our own links, as the one to the rest of a long mail, lead nowhere outside."""
        self.link_near.emit(url.toString() if url.scheme() in _LEADS_OUT else "")

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.link_near.emit("")
