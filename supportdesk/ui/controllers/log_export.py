"""The Export button of My week: where to, and what came of it."""

from collections.abc import Callable
from functools import partial
from pathlib import PurePath

from PySide6.QtCore import QObject

from supportdesk.services.log_union import LogDone
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.file_dialog import ask_for_folder
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.rows import Action, ActionButton, Notice, Tone

_TITLE = "Export the log into this folder"
# One of the files, for the desktop to show where they are.
_FILE = "reading-log.csv"


class LogExport(QObject):
    """One export at a time; `say` gets what a notice tells of it."""

    def __init__(self, window: MainWindow, acts: Acts, say: Callable[[Notice], None]) -> None:
        super().__init__(window)
        self._window = window
        self._acts = acts
        self._say = say
        self._is_busy = False
        window.choices.log_export_asked.connect(self._ask)

    def show(self, path: str) -> None:
        """Of the button of the notice."""
        self._acts.files.show_in_folder(path)

    # --- inside ------------------------------------------------------------------------

    def _ask(self) -> None:
        if self._is_busy:
            return
        ask_where_to_export(self._window, self._acts, self._export)

    def _export(self, folder: str) -> None:
        self._is_busy = True
        self._say(Notice(title="The log is being exported", tone=Tone.NORMAL))
        self._acts.export_log(folder, partial(self._ended, folder))

    def _ended(self, folder: str, done: LogDone) -> None:
        self._is_busy = False
        if done.problem is not None:
            problem = done.problem
            self._say(Notice(title=problem.title, text=problem.advice, tone=Tone.BRICK))
            return
        show = ActionButton(
            action=Action.SHOW_EXPORT,
            label="Open folder",
            icon="folder",
            target=str(PurePath(folder, _FILE)),
        )
        title = "The log is exported"
        self._say(Notice(title=title, text=done.words, tone=Tone.GOOD, buttons=(show,)))


def ask_where_to_export(
    window: MainWindow, acts: Acts, then: Callable[[str], None], title: str = _TITLE
) -> None:
    """Let the founder choose a folder; `then` gets it, unless they think better of it."""
    ask_for_folder(window, title, acts.files.last_folder(), then)
