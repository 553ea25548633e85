"""The search above the list: a field, and what it understands while it is empty."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from supportdesk.ui.rows import ButtonRank
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.widgets.box import column
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.flow import flowing

_HINTS = (
    ("from:", "Only from this person, as in from:ingrid"),
    ("before:", "Only older mail, as in before:2026-10-01"),
    ("has:attachment", "Only mail with files"),
)


class SearchField(QLineEdit):
    """Esc leaves, Enter or Down goes to what was found."""

    left = Signal()
    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Escape:
                self.left.emit()
            case Qt.Key.Key_Down | Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.entered.emit()
            case _:
                super().keyPressEvent(event)


class SearchBox(QWidget):
    """Hidden until it is opened. `changed` tells the words at every key."""

    changed = Signal(str)
    left = Signal()
    entered = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._field = SearchField()
        self._field.setFont(theme.font())
        self._field.setAccessibleName("Search all mail")
        self._field.setPlaceholderText("Name, subject or words")
        self._field.textEdited.connect(self._on_edited)
        self._field.left.connect(self.left)
        self._field.entered.connect(self.entered)
        self._hints = QWidget()
        buttons = [self._hint(theme, text, why) for text, why in _HINTS]
        column(theme, flowing(*buttons, gap=4), gap=0, inside=self._hints)
        column(theme, self._field, self._hints, gap=4, margins=(12, 0, 12, 6), inside=self)
        self.hide()

    @property
    def words(self) -> str:
        return self._field.text()

    @property
    def is_open(self) -> bool:
        return not self.isHidden()

    def open(self, words: str | None = None) -> None:
        """Come in sight and take the keyboard; `words` replace what was typed."""
        if words is not None:
            self._set(words)
        self.show()
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._field.selectAll()

    def restore(self, words: str) -> None:
        """A search that goes on in a window that was built anew."""
        self._set(words)
        self.show()

    def close_empty(self) -> None:
        self._set("")
        self.hide()

    def _set(self, words: str) -> None:
        self._field.setText(words)
        self._hints.setVisible(not words)

    def _hint(self, theme: Theme, text: str, why: str) -> Button:
        button = Button(theme, text, ButtonRank.GHOST, small=True, hint=why)
        button.clicked.connect(lambda: self._begin_with(text))
        return button

    def _begin_with(self, text: str) -> None:
        words = text if text.endswith(":") else f"{text} "
        self._set(words)
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._field.end(False)
        self.changed.emit(words)

    def _on_edited(self, words: str) -> None:
        self._hints.setVisible(not words)
        self.changed.emit(words)
