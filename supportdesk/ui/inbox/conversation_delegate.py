"""How a conversation looks in the list: who, age, subject, first words, chips."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRectF
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QAbstractItemView, QStyleOptionViewItem, QToolTip

from supportdesk.ui.rows import ConversationRow, SectionRow
from supportdesk.ui.theme.tokens import AVATAR, Ink, TypeRole
from supportdesk.ui.widgets.canvas import Canvas, wrap_words
from supportdesk.ui.widgets.chips import chip_width, chips_height, paint_chips
from supportdesk.ui.widgets.keyed_model import ROW_ROLE
from supportdesk.ui.widgets.marked_text import paint_marked
from supportdesk.ui.widgets.row_list import RowDelegate, RowState
from supportdesk.ui.widgets.tips import plain_tip

_LINE_STEP = 2


class ConversationDelegate(RowDelegate):
    """73 px plain and 98 with chips at 10 pt; large text gives the subject two lines."""

    def row_height(self, row: object, width: int) -> float:
        if isinstance(row, SectionRow):
            return self.theme.metrics(TypeRole.CAPTION_B).height() + self.theme.gap(18)
        assert isinstance(row, ConversationRow)  # noqa: S101 - the model holds nothing else
        theme = self.theme
        line = theme.metrics().height() + _LINE_STEP
        left = self._text_left()
        room = width - theme.gap(16) - left
        # A window of rows is measured at each step of a scroll: words only where they may wrap.
        lines = len(self._subject_lines(row, room)) if theme.is_large else 1
        height = theme.gap(20) + line * (2 + lines)
        if row.chips:
            height += theme.gap(5) + chips_height(theme, row.chips, room)
        return height

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """What a row had to elide is told whole when the pointer rests on it."""
        row = index.data(ROW_ROLE)
        elided: list[str] = []
        if event.type() == QEvent.Type.ToolTip and isinstance(row, ConversationRow):
            elided = self.elided(row, view.viewport().width())
        QToolTip.showText(event.globalPos(), plain_tip("\n".join(elided)), view)
        return True

    def elided(self, row: ConversationRow, width: int) -> list[str]:
        """Name, subject and chips that do not fit; the first words are but a taste."""
        theme = self.theme
        room = width - theme.gap(16) - self._text_left()
        age = theme.metrics(TypeRole.CAPTION, tabular=True).horizontalAdvance(row.age_label)
        role = TypeRole.BODY_B if row.is_unread_by_me else TypeRole.BODY
        elided = []
        if theme.metrics(role).horizontalAdvance(row.who) > room - age - 10:
            elided.append(row.who)
        lines = 2 if theme.is_large else 1
        shown = wrap_words(theme, row.subject, TypeRole.BODY, room, lines)
        if " ".join(shown) != " ".join(row.subject.split()):
            elided.append(row.subject)
        return elided + [one.label for one in row.chips if chip_width(theme, one) > room]

    def paint_row(self, canvas: Canvas, rect: QRectF, row: object, state: RowState) -> None:
        if isinstance(row, SectionRow):
            self._paint_section(canvas, rect, row)
        elif isinstance(row, ConversationRow):
            self._paint_conversation(canvas, rect, row, state)

    def _text_left(self) -> int:
        theme = self.theme
        return theme.gap(20) + theme.mark(AVATAR) + theme.gap(12)

    def _subject_lines(self, row: ConversationRow, room: float) -> list[str]:
        return wrap_words(self.theme, row.subject, TypeRole.BODY, room, 2)

    def _paint_section(self, canvas: Canvas, rect: QRectF, row: SectionRow) -> None:
        theme = self.theme
        base = rect.bottom() - theme.gap(7)
        x = rect.x() + theme.gap(20)
        right = rect.right() - theme.gap(16)
        count_width = theme.metrics(TypeRole.CAPTION, tabular=True).horizontalAdvance(row.count)
        room = right - x - (count_width + 8 if row.count else 0)
        x += canvas.text(x, base, row.title, TypeRole.CAPTION_B, Ink.TEXT2, width=room) + 8
        canvas.text(x, base, row.count, TypeRole.CAPTION, Ink.TEXT3, tabular=True)

    def _paint_conversation(
        self, canvas: Canvas, rect: QRectF, row: ConversationRow, state: RowState
    ) -> None:
        theme = self.theme
        top = rect.y() + theme.gap(10)
        right = rect.right() - theme.gap(16)
        x = rect.x() + self._text_left()
        metrics = theme.metrics()
        step = metrics.height() + _LINE_STEP
        base = top + metrics.ascent()
        self._paint_face(canvas, rect.x(), top, row)
        age_width = self._paint_age(canvas, row, x, right, base)
        quiet = Ink.TEXT2 if row.is_answered else Ink.TEXT
        role = TypeRole.BODY_B if row.is_unread_by_me else TypeRole.BODY
        room = QRectF(x, base, right - age_width - 10 - x, step)
        paint_marked(canvas, room, row.who, row.who_marks, role, quiet)
        base = self._paint_subject(canvas, QRectF(x, base + step, right - x, step), row, quiet)
        faint = Ink.TEXT2 if state.is_selected or row.is_answered else Ink.TEXT3
        words = QRectF(x, base, right - x, step)
        paint_marked(canvas, words, row.first_words, row.words_marks, TypeRole.BODY, faint)
        if row.chips:
            chips_top = base + step - metrics.ascent() + theme.gap(3)
            paint_chips(canvas, x, chips_top, row.chips, right - x)
        if state.has_line:
            canvas.line(x, rect.bottom(), right, rect.bottom())

    def _paint_subject(self, canvas: Canvas, line: QRectF, row: ConversationRow, ink: Ink) -> float:
        """In a line of this base, or in two when the text is large; returns the next base."""
        if not self.theme.is_large:
            paint_marked(canvas, line, row.subject, row.subject_marks, TypeRole.BODY, ink)
            return line.bottom()
        done, is_found = 0, False
        lines = self._subject_lines(row, line.width())
        for at, words in enumerate(lines, 1):
            # What was found far behind is shown by leaving out what is before it.
            is_late = at == len(lines) and not is_found
            shown = row.subject[done:] if is_late and row.subject_marks else words
            marks = _shifted(row, shown, done)
            paint_marked(canvas, line, shown, marks, TypeRole.BODY, ink)
            done += len(words) + 1
            is_found = is_found or bool(marks)
            line.translate(0, line.height())
        return line.top()

    def _paint_face(self, canvas: Canvas, left: float, top: float, row: ConversationRow) -> None:
        theme = self.theme
        size = theme.mark(AVATAR)
        canvas.avatar(left + theme.gap(20), top + 2, row.who, size)
        if row.is_unread_by_me:
            dot = theme.mark(6)
            x = left + theme.gap(12) - 1.5
            y = top + 2 + size / 2 - dot / 2
            canvas.rounded(QRectF(x, y, dot, dot), dot / 2, Ink.ACCENT)

    def _paint_age(
        self, canvas: Canvas, row: ConversationRow, left: float, right: float, base: float
    ) -> float:
        """The age at the right; its clock mark gives way to a long name. Returns its width."""
        theme = self.theme
        role = TypeRole.CAPTION_B if row.is_hot else TypeRole.CAPTION
        ink = Ink.AMBER if row.is_hot else Ink.TEXT2
        width = canvas.text_right(right, base, row.age_label, role, ink)
        if row.is_answered or row.is_single or not row.age_label:
            return width
        size = theme.mark(13)
        name_width = theme.metrics(TypeRole.BODY_B).horizontalAdvance(row.who)
        if name_width + width + size + 26 >= right - left:
            return width
        middle = base - theme.metrics().ascent() / 2 + 1
        mark_ink = Ink.AMBER if row.is_hot else Ink.TEXT3
        canvas.icon("clock", mark_ink, right - width - size - 4, middle - size / 2, size)
        return width + size + 4


def _shifted(row: ConversationRow, line: str, start: int) -> tuple[tuple[int, int], ...]:
    """The marks of a subject that fall into a line of it that begins at this character."""
    stop = start + len(line)
    return tuple(
        (max(first, start) - start, min(last, stop) - start)
        for first, last in row.subject_marks
        if first < stop and last > start
    )
