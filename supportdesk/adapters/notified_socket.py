"""A connected stream of bytes in the event loop: no thread, no polling, and no QtNetwork.

What Qt has for this is a library of its own, 3.4 MB that an idle tray would hold all day for one
phone system and the socket of `supportdesk call`. TLS streams are served too: what TLS wants to
read before it can write, and the other way round, is kept apart from what we want.
"""

import contextlib
import socket
import ssl
from collections.abc import Callable

from PySide6.QtCore import QObject, QSocketNotifier

_CHUNK = 65_536


class NotifiedSocket(QObject):
    """Owns the socket from now on: one that is connected and, with TLS, has shaken hands.

    Attributes:
        on_received: Called with the bytes that came.
        on_ended: Called once, after all bytes, when the other side has closed or the link broke;
            then with the error. Not called after `close` or `abort`.
    """

    def __init__(
        self,
        stream: socket.socket,
        *,
        on_received: Callable[[bytes], None],
        on_ended: Callable[[OSError | None], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        stream.setblocking(False)
        self._stream: socket.socket | None = stream
        self.on_received = on_received
        self.on_ended = on_ended
        self._unsent = bytearray()
        self._is_closing = False
        self._reader = notifier(stream, QSocketNotifier.Type.Read, self._readable, self)
        self._writer = notifier(stream, QSocketNotifier.Type.Write, self._writable, self)
        self._writer.setEnabled(False)

    @property
    def unsent_bytes(self) -> int:
        return len(self._unsent)

    def hold(self, *, is_held: bool) -> None:
        """Leave what comes in the system's buffers, or read it again."""
        if self._stream is not None:
            self._reader.setEnabled(not is_held)

    def write(self, data: bytes) -> None:
        """Send now what the system takes, and the rest when it takes more."""
        if self._stream is not None:
            self._unsent += data
            self._send()

    def close(self) -> None:
        """Hang up once everything is sent."""
        self._is_closing = True
        if not self._unsent:
            self.abort()

    def abort(self) -> None:
        """Hang up at once. A second call does nothing."""
        stream, self._stream = self._stream, None
        if stream is None:
            return
        for one in (self._reader, self._writer):
            let_go(one)
        with contextlib.suppress(OSError):
            stream.close()
        self.deleteLater()

    def _readable(self) -> None:
        while self._stream is not None:
            try:
                data = self._stream.recv(_CHUNK)
            except ssl.SSLWantWriteError:
                self._writer.setEnabled(True)
                return
            except (BlockingIOError, ssl.SSLWantReadError):
                break
            except OSError as error:
                self._end(error)
                return
            if not data:
                self._end(None)
                return
            self.on_received(data)
            if not self._reader.isEnabled() or not self._has_more():
                break
        if self._unsent:
            self._send()

    def _has_more(self) -> bool:
        """What TLS has taken from the system is told by no notifier any more."""
        return isinstance(self._stream, ssl.SSLSocket)

    def _writable(self) -> None:
        self._writer.setEnabled(False)
        if self._unsent:
            self._send()
        else:
            self._readable()

    def _send(self) -> None:
        while self._unsent and self._stream is not None:
            try:
                taken = self._stream.send(self._unsent)
            except ssl.SSLWantReadError:
                return
            except (BlockingIOError, ssl.SSLWantWriteError):
                self._writer.setEnabled(True)
                return
            except OSError:
                # What broke the link may have told why first; reading comes upon that, or the end.
                self._unsent.clear()
                self._reader.setEnabled(True)
                break
            del self._unsent[:taken]
        if self._is_closing:
            self.abort()

    def _end(self, error: OSError | None) -> None:
        on_ended = self.on_ended
        self.abort()
        on_ended(error)


def notifier(
    stream: socket.socket, kind: QSocketNotifier.Type, told: Callable[[], None], parent: QObject
) -> QSocketNotifier:
    """Watch a socket; `let_go` it before the socket is closed."""
    made = QSocketNotifier(stream.fileno(), kind, parent)
    made.activated.connect(lambda *_: told())
    return made


def let_go(watching: QSocketNotifier) -> None:
    watching.setEnabled(False)
    watching.deleteLater()
