"""Kept words in a text: their tint, and below the freshest of them how they were felt.

The text is neither changed nor laid out by words: the tint is a selection of its own, and the bar
stands in a gap below the paragraph in which the words end.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QTextBlock, QTextCharFormat, QTextCursor, QTextFormat
from PySide6.QtWidgets import QTextEdit

from supportdesk.ui.rows import voices as rows
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink
from supportdesk.ui.voices.felt_bar import FeltBar
from supportdesk.ui.widgets.prose import Prose

_LETTERS = re.compile(r"[^\s\u200b\ufffc]+")
_ABOVE = 6
_BELOW = 10
_LAID_OUT_MS = 400
_BEFORE = QTextFormat.Property.UserProperty.value + 1
"""The margin of a paragraph before the bar came."""


class Place(NamedTuple):
    """From and to, as Qt counts: in UTF-16."""

    start: int
    end: int


class Squeezed:
    """A text without its spaces and breaks, which may differ from those kept."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._runs = [found.start() for found in _LETTERS.finditer(text)]
        parts = _LETTERS.findall(text)
        self._letters = "".join(parts)
        self._starts: list[int] = []
        length = 0
        for part in parts:
            self._starts.append(length)
            length += len(part)

    def places_of(self, words: str) -> Iterator[Place]:
        """Where these words stand."""
        wanted = "".join(_LETTERS.findall(words))
        at = self._letters.find(wanted) if wanted else -1
        while at >= 0:
            last = at + len(wanted) - 1
            yield Place(self._position(at), self._position(last, after=1))
            at = self._letters.find(wanted, at + len(wanted))

    def _position(self, at: int, *, after: int = 0) -> int:
        run = bisect_right(self._starts, at) - 1
        index = self._runs[run] + at - self._starts[run] + after
        return len(self._text[:index].encode("utf-16-le")) // 2


