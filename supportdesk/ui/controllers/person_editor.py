"""Puts right who somebody is: their name, what is theirs, the notes of their calls (F51, F59)."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal

from supportdesk.domain.people import Person
from supportdesk.services.desk import Desk
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
                NoteForm(key=one.key, when=since_words(one.at, now), words=one.words)
                for one in notes
            ),
        )

    def _save(self, person: Person, edit: PersonEdit, done: Done) -> None:
        made: list[Callable[[], bool]] = []
        self._acts.perform(
            lambda now: self._desk.change_people(
                lambda: made.extend(self._change(person, edit)), now
            )
        )
        if made:
            done(_said(person, edit, len(made)), partial(self._take_back, made))

    def _change(self, person: Person, edit: PersonEdit) -> list[Callable[[], bool]]:
        """Return how each change is taken back."""
        people, notes = self._desk.people, self._desk.notes
        renamed = [people.rename(person, edit.name)] if edit.name != person.name else []
        renamed += [people.split_email(one) for one in edit.emails_off]
        renamed += [people.split_number(one) for one in edit.numbers_off]
        noted = [notes.edit(key, words) for key, words in edit.notes]
        noted += [notes.remove(key) for key in edit.notes_off]
        undos = [partial(people.undo, one.number) for one in renamed if one is not None]
        return [*undos, *(partial(notes.undo, one.number) for one in noted if one is not None)]

    def _take_back(self, made: list[Callable[[], bool]]) -> None:
        def undo() -> None:
            for take_back in reversed(made):
                take_back()

        self._acts.perform(lambda now: self._desk.change_people(undo, now))


def _said(person: Person, edit: PersonEdit, changes: int) -> str:
    before = fit(person.name or next(iter(person.numbers), ""), _NAME)
    who = fit(edit.name, _NAME) or before
    if changes > 1:
        return f"{who}: {count(changes, 'change', 'changes')} kept"
    if edit.name != person.name:
        return f"{before} is called {who} now"
    if edit.notes:
        return f"The note about {who} has your new words"
    if edit.notes_off:
        return f"A note about {who} was deleted"
    [way] = (*edit.emails_off, *edit.numbers_off)
    return f"{way} is nobody's now"
