"""One AMI connection over Qt's sockets: carries bytes and time to a session, and its bytes out.

No thread and no polling: the socket's signals and one single-shot timer, armed for the moment the
session names.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QAbstractSocket, QTcpSocket

from supportdesk.adapters.phone.due_timer import DueTimer
from supportdesk.adapters.phone.phone_problems import of_socket, peer_of
from supportdesk.adapters.worker_signals import make_precise
from supportdesk.domain.errors import SupportDeskError
from supportdesk.domain.events import Event
from supportdesk.domain.settings import PhoneSettings, Security
from supportdesk.protocols.ami_calls import CallBook, PhoneIdentity
from supportdesk.protocols.ami_link import Close, Login, Output, Send
from supportdesk.protocols.ami_session import AmiSession
from supportdesk.services.ports import Clock

if TYPE_CHECKING:
    from PySide6.QtNetwork import QSslError, QSslSocket


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
        self._tls_socket: QSslSocket | None = None
        self._certificate_errors: list[QSslError] = []
        self._due_at: datetime | None = None
        self._timer = DueTimer(self._due, self)
        # A coarse timer may be late by a twentieth: half a second of not knowing of a freeze.
        make_precise(self._timer)
        self._socket = self._make_socket()

    def open(self) -> None:
        if self._tls_socket is not None:
            self._tls_socket.connectToHostEncrypted(self._settings.host, self._settings.port)
        else:
            self._socket.connectToHost(self._settings.host, self._settings.port)
        self._arm()

    def perform(self, act: Callable[[AmiSession, datetime], list[Output]]) -> None:
        """Let the session do something now, and carry out what it says."""
        self._carry_out(act(self.session, self._clock.now()))

    def drop(self) -> None:
        """End it without telling the owner."""
        self._owner = None
        self._timer.stop()
        self._socket.blockSignals(True)  # abort() would call back into a half-dead connection
        self._socket.abort()
        self._socket.deleteLater()
        self.deleteLater()

    def _make_socket(self) -> QTcpSocket:
        socket = self._make_tls_socket() if self._is_tls else QTcpSocket(self)
        if not self._is_tls:
            socket.connected.connect(self._connected)
        socket.readyRead.connect(self._read)
        socket.disconnected.connect(self._disconnected)
        socket.errorOccurred.connect(self._failed)
        return socket

    def _make_tls_socket(self) -> "QSslSocket":
        from PySide6.QtNetwork import QSslConfiguration, QSslSocket

        from supportdesk.adapters.phone.phone_certificates import authorities

        socket = self._tls_socket = QSslSocket(self)
        configuration = QSslConfiguration.defaultConfiguration()
        if self._settings.ca_file:
            configuration.setCaCertificates(authorities(self._settings))
        socket.setSslConfiguration(configuration)
        socket.setPeerVerifyMode(QSslSocket.PeerVerifyMode.VerifyPeer)
        socket.sslErrors.connect(self._note_certificate)
        socket.encrypted.connect(self._connected)
        return socket

    @property
    def _is_tls(self) -> bool:
        return self._settings.security is Security.TLS

    def _note_certificate(self, errors: "list[QSslError]") -> None:
        """Keep the reasons; as nobody ignores them, Qt ends the handshake."""
        self._certificate_errors = list(errors)

    def _connected(self) -> None:
        self._socket.setSocketOption(QAbstractSocket.SocketOption.LowDelayOption, 1)
        self.perform(lambda session, now: session.connected(now))

    def _read(self) -> None:
        data = bytes(self._socket.readAll().data())
        if data:
            self.perform(lambda session, now: session.receive(data, now))

    def _disconnected(self) -> None:
        self._read()
        self.perform(lambda session, now: session.ended(now))

    def _failed(self, error: QAbstractSocket.SocketError) -> None:
        if error is QAbstractSocket.SocketError.RemoteHostClosedError:
            self._disconnected()
            return
        text = self._socket.errorString()
        problem = of_socket(error, text, self._certificate_errors, self._settings)
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
                self._socket.flush()  # now: a ring that is taken back too late rings
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
