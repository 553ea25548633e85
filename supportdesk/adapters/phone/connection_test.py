"""The test button of "Connect your phone", and the phone's line in `doctor`."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from supportdesk.adapters.phone.ami_connection import AmiConnection, identity_of
from supportdesk.adapters.phone.phone_problems import check_settings
from supportdesk.domain.errors import SupportDeskError
from supportdesk.domain.events import Event, PhoneSnapshotTaken
from supportdesk.domain.settings import PhoneSettings
from supportdesk.protocols.ami_calls import CallBook
from supportdesk.services.ports import Clock


class AsteriskConnectionTest(QObject):
    """Connects once, says what it found, and hangs up.

    One of the signals comes exactly once, always from the event loop or from within start().

    Signals:
        succeeded: A sentence without a full stop, and a `Problem` or None: a missing right or
            queue, although the connection works.
        failed: The `Problem` that stopped it.
    """

    succeeded = Signal(str, object)
    failed = Signal(object)

    def __init__(
        self, settings: PhoneSettings, secret: str, clock: Clock, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._secret = secret
        self._clock = clock
        self._connection: AmiConnection | None = None

    def start(self) -> None:
        try:
            check_settings(self._settings)
        except SupportDeskError as error:
            self.failed.emit(error.problem)
            return
        book = CallBook(identity_of(self._settings))
        self._connection = AmiConnection(self._settings, self._secret, book, self, self._clock)
        self._connection.open()

    def cancel(self) -> None:
        """Hang up and say nothing more."""
        if self._connection is not None:
            self._connection.drop()
            self._connection = None

    def connection_heard(self, events: Iterable[Event]) -> None:
        """Wait for the first snapshot; called by the connection."""
        for event in events:
            if isinstance(event, PhoneSnapshotTaken) and self._connection is not None:
                session = self._connection.session
                sentence = f"Connected to {session.greeting}: {self._found(event)}"
                self.cancel()
                self.succeeded.emit(sentence, session.problem)
                return

    def connection_closed(self, error: SupportDeskError) -> None:
        """Say why it failed; called by the connection."""
        self._connection = None
        self.failed.emit(error.problem)

    def _found(self, snapshot: PhoneSnapshotTaken) -> str:
        if snapshot.members is None:
            return f"no queues, {_count(len(snapshot.callers), 'caller')} ringing"
        names = self._settings.queues or sorted(
            {queue for member in snapshot.members for queue in member.queues}
        )
        queues = f"queue{'' if len(names) == 1 else 's'} {', '.join(names) or 'without members'}"
        members = _count(len(snapshot.members), "member")
        return f"{queues}, {members}, {len(snapshot.callers)} waiting"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
