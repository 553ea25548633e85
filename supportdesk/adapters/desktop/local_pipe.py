"""What `local_socket` is, by Qt's local sockets: on Windows these are named pipes."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket


class PipePeer(QObject):
    """`LocalPeer` by Qt."""

    def __init__(self, pipe: QLocalSocket, most_held_bytes: int, parent: QObject) -> None:
        super().__init__(parent)
        self.on_readable: Callable[[], None] = _nothing
        self.on_gone: Callable[[], None] = _nothing
        self._pipe = pipe
        pipe.setParent(self)
        pipe.setReadBufferSize(most_held_bytes)
        pipe.readyRead.connect(lambda: self.on_readable())
        pipe.disconnected.connect(self._gone)

    @property
    def held_bytes(self) -> int:
        return self._pipe.bytesAvailable()

    @property
    def unsent_bytes(self) -> int:
        return self._pipe.bytesToWrite()

    def take_line(self) -> bytes | None:
        if not self._pipe.canReadLine():
            return None
        return bytes(self._pipe.readLine().data()).removesuffix(b"\n")

    def write(self, data: bytes) -> None:
        self._pipe.write(data)
        self._pipe.flush()

    def close(self) -> None:
        self._pipe.flush()
        self._pipe.disconnectFromServer()

    def abort(self) -> None:
        self._pipe.abort()

    def _gone(self) -> None:
        on_gone, self.on_gone = self.on_gone, _nothing
        on_gone()
        self.deleteLater()


class PipeServer(QLocalServer):
    """`LocalServer` by Qt.

    It makes the socket of each peer itself: one that Qt makes is not tracked by PySide, and after
    its end a reference to freed memory stays.
    """

    def __init__(self, welcome: Callable[[PipePeer], None], parent: QObject) -> None:
        super().__init__(parent)
        self._greet = welcome
        self._most_held_bytes = 0
        self.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)

    def open(self, name: str, most_held_bytes: int) -> None:
        """Take the place of what a dead process left there. Raises OSError."""
        self._most_held_bytes = most_held_bytes
        QLocalServer.removeServer(name)
        if not self.listen(name):
            raise OSError(self.errorString())

    def incomingConnection(self, descriptor: int) -> None:
        pipe = QLocalSocket(self)
        pipe.setSocketDescriptor(descriptor)
        self._greet(PipePeer(pipe, self._most_held_bytes, self))


class PipeLine:
    """`LocalLine` by Qt."""

    def __init__(self, pipe: QLocalSocket) -> None:
        self._pipe = pipe

    @property
    def is_open(self) -> bool:
        return self._pipe.state() is QLocalSocket.LocalSocketState.ConnectedState

    def write(self, data: bytes) -> None:
        if self.is_open:
            self._pipe.write(data)
            self._pipe.flush()

    def read_line(self, seconds: float) -> bytes | None:
        deadline = monotonic() + seconds
        while not self._pipe.canReadLine():
            left = deadline - monotonic()
            if left <= 0 or not self._pipe.waitForReadyRead(round(left * 1000)):
                break
        if not self._pipe.canReadLine():
            return None
        return bytes(self._pipe.readLine().data()).removesuffix(b"\n")

    def close(self) -> None:
        self._pipe.abort()


def connect(name: str, seconds: float) -> PipeLine | None:
    """Reach whoever listens there; None for nobody."""
    pipe = QLocalSocket()
    pipe.connectToServer(name)
    return PipeLine(pipe) if pipe.waitForConnected(round(seconds * 1000)) else None


def _nothing() -> None:
    pass
