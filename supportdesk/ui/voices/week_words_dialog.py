"""The week in their words while it is being made: what is on the page, in which order, and out."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QLayout, QScrollArea, QWidget

from supportdesk.ui.rows import ButtonRank, Notice
from supportdesk.ui.rows.week_words import PageTask, WeekLine, WeekPart, WeekWordsView
from supportdesk.ui.settings.fields import Check
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.voices.week_line_row import WeekLineRow
from supportdesk.ui.widgets.banner import Banner
from supportdesk.ui.widgets.box import STRETCH, Grow, Item, clear, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.density import resize_to_ems
from supportdesk.ui.widgets.flow import flowing
from supportdesk.ui.widgets.label import Label
from supportdesk.ui.widgets.scroll import scrolling

_EMS_WIDE, _EMS_HIGH = 62, 56
_TASKS = (
    (PageTask.COPY, "Copy", "copy", "Copy the page as Markdown"),
    (PageTask.PRINT, "Print", "file-text", "Print the page"),
    (PageTask.CHAT, "To a chat", "send", "Show what would go to a chat, then send it"),
    (PageTask.SAVE_MARKDOWN, "Save as Markdown", "export", "Save the page as a Markdown file"),
)


class WeekWordsDialog(QDialog):
    """Stays open beside the window; every choice is kept at once.

    Signals:
        chosen: Key of a line, and whether it is to be on the page.
        moved: Key of a line; -1 up, 1 down.
        opened: Key of a line whose source is wanted.
        masked: Whether names are to be left out.
        week_moved: -1 for the week before, 1 for the one after.
        asked: A `PageTask`.
    """

    chosen = Signal(str, bool)
    moved = Signal(str, int)
    opened = Signal(str)
    masked = Signal(bool)
    week_moved = Signal(int)
    asked = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows: dict[str, WeekLineRow] = {}
        self._shape: tuple[object, ...] = ()
        self._notice: Notice | None = None
        self.setWindowTitle("The week in their words")
        self._week = Label(theme, "", TypeRole.BODY_B)
        self._earlier = self._turn("left", "The week before", -1)
        self._later = self._turn("right", "The week after", 1)
        self._mask = Check(theme, "Leave names out", is_on=True)
        self._mask.clicked.connect(lambda: self.masked.emit(self._mask.isChecked()))
        self._aloud = Label(theme, "", TypeRole.CAPTION, Ink.TEXT2).wrapping()
        self._notice_place = column(theme, gap=0)
        page = QWidget()
        self._stack = column(theme, gap=8, margins=(0, 0, 8, 0), inside=page)
        self._scroll: QScrollArea = scrolling(page, "What may be on the page")
        self._buttons = [self._task_button(*one) for one in _TASKS]
        save = Button(theme, "Save as HTML", ButtonRank.PRIMARY, icon="save")
        save.clicked.connect(lambda: self.asked.emit(PageTask.SAVE_HTML))
        save.setAutoDefault(False)
        self._buttons.append(save)
        title = Label(theme, "The week in their words", TypeRole.TITLE).wrapping()
        column(
            theme,
            Grow(column(theme, *self._head(title), Grow(self._scroll), gap=10)),
            flowing(*self._buttons, gap=6),
            gap=12,
            margins=(24, 18, 18, 16),
            inside=self,
        )
        resize_to_ems(theme, self, _EMS_WIDE, _EMS_HIGH)

    def show_view(self, view: WeekWordsView) -> None:
        self._week.setText(view.week)
        self._later.set_possible(view.has_later, "This is the present week")
        self._mask.setChecked(view.is_masked)
        self._aloud.setText(view.aloud)
        for button in self._buttons:
            button.set_possible(not view.is_empty, "Nothing is on the page")
        self._show_notice(view.notice)
        shape = (view.nothing, *((part.title, _keys(part)) for part in view.parts))
        if shape != self._shape:
            self._build(view, shape)
        for part in view.parts:
            for line in part.lines:
                self._rows[line.key].show_view(line)

    # --- building ----------------------------------------------------------------------

    def _head(self, title: Label) -> list[Item]:
        theme = self._theme
        turns = row(theme, self._earlier, self._week, self._later, gap=2)
        top: QLayout
        if theme.is_large:
            turns.addStretch(1)
            top = column(theme, title, turns)
        else:
            top = row(theme, Grow(title), turns)
        mask = column(theme, self._mask, self._aloud, gap=2)
        return [top, mask, self._notice_place]

    def _build(self, view: WeekWordsView, shape: tuple[object, ...]) -> None:
        """In another order or of another week; whoever has the keyboard keeps it."""
        self._shape = shape
        focused = self.focusWidget()
        held = next(
            (
                (key, focused.accessibleName(), focused is line.check)
                for key, line in self._rows.items()
                if focused is not None and line.isAncestorOf(focused)
            ),
            None,
        )
        at = self._scroll.verticalScrollBar().value()
        clear(self._stack)
        self._rows = {}
        for part in view.parts:
            self._stack.addLayout(self._part_head(part))
            for line in part.lines:
                self._stack.addWidget(self._line(line))
            self._stack.addSpacing(self._theme.gap(6))
        if view.nothing:
            self._stack.addWidget(Label(self._theme, view.nothing, ink=Ink.TEXT2).wrapping())
        self._stack.addStretch(1)
        self._scroll.verticalScrollBar().setValue(at)
        if held is not None and held[0] in self._rows:
            self._give_keyboard(self._rows[held[0]], held[1], is_check=held[2])

    def _give_keyboard(self, line: WeekLineRow, name: str, *, is_check: bool) -> None:
        named = [one for one in line.findChildren(Button) if one.accessibleName() == name]
        able = [one for one in named if one.isEnabled()]
        target = line.check if is_check or not able else able[0]
        line.show()
        target.setFocus(Qt.FocusReason.OtherFocusReason)
        self._scroll.ensureWidgetVisible(line)

    def _part_head(self, part: WeekPart) -> QLayout:
        theme = self._theme
        caption = Label(theme, part.caption, TypeRole.CAPTION, Ink.TEXT3)
        return row(theme, Label(theme, part.title, TypeRole.BODY_B), STRETCH, caption)

    def _line(self, view: WeekLine) -> WeekLineRow:
        line, key = WeekLineRow(self._theme, view), view.key
        line.chosen.connect(lambda is_on: self.chosen.emit(key, is_on))
        line.moved.connect(lambda by: self.moved.emit(key, by))
        line.opened.connect(lambda: self.opened.emit(key))
        self._rows[key] = line
        return line

    def _show_notice(self, notice: Notice | None) -> None:
        if notice == self._notice:
            return
        self._notice = notice
        clear(self._notice_place)
        if notice is not None:
            self._notice_place.addWidget(Banner(self._theme, notice))

    def _turn(self, icon: str, hint: str, by: int) -> Button:
        button = Button(self._theme, rank=ButtonRank.GHOST, icon=icon, hint=hint, small=True)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: self.week_moved.emit(by))
        return button

    def _task_button(self, task: PageTask, label: str, icon: str, hint: str) -> Button:
        button = Button(self._theme, label, icon=icon, hint=hint)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: self.asked.emit(task))
        return button


def _keys(part: WeekPart) -> tuple[str, ...]:
    return tuple(line.key for line in part.lines)
