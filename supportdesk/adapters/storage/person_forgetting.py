"""Forgetting somebody while the window is open: files are gone through in a thread.

What is in memory is let go of on the thread that owns it, in the middle, and the thread waits.
"""

import logging
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue

from PySide6.QtCore import QObject, Qt, Signal, Slot

from supportdesk.adapters.storage.home_erasure import HomeErasure
from supportdesk.adapters.worker_signals import emit_if_heard
from supportdesk.domain.errors import StoreError, SupportDeskError
from supportdesk.services.forgetting import Forgotten, ForgottenDone

Then = Callable[[ForgottenDone], None]
_Reply = SimpleQueue[SupportDeskError | None]

_ANSWER_SECONDS = 60.0
_log = logging.getLogger(__name__)


class PersonForgetting(QObject):
    """Made and called on the thread that owns desk.db; each answer comes there.

    Args of the constructor:
        erasure: Of this home, as the settings are now; called on that thread. Raises StoreError.
        leave: Lets go of what is in memory, on that thread. Raises StoreError.
    """

    _done = Signal(object, object)
    _leave_asked = Signal(object, object)

    def __init__(
        self,
        erasure: Callable[[], HomeErasure],
        leave: Callable[[Forgotten], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._erasure = erasure
        self._leave = leave
        self._done.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._leave_asked.connect(self._let_go, Qt.ConnectionType.QueuedConnection)

    def look(self, who: str, then: Then) -> None:
        """Say how much there is of whom."""

        def work(erasure: HomeErasure) -> ForgottenDone:
            found = erasure.meant(who)
            return ForgottenDone(label=found.label, words=erasure.look(found).question)

        self._in_thread("search for somebody", work, then)

    def forget(self, who: str, then: Then) -> None:
        """Erase all that there is; whoever asked has asked a second time."""

        def work(erasure: HomeErasure) -> ForgottenDone:
            found = erasure.meant(who)
            words = erasure.erase(found, self._leave_there)
            return ForgottenDone(label=found.label, words=words)

        self._in_thread("forgetting of somebody", work, then)

    # --- inside ----------------------------------------------------------------------------

    def _leave_there(self, who: Forgotten) -> None:
        """In the thread: have it let go of by the thread that owns it."""
        reply: _Reply = SimpleQueue()
        emit_if_heard(self._leave_asked, who, reply)
        try:
            problem = reply.get(timeout=_ANSWER_SECONDS)
        except Empty:
            raise StoreError(
                "supportdesk did not let go of them in time", "Forget them again."
            ) from None
        if problem is not None:
            raise problem

    @Slot(object, object)
    def _let_go(self, who: Forgotten, reply: _Reply) -> None:
        try:
            self._leave(who)
            reply.put(None)
        except SupportDeskError as error:
            reply.put(error)
        except Exception as error:  # noqa: BLE001 - whoever waits for the answer gets one
            reply.put(_mistake(error))

    def _in_thread(
        self, name: str, work: Callable[[HomeErasure], ForgottenDone], then: Then
    ) -> None:
        try:
            erasure = self._erasure()
        except SupportDeskError as error:
            self._done.emit(then, ForgottenDone(problem=error.problem))
            return

        def run() -> None:
            try:
                done = work(erasure)
            except SupportDeskError as error:
                done = ForgottenDone(problem=error.problem)
            except Exception as error:  # noqa: BLE001 - a window that waits gets an answer
                done = ForgottenDone(problem=_mistake(error).problem)
            emit_if_heard(self._done, then, done)

        threading.Thread(target=run, name=name, daemon=True).start()

    @Slot(object, object)
    def _deliver(self, then: Then, done: ForgottenDone) -> None:
        then(done)


def _mistake(error: Exception) -> SupportDeskError:
    """Ours, so its traceback is in the log file."""
    _log.error("Forgetting somebody ended with a mistake", exc_info=error)
    return StoreError(
        f"They are not wholly forgotten: {type(error).__name__}",
        "That is a mistake of supportdesk. Forget them again: what is done stays done. If it ends "
        "the same way, the log file says where it went wrong.",
    )
