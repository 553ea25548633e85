"""Answering in the settings: how long Send can be undone, what colleagues see of it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QWidget

from supportdesk.ui.settings.fields import Check, FormGrid, NumberField, TextField
from supportdesk.ui.settings.forms import AnsweringOptions
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.widgets.box import column

_NAME = r"[A-Za-z0-9]{0,20}"
_NAME_NOTE = "Letters and digits. Colleagues see it where you say that a mail is yours."
_LANGUAGE = r"([A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8})*)?"
_LANGUAGE_NOTE = (
    "A language, such as en_US or cs_CZ; empty for no check. The guide says what it needs."
)
_COPY = "Keep a copy of what I write in the Drafts mailbox"
_COPY_NOTE = "Your team sees it there; it goes when the answer is sent or discarded."
_LONGEST_UNDO = 120


class AnsweringCard(QWidget):
    """Tells each change at once, as whole options.

    Signals:
        answering_changed: `AnsweringOptions`.
    """

    answering_changed = Signal(object)

    def __init__(self, theme: Theme, widest_label: str) -> None:
        super().__init__()
        self._shown = AnsweringOptions()
        self._undo = NumberField(theme, "Seconds to undo a sending", 10, 0, _LONGEST_UNDO)
        self._name = TextField(theme, "My name for colleagues", "", "as I am logged in here")
        self._name.setValidator(QRegularExpressionValidator(_NAME, self._name))
        self._spelling = TextField(theme, "Language of the spell check", "", "no spell check")
        self._spelling.setValidator(QRegularExpressionValidator(_LANGUAGE, self._spelling))
        self._copy = Check(theme, _COPY, is_on=False)
        grid = FormGrid(theme, widest_label)
        grid.add("Undo, seconds", self._undo)
        grid.add("My name", self._name)
        grid.add_note(_NAME_NOTE)
        grid.add("Spelling", self._spelling)
        grid.add_note(_LANGUAGE_NOTE)
        grid.add("", self._copy)
        grid.add_note(_COPY_NOTE)
        column(theme, grid, inside=self)
        self._undo.value_changed.connect(self._tell)
        # Not at each letter: half a name would be kept, and be seen.
        self._name.editingFinished.connect(self._tell)
        self._spelling.editingFinished.connect(self._tell)
        self._copy.toggled.connect(lambda _: self._tell())

    def show_answering(self, options: AnsweringOptions) -> None:
        self._shown = options
        with QSignalBlocker(self._copy):
            self._copy.setChecked(options.copy_drafts)
        if self._undo.number != options.undo_seconds:
            self._undo.set_number(options.undo_seconds)
        for field, text in ((self._name, options.claim_as), (self._spelling, options.spelling)):
            if not field.hasFocus():
                field.setText(text)

    def _tell(self) -> None:
        told = replace(
            self._shown,
            undo_seconds=self._undo.number,
            claim_as=self._name.value,
            copy_drafts=self._copy.isChecked(),
            spelling=self._spelling.value,
        )
        if told != self._shown:
            self._shown = told
            self.answering_changed.emit(told)
