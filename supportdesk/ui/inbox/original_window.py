"""A message as it came: its raw headers and body, to look through and to search. Never changed."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import (
    QFontDatabase,
    QKeySequence,
    QPalette,
    QShortcut,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from supportdesk.ui.rows import ButtonRank
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.box import Box, Grow, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.label import Label

MOST_BYTES = 2_000_000
LONGEST_LINE = 2_000
_AT_ONCE = 40_000
_SIZE_EMS = (70, 48)
_LONG_LINE = re.compile(rf"([^\n]{{{LONGEST_LINE}}})(?=[^\n])")
# NUL and its kind as their pictures (U+2400), marks that turn the reading direction by number.
_NAMED = {code: chr(0x2400 + code) for code in range(0x20) if code not in (0x09, 0x0A)}
_NAMED |= {
    code: f"\\u{code:04x}" for code in (0x7F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
}


class OriginalWindow(Box):
    """A window of its own; long originals are filled in step by step, the rest is said to follow.

    Lines without an end are broken: one of a megabyte would hold the window.
    """

    def __init__(self, theme: Theme, subject: str, text: str, parent: QWidget | None) -> None:
        super().__init__(theme, Ink.PAGE)
        self.setParent(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"Original: {subject}")
        em = theme.em()
        self.resize(*(round(ems * em) for ems in _SIZE_EMS))
        self._text = text.replace("\r\n", "\n")
        self._filled = 0
        self._view = QPlainTextEdit()
        self._found = Label(theme, "", TypeRole.CAPTION, Ink.TEXT2)
        self._field = QLineEdit()
        self._build()
        self._filling = QTimer(self)
        self._filling.timeout.connect(self._fill_in)
        self._fill_in()
        self._filling.start(0)
        self._view.setFocus()

    @property
    def is_whole(self) -> bool:
        """All that is shown is there."""
        return self._filled >= len(self._text)

    def search(self, words: str, *, backwards: bool = False) -> bool:
        """The next place with these words, round the end; False when there is none."""
        flags = QTextDocument.FindFlag(0)
        if backwards:
            flags |= QTextDocument.FindFlag.FindBackward
        if not words or self._view.find(words, flags):
            self._found.setText("")
            return bool(words)
        cursor = self._view.textCursor()
        end = QTextCursor.MoveOperation.End if backwards else QTextCursor.MoveOperation.Start
        self._view.moveCursor(end)
        if self._view.find(words, flags):
            self._found.setText("from the other end")
            return True
        self._view.setTextCursor(cursor)
        self._found.setText("not found")
        return False

    # --- inside ------------------------------------------------------------------------

    def _build(self) -> None:
        theme = self.theme
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPointSizeF(theme.font().pointSizeF())
        self._view.setFont(font)
        self._view.setReadOnly(True)
        self._view.setUndoRedoEnabled(False)
        self._view.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._view.setTabChangesFocus(True)
        self._view.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self._view.setAccessibleName("The message as it came")
        palette = self._view.palette()
        palette.setColor(QPalette.ColorRole.Base, theme.colour(Ink.PAGE))
        palette.setColor(QPalette.ColorRole.Text, theme.colour(Ink.TEXT))
        self._view.setPalette(palette)
        self._field.setFont(theme.font())
        self._field.setAccessibleName("Search in the original")
        self._field.setPlaceholderText("Search here")
        self._field.returnPressed.connect(lambda: self.search(self._field.text()))
        before = Button(theme, rank=ButtonRank.GHOST, icon="up", hint="Previous (Shift+F3)")
        after = Button(theme, rank=ButtonRank.GHOST, icon="down", hint="Next (F3)")
        before.clicked.connect(lambda: self.search(self._field.text(), backwards=True))
        after.clicked.connect(lambda: self.search(self._field.text()))
        head = row(
            theme, Grow(self._field), self._found, before, after, gap=4, margins=(12, 8, 12, 8)
        )
        column(theme, head, Grow(self._view), gap=0, inside=self)
        for keys, act in (
            ("Ctrl+F", self._field.setFocus),
            ("F3", after.click),
            ("Shift+F3", before.click),
            ("Esc", self.close),
            ("Ctrl+W", self.close),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(act)

    def _fill_in(self) -> None:
        """Some more of it, at the end, whatever is selected."""
        end = min(len(self._text), self._filled + _AT_ONCE)
        cursor = QTextCursor(self._view.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(shown_original(self._text[self._filled : end]))
        self._filled = end
        if self.is_whole:
            self._filling.stop()


def read_original(path: Path) -> str:
    """The beginning of the file as text; each byte that is no UTF-8 shows as what it is."""
    with path.open("rb") as file:
        octets = file.read(MOST_BYTES + 1)
    text = octets[:MOST_BYTES].decode("utf-8", "backslashreplace")
    if len(octets) > MOST_BYTES:
        text += "\n\n[The original is longer. Save it from your mail program to see all of it.]"
    return text


def shown_original(text: str) -> str:
    """No line without end, and letters that would end or bend the text by name."""
    return _LONG_LINE.sub(r"\1\n", text.translate(_NAMED))
