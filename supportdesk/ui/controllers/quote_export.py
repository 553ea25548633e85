"""All kept words as files, from the Voices page: where to, and what came of it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from supportdesk.domain.errors import Problem
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.controllers.log_export import ask_where_to_export
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.rows import Action, ActionButton, ButtonRank, Notice, Tone

EXPORT = ActionButton(
    action=Action.EXPORT_QUOTES,
    label="",
    icon="export",
    hint="Export all kept words as files…",
    rank=ButtonRank.GHOST,
)


class QuoteExport(QObject):
    """Each export asks where to; `say` gets what a notice tells of it."""

    def __init__(self, window: MainWindow, acts: Acts, say: Callable[[Notice], None]) -> None:
        super().__init__(window)
        self._window = window
        self._acts = acts
        self._say = say

    def ask(self) -> None:
        title = "Export all kept words into this folder"
        ask_where_to_export(self._window, self._acts, self._export, title)

    # --- inside ------------------------------------------------------------------------

    def _export(self, folder: str) -> None:
        self._say(Notice(title="Your kept words are being exported", tone=Tone.NORMAL))
        self._acts.ritual.export_quotes(folder, self._ended)

    def _ended(self, words: str, problem: Problem | None) -> None:
        if problem is not None:
            self._say(Notice(title=problem.title, text=problem.advice, tone=Tone.BRICK))
        else:
            self._say(Notice(title="Your kept words are exported", text=words, tone=Tone.GOOD))
