"""What the settings do with the reading log as a whole: export, import, delete after asking."""

from pathlib import PurePath

from PySide6.QtCore import QObject, Signal

from supportdesk.services.log_union import LogDone
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.controllers.log_export import ask_where_to_export
from supportdesk.ui.file_dialog import ask_for_file
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.rows import Notice, Tone
from supportdesk.ui.settings.delete_log_dialog import DeleteLogDialog
from supportdesk.ui.settings.forms import LogWish
from supportdesk.ui.theme.theme import Theme

_KINDS = "Reading log (*.csv *.json *.db);;All files (*)"
_NOTHING = Notice(title="Nothing is logged, so there is nothing to delete", tone=Tone.NORMAL)
_NAMED = 3
"""Of rows that were left out; the log file of a spreadsheet may have thousands."""


class WholeLog(QObject):
    """One thing at a time; what came of it stays on show until the next.

    The buttons stay as they are meanwhile, so that the keyboard keeps its place.

    Signals:
        changed: There is another notice.
    """

    changed = Signal()

    def __init__(self, window: MainWindow, acts: Acts, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._acts = acts
        self._theme = theme
        self._notice: Notice | None = None
        self._is_busy = False
        window.choices.log_asked.connect(self._asked)

    @property
    def notice(self) -> Notice | None:
        return self._notice

    # --- inside ------------------------------------------------------------------------

    def _asked(self, wish: LogWish) -> None:
        if self._is_busy:
            return
        match wish:
            case LogWish.EXPORT:
                ask_where_to_export(self._window, self._acts, self._export)
            case LogWish.IMPORT:
                self._choose_file()
            case LogWish.DELETE:
                self._begin("")
                self._acts.measure_log(self._measured)

    def _choose_file(self) -> None:
        folder = self._acts.files.last_folder()
        title = "Import the log of another computer"
        ask_for_file(self._window, title, folder, _KINDS, self._import)

    def _export(self, folder: str) -> None:
        self._begin("The log is being exported")
        self._acts.export_log(folder, lambda done: self._ended("The log is exported", done))

    def _import(self, path: str) -> None:
        name = PurePath(path).name
        self._begin(f"{name} is being imported")
        self._acts.import_log(path, lambda done: self._ended(f"{name} is imported", done))

    def _measured(self, size: LogDone) -> None:
        if size.problem is not None:
            self._ended("", size)
        elif not size.words:
            self._end(_NOTHING)
        else:
            self._end(None)
            dialog = DeleteLogDialog(self._theme, size.words, self._window)
            dialog.agreed.connect(self._delete)
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()

    def _delete(self) -> None:
        self._begin("The log is being deleted")
        self._acts.delete_log(lambda done: self._ended("Everything you logged is deleted", done))

    def _begin(self, words: str) -> None:
        self._is_busy = True
        self._notice = Notice(title=words, tone=Tone.NORMAL) if words else None
        self.changed.emit()

    def _ended(self, title: str, done: LogDone) -> None:
        problem = done.problem
        if problem is not None:
            self._end(Notice(title=problem.title, text=problem.advice, tone=Tone.BRICK))
            return
        refused = [*done.refused[:_NAMED]]
        if len(done.refused) > _NAMED:
            refused.append("And others.")
        tone = Tone.AMBER if refused else Tone.GOOD
        self._end(Notice(title=title, text="\n".join([done.words, *refused]), tone=tone))

    def _end(self, notice: Notice | None) -> None:
        self._is_busy = False
        self._notice = notice
        self.changed.emit()
