"""Promises kept, moved and dropped, on the page on show; each of it can be taken back (F93)."""

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import Qt

from supportdesk.domain.errors import StoreError
from supportdesk.domain.promises import Promise, PromiseState
from supportdesk.services.desk import Desk
from supportdesk.services.wording import fit
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.presenter.side import moment_words
from supportdesk.ui.rows import Action, Notice, Tone
from supportdesk.ui.theme.theme import Theme

_WORDS = 60

Done = Callable[[str, Callable[[], None]], None]
"""Says what was done, and how it is taken back."""
Say = Callable[[Notice], None]


class PromiseActs:
    """The target of each act is the key of a promise."""

    def __init__(
        self, window: MainWindow, desk: Desk, acts: Acts, *, theme: Theme, done: Done, say: Say
    ) -> None:
        self._window = window
        self._desk = desk
        self._acts = acts
        self._theme = theme
        self._done = done
        self._say = say

    def handlers(self) -> dict[Action, Callable[[str], None]]:
        return {
            Action.PROMISE_KEPT: self._keep,
            Action.PROMISE_DROPPED: self._drop,
            Action.PROMISE_MOVE: self._ask_when,
        }

    def _keep(self, key: str) -> None:
        promises = self._desk.promises
        self._change(
            lambda now: promises.settle(key, PromiseState.KEPT, now),
            lambda one: f"Kept: “{fit(one.words, _WORDS)}”",
        )

    def _drop(self, key: str) -> None:
        promises = self._desk.promises
        self._change(
            lambda now: promises.settle(key, PromiseState.DROPPED, now),
            lambda one: f"No promise any more: “{fit(one.words, _WORDS)}”",
        )

    def _move(self, key: str, due: datetime) -> None:
        promises, due = self._desk.promises, due.astimezone(UTC)
        when = moment_words(due, self._acts.now())
        self._change(
            lambda _now: promises.move(key, due),
            lambda one: f"“{fit(one.words, _WORDS)}” is due {when} now",
        )

    def _ask_when(self, key: str) -> None:
        # Only who moves a promise needs the menu.
        from supportdesk.ui.inbox.snooze_menu import (
            MOVE_PROMISE,
            LastEntry,
            MomentRow,
            open_moment_menu,
        )

        if self._desk.promises.promise(key) is None:
            return
        now = self._acts.now()
        moments = [(one.label, one.until) for one in self._desk.side.snooze.choices(now)]
        open_moment_menu(
            self._window,
            [MomentRow(label, moment_words(until, now), until) for label, until in moments],
            MOVE_PROMISE,
            chosen=lambda due: self._move(key, due),
            pick=lambda: self._pick(key),
            last=LastEntry("It needs not be kept any more", lambda: self._drop(key)),
        )

    def _pick(self, key: str) -> None:
        from supportdesk.ui.inbox.snooze_menu import MOVE_PROMISE, MomentDialog

        dialog = MomentDialog(self._theme, self._window, MOVE_PROMISE, now=self._acts.now())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(lambda due: self._move(key, due))
        dialog.open()

    def _change(
        self, act: Callable[[datetime], Promise | None], said: Callable[[Promise], str]
    ) -> None:
        """`act` returns what the promise was before, if it changed anything."""
        before: list[Promise] = []

        def change(now: datetime) -> None:
            before.extend(one for one in (act(now),) if one is not None)

        def undo() -> None:
            self._perform(lambda _now: self._desk.promises.put(before[0]))

        if self._perform(change) and before:
            self._done(said(before[0]), undo)

    def _perform(self, change: Callable[[datetime], None]) -> bool:
        try:
            self._acts.perform(lambda now: self._desk.change_promises(lambda: change(now), now))
        except StoreError as error:
            text = f"Nothing was changed. {error.problem.advice}"
            self._say(Notice(title=error.problem.title, text=text, tone=Tone.AMBER))
            return False
        return True
