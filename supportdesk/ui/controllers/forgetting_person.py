"""Forget this person: what there is of them, a second question, and what came of it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from supportdesk.domain.people import Person
from supportdesk.services.forgetting import STAYS, ForgottenDone
from supportdesk.services.wording import fit
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.rows import Notice, Tone
from supportdesk.ui.theme.theme import Theme

_NAME = 40


class ForgettingPerson(QObject):
    """One at a time; `say` gets what a notice tells of it."""

    def __init__(
        self, window: MainWindow, acts: Acts, theme: Theme, say: Callable[[Notice], None]
    ) -> None:
        super().__init__(window)
        self._window = window
        self._acts = acts
        self._theme = theme
        self._say = say
        self._is_busy = False

    def ask(self, person: Person) -> None:
        """Look for all that is kept of them, then ask whether it shall go."""
        way = next(iter((*person.emails, *person.numbers)), "")
        if self._is_busy or not way:
            return
        self._is_busy = True
        name = fit(person.name or way, _NAME)
        self._say(Notice(title=f"Looking for what is kept of {name}", tone=Tone.NORMAL))
        self._acts.look_for_person(way, lambda found: self._found(way, name, found))

    # --- inside ------------------------------------------------------------------------

    def _found(self, way: str, name: str, found: ForgottenDone) -> None:
        # Rarely asked for: a quiet window does without it.
        from supportdesk.ui.widgets.second_question import SecondQuestion

        self._is_busy = False
        if found.problem is not None or not found.words:
            self._tell(f"Nothing is kept here of {name}", found)
            return
        dialog = SecondQuestion(
            self._theme,
            self._window,
            title="Forget this person",
            question=f"Forget {name}?",
            goes=f"{found.label}. {found.words}",
            stays=STAYS,
            keep="Keep it all",
            delete="Forget them",
        )
        dialog.agreed.connect(lambda: self._forget(way, name))
        dialog.rejected.connect(
            lambda: self._say(Notice(title="Nothing was deleted", tone=Tone.NORMAL))
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _forget(self, way: str, name: str) -> None:
        self._is_busy = True
        self._say(Notice(title=f"{name} is being forgotten", tone=Tone.NORMAL))
        self._acts.forget_person(way, lambda done: self._ended(name, done))

    def _ended(self, name: str, done: ForgottenDone) -> None:
        self._is_busy = False
        self._tell(f"{name} is forgotten here", done)

    def _tell(self, title: str, done: ForgottenDone) -> None:
        problem = done.problem
        if problem is not None:
            self._say(Notice(title=problem.title, text=problem.advice, tone=Tone.BRICK))
        else:
            self._say(Notice(title=title, text=done.words, tone=Tone.GOOD))
