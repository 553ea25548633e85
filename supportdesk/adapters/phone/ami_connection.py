"""One AMI connection: carries bytes and time to a session, and its bytes out.

No thread and no polling: what the socket tells and one single-shot timer, armed for the moment the
session names.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Protocol

from PySide6.QtCore import QObject

from supportdesk.adapters.phone.due_timer import DueTimer
from supportdesk.adapters.phone.phone_problems import of_socket, peer_of
from supportdesk.adapters.phone.phone_socket import PhoneSocket
from supportdesk.adapters.worker_signals import make_precise
from supportdesk.domain.errors import SupportDeskError
from supportdesk.domain.events import Event
from supportdesk.domain.settings import PhoneSettings, Security
from supportdesk.protocols.ami_calls import CallBook, PhoneIdentity
from supportdesk.protocols.ami_link import Close, Login, Output, Send
from supportdesk.protocols.ami_session import AmiSession
from supportdesk.services.ports import Clock


class ConnectionOwner(Protocol):
    """Who is told what a connection hears."""

    def connection_heard(self, events: Iterable[Event]) -> None:
        """Something arrived or fell due; `events` may be empty."""
        ...

    def connection_closed(self, error: SupportDeskError) -> None:
        """It is over; it says nothing after this."""
        ...


def identity_of(settings: PhoneSettings) -> PhoneIdentity:
    return PhoneIdentity(
        name=settings.name,
        queues=settings.queues,
        founder=settings.founder,
        context=settings.context,
    )


class AmiConnection(QObject):
    """Opens, speaks, and closes once. `settings` have passed check_settings()."""

    def __init__(
        self,
        settings: PhoneSettings,
        secret: str,
        book: CallBook,
        owner: ConnectionOwner,
        clock: Clock,
        *,
        deaf_since: datetime | None = None,
    ) -> None:
        super().__init__()
        self._settings = settings
        self._owner: ConnectionOwner | None = owner
        self._clock = clock
        login = Login(peer=peer_of(settings), user=settings.user, secret=secret)
        self.session = AmiSession(login, book, clock.now(), deaf_since=deaf_since)
        self._due_at: datetime | None = None
        self._timer = DueTimer(self._due, self)
        # A coarse timer may be late by a twentieth: half a second of not knowing of a freeze.
        make_precise(self._timer)
        self._socket = PhoneSocket(self, self)

    def open(self) -> None:
        settings = self._settings
        is_tls = settings.security is Security.TLS
        self._socket.open(settings.host, settings.port, tls=is_tls, ca_file=settings.ca_file)
        self._arm()

    def perform(self, act: Callable[[AmiSession, datetime], list[Output]]) -> None:
        """Let the session do something now, and carry out what it says."""
        self._carry_out(act(self.session, self._clock.now()))

    def drop(self) -> None:
        """End it without telling the owner."""
        self._owner = None
        self._timer.stop()
        self._socket.drop()
        self.deleteLater()

    def socket_opened(self) -> None:
        """Called by the socket."""
        self.perform(lambda session, now: session.connected(now))

    def socket_received(self, data: bytes) -> None:
        """Called by the socket."""
        self.perform(lambda session, now: session.receive(data, now))

    def socket_ended(self) -> None:
        """Called by the socket."""
        self.perform(lambda session, now: session.ended(now))

    def socket_failed(self, error: OSError) -> None:
        """Called by the socket."""
        problem = of_socket(error, self._settings)
        self.perform(lambda session, now: session.failed(problem, now))

    def _due(self) -> None:
        self._due_at = None
        self.perform(lambda session, now: session.tick(now))

    def _carry_out(self, outputs: list[Output]) -> None:
        """Tell first, then send: a socket that breaks in the middle ends us from within."""
        owner = self._owner
        if owner is None:
            return
        owner.connection_heard([o for o in outputs if not isinstance(o, Send | Close)])
        for output in outputs:
            if self._owner is not owner:
                return
            if isinstance(output, Send):
                self._socket.write(output.data)
            elif isinstance(output, Close):
                self.drop()
                owner.connection_closed(output.error)
        if self._owner is owner:
            self._arm()

    def _arm(self) -> None:
        """Arm the timer, for a later moment too: a ring for nothing after each ping wakes us."""
        due_at = self.session.next_wakeup()
        if due_at is None or due_at == self._due_at:
            return
        self._due_at = due_at
        self._timer.wait_until(due_at, self._clock.now())
