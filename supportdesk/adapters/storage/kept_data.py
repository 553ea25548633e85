"""What is kept as a whole: the log exported, joined or deleted, and somebody forgotten by all."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from supportdesk.adapters.places import Places
from supportdesk.adapters.storage.patient_store import PatientDeskStore
from supportdesk.domain.errors import Problem, StoreError
from supportdesk.domain.reading import Span
from supportdesk.domain.settings import Settings
from supportdesk.services.ports import Clock

if TYPE_CHECKING:
    from supportdesk.adapters.storage.home_erasure import HomeErasure
    from supportdesk.adapters.storage.log_keeper import LogKeeper
    from supportdesk.adapters.storage.person_forgetting import PersonForgetting
    from supportdesk.services.forgetting import Forgotten
    from supportdesk.services.log_union import JoinedSpans

LOG_CHANGED_MILLISECONDS = 200


class KeptData(QObject):
    """Lives on the thread that owns desk.db. Every act raises StoreError.

    Args of the constructor:
        stand_in: Why desk.db is only a stand-in for this run; None when it is the founder's own.
        let_go: Takes somebody out of memory once their rows are deleted.
        log_anew: The log is not as it is in memory.

    Signals:
        log_changed: Rows came into the reading log from elsewhere, or all of it was deleted.
        person_forgotten: `Forgotten`: their mail, calls and notes are gone.
    """

    log_changed = Signal()
    person_forgotten = Signal(object)

    def __init__(
        self,
        places: Places,
        desk_db: Path,
        store: PatientDeskStore,
        *,
        settings: Callable[[], Settings],
        stand_in: Callable[[], Problem | None],
        let_go: Callable[["Forgotten"], None],
        log_anew: Callable[[], None],
        clock: Clock,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._places = places
        self._desk_db = desk_db
        self._store = store
        self._settings = settings
        self._stand_in = stand_in
        self._let_go = let_go
        self._log_anew = log_anew
        self._clock = clock
        self._log_keeper: LogKeeper | None = None
        self._forgetting: PersonForgetting | None = None
        self._log_changes = QTimer(self)
        self._log_changes.setSingleShot(True)
        self._log_changes.setInterval(LOG_CHANGED_MILLISECONDS)
        self._log_changes.timeout.connect(self.log_changed)

    def stop(self) -> None:
        self._log_changes.stop()

    def join_log(self, spans: Sequence[Span]) -> "JoinedSpans":
        """The union of the log and these spans."""
        self._refuse_stand_in()
        joined = self._store.join_spans(spans)
        self._log_was_changed()
        return joined

    def delete_log(self) -> int:
        """Delete every row of the log for good; returns how many there were."""
        self._refuse_stand_in()
        count = self._store.delete_all_spans()
        self._log_was_changed()
        return count

    @property
    def log_keeper(self) -> "LogKeeper":
        """The log as files, from the first question on."""
        if self._log_keeper is None:
            from supportdesk.adapters.storage.log_keeper import LogKeeper

            self._log_keeper = LogKeeper(
                self._desk_db,
                join=self.join_log,
                delete=self.delete_log,
                waiting=self._store.waiting_spans,
                clock=self._clock,
                parent=self,
            )
        return self._log_keeper

    def forget(self, who: "Forgotten") -> None:
        """Their rows were deleted: let go of what is in memory."""
        self._refuse_stand_in()
        self._store.write_all()
        self._let_go(who)
        self.person_forgotten.emit(who)
        self._log_was_changed()

    @property
    def forgetting(self) -> "PersonForgetting":
        """Somebody is forgotten by all files, from the first question on."""
        if self._forgetting is None:
            from supportdesk.adapters.storage.person_forgetting import PersonForgetting

            self._forgetting = PersonForgetting(self._erasure, leave=self.forget, parent=self)
        return self._forgetting

    def _erasure(self) -> "HomeErasure":
        from supportdesk.adapters.storage.home_erasure import HomeErasure

        self._refuse_stand_in()
        return HomeErasure(self._places, self._desk_db, self._settings(), self._clock)

    def _refuse_stand_in(self) -> None:
        """Nothing is joined to a log that ends with this run."""
        problem = self._stand_in()
        if problem is not None:
            raise StoreError(problem.title, problem.advice)

    def _log_was_changed(self) -> None:
        """What shows it follows a moment later: an import comes in many pieces."""
        self._log_anew()
        if not self._log_changes.isActive():
            self._log_changes.start()
