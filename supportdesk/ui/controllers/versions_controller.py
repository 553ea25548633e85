"""Earlier texts of what is being written: shown when asked for, and brought back by a choice."""

from datetime import datetime

from PySide6.QtCore import QObject

from supportdesk.domain.answers import DraftId, DraftVersion
from supportdesk.domain.hours import ToLocal
from supportdesk.services.wording import count, time_of_day
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.rows.versions import VersionRow
from supportdesk.ui.theme.theme import Theme


class VersionsController(QObject):
    """Owns nothing: the texts are the store's, and the composer keeps what is brought back."""

    def __init__(
        self, window: MainWindow, acts: Acts, *, theme: Theme, to_local: ToLocal, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._acts = acts
        self._theme = theme
        self._to_local = to_local

    def show(self, draft_id: str) -> None:
        """Those of this draft, the newest first."""
        # Rarely asked for: a quiet window does without it.
        from supportdesk.ui.compose.version_picker import VersionPicker

        versions = self._acts.answering.versions(DraftId(draft_id))
        texts = {one.number: one.body for one in versions}
        rows = [version_row(one, self._acts.now(), self._to_local) for one in versions]
        picker = VersionPicker(self._theme, rows, self._window)
        picker.chosen.connect(lambda number: self._bring_back(draft_id, texts[number]))
        picker.open()

    def _bring_back(self, draft_id: str, text: str) -> None:
        self._window.composers.replace_text(draft_id, text)
        self._window.composers.take_keyboard(draft_id)


def version_row(version: DraftVersion, now: datetime, to_local: ToLocal) -> VersionRow:
    return VersionRow(
        number=version.number,
        when=time_of_day(version.at, now, to_local),
        words=count(len(version.body.split()), "word", "words"),
        text=version.body,
    )
