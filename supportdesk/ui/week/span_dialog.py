"""The form about a span of the log: another length or start, its deletion, or time that is missing.

It stays open until the log has taken what was entered; what is refused is said beside its field.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QLineEdit, QWidget

from supportdesk.ui.rows import COUNTED_KINDS, ButtonRank
from supportdesk.ui.rows import SpanKind as Kind
from supportdesk.ui.rows.span_form import SpanEntry, SpanField, SpanForm, SpanTask
from supportdesk.ui.settings.fields import ChoiceField, TextField
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.box import STRETCH, Grow, Item, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.label import Label

_WIDTH = 460
_NARROW_FIELD = 96
_LONGEST = 300
_KIND_WORDS = {
    Kind.READ: "Reading",
    Kind.REPLY: "Writing a reply",
    Kind.TALK: "A talk with a customer",
}
_HINTS = {
    SpanField.WHO: "Pavel Kiss, at their bakery",
    SpanField.DAY: "18 Nov",
    SpanField.START: "09:30",
    SpanField.LENGTH: "12:30",
    SpanField.REASON: "the phone rang, it only lay open",
}
_SAVE = {SpanTask.CORRECT: "Save", SpanTask.ADD: "Add", SpanTask.DELETE: "Delete"}
_DELETING = "It stays in the list with 0:00, and Undo brings its minutes back."
_Field = TextField | ChoiceField[Kind]


class _Entry(QWidget):
    """A field below its name; `why` it is refused stands below it, or below its neighbours too."""

    def __init__(self, theme: Theme, name: SpanField, field: _Field) -> None:
        super().__init__()
        self.field = field
        self.why = Label(theme, "", TypeRole.CAPTION, Ink.BRICK).wrapping()
        self.why.hide()
        caption = Label(theme, name.value, TypeRole.CAPTION_B, Ink.TEXT2)
        caption.setBuddy(field)
        column(theme, caption, field, self.why, gap=4, inside=self)

    def say(self, why: str) -> None:
        self.why.setText(why)
        self.why.setVisible(bool(why))
        self.field.setAccessibleDescription(why)


class SpanDialog(QDialog):
    """Esc changes nothing.

    Signals:
        saved: SpanEntry: to be corrected or added as it says.
        delete_asked: SpanEntry, for its reason.
    """

    saved = Signal(object)
    delete_asked = Signal(object)

    def __init__(self, theme: Theme, form: SpanForm, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(form.title)
        self._theme = theme
        self._form = form
        self._entries: dict[SpanField, _Entry] = {}
        self._kind: ChoiceField[Kind] | None = None
        self._why = Label(theme, "", TypeRole.CAPTION, Ink.BRICK).wrapping()
        self._why.hide()
        parts: list[Item] = [Label(theme, form.title, TypeRole.TITLE).wrapping()]
        if form.about:
            parts.append(Label(theme, form.about, ink=Ink.TEXT2).wrapping())
        if form.task is SpanTask.DELETE:
            parts.append(Label(theme, _DELETING, ink=Ink.TEXT2).wrapping())
        column(
            theme,
            *parts,
            4,
            *self._fields(form),
            self._why,
            4,
            self._buttons(form.task),
            gap=10,
            margins=(24, 20, 24, 18),
            inside=self,
        )
        self.setMinimumWidth(theme.mark(_WIDTH))
        self._begin(form.task)

    @property
    def entry(self) -> SpanEntry:
        """As it is typed now; what has no field here is as it was."""
        return SpanEntry(
            kind=self._kind.value if self._kind else self._form.entry.kind,
            who=self._typed(SpanField.WHO, self._form.entry.who),
            day=self._typed(SpanField.DAY, self._form.entry.day),
            start=self._typed(SpanField.START, self._form.entry.start),
            length=self._typed(SpanField.LENGTH, self._form.entry.length),
            reason=self._typed(SpanField.REASON, ""),
        )

    def refuse(self, why: str, field: SpanField | None = None) -> None:
        """Say it beside the field, which gets the keyboard; all that was typed stays."""
        entry = self._entries.get(field) if field else None
        for one in self._entries.values():
            one.say(why if one is entry else "")
        self._why.setText("" if entry else why)
        self._why.setVisible(entry is None)
        self.adjustSize()
        if entry is not None:
            entry.field.setFocus(Qt.FocusReason.OtherFocusReason)
            if isinstance(entry.field, QLineEdit):
                entry.field.selectAll()

    # --- building ----------------------------------------------------------------------

    def _fields(self, form: SpanForm) -> list[Item]:
        given, reason = form.entry, self._text(SpanField.REASON, form.entry.reason)
        if form.task is SpanTask.DELETE:
            return [reason]
        when = self._when(given)
        if form.task is SpanTask.CORRECT:
            return [when, reason]
        kinds = [(kind, _KIND_WORDS[kind]) for kind in COUNTED_KINDS]
        self._kind = ChoiceField(self._theme, SpanField.KIND.value, kinds, given.kind)
        kind = self._entered(SpanField.KIND, self._kind)
        return [kind, self._text(SpanField.WHO, given.who), when, reason]

    def _when(self, given: SpanEntry) -> Item:
        day = self._text(SpanField.DAY, given.day)
        start = self._text(SpanField.START, given.start)
        length = self._text(SpanField.LENGTH, given.length)
        if self._theme.is_large:
            return column(self._theme, day, start, length, gap=10)
        for one in (start, length):
            one.field.setFixedWidth(self._theme.mark(_NARROW_FIELD))
        together = row(self._theme, Grow(day), start, length, gap=12)
        # In a narrow field's own width a sentence would be a tower.
        return column(self._theme, together, day.why, start.why, length.why, gap=4)

    def _text(self, name: SpanField, text: str) -> _Entry:
        field = TextField(self._theme, name.value, text, _HINTS[name])
        field.setMaxLength(_LONGEST)
        return self._entered(name, field)

    def _entered(self, name: SpanField, field: _Field) -> _Entry:
        entry = _Entry(self._theme, name, field)
        self._entries[name] = entry
        return entry

    def _buttons(self, task: SpanTask) -> Item:
        theme = self._theme
        save = Button(theme, _SAVE[task], ButtonRank.PRIMARY)
        save.setDefault(True)
        told = self.delete_asked if task is SpanTask.DELETE else self.saved
        save.clicked.connect(lambda: told.emit(self.entry))
        cancel = Button(theme, "Cancel", ButtonRank.GHOST)
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        if task is not SpanTask.CORRECT:
            return row(theme, STRETCH, cancel, save, gap=8)
        delete = Button(theme, "Delete", hint="Delete this span, for the reason given")
        delete.setAutoDefault(False)
        delete.clicked.connect(lambda: self.delete_asked.emit(self.entry))
        return row(theme, delete, STRETCH, cancel, save, gap=8)

    def _begin(self, task: SpanTask) -> None:
        """What is most often changed has the keyboard, chosen so that it can be typed over."""
        first = {
            SpanTask.CORRECT: SpanField.LENGTH,
            SpanTask.ADD: SpanField.WHO,
            SpanTask.DELETE: SpanField.REASON,
        }[task]
        field = self._entries[first].field
        if not isinstance(field, QComboBox):
            field.selectAll()
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _typed(self, name: SpanField, otherwise: str) -> str:
        entry = self._entries.get(name)
        if entry is None or not isinstance(entry.field, TextField):
            return otherwise
        return entry.field.value
