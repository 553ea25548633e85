"""Light marks of formatting put into the text by a key or a button, as one step to undo."""

from __future__ import annotations

from itertools import takewhile

from PySide6.QtGui import QTextCursor

from supportdesk.services.light_markup import Mark, marked
from supportdesk.ui.compose.editor import Editor, units_of


def put_mark(editor: Editor, mark: Mark) -> None:
    """Set it on what is selected, or take it away. Nothing else of the text is touched."""
    text, cursor = editor.text, editor.textCursor()
    start, end = editor.place_of(cursor.selectionStart()), editor.place_of(cursor.selectionEnd())
    made = marked(text, start, end, mark)
    first = _same(text, made.text)
    most = min(len(text), len(made.text)) - first
    same_end = min(most, _same(text[::-1], made.text[::-1]))
    _select(cursor, text, first, len(text) - same_end)
    cursor.beginEditBlock()
    cursor.insertText(made.text[first : len(made.text) - same_end])
    cursor.endEditBlock()
    _select(cursor, made.text, made.start, made.end)
    editor.setTextCursor(cursor)


def _same(one: str, other: str) -> int:
    """So many letters at their beginning."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _select(cursor: QTextCursor, text: str, start: int, end: int) -> None:
    cursor.setPosition(units_of(text[:start]))
    cursor.setPosition(units_of(text[:end]), QTextCursor.MoveMode.KeepAnchor)
