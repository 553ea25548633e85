"""Parts of the message on show that are fetched for one purpose: its original, its invitation."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from supportdesk.domain.errors import Problem
from supportdesk.domain.events import PartFetched
from supportdesk.domain.mail import WHOLE_MESSAGE, MessagePart, MessageSummary, MessageText
from supportdesk.services.wording import fit
from supportdesk.ui import rows
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.file_dialog import ask_where_to_save
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.presenter.message_cards import calendar_part
from supportdesk.ui.theme.theme import Theme

_TITLE = 60
_Use = Callable[[str], None]


class MessageParts(QObject):
    """Owns what is waited for.

    Signals:
        said: A `Notice` for beside the message; None takes the last one back.
    """

    said = Signal(object)

    def __init__(self, window: MainWindow, theme: Theme, acts: Acts, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._theme = theme
        self._acts = acts
        self._waiting: dict[tuple[str, str, str], _Use] = {}

    def show_original(self, message: MessageSummary) -> None:
        """Open a window with the raw message, once it is here."""
        whole = MessagePart(
            name="original.eml",
            media_type="message/rfc822",
            size_bytes=message.size_bytes,
            section=WHOLE_MESSAGE,
        )
        self._with(message, whole, lambda path: self._open_original(message, path))

    def save_invitation(self, message: MessageSummary, text: MessageText | None) -> None:
        """Save the calendar part exactly as it came."""
        part = calendar_part(text) if text is not None else None
        if part is not None:
            self._with(message, part, lambda path: self._save_invitation(message, path))

    def part_fetched(self, event: PartFetched) -> None:
        use = self._waiting.pop((event.account, event.message_id, event.section), None)
        if use is None:
            return
        self.said.emit(None)
        if event.path:
            use(event.path)
        elif event.problem:
            self._say("It could not be fetched", event.problem)

    def forget(self) -> None:
        """Another message is on show: nothing that comes late opens a window over it."""
        self._waiting.clear()

    # --- inside ------------------------------------------------------------------------

    def _with(self, message: MessageSummary, part: MessagePart, use: _Use) -> None:
        path = self._acts.fetched_part(message, part)
        if path:
            use(path)
            return
        self._waiting[message.account, message.message_id, part.section] = use
        if self._acts.fetch_part(message, part):
            self.said.emit(rows.Notice(title="Fetching it from the mailbox", tone=rows.Tone.MUTED))
        else:
            self._waiting.clear()
            self._say("It cannot be fetched", f"{message.account} is not watched any more.")

    def _open_original(self, message: MessageSummary, path: str) -> None:
        # A window that few ever open: made when it is asked for.
        from supportdesk.ui.inbox.original_window import OriginalWindow, read_original

        try:
            text = read_original(Path(path))
        except OSError as error:
            self._say("The original cannot be read", error.strerror or str(error))
            return
        window = OriginalWindow(self._theme, fit(message.subject, _TITLE), text, self._window)
        window.show()

    def _save_invitation(self, message: MessageSummary, path: str) -> None:
        files = self._acts.files
        ask_where_to_save(
            self._window,
            "Save the invitation",
            files.last_folder(),
            "invitation.ics",
            lambda target: files.save_as(path, target, message.sender.email, self._saved),
            kinds="Calendar (*.ics)",
        )

    def _saved(self, paths: Sequence[str], problem: Problem | None) -> None:
        if problem is not None:
            self._say(problem.title, problem.advice)
        else:
            self._say("The invitation was saved", " ".join(paths), tone=rows.Tone.GOOD)

    def _say(self, title: str, text: str, tone: rows.Tone = rows.Tone.AMBER) -> None:
        self.said.emit(rows.Notice(title=title, text=text, tone=tone))
