"""Parts of HTML at the end of a QTextDocument, without empty lines between them."""

from __future__ import annotations

from PySide6.QtGui import QTextBlockFormat, QTextCharFormat, QTextCursor, QTextDocument

_OBJECT = "\ufffc"
_TABLE = "\ufdd0"
_NO_LEADING = QTextBlockFormat()
"""For lines with pictures: a share of their height would be left empty."""
_NO_LEADING.setLineHeight(0, QTextBlockFormat.LineHeightTypes.SingleHeight.value)
_THIN = QTextBlockFormat()
_THIN.setLineHeight(1, QTextBlockFormat.LineHeightTypes.FixedHeight.value)


def append_part(document: QTextDocument, html: str, *, pictures: int = 0) -> list[int]:
    """Append well-formed HTML; return where its pictures stand, in their order."""
    cursor = QTextCursor(document)
    cursor.movePosition(QTextCursor.MoveOperation.End)
    # In one edit, so that it is laid out once.
    cursor.beginEditBlock()
    if cursor.block().length() > 1:
        cursor.insertBlock(QTextBlockFormat(), QTextCharFormat())
    start = cursor.position()
    cursor.insertHtml(html)
    _join(document, start)
    found = _pictures(document, start) if pictures else []
    cursor.endEditBlock()
    return found


def take_last_line_away(document: QTextDocument) -> None:
    cursor = QTextCursor(document)
    cursor.movePosition(QTextCursor.MoveOperation.End)
    cursor.movePosition(QTextCursor.MoveOperation.StartOfBlock, QTextCursor.MoveMode.KeepAnchor)
    cursor.removeSelectedText()


def _join(document: QTextDocument, start: int) -> None:
    """A list or a table leaves the line empty in which its part began."""
    cursor = QTextCursor(document)
    cursor.setPosition(start)
    if start == 0 or cursor.block().length() > 1 or not cursor.block().next().isValid():
        return
    if cursor.block().next().textList() is not None:
        cursor.deleteChar()
    elif document.characterAt(start + 1) == _TABLE:
        cursor.mergeBlockFormat(_THIN)


def _pictures(document: QTextDocument, start: int) -> list[int]:
    cursor = QTextCursor(document)
    cursor.setPosition(start)
    cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
    text = cursor.selectedText()
    found: list[int] = []
    position, counted, at = start, 0, text.find(_OBJECT)
    while at >= 0:
        # In UTF-16, as Qt counts: letters beyond the first plane are two.
        position += sum(1 + (letter > "\uffff") for letter in text[counted:at])
        cursor.setPosition(position + 1)
        if cursor.charFormat().isImageFormat():
            found.append(position)
            cursor.mergeBlockFormat(_NO_LEADING)
        counted, at = at, text.find(_OBJECT, at + 1)
    return found
