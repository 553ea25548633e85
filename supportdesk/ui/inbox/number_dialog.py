"""Asks which numbers are a customer's: those they have, those that called of late, or one typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from supportdesk.ui.rows import ButtonRank
from supportdesk.ui.settings.fields import TextField
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.box import STRETCH, Grow, Item, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.label import Elided, Label

_WIDTH = 520
_LEAST_DIGITS = 3
_TOO_SHORT = "A number has at least three digits."


class NumberChoice(NamedTuple):
    """A number, and what is known of it."""

    number: str
    about: str = ""


class NumberDialog(QDialog):
    """One choice closes it. Esc changes nothing."""

    join_asked = Signal(str)
    split_asked = Signal(str)

    def __init__(
        self,
        theme: Theme,
        name: str,
        theirs: Sequence[str],
        callers: Sequence[NumberChoice],
        parent: QWidget | None,
    ) -> None:
        super().__init__(parent)
        title = f"Numbers of {name}"
        self.setWindowTitle(title)
        self._theme = theme
        self._why = Label(theme, _TOO_SHORT, TypeRole.CAPTION, Ink.BRICK).wrapping()
        self._why.hide()
        self._field = TextField(theme, f"Number of {name}", "", "+420 777 123 456")
        self._field.textEdited.connect(self._why.hide)
        join = Button(theme, "Join", ButtonRank.PRIMARY, hint=f"This number is {name}'s")
        join.setDefault(True)
        join.clicked.connect(self._join_typed)
        close = Button(theme, "Cancel", ButtonRank.GHOST)
        close.clicked.connect(self.reject)
        parts: list[Item] = [Label(theme, title, TypeRole.TITLE).wrapping()]
        parts += [self._line(NumberChoice(number), "Not theirs", self._split) for number in theirs]
        parts += [row(theme, Grow(self._field), join, gap=8), self._why]
        if callers:
            parts.append(Label(theme, "Called of late", TypeRole.CAPTION_B, Ink.TEXT2))
        parts += [self._line(one, "Join", self._join) for one in callers]
        parts += [STRETCH, row(theme, STRETCH, close)]
        column(theme, *parts, gap=8, margins=(24, 20, 24, 18), inside=self)
        self.setMinimumWidth(theme.mark(_WIDTH))
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _line(self, choice: NumberChoice, label: str, act: Callable[[str], None]) -> QWidget:
        number = choice.number
        button = Button(self._theme, label, small=True, hint=f"{label}: {number}")
        button.setAutoDefault(False)
        button.clicked.connect(lambda: act(number))
        words = f"{number} · {choice.about}" if choice.about else number
        holder = QWidget()
        text: Label = Elided(self._theme, words)
        if self._theme.is_large:
            text = Label(self._theme, words).wrapping()
        row(self._theme, Grow(text), button, gap=8, inside=holder)
        return holder

    def _join_typed(self) -> None:
        number = self._field.value
        if sum(sign.isdigit() for sign in number) < _LEAST_DIGITS:
            self._why.show()
            self._field.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._join(number)

    def _join(self, number: str) -> None:
        self.accept()
        self.join_asked.emit(number)

    def _split(self, number: str) -> None:
        self.accept()
        self.split_asked.emit(number)
