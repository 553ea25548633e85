"""Until when something is put off: a menu of moments, and a dialog for any other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from PySide6.QtCore import QDateTime, QPoint, QTime, Signal
from PySide6.QtWidgets import QDateTimeEdit, QDialog, QMenu, QWidget

from supportdesk.ui.rows import ButtonRank
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.box import STRETCH, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.label import Label

_WIDTH = 380


class MomentRow(NamedTuple):
    """A moment to choose: its name, when that is in words, and the moment."""

    label: str
    when: str
    until: datetime


class MomentWords(NamedTuple):
    """What is asked: the title of menu and dialog, the question, the button, what comes of it."""

    title: str
    question: str
    keep: str
    hint: str


PUT_OFF = MomentWords(
    "Put off until",
    "Until when?",
    "Put off",
    "It leaves the list of those who wait, and comes back then, or when they write.",
)
MOVE_PROMISE = MomentWords(
    "The promise is due",
    "When will you keep it?",
    "Move",
    "You are told then, and they count as waiting from that moment on.",
)


class LastEntry(NamedTuple):
    """What a menu offers beside moments."""

    label: str
    act: Callable[[], None]


def open_moment_menu(
    parent: QWidget,
    moments: Sequence[MomentRow],
    words: MomentWords = PUT_OFF,
    *,
    chosen: Callable[[datetime], None],
    pick: Callable[[], None],
    last: LastEntry | None = None,
) -> QMenu:
    """By keyboard: arrows and Enter, or the first letter."""
    menu = QMenu(words.title, parent)
    menu.setAccessibleName(words.title)
    for moment in moments:
        entry = menu.addAction(f"{moment.label}\t{moment.when}")
        entry.triggered.connect(lambda _=False, until=moment.until: chosen(until))
    menu.addAction("Pick date and time…").triggered.connect(lambda: pick())
    if last is not None:
        menu.addSeparator()
        menu.addAction(last.label).triggered.connect(lambda: last.act())
    menu.aboutToHide.connect(menu.deleteLater)
    centre = parent.rect().center() - QPoint(menu.sizeHint().width() // 2, 0)
    menu.popup(parent.mapToGlobal(centre))
    if menu.actions():
        menu.setActiveAction(menu.actions()[0])
    return menu


class MomentDialog(QDialog):
    """Any moment to come. Signal: the moment, as an aware datetime."""

    chosen = Signal(object)

    def __init__(
        self,
        theme: Theme,
        parent: QWidget | None,
        words: MomentWords = PUT_OFF,
        *,
        now: datetime,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(words.title)
        local = now.astimezone()
        first = QDateTime(local.year, local.month, local.day, local.hour, local.minute, 0)
        tomorrow = first.addDays(1)
        tomorrow.setTime(QTime(8, 0))
        self._field = QDateTimeEdit(tomorrow)
        self._field.setFont(theme.font())
        self._field.setMinimumDateTime(first.addSecs(60))
        self._field.setCalendarPopup(True)
        self._field.setDisplayFormat("ddd d MMM yyyy, HH:mm")
        self._field.setAccessibleName("Date and time")
        keep = Button(theme, words.keep, ButtonRank.PRIMARY)
        keep.setDefault(True)
        keep.clicked.connect(self._choose)
        leave = Button(theme, "Cancel", ButtonRank.GHOST)
        leave.setAutoDefault(False)
        leave.clicked.connect(self.reject)
        column(
            theme,
            Label(theme, words.question, TypeRole.TITLE).wrapping(),
            self._field,
            Label(theme, words.hint, ink=Ink.TEXT2).wrapping(),
            STRETCH,
            row(theme, STRETCH, leave, keep),
            gap=10,
            margins=(24, 20, 24, 20),
            inside=self,
        )
        self.setMinimumWidth(theme.mark(_WIDTH))
        self._field.setFocus()

    def _choose(self) -> None:
        at = self._field.dateTime()
        day, clock = at.date(), at.time()
        wall = datetime(day.year(), day.month(), day.day(), clock.hour(), clock.minute())  # noqa: DTZ001 - local by astimezone
        self.chosen.emit(wall.astimezone())
        self.accept()
