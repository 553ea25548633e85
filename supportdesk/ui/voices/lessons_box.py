"""What was learned, a line a contact, each with who taught it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from supportdesk.ui.rows import ButtonRank
from supportdesk.ui.rows.voices import LessonLine
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import RADIUS_CARD, RADIUS_CONTROL, Ink, TypeRole
from supportdesk.ui.widgets.box import STRETCH, Box, Item, clear, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.canvas import Canvas, wrap_words
from supportdesk.ui.widgets.label import Label
from supportdesk.ui.widgets.painted_line import PaintedLine

_NEWEST = 3
_MOST = 200
_MARK = 15


class LessonButton(PaintedLine):
    """A lesson; it opens the contact that taught it, and is chosen meanwhile."""

    chosen = Signal()
    opened = Signal()

    def __init__(self, theme: Theme, line: LessonLine) -> None:
        super().__init__(theme, line.spoken, line.words)
        self.line = line
        self.setCheckable(True)
        self.toggled.connect(self._on_toggled)

    def sizeHint(self) -> QSize:
        lines = 3 if self.theme.is_large else 1
        height = self.theme.metrics(TypeRole.BODY).height() * lines + self.theme.gap(8)
        return QSize(200, int(max(26, height)))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def mark_chosen(self, *, is_chosen: bool) -> None:
        """Show it; nothing is told."""
        with QSignalBlocker(self):
            self.setChecked(is_chosen)
        self.update()

    def _on_toggled(self, is_on: bool) -> None:
        if is_on:
            self.chosen.emit()
        else:
            self.mark_chosen(is_chosen=True)

    def nextCheckState(self) -> None:
        self.setChecked(True)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        self.opened.emit()

    def paint_words(self, canvas: Canvas, rect: QRectF) -> None:
        theme, size = self.theme, self.theme.mark(_MARK)
        if self.isChecked():
            canvas.rounded(rect, RADIUS_CONTROL, Ink.SELECTED)
        metrics = theme.metrics(TypeRole.BODY)
        x = theme.gap(2) + size + theme.gap(6)
        if theme.is_large:
            self._paint_large(canvas, rect, x)
            return
        centre = rect.center().y()
        canvas.icon("right", Ink.TEXT3, theme.gap(2), centre - size / 2, size)
        base = centre + (metrics.ascent() - metrics.descent()) / 2
        source = canvas.text_right(
            rect.right() - theme.gap(2),
            base,
            self.line.source,
            TypeRole.CAPTION,
            Ink.TEXT2,
            width=rect.width() / 3,
        )
        room = rect.width() - x - source - theme.gap(16)
        canvas.text(x, base, self.line.words, TypeRole.BODY, width=room)

    def _paint_large(self, canvas: Canvas, rect: QRectF, x: float) -> None:
        theme = self.theme
        metrics = theme.metrics(TypeRole.BODY)
        canvas.icon("right", Ink.TEXT3, theme.gap(2), theme.gap(6), theme.mark(_MARK))
        base = theme.gap(4) + metrics.ascent()
        for words in wrap_words(theme, self.line.words, TypeRole.BODY, rect.width() - x, 2):
            canvas.text(x, base, words, TypeRole.BODY)
            base += metrics.height()
        canvas.text(x, base, self.line.source, TypeRole.CAPTION, Ink.TEXT2, width=rect.width() - x)


class LessonsBox(Box):
    """The newest, and all of them when asked.

    Signals:
        chosen: Key of a lesson.
        opened: Key of a lesson whose source is wanted.
        rebuilt: There are other lines.
    """

    chosen = Signal(str)
    opened = Signal(str)
    rebuilt = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, Ink.LIST, Ink.LINE, radius=RADIUS_CARD)
        self._lessons: tuple[LessonLine, ...] = ()
        self._is_whole = False
        self._lines: list[LessonButton] = []
        self._chosen = ""
        self._all = Button(theme, "All", ButtonRank.GHOST, small=True)
        self._all.clicked.connect(self._toggle)
        hint = Label(theme, "one line a contact", TypeRole.CAPTION, Ink.TEXT3)
        title = Label(theme, "What did we learn?", TypeRole.BODY_B)
        head: list[Item] = (
            [title, STRETCH, self._all]
            if theme.is_large
            else [
                title,
                STRETCH,
                self._all,
                hint,
            ]
        )
        self._stack = column(theme, gap=1)
        column(theme, row(theme, *head), self._stack, gap=4, margins=(16, 8, 16, 10), inside=self)

    def show_lessons(self, lessons: tuple[LessonLine, ...], chosen: str) -> None:
        self._chosen = chosen
        if lessons != self._lessons:
            self._lessons = lessons
            self._build()
        for one in self._lines:
            one.mark_chosen(is_chosen=one.line.key == chosen)
        self.setVisible(bool(lessons))

    @property
    def keys(self) -> list[str]:
        return [one.line.key for one in self._lines]

    def focus_on(self, key: str) -> QWidget | None:
        return next((one for one in self._lines if one.line.key == key), None)

    # --- inside ------------------------------------------------------------------------

    def _toggle(self) -> None:
        self._is_whole = not self._is_whole
        self._build()
        self._all.setFocus(Qt.FocusReason.OtherFocusReason)

    def _build(self) -> None:
        had_focus = any(one.hasFocus() for one in self._lines)
        clear(self._stack)
        count = len(self._lessons)
        shown = self._lessons[: _MOST if self._is_whole else _NEWEST]
        self._lines = [self._line(one) for one in shown]
        for line in self._lines:
            self._stack.addWidget(line)
        self._all.setVisible(count > _NEWEST)
        label = "Only the newest" if self._is_whole else f"All {count}"
        self._all.set_label(label, hint=f"{label}: what was learned")
        if had_focus and self._lines:
            self._lines[0].show()
            self._lines[0].setFocus(Qt.FocusReason.OtherFocusReason)
        self.rebuilt.emit()

    def _line(self, lesson: LessonLine) -> LessonButton:
        line = LessonButton(self.theme, lesson)
        line.mark_chosen(is_chosen=lesson.key == self._chosen)
        line.chosen.connect(lambda: self.chosen.emit(lesson.key))
        line.opened.connect(lambda: self.opened.emit(lesson.key))
        return line
