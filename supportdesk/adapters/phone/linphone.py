"""Watches a Linphone on this desk by the call history that it writes; woken by file changes.

The database is read by a short-lived thread, since a disk may take its time; what it says is
compared and published on the GUI thread. Nothing is ever written there, and no timer polls it.
"""

import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from PySide6.QtCore import QFileSystemWatcher, QObject, Qt, QTimer, Signal, Slot

from supportdesk.adapters.phone.due_timer import DueTimer
from supportdesk.adapters.phone.linphone_database import (
    HistoryMissing,
    HistoryUnsettled,
    ReadHistory,
    history_folder,
    read_history,
    watched_files,
)
from supportdesk.adapters.phone.phone_health import PhoneHealth
from supportdesk.adapters.phone.phone_past import REMEMBERED, PhoneRecords, calls_of_then
from supportdesk.adapters.worker_signals import emit_if_heard
from supportdesk.domain.calls import Caller
from supportdesk.domain.errors import ConnectionLost, Problem, StoreError
from supportdesk.domain.events import (
    DialProgressed,
    PhoneSnapshotTaken,
)
from supportdesk.domain.health import Hearing
from supportdesk.domain.settings import PhoneSettings
from supportdesk.protocols.linphone_history import LinphoneHistory, capabilities
from supportdesk.protocols.linphone_rows import dial_uri
from supportdesk.services.ports import Clock, PhoneMemory, Publisher

_SETTLE_MILLISECONDS: Final = 150
_JUST_AFTER: Final = timedelta(milliseconds=1)
_AGAIN_MILLISECONDS: Final = 300
_LATER_MILLISECONDS: Final = 5_000
_PATIENT_READS: Final = 10
"""A write takes a few milliseconds: after three seconds it is no writing that is in the way."""


