"""Labelled fields of a form: what the dialogs are made of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QIntValidator, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QLineEdit,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QTimeEdit,
    QWidget,
)

from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.canvas import Canvas, is_focus_shown
from supportdesk.ui.widgets.label import Label

Choice = TypeVar("Choice", bound=str)
_BOX = 16
_LEAST_TARGET = 24
_NUMBER_WIDTH = 96
_BESIDE_A_BUTTON = 5
_LEAST_CHOICE = 160


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

    def hold(self, why: str) -> None:
        """It can be read and copied, but not changed."""
        self.setReadOnly(True)
        self.setToolTip(why)
        self.setAccessibleDescription(why)


class SecretField(TextField):
    """Dots; never trimmed, because a password may end in a space."""

    def __init__(self, theme: Theme, name: str, hint: str) -> None:
        super().__init__(theme, name, "", hint)
        self.setEchoMode(QLineEdit.EchoMode.Password)

    @property
    def value(self) -> str:
        return self.text()


class NumberField(TextField):
    """A whole number within bounds; leaving the field brings a wrong one back to the last."""

    value_changed = Signal()

    def __init__(self, theme: Theme, name: str, value: int, least: int, most: int) -> None:
        super().__init__(theme, name, str(value))
        self._number = value
        self._least = least
        self._most = most
        self.setValidator(QIntValidator(least, most, self))
        self.setToolTip(f"{least} to {most}")
        self.textEdited.connect(self._on_edited)

    @property
    def number(self) -> int:
        return self._number

    def set_number(self, number: int) -> None:
        self._number = number
        self.setText(str(number))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.setText(str(self._number))
        super().focusOutEvent(event)

    def _on_edited(self, text: str) -> None:
        if text.isdigit() and self._least <= int(text) <= self._most:
            self._number = int(text)
            self.value_changed.emit()


class ChoiceField(QComboBox, Generic[Choice]):
    """One of a closed set, each with its words."""

    picked = Signal()

    def __init__(
        self, theme: Theme, name: str, options: Iterable[tuple[Choice, str]], value: Choice
    ) -> None:
        super().__init__()
        self._theme = theme
        self.setFont(theme.font())
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._options: list[tuple[Choice, str]] = []
        self.set_options(options)
        self.set_value(value)
        self.activated.connect(lambda _: self.picked.emit())

    @property
    def value(self) -> Choice:
        return self._options[self.currentIndex()][0]

    def set_options(self, options: Iterable[tuple[Choice, str]]) -> None:
        """Offer others; what is chosen stays chosen where it is still among them."""
        fresh = list(options)
        if fresh == self._options:
            return
        chosen = self.value if self._options else None
        self._options = fresh
        self.clear()
        self.addItems([words for _choice, words in fresh])
        if chosen is not None and chosen in [choice for choice, _words in fresh]:
            self.set_value(chosen)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The page scrolls past it: a choice is kept at once, and nobody would notice."""
        event.ignore()

    def minimumSizeHint(self) -> QSize:
        """Short of room the words of the choice are cut here; the list has them whole."""
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), self._theme.mark(_LEAST_CHOICE)), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        room = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox,
            option,
            QStyle.SubControl.SC_ComboBoxEditField,
            self,
        )
        option.currentText = option.fontMetrics.elidedText(
            option.currentText, Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()
        size = self._theme.mark(14)
        with Canvas.over(self._theme, self) as canvas:
            x = self.width() - size - self._theme.gap(9)
            canvas.icon("down", Ink.TEXT2, x, (self.height() - size) / 2, size)

    def set_value(self, value: Choice) -> None:
        choices = [choice for choice, _words in self._options]
        self.setCurrentIndex(choices.index(value))


class Check(QCheckBox):
    """A yes or no with its sentence; the box is painted so that it can be seen on any ground."""

    def __init__(self, theme: Theme, words: str, *, is_on: bool) -> None:
        super().__init__(words)
        self._theme = theme
        self.setFont(theme.font())
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setChecked(is_on)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        theme = self._theme
        width = theme.metrics().horizontalAdvance(self.text())
        height = max(_LEAST_TARGET, theme.metrics().height() + theme.gap(6))
        return QSize(int(self._words_x() + width) + 4, int(height))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._words_x() + 40, self.sizeHint().height())

    def hitButton(self, place: QPoint) -> bool:
        return self.rect().contains(place)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        with Canvas.over(theme, self) as canvas:
            size = theme.mark(_BOX)
            top = (self.height() - size) / 2
            box = QRectF(2, top, size, size)
            if self.isChecked():
                canvas.rounded(box, 4, Ink.ACCENT)
                mark = round(size * 0.8)
                inset = (size - mark) / 2
                canvas.icon("check", Ink.ON_ACCENT, 2 + inset, top + inset, mark)
            else:
                canvas.rounded(box, 4, Ink.RAISED, Ink.EDGE)
            metrics = theme.metrics()
            base = self.height() / 2 + (metrics.ascent() - metrics.descent()) / 2
            x = self._words_x()
            canvas.text(x, base, self.text(), width=self.width() - x)
            if is_focus_shown(self):
                canvas.focus_ring(box.adjusted(-2, -2, 2, 2), 6)

    def _words_x(self) -> int:
        return self._theme.mark(_BOX) + self._theme.gap(10)


class FormGrid(QGridLayout):
    """Label left, field right; a row can be hidden as a whole.

    `widest` is the longest label of several grids that stand below each other: they line up.
    """

    def __init__(self, theme: Theme, widest: str = "") -> None:
        super().__init__()
        self.setColumnMinimumWidth(0, int(theme.metrics().horizontalAdvance(widest)) + 1)
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
        if isinstance(field, NumberField | QTimeEdit):
            field.setFixedWidth(self._theme.mark(_NUMBER_WIDTH))
            self.setAlignment(field, Qt.AlignmentFlag.AlignLeft)
        self._rows.append((label, field))
        return number

    def add_lines(self, words: str, field: QWidget) -> int:
        """Adds a field of several lines; its label stands beside the first of them."""
        number = self.add(words, field)
        label = self._rows[number][0]
        label.setContentsMargins(0, self._theme.gap(_BESIDE_A_BUTTON), 0, 0)
        self.setAlignment(label, Qt.AlignmentFlag.AlignTop)
        return number

    def add_note(self, words: str) -> int:
        """Adds small words below a field and says the number of their row."""
        label = Label(self._theme, words, TypeRole.CAPTION, Ink.TEXT2).wrapping()
        number = len(self._rows)
        self.addWidget(label, number, 1)
        self._rows.append((label, label))
        return number

    def set_row_visible(self, number: int, is_visible: bool) -> None:
        for widget in self._rows[number]:
            widget.setVisible(is_visible)
