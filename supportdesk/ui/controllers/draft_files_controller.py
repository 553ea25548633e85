"""Files that go along with a draft: attached as copies, taken off again."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from supportdesk.domain.answers import Draft, DraftFile, DraftId
from supportdesk.domain.errors import Problem
from supportdesk.domain.reply_rules import Doubt, DoubtKind
from supportdesk.services.file_names import numbered
from supportdesk.services.wording import count
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.rows import Notice, Tone

_LONG_MS = 400
"""What takes no longer needs no word."""


class DraftFilesController(QObject):
    """Owns what is being copied; what is attached stands in the draft.

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
        self._coming: Counter[DraftId] = Counter()
        choices = window.choices
        choices.files_added.connect(self._attach)
        choices.picture_pasted.connect(self._attach_picture)
        choices.file_removed.connect(self._remove)

    def notices(self, draft: Draft) -> Sequence[Notice]:
        """What is said of them at the draft."""
        coming = self._coming[draft.draft_id]
        if not coming:
            return ()
        words = count(coming, "file is", "files are")
        return (Notice(title=f"{words} being attached", tone=Tone.MUTED),)

    def doubts(self, draft: Draft) -> tuple[Doubt, ...]:
        """What to ask before it is sent."""
        return files_coming(self._coming[draft.draft_id])

    def _attach(self, draft_id: str, paths: tuple[str, ...]) -> None:
        self._expect(DraftId(draft_id), len(paths))
        self._acts.attach(paths, partial(self._attached, DraftId(draft_id)))

    def _attach_picture(self, draft_id: str, image: QImage) -> None:
        self._expect(DraftId(draft_id), 1)
        self._acts.attach_picture(image, partial(self._attached, DraftId(draft_id)))

    def _expect(self, draft_id: DraftId, files: int) -> None:
        self._coming[draft_id] += files
        QTimer.singleShot(_LONG_MS, self, lambda: self._say_long(draft_id))

    def _say_long(self, draft_id: DraftId) -> None:
        if self._coming[draft_id]:
            self.changed.emit()

    def _attached(self, draft_id: DraftId, file: DraftFile | None, why: Problem | None) -> None:
        self._coming[draft_id] -= 1
        if file is not None:
            self._change(draft_id, lambda files: with_file(files, file))
        elif why is not None:
            self.said.emit(Notice(title=f"{why.title}.", text=why.advice, tone=Tone.AMBER))
        self.changed.emit()

    def _remove(self, draft_id: str, sha256: str) -> None:
        self._change(
            DraftId(draft_id), lambda files: tuple(one for one in files if one.sha256 != sha256)
        )
        self.changed.emit()

    def _change(
        self, draft_id: DraftId, change: Callable[[tuple[DraftFile, ...]], tuple[DraftFile, ...]]
    ) -> None:
        draft: Draft | None = self._answering.draft(draft_id)
        if draft is None:
            return
        files = change(draft.files)
        if files != draft.files:
            self._answering.typed(replace(draft, files=files, changed_at=self._acts.now()))


def files_coming(number: int) -> tuple[Doubt, ...]:
    """Sent now it would go without them."""
    if not number:
        return ()
    return (
        Doubt(
            kind=DoubtKind.FILES_COMING,
            title=f"{count(number, 'file is', 'files are')} still coming",
            advice="In a moment they are attached, or send it without them.",
        ),
    )


def with_file(files: tuple[DraftFile, ...], file: DraftFile) -> tuple[DraftFile, ...]:
    """The same bytes once; two of one name told apart."""
    if any(one.sha256 == file.sha256 for one in files):
        return files
    names, name, number = {one.name for one in files}, file.name, 1
    while name in names:
        number += 1
        name = numbered(file.name, number)
    return (*files, replace(file, name=name))
