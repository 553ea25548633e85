"""A line of text in which the words that a search has found stand out, in any script."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QFont,
    QFontMetricsF,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)

from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.canvas import Canvas

_TRIES = 3
# Of the width: a mark that ends farther to the right would be in or behind the ellipsis.
_LATEST_MARK = 0.85
_CHARACTERS_BEFORE = 8
_LEFT_OUT = "… "
_MARKED = QFont.Weight.DemiBold
Marks = tuple[tuple[int, int], ...]


def paint_marked(
    canvas: Canvas,
    line: QRectF,
    words: str,
    marks: Marks,
    role: TypeRole,
    ink: Ink,
) -> None:
    """Draws one line, elided. Marks are heavier and on a ground of their own, not colour alone.

    The top of `line` is the base line of the text, its width the room there is; `marks` are ranges
    of characters.
    """
    if not marks:
        _paint_plain(canvas, line, words, role, ink)
        return
    layout, metrics = QTextLayout(), canvas.theme.metrics(role)
    words, marks = _begun_later(canvas, words, marks, role, line.width() * _LATEST_MARK)
    room = line.width()
    for _ in range(_TRIES):
        # Heavier words are wider, so that what fits at first may not once it is marked.
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(0.0, room))
        layout = _laid_out(canvas, shown, _within(marks, shown, words), role)
        over = layout.lineAt(0).naturalTextWidth() - line.width()
        if over <= 0:
            break
        room -= over
    canvas.painter.setPen(canvas.theme.colour(ink))
    place = QPointF(line.x(), line.top() - layout.lineAt(0).ascent())
    layout.draw(canvas.painter, place)


def _begun_later(
    canvas: Canvas, words: str, marks: Marks, role: TypeRole, room: float
) -> tuple[str, Marks]:
    """From so far before the first mark on that it ends within the room: it is to be seen."""
    first, stop = marks[0]
    metrics = canvas.theme.metrics(role)
    # As it is drawn: heavier, which is wider.
    width = QFontMetricsF(_heavy(canvas.theme.font(role))).horizontalAdvance(words[first:stop])
    if metrics.horizontalAdvance(words[:first]) + width <= room:
        return words, marks
    for start in _beginnings(words, first):
        if metrics.horizontalAdvance(_LEFT_OUT + words[start:first]) + width <= room:
            break
    if start == 0:
        return words, marks
    shift = start - len(_LEFT_OUT)
    return _LEFT_OUT + words[start:], tuple((a - shift, b - shift) for a, b in marks)


def _beginnings(words: str, first: int) -> list[int]:
    """Where a line may begin to show what is at `first`: some words before it, fewer, none."""
    least = max(0, first - _CHARACTERS_BEFORE)
    start = words.rfind(" ", 0, least) + 1 or least
    after_spaces = [at + 1 for at in range(start, first) if words[at] == " "]
    return [start, *after_spaces, first]


def _paint_plain(canvas: Canvas, line: QRectF, words: str, role: TypeRole, ink: Ink) -> None:
    painter, theme = canvas.painter, canvas.theme
    shown = theme.metrics(role).elidedText(
        words, Qt.TextElideMode.ElideRight, max(0.0, line.width())
    )
    painter.setFont(theme.font(role))
    painter.setPen(theme.colour(ink))
    painter.drawText(line.topLeft(), shown)


def _within(marks: Marks, shown: str, words: str) -> list[tuple[int, int]]:
    """The marks that are still there once a line was elided."""
    kept = len(shown) if shown == words else max(0, len(shown) - 1)
    return [(start, min(stop, kept)) for start, stop in marks if start < min(stop, kept)]


def _laid_out(
    canvas: Canvas, text: str, marks: list[tuple[int, int]], role: TypeRole
) -> QTextLayout:
    layout = QTextLayout(text, canvas.theme.font(role))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.NoWrap)
    layout.setTextOption(option)
    layout.setFormats([_format(canvas, text, start, stop) for start, stop in marks])
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    return layout


def _format(canvas: Canvas, text: str, start: int, stop: int) -> QTextLayout.FormatRange:
    look = QTextCharFormat()
    look.setFontWeight(_MARKED)
    look.setForeground(QBrush(canvas.theme.colour(Ink.ACCENT_TEXT)))
    look.setBackground(QBrush(canvas.theme.colour(Ink.TINT)))
    span = QTextLayout.FormatRange()
    # Qt counts in UTF-16 units.
    span.start = _units(text[:start])
    span.length = _units(text[start:stop])
    span.format = look
    return span


def _heavy(font: QFont) -> QFont:
    heavy = QFont(font)
    heavy.setWeight(_MARKED)
    return heavy


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
