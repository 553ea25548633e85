"""Files that go along with a draft: attached as copies, taken off again."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from supportdesk.domain.answers import Draft, DraftFile, DraftId
from supportdesk.domain.errors import Problem
from supportdesk.services.file_names import numbered
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.rows import Notice, Tone


class DraftFilesController(QObject):
    """Owns nothing: what is attached stands in the draft.

    Signals:
        said: A `Notice` for beside the message.
        changed: The draft on show has other files.
    """

    said = Signal(object)
    changed = Signal()

    def __init__(self, window: MainWindow, acts: Acts, parent: QObject) -> None:
        super().__init__(parent)
        self._acts = acts
        self._answering = acts.answering
        choices = window.choices
        choices.files_added.connect(self._attach)
        choices.picture_pasted.connect(self._attach_picture)
        choices.file_removed.connect(self._remove)

    def _attach(self, draft_id: str, paths: tuple[str, ...]) -> None:
        self._acts.attach(paths, partial(self._attached, DraftId(draft_id)))

    def _attach_picture(self, draft_id: str, image: QImage) -> None:
        self._acts.attach_picture(image, partial(self._attached, DraftId(draft_id)))

    def _attached(self, draft_id: DraftId, file: DraftFile | None, why: Problem | None) -> None:
        if file is not None:
            self._change(draft_id, lambda files: with_file(files, file))
        elif why is not None:
            self.said.emit(Notice(title=f"{why.title}.", text=why.advice, tone=Tone.AMBER))

    def _remove(self, draft_id: str, sha256: str) -> None:
        self._change(
            DraftId(draft_id), lambda files: tuple(one for one in files if one.sha256 != sha256)
        )

    def _change(
        self, draft_id: DraftId, change: Callable[[tuple[DraftFile, ...]], tuple[DraftFile, ...]]
    ) -> None:
        draft: Draft | None = self._answering.draft(draft_id)
        if draft is None:
            return
        files = change(draft.files)
        if files != draft.files:
            self._answering.typed(replace(draft, files=files, changed_at=self._acts.now()))
            self.changed.emit()


def with_file(files: tuple[DraftFile, ...], file: DraftFile) -> tuple[DraftFile, ...]:
    """The same bytes once; two of one name told apart."""
    if any(one.sha256 == file.sha256 for one in files):
        return files
    names, name, number = {one.name for one in files}, file.name, 1
    while name in names:
        number += 1
        name = numbered(file.name, number)
    return (*files, replace(file, name=name))
