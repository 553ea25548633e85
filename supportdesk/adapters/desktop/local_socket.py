"""Streams of lines between the processes of one user on this computer, at a path of the home.

Windows has no such sockets for Python: there the same is done by pipes of Qt (`local_pipe`).
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from PySide6.QtCore import QObject, QSocketNotifier, QTimer

from supportdesk.adapters.notified_socket import NotifiedSocket, let_go, notifier

_CHUNK = 65_536
_BACKLOG = 64
_REST_MS = 1_000
_USER_ALONE = 0o600


class LocalPeer(QObject):
    """Another process that has connected to us.

    Attributes:
        on_readable: Called when more has come; ask `take_line` until there is none.
        on_gone: Called once, when it has hung up or was let go.
    """

    def __init__(self, stream: socket.socket, most_held_bytes: int, parent: QObject) -> None:
        """`most_held_bytes`: more is not read before lines are taken."""
        super().__init__(parent)
        self.on_readable: Callable[[], None] = _nothing
        self.on_gone: Callable[[], None] = _nothing
        self._most_held_bytes = most_held_bytes
        self._held = bytearray()
        self._is_gone = False
        self._socket = NotifiedSocket(
            stream, on_received=self._received, on_ended=lambda _error: self._gone(), parent=parent
        )

    @property
    def held_bytes(self) -> int:
        """Read, and not taken yet."""
        return len(self._held)

    @property
    def unsent_bytes(self) -> int:
        return self._socket.unsent_bytes

    def take_line(self) -> bytes | None:
        """The first line, without its end; None when there is no whole one."""
        end = self._held.find(b"\n")
        if end < 0:
            return None
        line = bytes(self._held[:end])
        del self._held[: end + 1]
        self._socket.hold(is_held=False)
        return line

    def write(self, data: bytes) -> None:
        self._socket.write(data)

    def close(self) -> None:
        """Hang up once all is sent."""
        self._socket.close()
        self._gone()

    def abort(self) -> None:
        """Hang up at once."""
        self._socket.abort()
        self._gone()

    def _received(self, data: bytes) -> None:
        self._held += data
        if len(self._held) >= self._most_held_bytes:
            self._socket.hold(is_held=True)
        self.on_readable()

    def _gone(self) -> None:
        """Once; what is still to be sent then goes without us."""
        if self._is_gone:
            return
        self._is_gone = True
        self.on_readable = _nothing
        self.on_gone()
        self.deleteLater()


class LocalServer(QObject):
    """Takes connections at a path, from this user alone."""

    def __init__(self, welcome: Callable[[LocalPeer], None], parent: QObject) -> None:
        super().__init__(parent)
        self._welcome = welcome
        self._most_held_bytes = 0
        self._listener: socket.socket | None = None
        self._path: Path | None = None
        self._watching: QSocketNotifier | None = None

    def open(self, path: str, most_held_bytes: int) -> None:
        """Take the place of a socket that a dead process left there. Raises OSError."""
        self._most_held_bytes = most_held_bytes
        place = Path(path)
        with contextlib.suppress(OSError):
            place.unlink()
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            listener.setblocking(False)
            listener.bind(path)
            # Before it listens, so nobody else can have come in.
            place.chmod(_USER_ALONE)
            listener.listen(_BACKLOG)
        except OSError:
            listener.close()
            raise
        self._listener, self._path = listener, place
        self._watching = notifier(listener, QSocketNotifier.Type.Read, self._accept, self)

    def close(self) -> None:
        """Take no more connections; those that there are go on."""
        if self._watching is not None:
            let_go(self._watching)
            self._watching = None
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        if self._path is not None:
            with contextlib.suppress(OSError):
                self._path.unlink()
            self._path = None

    def _accept(self) -> None:
        while self._listener is not None:
            try:
                stream, _ = self._listener.accept()
            except (BlockingIOError, ConnectionAbortedError):
                return
            except OSError:
                # Of whatever sort: no descriptor, no memory. Who waits rings again.
                self._rest()
                return
            self._welcome(LocalPeer(stream, self._most_held_bytes, self))

    def _rest(self) -> None:
        """Nothing can be opened now, and whoever waits at the door would be told of for ever."""
        watching = self._watching
        if watching is not None:
            watching.setEnabled(False)
            QTimer.singleShot(_REST_MS, watching, lambda: watching.setEnabled(True))


class LocalLine:
    """The other end, for a process that asks and waits; needs no event loop."""

    def __init__(self, stream: socket.socket) -> None:
        self._stream = stream
        self._held = bytearray()
        self.is_open = True

    def write(self, data: bytes) -> None:
        try:
            self._stream.sendall(data)
        except OSError:
            self.is_open = False

    def read_line(self, seconds: float) -> bytes | None:
        """Without its end; None when the time is over or the other side is gone."""
        deadline = monotonic() + seconds
        while (end := self._held.find(b"\n")) < 0:
            if not self._fill(deadline - monotonic()):
                return None
        line = bytes(self._held[:end])
        del self._held[: end + 1]
        return line

    def close(self) -> None:
        self._stream.close()
        self.is_open = False

    def _fill(self, seconds: float) -> bool:
        if not self.is_open or seconds <= 0:
            return False
        self._stream.settimeout(seconds)
        try:
            data = self._stream.recv(_CHUNK)
        except TimeoutError:
            return False
        except OSError:
            data = b""
        self.is_open = bool(data)
        self._held += data
        return self.is_open


def connect(path: str, seconds: float) -> LocalLine | None:
    """Reach whoever listens there; None for nobody."""
    stream = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    stream.settimeout(seconds)
    try:
        stream.connect(path)
    except OSError:
        stream.close()
        return None
    return LocalLine(stream)


def _nothing() -> None:
    pass
