"""Light marks of formatting put into the text: what they mean is in `services/light_markup`."""

from __future__ import annotations

from enum import Enum

from PySide6.QtGui import QTextBlock, QTextCursor

from supportdesk.ui.compose.editor import Editor


class Mark(Enum):
    """What a key or button puts into the text; the value is the mark."""

    BOLD = "**"
    ITALIC = "_"
    LIST = "- "


def put_mark(editor: Editor, mark: Mark) -> None:
    """Around what is selected, or before its lines; the same again takes it off. One undo step."""
    cursor = editor.textCursor()
    cursor.beginEditBlock()
    if mark is Mark.LIST:
        _mark_lines(cursor, mark.value)
    else:
        _mark_words(cursor, mark.value)
    cursor.endEditBlock()
    editor.setTextCursor(cursor)


def _mark_words(cursor: QTextCursor, mark: str) -> None:
    start, end = cursor.selectionStart(), cursor.selectionEnd()
    words = cursor.selectedText()
    size = len(mark)
    if len(words) >= 2 * size and words.startswith(mark) and words.endswith(mark):
        cursor.insertText(words[size:-size])
        _select(cursor, start, end - 2 * size)
        return
    if _around(cursor, start, end, mark):
        _select(cursor, start - size, end + size)
        cursor.insertText(words)
        _select(cursor, start - size, end - size)
        return
    cursor.insertText(f"{mark}{words}{mark}")
    _select(cursor, start + size, end + size)


def _around(cursor: QTextCursor, start: int, end: int, mark: str) -> bool:
    document, size = cursor.document(), len(mark)
    if start < size:
        return False
    wider = QTextCursor(document)
    _select(wider, start - size, start)
    before = wider.selectedText()
    _select(wider, end, min(end + size, document.characterCount() - 1))
    return before == mark == wider.selectedText()


def _mark_lines(cursor: QTextCursor, mark: str) -> None:
    document = cursor.document()
    first = document.findBlock(cursor.selectionStart()).blockNumber()
    last = document.findBlock(cursor.selectionEnd()).blockNumber()
    blocks = [document.findBlockByNumber(number) for number in range(first, last + 1)]
    are_marked = all(block.text().startswith(mark) for block in blocks)
    for block in blocks:
        _mark_line(block, mark, take_off=are_marked)


def _mark_line(block: QTextBlock, mark: str, *, take_off: bool) -> None:
    line = QTextCursor(block)
    if take_off:
        line.movePosition(
            QTextCursor.MoveOperation.Right, QTextCursor.MoveMode.KeepAnchor, len(mark)
        )
        line.removeSelectedText()
    elif not block.text().startswith(mark):
        line.insertText(mark)


def _select(cursor: QTextCursor, start: int, end: int) -> None:
    cursor.setPosition(max(0, start))
    cursor.setPosition(max(0, end), QTextCursor.MoveMode.KeepAnchor)
