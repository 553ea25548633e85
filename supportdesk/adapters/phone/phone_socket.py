"""The TCP link to a phone system, with TLS where the settings want it, in the event loop.

Only a name that has to be looked up, and the authorities that certificates are held against, come
from a short-lived thread: either may take longer than the window can wait.
"""

import errno
import os
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, QSocketNotifier, QTimer

from supportdesk.adapters.notified_socket import NotifiedSocket, let_go, notifier
from supportdesk.adapters.tcp import CONNECT_GOES_ON, is_numeric, tune, wire_name

_NEXT_ADDRESS_MS = 3_000
_AddressInfo = tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[object, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a thread found out before a link can be made.

    Attributes:
        addresses: Of the host, the best first.
        authorities: What certificates are held against; None for a link without TLS.
        error: Why there is nothing.
    """

    addresses: tuple[_AddressInfo, ...] = ()
    authorities: ssl.SSLContext | None = None
    error: OSError | None = None


class SocketOwner(Protocol):
    """Who is told what a link does, always from the event loop."""

    def socket_opened(self) -> None:
        """What is written now goes to whom the settings name."""
        ...

    def socket_received(self, data: bytes) -> None: ...

    def socket_ended(self) -> None:
        """The other side closed, after all it had sent; nothing comes any more."""
        ...

    def socket_failed(self, error: OSError) -> None:
        """It cannot be made, or it broke (ssl.SSLError among the reasons); nothing comes more."""
        ...


class PhoneSocket(QObject):
    """Opens once, and closes once."""

    def __init__(self, owner: SocketOwner, parent: QObject) -> None:
        super().__init__(parent)
        self._owner = owner
        self._host = ""
        self._untried: list[_AddressInfo] = []
        self._authorities: ssl.SSLContext | None = None
        self._stream: socket.socket | None = None
        self._watching: list[QSocketNotifier] = []
        self._open: NotifiedSocket | None = None
        self._is_over = False
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_NEXT_ADDRESS_MS)
        self._patience.timeout.connect(lambda: self._try_next(TimeoutError(errno.ETIMEDOUT, "")))

    def open(self, host: str, port: int, *, tls: bool = False, ca_file: str = "") -> None:
        """Connect to the first address of the host that answers.

        Args:
            host: A name or a numeric address.
            port: Of that host.
            tls: Encrypt, and believe only a certificate for this host.
            ca_file: Of the authority to believe; empty: those of this computer.
        """
        self._host = host
        if not tls and is_numeric(host):
            # Never from within `open`: an owner is told by the event loop alone.
            QTimer.singleShot(0, self, lambda: self._take_found(_look_up(host, port, None)))
            return

        # Not by a signal: this may be dropped, and so deleted, at the very moment of the answer.
        ours, theirs = socket.socketpair()
        answer: list[Found] = []

        def look_up() -> None:
            def authorities() -> ssl.SSLContext:
                return ssl.create_default_context(cafile=expanded(ca_file))

            with theirs:
                answer.append(_look_up(host, port, authorities if tls else None))

        def looked_up() -> None:
            self._let_go_of_attempt()
            self._take_found(answer[0])

        self._stream = ours
        self._watch(ours, QSocketNotifier.Type.Read, looked_up)
        threading.Thread(target=look_up, name=f"look up {host}", daemon=True).start()

    def write(self, data: bytes) -> None:
        """Send at once; what is not taken now goes when it is. Nothing, when it is not open."""
        if self._open is not None:
            self._open.write(data)

    def drop(self) -> None:
        """End it without a word to the owner."""
        self._is_over = True
        self._let_go_of_attempt()
        if self._open is not None:
            self._open.abort()
        self.deleteLater()

    def _take_found(self, found: Found) -> None:
        if self._is_over:
            return
        if found.error is not None:
            self._fail(found.error)
            return
        self._untried, self._authorities = list(found.addresses), found.authorities
        self._try_next(OSError(errno.EADDRNOTAVAIL, "the host has no address"))

    def _try_next(self, why: OSError) -> None:
        """The next address of the host; the failure of the last one is told."""
        self._let_go_of_attempt()
        if not self._untried:
            self._fail(why)
            return
        family, kind, protocol, _, address = self._untried.pop(0)
        try:
            stream = self._stream = socket.socket(family, kind, protocol)
            stream.setblocking(False)
            tune(stream)
            failure = stream.connect_ex(address)
        except OSError as error:
            self._try_next(error)
            return
        if failure and failure not in CONNECT_GOES_ON:
            self._try_next(OSError(failure, os.strerror(failure)))
            return
        self._watch(stream, QSocketNotifier.Type.Write, self._answered)
        # Windows tells of a connection that was refused as an exception.
        self._watch(stream, QSocketNotifier.Type.Exception, self._answered)
        if self._untried:
            self._patience.start()

    def _answered(self) -> None:
        stream = self._stream
        if stream is None:
            return
        failure = stream.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if failure:
            self._try_next(OSError(failure, os.strerror(failure)))
            return
        self._stop_watching()
        self._untried.clear()
        if self._authorities is None:
            self._begin(stream)
            return
        wrapped = self._authorities.wrap_socket(
            stream, server_hostname=wire_name(self._host), do_handshake_on_connect=False
        )
        self._stream = wrapped
        self._shake_hands(wrapped)

    def _shake_hands(self, stream: ssl.SSLSocket) -> None:
        self._stop_watching()
        try:
            stream.do_handshake()
        except ssl.SSLWantReadError:
            self._watch(stream, QSocketNotifier.Type.Read, lambda: self._shake_hands(stream))
        except ssl.SSLWantWriteError:
            self._watch(stream, QSocketNotifier.Type.Write, lambda: self._shake_hands(stream))
        except OSError as error:
            self._fail(error)
        else:
            self._begin(stream)

    def _begin(self, stream: socket.socket) -> None:
        self._stream = None
        self._open = NotifiedSocket(
            stream, on_received=self._owner.socket_received, on_ended=self._ended, parent=self
        )
        self._owner.socket_opened()

    def _ended(self, error: OSError | None) -> None:
        if self._is_over:
            return
        if error is None or isinstance(error, ConnectionResetError):
            self._owner.socket_ended()
        else:
            self._owner.socket_failed(error)

    def _fail(self, error: OSError) -> None:
        self._let_go_of_attempt()
        self._owner.socket_failed(error)

    def _watch(
        self, stream: socket.socket, kind: QSocketNotifier.Type, told: Callable[[], None]
    ) -> None:
        self._watching.append(notifier(stream, kind, told, self))

    def _stop_watching(self) -> None:
        self._patience.stop()
        watching, self._watching = self._watching, []
        for one in watching:
            let_go(one)

    def _let_go_of_attempt(self) -> None:
        self._stop_watching()
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close()


def expanded(ca_file: str) -> str | None:
    """As the system opens it; None for none."""
    return str(Path(ca_file).expanduser()) if ca_file else None


def _look_up(host: str, port: int, authorities: Callable[[], ssl.SSLContext] | None) -> Found:
    try:
        addresses = socket.getaddrinfo(wire_name(host), port, type=socket.SOCK_STREAM)
        return Found(addresses=tuple(addresses), authorities=authorities() if authorities else None)
    except OSError as error:
        return Found(error=error)
    except UnicodeError as error:
        return Found(error=socket.gaierror(socket.EAI_NONAME, str(error)))
