"""Puts right who somebody is: their name, what is theirs, the notes of their calls (F51, F59)."""

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal

from supportdesk.domain.errors import StoreError
from supportdesk.domain.people import Person
from supportdesk.services.call_notes import NoteChange
from supportdesk.services.desk import Desk
from supportdesk.services.people import PersonChange
from supportdesk.services.wording import count, fit
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.presenter.words import since_words
from supportdesk.ui.rows.people import NoteForm, PersonEdit, PersonForm
from supportdesk.ui.theme.theme import Theme

Undo = Callable[[], None]
Done = Callable[[str, Undo], None]
"""Told what was done, in words, and how it is taken back."""

_NAME = 40
_Change = NoteChange | PersonChange | None


class PersonEditor(QObject):
    """All that is saved together is one change, which is taken back as one.

    Signals:
        forget_asked: The `Person` whom the founder wants to forget.
    """

    forget_asked = Signal(object)

    def __init__(self, window: MainWindow, desk: Desk, acts: Acts, theme: Theme) -> None:
        super().__init__(window)
        self._window = window
        self._desk = desk
        self._acts = acts
        self._theme = theme

    def edit(self, person: Person, done: Done) -> None:
        """Ask; `done` is called if anything was changed.

        Args:
            person: Known, or a stranger under the name that they give themselves.
            done: Says what was done.
        """
        # Rarely asked for: a quiet window does without it.
        from supportdesk.ui.inbox.person_dialog import PersonDialog

        dialog = PersonDialog(self._theme, self._form(person), self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.saved.connect(lambda edit: self._save(person, edit, done))
        dialog.forget_asked.connect(lambda: self.forget_asked.emit(person))
        dialog.open()

    def _form(self, person: Person) -> PersonForm:
        now = self._acts.now()
        notes = self._desk.notes.of_numbers(person.numbers)[::-1]
        return PersonForm(
            name=person.name,
            emails=person.emails,
            numbers=person.numbers,
            is_joined=bool(person.key),
            notes=tuple(
                NoteForm(key=one.key, when=since_words(one.at, now), words=one.words, felt=one.felt)
                for one in notes
            ),
        )

    def _save(self, person: Person, edit: PersonEdit, done: Done) -> None:
        """Each change in a turn of its own: what a note promises is kept before any of them."""
        made: list[Callable[[], bool]] = []
        try:
            for change in self._changes(person, edit):
                self._in_turn(partial(self._make, change, made))
        except StoreError as error:
            title = f"{error.problem.title}: not all of it was changed"
            done(title, partial(self._take_back, made))
            return
        if made:
            done(_said(person, edit, len(made)), partial(self._take_back, made))

    def _changes(self, person: Person, edit: PersonEdit) -> Iterator[Callable[[], _Change]]:
        people, notes, now = self._desk.people, self._desk.notes, self._acts.now()
        for key, words in edit.notes:
            yield partial(notes.edit, key, words, now)
        for key, felt in edit.felt:
            yield partial(notes.set_felt, key, felt)
        for key in edit.notes_off:
            yield partial(notes.remove, key)
        if edit.name != person.name:
            yield partial(people.rename, person, edit.name)
        for email in edit.emails_off:
            yield partial(people.split_email, email)
        for number in edit.numbers_off:
            yield partial(people.split_number, number)

    def _make(self, change: Callable[[], _Change], made: list[Callable[[], bool]]) -> None:
        """Note how it is taken back."""
        match change():
            case NoteChange(number=number):
                made.append(partial(self._desk.notes.undo, number))
            case PersonChange(number=number):
                made.append(partial(self._desk.people.undo, number))
            case None:
                pass

    def _take_back(self, made: list[Callable[[], bool]]) -> None:
        for take_back in reversed(made):
            self._in_turn(take_back)

    def _in_turn(self, act: Callable[[], object]) -> None:
        self._acts.perform(lambda now: self._desk.change_people(act, now))


def _said(person: Person, edit: PersonEdit, changes: int) -> str:
    before = fit(person.name or next(iter(person.numbers), ""), _NAME)
    who = fit(edit.name, _NAME) or before
    if changes > 1:
        return f"{who}: {count(changes, 'change', 'changes')} kept"
    if edit.name != person.name:
        return f"{before} is called {who} now"
    if edit.notes:
        return f"The note about {who} has your new words"
    if edit.felt:
        return f"The note about {who} has your felt word"
    if edit.notes_off:
        return f"A note about {who} was deleted"
    [way] = (*edit.emails_off, *edit.numbers_off)
    return f"{way} is nobody's now"
