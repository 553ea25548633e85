"""All calls as files, from the Calls page: where to, and what came of it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from supportdesk.domain.errors import Problem
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.controllers.log_export import ask_where_to_export
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.rows import Tone

Say = Callable[[str, str, Tone], None]


class CallsExport(QObject):
    """Each export asks where to; `say` gets a title and words."""

    def __init__(self, window: MainWindow, acts: Acts, say: Say) -> None:
        super().__init__(window)
        self._window = window
        self._acts = acts
        self._say = say

    def ask(self) -> None:
        title = "Export all calls into this folder"
        ask_where_to_export(self._window, self._acts, self._export, title)

    # --- inside ------------------------------------------------------------------------

    def _export(self, folder: str) -> None:
        self._say("The calls are being exported", "", Tone.NORMAL)
        self._acts.export_calls(folder, self._ended)

    def _ended(self, words: str, problem: Problem | None) -> None:
        if problem is not None:
            self._say(problem.title, problem.advice, Tone.BRICK)
        else:
            self._say("The calls are exported", words, Tone.GOOD)
