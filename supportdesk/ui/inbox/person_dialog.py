"""About a person: their name, the addresses and numbers that are theirs, the notes of their calls.

Nothing is changed before Save, which hands over all of it at once; Esc changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QLineEdit, QScrollArea, QWidget

from supportdesk.domain.voices import Felt
from supportdesk.services.wording import fit
from supportdesk.ui.rows import ButtonRank
from supportdesk.ui.rows.people import NoteForm, PersonEdit, PersonForm
from supportdesk.ui.settings.fields import ChoiceField, TextField
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.box import STRETCH, Grow, Item, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.label import Elided, Label
from supportdesk.ui.widgets.scroll import scrolling

_WIDTH = 520
_TALLEST = 420
_MOST_OF_SCREEN = 0.55
_LONGEST_NOTE = 2_000
_LONGEST_TITLE = 60
_NAMELESS = "A person needs a name."
_EMPTIED = "A note goes with its Delete, not by being emptied."


class _Line(QWidget):
    """Something of theirs and the button by which it goes; a second click keeps it after all."""

    def __init__(self, theme: Theme, key: str, what: QWidget, off: str, spoken: str) -> None:
        super().__init__()
        self.key = key
        self.is_off = False
        self._what = what
        self._off = off
        self._spoken = spoken
        self._button = Button(theme, off, small=True, hint=f"{off}: {spoken}")
        self._button.setAutoDefault(False)
        self._button.clicked.connect(self._toggle)
        row(theme, Grow(what), self._button, gap=8, inside=self)

    def _toggle(self) -> None:
        self.is_off = not self.is_off
        label = "Keep" if self.is_off else self._off
        self._button.set_label(label, f"{label}: {self._spoken}")
        font = self._what.font()
        font.setStrikeOut(self.is_off)
        self._what.setFont(font)
        if isinstance(self._what, Label):
            self._what.set_ink(Ink.TEXT3 if self.is_off else Ink.TEXT)
        else:
            self._what.setEnabled(not self.is_off)


class PersonDialog(QDialog):
    """Opens with the name chosen, so that it can be typed over."""

    saved = Signal(object)
    """A `PersonEdit`."""
    forget_asked = Signal()
    """All that is kept of them shall go; what was changed in the form does not matter then."""

    def __init__(self, theme: Theme, form: PersonForm, parent: QWidget | None) -> None:
        super().__init__(parent)
        who = form.name or next(iter(form.numbers), "")
        self._title = f"About {fit(who, _LONGEST_TITLE)}"
        self._was_named = bool(form.name)
        self.setWindowTitle(self._title)
        self._theme = theme
        self._name = TextField(theme, "Name", form.name)
        self._name.selectAll()
        self._why = Label(theme, "", TypeRole.CAPTION, Ink.BRICK).wrapping()
        self._why.hide()
        self._emails = [self._way(one, is_joined=form.is_joined) for one in form.emails]
        self._numbers = [self._way(one, is_joined=form.is_joined) for one in form.numbers]
        self._fields: dict[str, QLineEdit] = {}
        self._form = form
        self._felt = {one.key: self._felt_choice(one) for one in form.notes}
        self._notes = [self._note(one) for one in form.notes]
        save = Button(theme, "Save", ButtonRank.PRIMARY)
        save.setDefault(True)
        save.clicked.connect(self._save)
        cancel = Button(theme, "Cancel", ButtonRank.GHOST)
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        forget = Button(
            theme,
            "Forget…",
            ButtonRank.GHOST,
            hint="Forget this person: delete all that is kept of them here. Asks first.",
        )
        forget.setAutoDefault(False)
        forget.clicked.connect(self._forget)
        column(
            theme,
            Label(theme, self._title, TypeRole.TITLE).wrapping(),
            Grow(self._page(form)),
            self._why,
            row(theme, forget, STRETCH, cancel, save, gap=8),
            gap=10,
            margins=(24, 20, 24, 18),
            inside=self,
        )
        self.setMinimumWidth(theme.mark(_WIDTH))
        self._name.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- building ----------------------------------------------------------------------

    def _page(self, form: PersonForm) -> QScrollArea:
        parts: list[Item] = [self._caption("Name"), self._name]
        if form.emails or form.numbers:
            parts += [4, self._caption("Addresses and numbers"), *self._emails, *self._numbers]
        if form.notes:
            parts += [4, self._caption("Notes of calls, newest first")]
        for note, line in zip(form.notes, self._notes, strict=True):
            when = Label(self._theme, note.when, TypeRole.CAPTION, Ink.TEXT2)
            parts += [row(self._theme, when, STRETCH, self._felt[note.key], gap=8), line]
        page = QWidget()
        column(self._theme, *parts, STRETCH, gap=4, margins=(0, 0, 4, 0), inside=page)
        area = scrolling(page, self._title)
        tallest = round(self.screen().availableGeometry().height() * _MOST_OF_SCREEN)
        area.setMinimumHeight(min(page.sizeHint().height(), self._theme.mark(_TALLEST), tallest))
        return area

    def _caption(self, words: str) -> Label:
        return Label(self._theme, words, TypeRole.CAPTION_B, Ink.TEXT2)

    def _way(self, way: str, *, is_joined: bool) -> _Line | Label:
        words: Label = Elided(self._theme, way)
        if self._theme.is_large:
            words = Label(self._theme, way).wrapping()
        return _Line(self._theme, way, words, "Not theirs", way) if is_joined else words

    def _note(self, note: NoteForm) -> _Line:
        field = TextField(self._theme, f"Note, {note.when}", note.words)
        field.setMaxLength(max(_LONGEST_NOTE, len(note.words)))
        field.setCursorPosition(0)
        self._fields[note.key] = field
        return _Line(self._theme, note.key, field, "Delete", f"the note, {note.when}")

    def _felt_choice(self, note: NoteForm) -> ChoiceField[str]:
        options = [("", "not said"), *((one.value, one.value) for one in Felt)]
        felt = note.felt.value if note.felt is not None else ""
        return ChoiceField(self._theme, f"How the call felt, {note.when}", options, felt)

    def _new_felt(self, note: NoteForm) -> Iterator[tuple[str, Felt | None]]:
        value = self._felt[note.key].value
        felt = Felt(value) if value else None
        if felt is not note.felt and note.key not in _off(self._notes):
            yield note.key, felt

    # --- saving ------------------------------------------------------------------------

    def _forget(self) -> None:
        self.reject()
        self.forget_asked.emit()

    def _save(self) -> None:
        notes = tuple(
            (line.key, self._fields[line.key].text())
            for line in self._notes
            if not line.is_off and self._fields[line.key].isModified()
        )
        emptied = next((key for key, words in notes if not words.strip()), "")
        if self._was_named and not self._name.value:
            self._refuse(_NAMELESS, self._name)
        elif emptied:
            self._refuse(_EMPTIED, self._fields[emptied])
        else:
            self.accept()
            self.saved.emit(
                PersonEdit(
                    name=self._name.value,
                    emails_off=_off(self._emails),
                    numbers_off=_off(self._numbers),
                    notes=notes,
                    felt=tuple(new for one in self._form.notes for new in self._new_felt(one)),
                    notes_off=_off(self._notes),
                )
            )

    def _refuse(self, why: str, field: QLineEdit) -> None:
        self._why.setText(why)
        self._why.show()
        field.setFocus(Qt.FocusReason.OtherFocusReason)


def _off(lines: Iterable[QWidget]) -> tuple[str, ...]:
    return tuple(line.key for line in lines if isinstance(line, _Line) and line.is_off)
