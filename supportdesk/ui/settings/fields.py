"""Labelled fields of a form: what the dialogs are made of."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Generic, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLineEdit, QSpinBox, QWidget

from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.label import Label

Choice = TypeVar("Choice", bound=StrEnum)


class TextField(QLineEdit):
    """A line of text with a name for screen readers."""

    def __init__(self, theme: Theme, name: str, text: str, hint: str = "") -> None:
        super().__init__(text)
        self.setFont(theme.font())
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)

    @property
    def value(self) -> str:
        return self.text().strip()


class SecretField(TextField):
    """Dots; never trimmed, because a password may end in a space."""

    def __init__(self, theme: Theme, name: str, hint: str) -> None:
        super().__init__(theme, name, "", hint)
        self.setEchoMode(QLineEdit.EchoMode.Password)

    @property
    def value(self) -> str:
        return self.text()


class NumberField(QSpinBox):
    """A whole number within bounds."""

    def __init__(self, theme: Theme, name: str, value: int, least: int, most: int) -> None:
        super().__init__()
        self.setFont(theme.font())
        self.setAccessibleName(name)
        self.setRange(least, most)
        self.setValue(value)
        self.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)


class ChoiceField(QComboBox, Generic[Choice]):
    """One of a closed set, each with its words."""

    picked = Signal()

    def __init__(
        self, theme: Theme, name: str, options: Iterable[tuple[Choice, str]], value: Choice
    ) -> None:
        super().__init__()
        self.setFont(theme.font())
        self.setAccessibleName(name)
        self._options = list(options)
        for _choice, words in self._options:
            self.addItem(words)
        self.set_value(value)
        self.activated.connect(lambda _: self.picked.emit())

    @property
    def value(self) -> Choice:
        return self._options[self.currentIndex()][0]

    def set_value(self, value: Choice) -> None:
        choices = [choice for choice, _words in self._options]
        self.setCurrentIndex(choices.index(value))


class Check(QCheckBox):
    """A yes or no with its sentence."""

    def __init__(self, theme: Theme, words: str, *, is_on: bool) -> None:
        super().__init__(words)
        self.setFont(theme.font())
        self.setAccessibleName(words)
        self.setChecked(is_on)


class FormGrid(QGridLayout):
    """Label left, field right; a row can be hidden as a whole."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setHorizontalSpacing(theme.gap(12))
        self.setVerticalSpacing(theme.gap(8))
        self.setColumnStretch(1, 1)
        self._rows: list[tuple[QWidget, QWidget]] = []

    def add(self, words: str, field: QWidget) -> int:
        """Adds a row and says its number."""
        label = Label(self._theme, words, ink=Ink.TEXT2)
        label.setBuddy(field)
        number = len(self._rows)
        self.addWidget(label, number, 0)
        self.addWidget(field, number, 1)
        self._rows.append((label, field))
        return number

    def add_note(self, words: str) -> None:
        label = Label(self._theme, words, TypeRole.CAPTION, Ink.TEXT2).wrapping()
        number = len(self._rows)
        self.addWidget(label, number, 1)
        self._rows.append((label, label))

    def set_row_visible(self, number: int, is_visible: bool) -> None:
        for widget in self._rows[number]:
            widget.setVisible(is_visible)