class KeptInText(QObject):
    """Belongs to one `Prose`; give it what is kept with `show_kept`.

    Signals:
        felt_chosen: Key of the quote, and a `Felt` or None.
        undo_asked: Key of a quote that shall not be kept after all.
    """

    felt_chosen = Signal(str, object)
    undo_asked = Signal(str)

    def __init__(self, theme: Theme, prose: Prose) -> None:
        super().__init__(prose)
        self._theme = theme
        self._prose = prose
        self._kept: tuple[rows.KeptWords, ...] = ()
        self._bar: FeltBar | None = None
        self._bar_key = ""
        self._bar_at: int | None = None
        self._gap_at = -1
        self._sought = ""
        self._sought_at: QTextCursor | None = None
        self._laid_out = QTimer(self)
        self._laid_out.setSingleShot(True)
        self._laid_out.setInterval(_LAID_OUT_MS)
        prose.finished.connect(self._mark)
        prose.fitted.connect(self._place_bar)

    @property
    def bar(self) -> FeltBar | None:
        """Where it is asked how the freshest words were felt."""
        return self._bar

    def show_kept(self, kept: Sequence[rows.KeptWords]) -> None:
        if tuple(kept) != self._kept:
            self._kept = tuple(kept)
            if self._prose.is_finished:
                self._mark()

    # --- inside ------------------------------------------------------------------------

    def _mark(self) -> None:
        text = Squeezed(self._prose.toPlainText() if self._kept else "")
        marks: list[QTextEdit.ExtraSelection] = []
        fresh: tuple[rows.KeptWords, Place] | None = None
        for one in self._kept:
            place = _nearest(text.places_of(one.words), one.near)
            if place is not None:
                marks.append(self._tinted(place))
                fresh = (one, place) if one.is_fresh else fresh
                self._seek(one, place)
        self._prose.setExtraSelections(marks)
        if fresh is not None:
            self._show_bar(*fresh)
        else:
            self._drop_bar()
            self._close_gap()
            self._prose.fit()

    def _seek(self, kept: rows.KeptWords, place: Place) -> None:
        """Once; after that the founder scrolls where they like."""
        if kept.is_sought and self._sought != kept.key:
            self._sought = kept.key
            self._sought_at = QTextCursor(self._prose.document())
            self._sought_at.setPosition(place.end)
            self._laid_out.start()
            QTimer.singleShot(0, self, self._bring_in)
            bar = self._prose.scroll_bar()
            if bar is not None:
                bar.rangeChanged.connect(self._bring_in)

    def _bring_in(self) -> None:
        """A page that was just built is laid out in several steps, each of which may take long."""
        if self._laid_out.isActive() and self._sought_at is not None:
            self._laid_out.start()
            self._prose.bring_into_sight(self._sought_at)

    def _tinted(self, place: Place) -> QTextEdit.ExtraSelection:
        mark = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self._prose.document())
        cursor.setPosition(place.start)
        cursor.setPosition(place.end, QTextCursor.MoveMode.KeepAnchor)
        form = QTextCharFormat()
        form.setBackground(self._theme.colour(Ink.TINT))
        form.setForeground(self._theme.colour(Ink.TEXT))
        mark.cursor, mark.format = cursor, form
        return mark

    def _show_bar(self, kept: rows.KeptWords, place: Place) -> None:
        if self._bar is None or self._bar_key != kept.key:
            self._drop_bar()
            self._drop_selection()
            self._bar_key = kept.key
            self._bar = FeltBar(self._theme, kept.felt)
            self._bar.setParent(self._prose)
            self._bar.chosen.connect(lambda felt: self.felt_chosen.emit(kept.key, felt))
            self._bar.undo_asked.connect(lambda: self.undo_asked.emit(kept.key))
        self._bar.show_felt(kept.felt)
        self._bar_at = place.end
        self._place_bar()
        self._bar.show()

    def _drop_selection(self) -> None:
        """It would hide the tint, and is kept by now."""
        cursor = self._prose.textCursor()
        cursor.clearSelection()
        self._prose.setTextCursor(cursor)

    def _drop_bar(self) -> None:
        if self._bar is not None:
            self._bar.hide()
            self._bar.deleteLater()
        self._bar, self._bar_key, self._bar_at = None, "", None

    def _place_bar(self) -> None:
        """After each new height of the text."""
        bar, at = self._bar, self._bar_at
        is_there = at is not None and at < self._prose.document().characterCount()
        if bar is None or at is None or not is_there or not self._prose.is_finished:
            return
        width = self._prose.viewport().width()
        layout = bar.layout()
        height = layout.heightForWidth(width) if layout is not None else 0
        block = _last_block(self._prose, at)
        above = self._theme.gap(_ABOVE)
        self._open_gap(block, above + height + self._theme.gap(_BELOW))
        text = self._prose.document().documentLayout().blockBoundingRect(block)
        lines = block.layout().boundingRect()
        top = int(text.top() + lines.bottom()) + above
        bar.setGeometry(0, top, width, height)

    def _open_gap(self, block: QTextBlock, height: int) -> None:
        if self._gap_at != block.position():
            self._close_gap()
        self._gap_at = block.position()
        form = block.blockFormat()
        if not form.hasProperty(_BEFORE) or form.bottomMargin() != height:
            _set_gap(self._prose, block, height)
            self._prose.fit()

    def _close_gap(self) -> None:
        """A text that was laid out anew has none any more."""
        block = self._prose.document().findBlock(max(0, self._gap_at))
        if self._gap_at >= 0 and block.blockFormat().hasProperty(_BEFORE):
            _set_gap(self._prose, block, None)
        self._gap_at = -1


def _nearest(places: Iterator[Place], near: int) -> Place | None:
    return min(places, key=lambda place: abs(place.start - near), default=None)


def _last_block(prose: Prose, at: int) -> QTextBlock:
    """Below which there is room for a bar as wide as the text: no cell of a table."""
    cursor = QTextCursor(prose.document())
    cursor.setPosition(max(0, at - 1))
    while table := cursor.currentTable():
        cursor.setPosition(table.lastPosition() + 1)
    return cursor.block()


def _set_gap(prose: Prose, block: QTextBlock, height: int | None) -> None:
    """What the margin was before stays with the paragraph; None brings it back."""
    cursor = QTextCursor(prose.document())
    cursor.setPosition(block.position())
    form = block.blockFormat()
    before = form.doubleProperty(_BEFORE) if form.hasProperty(_BEFORE) else form.bottomMargin()
    if height is None:
        form.clearProperty(_BEFORE)
        form.setBottomMargin(before)
    else:
        form.setProperty(_BEFORE, before)
        form.setBottomMargin(height)
    cursor.setBlockFormat(form)
