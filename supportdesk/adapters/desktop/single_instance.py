"""One running app a home, and the socket by which other processes reach it.

A lock file decides who is first, so two that start at the same moment cannot both be; the socket
only carries requests: one JSON object a line, one line in answer. A subscriber gets more lines
after its answer. Both survive kill -9: the lock names its process, and the file of a dead socket
is removed by whoever holds the lock.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from time import monotonic
from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile, QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from supportdesk.adapters.places import Places
from supportdesk.domain.errors import ConnectionLost, StoreError

if TYPE_CHECKING:
    # With it comes half of the domain, and the icon is to be there before that.
    from supportdesk.services.watch_lines import JsonObject

Fields = Mapping[str, object]
Handler = Callable[[Fields], "JsonObject"]

_LONGEST_LINE = 65536
# A subscriber that does not read is let go before its lines fill the memory.
_MOST_UNREAD_BYTES = 1_000_000
_CONNECT_SECONDS = 2.0
_LOOK_UP_SECONDS = 1.0
_NO_REQUEST: JsonObject = {
    "ok": False,
    "title": "That is not a request of supportdesk",
    "advice": "It takes one JSON object a line, with a verb.",
}


class _Server(QLocalServer):
    """Makes the socket of each peer itself.

    One that Qt makes is not tracked by PySide: after its end a reference to freed memory stays.
    """

    def __init__(self, welcome: Callable[[QLocalSocket], None], parent: QObject) -> None:
        super().__init__(parent)
        self._welcome = welcome
        self.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)

    def incomingConnection(self, descriptor: int) -> None:
        peer = QLocalSocket(self)
        peer.setSocketDescriptor(descriptor)
        self._welcome(peer)


class SingleInstance(QObject):
    """The first instance of a home. Requests are answered on the thread that made it."""

    def __init__(self, places: Places, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._places = places
        self._handler: Handler | None = None
        self._streaming_verbs: frozenset[str] = frozenset()
        self._lock = QLockFile(str(places.lock_path))
        self._lock.setStaleLockTime(0)  # however long it runs; a dead process is found by its id
        self._server = _Server(self._welcome, self)
        self._waiting: list[QLocalSocket] = []
        self._subscribers: list[QLocalSocket] = []

    def try_become_first(self) -> bool:
        """False when another instance runs. Raises StoreError when the folder is to blame."""
        if not self._take_lock():
            return False
        name = self._places.socket_name
        QLocalServer.removeServer(name)  # left behind by an instance that was killed
        if not self._server.listen(name):
            reason = self._server.errorString()
            self._lock.unlock()
            raise StoreError(
                f"The socket {name} cannot be made: {reason}",
                "Give this user the right to write there, or set SUPPORTDESK_HOME to a folder "
                "on a local disk.",
            )
        return True

    def serve(self, handler: Handler, *, streaming_verbs: frozenset[str] = frozenset()) -> None:
        """Answer requests from now on; those that came before have waited.

        Who asks with a streaming verb gets every broadcast after the answer.
        """
        self._handler = handler
        self._streaming_verbs = streaming_verbs
        waiting, self._waiting = self._waiting, []
        for peer in waiting:
            self._read(peer)

    def broadcast(self, values: JsonObject) -> None:
        for peer in list(self._subscribers):
            _write(peer, values)
            if peer.bytesToWrite() > _MOST_UNREAD_BYTES:
                peer.abort()

    @property
    def subscribers(self) -> int:
        return len(self._subscribers)

    def close(self) -> None:
        """Stop answering and let another instance be the first."""
        self._server.close()
        for peer in list(self._subscribers):
            peer.flush()
            peer.disconnectFromServer()
        self._subscribers.clear()
        self._lock.unlock()

    def _take_lock(self) -> bool:
        if self._lock.tryLock(0):
            return True
        if self._lock.error() is not QLockFile.LockError.LockFailedError:
            raise StoreError(
                f"The lock file {self._places.lock_path} cannot be made",
                "Give this user the right to write in that folder, and look for room on its disk.",
            )
        # The process id of an instance that was killed may belong to another program by now.
        # A live instance also holds a lock of the system on its file, which keeps it from this.
        return self._lock.removeStaleLockFile() and self._lock.tryLock(0)

    def _welcome(self, peer: QLocalSocket) -> None:
        peer.setReadBufferSize(_LONGEST_LINE + 1)
        peer.readyRead.connect(lambda: self._read(peer))
        peer.disconnected.connect(lambda: self._farewell(peer))
        self._read(peer)

    def _read(self, peer: QLocalSocket) -> None:
        if self._handler is None:
            if peer not in self._waiting:
                self._waiting.append(peer)
            return
        while peer.canReadLine():
            fields = _parsed(peer)
            if fields is None or not isinstance(fields.get("verb"), str):
                _write(peer, _NO_REQUEST)
                peer.disconnectFromServer()
                return
            _write(peer, self._handler(fields))
            if fields["verb"] in self._streaming_verbs and peer not in self._subscribers:
                self._subscribers.append(peer)
        if peer.bytesAvailable() > _LONGEST_LINE:
            peer.abort()

    def _farewell(self, peer: QLocalSocket) -> None:
        for peers in (self._subscribers, self._waiting):
            if peer in peers:
                peers.remove(peer)
        peer.deleteLater()


def ask(places: Places, request: Fields, timeout_seconds: float = 5.0) -> JsonObject | None:
    """Ask the running app one thing; None when none runs. Needs no event loop.

    Raises ConnectionLost when the app does not answer in time.
    """
    deadline = monotonic() + timeout_seconds
    peer = _connected(places)
    if peer is None:
        return None
    _write(peer, request)
    answer = _next(peer, deadline)
    peer.abort()
    if answer is None:
        raise ConnectionLost(
            "supportdesk is running but does not answer",
            "Wait a moment and try again; if it stays so, quit it and start it again.",
        )
    return answer


def follow(
    places: Places, request: Fields, timeout_seconds: float = 5.0
) -> Iterator[JsonObject | None] | None:
    """Ask with a streaming verb: the answer, then what is broadcast until the app ends.

    Yields None when nothing came for a second, so that the caller can see whether to go on.
    Returns None when no app runs.
    """
    peer = _connected(places)
    if peer is None:
        return None
    _write(peer, request)
    return _stream(peer, timeout_seconds)


def _stream(peer: QLocalSocket, timeout_seconds: float) -> Iterator[JsonObject | None]:
    try:
        answer = _next(peer, monotonic() + timeout_seconds)
        while answer is not None or peer.state() is QLocalSocket.LocalSocketState.ConnectedState:
            yield answer
            answer = _next(peer, monotonic() + _LOOK_UP_SECONDS)
    finally:
        peer.abort()


def _connected(places: Places) -> QLocalSocket | None:
    peer = QLocalSocket()
    peer.connectToServer(places.socket_name)
    return peer if peer.waitForConnected(round(_CONNECT_SECONDS * 1000)) else None


def _next(peer: QLocalSocket, deadline: float) -> JsonObject | None:
    """None when the deadline passes or the other side is gone."""
    while not peer.canReadLine():
        left = deadline - monotonic()
        if left <= 0 or not peer.waitForReadyRead(round(left * 1000)):
            break
    return _parsed(peer) if peer.canReadLine() else None


def _parsed(peer: QLocalSocket) -> JsonObject | None:
    try:
        values = json.loads(bytes(peer.readLine().data()))
    except ValueError:
        return None
    return values if isinstance(values, dict) else None


def _write(peer: QLocalSocket, values: Fields) -> None:
    peer.write(json.dumps(dict(values)).encode() + b"\n")
    peer.flush()
