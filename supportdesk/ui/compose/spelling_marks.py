"""Words that no dictionary knows are underlined in an answer; a right click mends them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QSyntaxHighlighter,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QMenu

from supportdesk.services.spelling import SIGNATURE, Speller, looked_at
from supportdesk.ui.compose.editor import Editor, units_of
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink

_IN_SIGNATURE = 1
_NONE_KNOWN = "Nothing like it is known"
_LOOKING = "Looking what may be meant…"


class SpellingMarks(QSyntaxHighlighter):
    """Marks only how words are shown: the text, its undo steps and the cursor stay as they are."""

    def __init__(self, theme: Theme, editor: Editor, speller: Speller) -> None:
        super().__init__(editor.document())
        self._theme = theme
        self._editor = editor
        self._speller = speller
        # The word that is being typed is not wrong yet: the block and its place in it.
        self._spared: tuple[int, int] | None = None
        self._menu: QMenu | None = None
        editor.cursorPositionChanged.connect(self._cursor_moved)
        editor.viewport().installEventFilter(self)

    def highlightBlock(self, text: str) -> None:
        is_below = self.previousBlockState() == _IN_SIGNATURE or text == SIGNATURE
        self.setCurrentBlockState(_IN_SIGNATURE if is_below else 0)
        if is_below:
            return
        spans = looked_at(text)
        wrong = self._speller.wrong(text[start:end] for start, end in spans)
        for start, end in spans:
            if text[start:end] in wrong:
                self._mark(units_of(text[:start]), units_of(text[start:end]))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QContextMenuEvent) and self._offer(event):
            return True
        return super().eventFilter(watched, event)

    # --- inside ------------------------------------------------------------------------

    def _mark(self, start: int, length: int) -> None:
        block = self.currentBlock()
        cursor = self._editor.textCursor()
        if (
            self._editor.hasFocus()
            and cursor.block() == block
            and cursor.positionInBlock() == start + length
        ):
            self._spared = (block.blockNumber(), start + length)
            return
        underline = QTextCharFormat()
        underline.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        underline.setUnderlineColor(self._theme.colour(Ink.BRICK))
        self.setFormat(start, length, underline)

    def _cursor_moved(self) -> None:
        if self._spared is None:
            return
        cursor = self._editor.textCursor()
        if (cursor.blockNumber(), cursor.positionInBlock()) != self._spared:
            number, self._spared = self._spared[0], None
            block = self.document().findBlockByNumber(number)
            if block.isValid():
                self.rehighlightBlock(block)

    def _offer(self, event: QContextMenuEvent) -> bool:
        is_mouse = event.reason() is QContextMenuEvent.Reason.Mouse
        here = (
            self._editor.cursorForPosition(event.pos()) if is_mouse else self._editor.textCursor()
        )
        chosen = self._wrong_word(here)
        if chosen is None:
            return False
        menu = self._editor.createStandardContextMenu()
        waiting = QAction(_LOOKING, menu)
        waiting.setEnabled(False)
        below = menu.insertSeparator(menu.actions()[0])
        menu.insertAction(below, waiting)
        self._speller.suggest(
            chosen.selectedText(), lambda words: self._fill(menu, waiting, chosen, words)
        )
        menu.aboutToHide.connect(self._close)
        self._menu = menu
        place = self._editor.cursorRect(here).bottomLeft() if not is_mouse else event.pos()
        menu.popup(self._editor.viewport().mapToGlobal(QPoint(place)))
        return True

    def _fill(
        self, menu: QMenu, waiting: QAction, chosen: QTextCursor, words: Sequence[str]
    ) -> None:
        if self._menu is not menu:
            # It was left before the answer came.
            return
        waiting.setText(_NONE_KNOWN)
        waiting.setVisible(not words)
        for word in words:
            action = QAction(word, menu)
            action.triggered.connect(lambda _on=False, word=word: self._put(chosen, word))
            menu.insertAction(waiting, action)

    def _close(self) -> None:
        menu, self._menu = self._menu, None
        if menu is not None:
            menu.deleteLater()

    def _put(self, chosen: QTextCursor, word: str) -> None:
        """One step to undo."""
        chosen.beginEditBlock()
        chosen.insertText(word)
        chosen.endEditBlock()

    def _wrong_word(self, here: QTextCursor) -> QTextCursor | None:
        block: QTextBlock = here.block()
        if block.userState() == _IN_SIGNATURE:
            return None
        text = block.text()
        for start, end in looked_at(text):
            first, last = units_of(text[:start]), units_of(text[:end])
            if first <= here.positionInBlock() <= last:
                if not self._speller.wrong([text[start:end]]):
                    return None
                chosen = QTextCursor(block)
                chosen.setPosition(block.position() + first)
                chosen.setPosition(block.position() + last, QTextCursor.MoveMode.KeepAnchor)
                return chosen
        return None