class LinphonePhone(QObject):
    """A phone of kind "linphone". Lives on a thread with a Qt event loop."""

    _read_ended = Signal(object)

    def __init__(
        self,
        settings: PhoneSettings,
        publisher: Publisher,
        clock: Clock,
        parent: QObject | None = None,
        *,
        records: PhoneRecords | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._publisher = publisher
        self._clock = clock
        self._records = records
        self._folder = history_folder(settings)
        self._history = self._recall()
        self._health = PhoneHealth(settings.name, publisher, clock)
        self._deaf_since: datetime | None = None
        self._is_live: bool | None = None
        self._is_listening = False
        self._is_noted = False
        self._is_stopped = True
        self._is_reading = False
        self._is_changed = False
        self._unsettled_reads = 0
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(lambda _path: self._changed())
        self._watcher.directoryChanged.connect(lambda _path: self._changed())
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.timeout.connect(self._read)
        self._expiry = DueTimer(self._read, self)
        self._read_ended.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """Begin to watch; a second start does nothing."""
        if self._is_stopped:
            self._is_stopped = False
            self._health.say(Hearing.CONNECTING, None)
            self._read()

    def stop(self) -> None:
        """Be silent from now on; a read that goes on is thrown away."""
        if self._is_stopped:
            return
        self._is_stopped = True
        self._settle.stop()
        self._expiry.stop()
        watched = [*self._watcher.files(), *self._watcher.directories()]
        if watched:
            self._watcher.removePaths(watched)
        if self._health.last_heard_at is not None:
            self._leave(self._health.last_heard_at)

    def check_now(self) -> None:
        """Read it at once."""
        if not self._is_stopped:
            self._read()

    def take(self, caller: Caller) -> None:
        """Nobody but Linphone itself can answer there."""
        self._refuse(caller.number, "Answer in Linphone: it cannot be told to from here")

    def call_back(self, number: str, name: str) -> None:
        """Linphone takes numbers by its URI handler alone, which is the desktop's to call."""
        self._refuse(number, f"Linphone cannot be told to call {name or number} from here")

    # --- inside ------------------------------------------------------------------------

    def _recall(self) -> LinphoneHistory:
        """What the run before had told; the first look of all takes what is there as history."""
        now = self._clock.now()
        name = self._settings.name
        memory = None if self._records is None else self._records.phone_memory(name)
        if self._records is None or memory is None or memory.place != str(self._folder):
            return LinphoneHistory(
                name, self._settings.founder_interface, since=now, is_first_look=True
            )
        since = max(min(memory.heard_at, now), now - REMEMBERED)
        known = calls_of_then(self._records, name, since)
        return LinphoneHistory(name, self._settings.founder_interface, since=since, known=known)

    def _leave(self, heard_at: datetime) -> None:
        if self._records is not None:
            place = str(self._folder)
            self._records.save_phone_memory(
                PhoneMemory(phone=self._settings.name, place=place, heard_at=heard_at, counts=())
            )

    def _changed(self) -> None:
        """A write is several changes: they are waited for, but not for ever."""
        if not self._settle.isActive():
            self._settle.start(_SETTLE_MILLISECONDS)

    def _read(self) -> None:
        if self._is_reading:
            self._is_changed = True
            return
        self._is_reading, self._is_changed = True, False
        self._watch()
        is_patient = self._unsettled_reads < _PATIENT_READS

        def read() -> None:
            found: ReadHistory | Exception
            try:
                found = read_history(self._folder, is_patient=is_patient)
            except (HistoryMissing, HistoryUnsettled) as error:
                found = error
            emit_if_heard(self._read_ended, found)

        name = f"history of {self._settings.name}"
        threading.Thread(target=read, name=name, daemon=True).start()

    def _watch(self) -> None:
        """The files change, the folder when they come, go or are replaced.

        The one above it changes when the folder itself is made, moved or replaced.
        """
        above = self._folder.parent
        while not above.is_dir() and above != above.parent:
            above = above.parent
        folders = [one for one in (above, self._folder) if one.is_dir()]
        wanted = {*map(str, folders), *map(str, watched_files(self._folder))}
        watched = {*self._watcher.files(), *self._watcher.directories()}
        if watched - wanted:
            self._watcher.removePaths(sorted(watched - wanted))
        if wanted - watched:
            self._watcher.addPaths(sorted(wanted - watched))

    @Slot(object)
    def _take(self, found: ReadHistory | Exception) -> None:
        self._is_reading = False
        if self._is_stopped:
            return
        if isinstance(found, ReadHistory):
            self._unsettled_reads = 0
            self._publish(found)
        elif isinstance(found, HistoryMissing):
            self._be_deaf(missing_history(self._folder).problem)
        else:
            self._try_again(str(found))
        if self._is_changed:
            self._read()

    def _try_again(self, why: str) -> None:
        """Soon at first: most often it is being written at this moment."""
        self._unsettled_reads += 1
        is_short = self._unsettled_reads <= _PATIENT_READS
        if not is_short:
            self._be_deaf(unreadable_history(self._folder, why).problem)
        self._settle.start(_AGAIN_MILLISECONDS if is_short else _LATER_MILLISECONDS)

    def _publish(self, found: ReadHistory) -> None:
        now = self._clock.now()
        self._health.last_heard_at = now
        events = self._history.apply(found.rows, now)
        if not self._is_listening or self._is_live != found.is_live:
            self._snapshot(found, now)
        for event in events:
            self._publisher.publish(event)
        if events or not self._is_noted:
            self._is_noted = True
            self._leave(now)
        self._health.say_checked()
        due_at = self._history.next_due()
        if due_at is not None:
            self._expiry.wait_until(due_at + _JUST_AFTER, now)

    def _snapshot(self, found: ReadHistory, now: datetime) -> None:
        self._is_listening, self._is_live = True, found.is_live
        self._health.say(Hearing.LISTENING, None)
        snapshot = PhoneSnapshotTaken(
            phone=self._settings.name,
            callers=self._history.callers(),
            members=None,
            capabilities=capabilities(dial_uri(found.rows), is_live=found.is_live),
            at=now,
            deaf_since=self._deaf_since,
        )
        self._deaf_since = None
        self._publisher.publish(snapshot)

    def _be_deaf(self, problem: Problem) -> None:
        if self._is_listening:
            self._deaf_since = self._health.last_heard_at
        self._is_listening = False
        self._health.say(Hearing.DEAF, problem)

    def _refuse(self, number: str, words: str) -> None:
        refused = DialProgressed(
            phone=self._settings.name,
            call_id=None,
            number=number,
            words=words,
            is_over=True,
            has_failed=True,
            at=self._clock.now(),
        )
        self._publisher.publish(refused)


def missing_history(folder: Path) -> ConnectionLost:
    return ConnectionLost(
        f"There is no call history of Linphone in {folder}",
        "Start Linphone once, or name the folder where it keeps its data as `folder` in the"
        " phone's settings. supportdesk sees it as soon as it is there.",
    )


def unreadable_history(folder: Path, why: str) -> StoreError:
    return StoreError(
        f"Linphone's call history in {folder} cannot be read ({why})",
        "If Linphone shows its calls, look at the rights of the folder. supportdesk tries again by"
        " itself and changes nothing there.",
    )
