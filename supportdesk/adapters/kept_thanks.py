"""Thanks for what was lifted are remembered once they have gone out, and what they say is learned.

What the disk does not take is told, and tried again until it does.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from supportdesk.adapters.answering import Answering
from supportdesk.domain.errors import Problem, StoreError
from supportdesk.services.desk import Desk
from supportdesk.services.desk_state import Turn
from supportdesk.services.lift_thanks import LiftThanks

if TYPE_CHECKING:
    from supportdesk.domain.answers import DraftId

_PART = "thanks"
_AGAIN_MILLISECONDS = 5_000


class KeptThanks(QObject):
    """Lives on the GUI thread."""

    def __init__(
        self,
        desk: Desk,
        answering: Answering,
        perform: Callable[[Callable[[datetime], Turn]], None],
        say: Callable[[str, Problem | None], None],
        parent: QObject,
    ) -> None:
        """`say` hears of which part why it does not work, and None when it does."""
        super().__init__(parent)
        self._desk = desk
        self._answering = answering
        self._perform = perform
        self._say = say
        self._waiting: set[DraftId] = set()
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(_AGAIN_MILLISECONDS)
        self._again.timeout.connect(self.try_again)

    def stop(self) -> None:
        self._again.stop()

    def moved(self, draft_id: "DraftId") -> None:
        """An answer is in another state: a colleague may have been thanked by it."""
        try:
            self._keep(draft_id)
        except StoreError as error:
            self._waiting.add(draft_id)
            self._again.start()
            title = f"What you learned is not kept yet: {error.title}"
            self._say(_PART, Problem(title=title, advice=error.advice))
            return
        if draft_id in self._waiting:
            self._waiting.discard(draft_id)
            if not self._waiting:
                self._say(_PART, None)

    def try_again(self) -> None:
        for draft_id in tuple(self._waiting):
            self.moved(draft_id)

    def _keep(self, draft_id: "DraftId") -> None:
        outgoing, draft = self._answering.outgoing(draft_id), self._answering.draft(draft_id)
        if outgoing is not None and draft is not None:
            LiftThanks(self._desk, self._perform).moved(draft, outgoing)
