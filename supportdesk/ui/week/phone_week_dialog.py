"""A person's week on the phones: planned in a form, then day by day with what was heard."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QDialog, QLayout, QScrollArea, QWidget

from supportdesk.ui.inbox.message_lines import PULL
from supportdesk.ui.rows import ButtonRank, Notice
from supportdesk.ui.rows.phone_week import (
    HeardLine,
    HeardPart,
    PhoneWeekForm,
    PhoneWeekTask,
    PhoneWeekView,
    RampChoice,
    RampDay,
)
from supportdesk.ui.settings.fields import Check, ChoiceField, FormGrid
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import RADIUS_CARD, Ink, TypeRole
from supportdesk.ui.widgets.banner import Banner
from supportdesk.ui.widgets.box import STRETCH, Box, Grow, Item, clear, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.canvas import Canvas
from supportdesk.ui.widgets.density import resize_to_ems
from supportdesk.ui.widgets.flow import flowing
from supportdesk.ui.widgets.label import Label
from supportdesk.ui.widgets.scroll import scrolling

_TITLE = "Phone week"
_EMS_WIDE, _EMS_HIGH = 62, 52
_RAMP = (
    (RampChoice.LISTEN, "Listens"),
    (RampChoice.BUDDY, "With the buddy"),
    (RampChoice.ALONE, "Alone"),
    (RampChoice.OFF, "Not on"),
)
_ABOUT = (
    "Somebody of the team is on the phones for a week: first they listen, then a buddy sits beside"
    " them, then they are alone. Their talks, and what customers said, are gathered here."
)
_TASKS = (
    (PhoneWeekTask.CHANGE, "Change", "note", "Change who, the buddy or the days"),
    (PhoneWeekTask.COPY, "Copy", "copy", "Copy the page as Markdown"),
    (PhoneWeekTask.PRINT, "Print", "file-text", "Print the page"),
    (PhoneWeekTask.SAVE_MARKDOWN, "Save as Markdown", "export", "Save the page as Markdown"),
)


class _NameField(QComboBox):
    """A name to type, or one of the team to choose."""

    def __init__(self, theme: Theme, name: str, names: tuple[str, ...]) -> None:
        super().__init__()
        self._theme = theme
        self.setFont(theme.font())
        self.setEditable(True)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.addItems(list(names))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The form scrolls past it."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.count():
            size = self._theme.mark(14)
            with Canvas.over(self._theme, self) as canvas:
                x = self.width() - size - self._theme.gap(9)
                canvas.icon("down", Ink.TEXT2, x, (self.height() - size) / 2, size)


class PhoneWeekDialog(QDialog):
    """Stays open beside the window.

    Signals:
        planned: Who, the buddy, and the days as a tuple of `RampChoice`.
        given_up: The plan is left as it is.
        chosen: Key of another person who is on.
        added: One more person is to be planned for this week.
        opened: The call or mail behind a line.
        masked: Whether names of customers are to be left out.
        week_moved: -1 for the week before, 1 for the one after.
        asked: A `PhoneWeekTask`.
    """

    planned = Signal(str, str, object)
    given_up = Signal()
    chosen = Signal(str)
    added = Signal()
    opened = Signal(str)
    masked = Signal(bool)
    week_moved = Signal(int)
    asked = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: PhoneWeekView | None = None
        self.setWindowTitle(_TITLE)
        self._week = Label(theme, "", TypeRole.BODY_B)
        page = QWidget()
        self._stack = column(theme, gap=8, margins=(0, 0, 8, 0), inside=page)
        self._scroll: QScrollArea = scrolling(page, "What came of the week")
        self._foot = column(theme, gap=0)
        before = self._turn("left", "The week before", -1)
        after = self._turn("right", "The week after", 1)
        title = Label(theme, _TITLE, TypeRole.TITLE).wrapping()
        turns = row(theme, before, self._week, after, gap=2)
        if theme.is_large:
            turns.addStretch(1)
            head: QLayout = column(theme, title, turns)
        else:
            head = row(theme, Grow(title), turns)
        column(
            theme,
            head,
            Grow(self._scroll),
            self._foot,
            gap=12,
            margins=(24, 18, 18, 16),
            inside=self,
        )
        resize_to_ems(theme, self, _EMS_WIDE, _EMS_HIGH)

    def show_view(self, view: PhoneWeekView) -> None:
        """Made anew when anything of it is another; what is being typed is left alone."""
        if view == self._shown:
            return
        self._shown = view
        self._week.setText(view.week)
        at = self._scroll.verticalScrollBar().value()
        clear(self._stack)
        clear(self._foot)
        if view.notice is not None:
            self._stack.addWidget(self._banner(view.notice))
        if view.form is not None:
            self._build_form(view.form)
        else:
            self._build_week(view)
        self._stack.addStretch(1)
        self._scroll.verticalScrollBar().setValue(at)

    # --- the form ----------------------------------------------------------------------

    def _build_form(self, form: PhoneWeekForm) -> None:
        theme = self._theme
        who = self._name_field("Who is on the phones", form.who, form.names)
        buddy = self._name_field("Buddy", form.buddy, form.names)
        grid = FormGrid(theme)
        grid.add("Who", who)
        grid.add("Buddy", buddy)
        days = [self._day_field(grid, day) for day in form.days]
        self._stack.addWidget(Label(theme, _ABOUT, ink=Ink.TEXT2).wrapping())
        self._stack.addLayout(grid)

        def plan() -> None:
            chosen = tuple(day.value for day in days)
            self.planned.emit(who.currentText().strip(), buddy.currentText().strip(), chosen)

        keep = Button(theme, "Plan this week", ButtonRank.PRIMARY)
        keep.clicked.connect(plan)
        keep.setDefault(True)
        cancel = Button(theme, "Cancel", ButtonRank.GHOST)
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.given_up)
        self._foot.addLayout(row(theme, STRETCH, cancel, keep, gap=8))

    def _name_field(self, name: str, value: str, names: tuple[str, ...]) -> QComboBox:
        field = _NameField(self._theme, name, names)
        field.setCurrentText(value)
        return field

    def _day_field(self, grid: FormGrid, day: RampDay) -> ChoiceField[RampChoice]:
        field = ChoiceField(self._theme, day.words, _RAMP, day.choice)
        grid.add(day.words, field)
        return field

    # --- a week that is planned --------------------------------------------------------

    def _build_week(self, view: PhoneWeekView) -> None:
        theme = self._theme
        self._stack.addWidget(Label(theme, view.sentence, TypeRole.BODY_B).wrapping())
        people: list[QWidget] = [
            self._ghost(name, partial(self.chosen.emit, key))
            for key, name in view.people
            if key != view.shown
        ]
        people.append(self._ghost("Plan one more", self.added.emit))
        mask = Check(theme, "Leave names of customers out", is_on=view.is_masked)
        mask.clicked.connect(lambda: self.masked.emit(mask.isChecked()))
        others = flowing(*people, gap=theme.gap(6))
        if theme.is_large:
            self._stack.addWidget(others)
            self._stack.addWidget(mask)
        else:
            self._stack.addLayout(row(theme, mask, Grow(others), gap=16))
        for part in view.parts:
            self._stack.addWidget(self._part(part))
        tasks: list[QWidget] = [self._task(*one) for one in _TASKS]
        remove = self._task(PhoneWeekTask.REMOVE, "Remove", "trash", "Take this week off the plan")
        save = Button(theme, "Save as HTML", ButtonRank.PRIMARY, icon="save")
        save.setAutoDefault(False)
        save.clicked.connect(lambda: self.asked.emit(PhoneWeekTask.SAVE_HTML))
        self._foot.addWidget(flowing(*tasks, remove, save, gap=theme.gap(6)))

    def _part(self, part: HeardPart) -> Box:
        theme = self._theme
        box = Box(theme, Ink.PAGE, Ink.LINE, radius=RADIUS_CARD)
        title = Label(theme, part.title, TypeRole.BODY_B).wrapping()
        parts: list[Item] = [row(theme, Grow(title))]
        if part.caption:
            caption = Label(theme, part.caption, TypeRole.CAPTION, Ink.TEXT2)
            parts = [
                column(theme, title, caption)
                if theme.is_large
                else row(theme, Grow(title), caption, PULL)
            ]
        parts += [self._line(line) for line in part.lines]
        column(theme, *parts, gap=6, margins=(14, 10, 10, 10), inside=box)
        return box

    def _line(self, line: HeardLine) -> Item:
        theme = self._theme
        words: list[Item] = [Label(theme, line.words).wrapping()]
        if line.about:
            words.append(Label(theme, line.about, TypeRole.CAPTION, Ink.TEXT2).wrapping())
        if not line.item:
            return column(theme, *words, gap=1)
        opener = Button(
            theme, rank=ButtonRank.GHOST, icon="open", hint=f"Open {line.words}"[:80], small=True
        )
        opener.setAutoDefault(False)
        opener.clicked.connect(lambda: self.opened.emit(line.item))
        return row(theme, Grow(column(theme, *words, gap=1)), opener, gap=6)

    # --- parts -------------------------------------------------------------------------

    def _banner(self, notice: Notice) -> Banner:
        return Banner(self._theme, notice)

    def _ghost(self, words: str, told: object) -> Button:
        button = Button(self._theme, words, ButtonRank.GHOST, small=True)
        button.setAutoDefault(False)
        button.clicked.connect(told)
        return button

    def _task(self, task: PhoneWeekTask, label: str, icon: str, hint: str) -> Button:
        button = Button(self._theme, label, icon=icon, hint=hint)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: self.asked.emit(task))
        return button

    def _turn(self, icon: str, hint: str, by: int) -> Button:
        button = Button(self._theme, rank=ButtonRank.GHOST, icon=icon, hint=hint, small=True)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: self.week_moved.emit(by))
        return button
