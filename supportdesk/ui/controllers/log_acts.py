"""What the founder does to the reading log on My week: corrections, the way back, the export."""

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import QObject, QTimer, Signal

from supportdesk.domain.hours import ToLocal
from supportdesk.domain.reading import Edit, Span
from supportdesk.services.log_corrections import LogAct, LogCorrections
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.controllers.log_export import LogExport
from supportdesk.ui.controllers.span_editor import SpanEditor
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.rows import Action, ActionButton, Notice, Tone
from supportdesk.ui.theme.theme import Theme

_STAYS_MS = 60_000
_UNDO = {
    Edit.ADDED: "Undo the addition",
    Edit.CUT: "Undo the cut",
    Edit.LENGTHENED: "Undo the lengthening",
    Edit.MOVED: "Undo the move",
    Edit.DELETED: "Undo the deletion",
}
_UNDO_ALL = "Undo these changes"
_NOTHING = Notice(
    title="There is nothing to undo",
    text="No correction of the log is left that could be taken back.",
    tone=Tone.NORMAL,
)


class LogActs(QObject):
    """The newest act can be taken back as long as there is one, also after a restart.

    Signals:
        changed: The log, or only what is said of it.
    """

    changed = Signal()

    def __init__(
        self,
        window: MainWindow,
        corrections: LogCorrections,
        acts: Acts,
        *,
        theme: Theme,
        to_local: ToLocal,
        span: Callable[[str], Span | None],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._corrections = corrections
        self._acts = acts
        self._span = span
        self._editor = SpanEditor(window, corrections, acts, theme=theme, to_local=to_local)
        self._export = LogExport(window, acts, self._say)
        self._notice: Notice | None = None
        self._together: frozenset[str] = frozenset()
        self._gone = QTimer(self)
        self._gone.setSingleShot(True)
        self._gone.setInterval(_STAYS_MS)
        self._gone.timeout.connect(lambda: self._say(None))
        choices = window.choices
        choices.span_edit_asked.connect(self._edit)
        choices.span_delete_asked.connect(self._delete)
        choices.span_add_asked.connect(self._add)
        choices.log_undo_asked.connect(self.undo)

    @property
    def notice(self) -> Notice | None:
        """What was done just now."""
        return self._notice

    def undoable(self) -> tuple[str, str]:
        """The label of the button, and exactly what it takes back; empty when nothing can be."""
        act = self._corrections.undoable(self._acts.now())
        return (_UNDO.get(act.edit, "Undo"), act.words) if act is not None else ("", "")

    def history(self, span: Span) -> Sequence[Span]:
        """The rows that lead to this one, the original first."""
        return self._corrections.history_of(span)

    def stop(self) -> None:
        self._gone.stop()

    def undo(self) -> None:
        """Take back the newest act, with all that was saved together with it."""
        now, together = self._acts.now(), self._together
        self._together = frozenset()
        undone = self._corrections.undo(now)
        if undone is None:
            self._say(_NOTHING)
            return
        words = [undone.words]
        while undone is not None and undone.key in together:
            newest = self._corrections.undoable(now)
            if newest is None or newest.key not in together:
                break
            undone = self._corrections.undo(now)
            words += [undone.words] if undone is not None else []
        self._say(Notice(title=". ".join(words), tone=Tone.NORMAL))

    def show_export(self, path: str) -> None:
        self._export.show(path)

    # --- inside ------------------------------------------------------------------------

    def _edit(self, span_id: str) -> None:
        span = self._span(span_id)
        if span is not None:
            self._editor.correct(span, self._done)

    def _delete(self, span_id: str) -> None:
        span = self._span(span_id)
        if span is not None:
            self._editor.delete(span, self._done)

    def _add(self, day: date) -> None:
        self._editor.add(day, self._done)

    def _done(self, acts: tuple[LogAct, ...]) -> None:
        self._together = frozenset(act.key for act in acts)
        label = _UNDO_ALL if len(acts) > 1 else _UNDO.get(acts[-1].edit, "Undo")
        undo = ActionButton(
            action=Action.UNDO_CORRECTION, label=label, icon="refresh", shortcut="u"
        )
        title = ". ".join(act.words for act in acts)
        self._say(Notice(title=title, tone=Tone.GOOD, buttons=(undo,)))

    def _say(self, notice: Notice | None) -> None:
        self._notice = notice
        self._gone.start() if notice is not None else self._gone.stop()
        self.changed.emit()
