"""One running app a home, and the socket by which other processes reach it.

A lock file decides who is first, so two that start at the same moment cannot both be; the socket
only carries requests: one JSON object a line, one line in answer. A subscriber gets more lines
after its answer. Both survive kill -9: the lock names its process, and the file of a dead socket
is removed by whoever holds the lock.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile, QObject

from supportdesk.adapters.places import Places
from supportdesk.domain.errors import ConnectionLost, StoreError

if sys.platform == "win32":
    from supportdesk.adapters.desktop.local_pipe import PipeLine as Line
    from supportdesk.adapters.desktop.local_pipe import PipePeer as Peer
    from supportdesk.adapters.desktop.local_pipe import PipeServer as Server
    from supportdesk.adapters.desktop.local_pipe import connect
else:
    from supportdesk.adapters.desktop.local_socket import LocalLine as Line
    from supportdesk.adapters.desktop.local_socket import LocalPeer as Peer
    from supportdesk.adapters.desktop.local_socket import LocalServer as Server
    from supportdesk.adapters.desktop.local_socket import connect

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


class SingleInstance(QObject):
    """The first instance of a home. Requests are answered on the thread that made it."""

    def __init__(self, places: Places, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._places = places
        self._handler: Handler | None = None
        self._streaming_verbs: frozenset[str] = frozenset()
        self._lock = QLockFile(str(places.lock_path))
        self._lock.setStaleLockTime(0)  # however long it runs; a dead process is found by its id
        self._server = Server(self._welcome, self)
        self._waiting: list[Peer] = []
        self._subscribers: list[Peer] = []

    def try_become_first(self) -> bool:
        """False when another instance runs. Raises StoreError when the folder is to blame."""
        if not self._take_lock():
            return False
        name = self._places.socket_name
        try:
            self._server.open(name, _LONGEST_LINE + 1)
        except OSError as error:
            self._lock.unlock()
            raise StoreError(
                f"The socket {name} cannot be made: {error.strerror or error}",
                "Give this user the right to write there, or set SUPPORTDESK_HOME to a folder "
                "on a local disk.",
            ) from error
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
            if peer.unsent_bytes > _MOST_UNREAD_BYTES:
                peer.abort()

    @property
    def subscribers(self) -> int:
        return len(self._subscribers)

    def close(self) -> None:
        """Stop answering and let another instance be the first."""
        self._server.close()
        for peer in list(self._subscribers):
            peer.close()
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

    def _welcome(self, peer: Peer) -> None:
        peer.on_readable = lambda: self._read(peer)
        peer.on_gone = lambda: self._farewell(peer)
        self._read(peer)

    def _read(self, peer: Peer) -> None:
        if self._handler is None:
            if peer not in self._waiting:
                self._waiting.append(peer)
            return
        while (line := peer.take_line()) is not None:
            fields = _parsed(line)
            if fields is None or not isinstance(fields.get("verb"), str):
                _write(peer, _NO_REQUEST)
                peer.close()
                return
            _write(peer, self._handler(fields))
            if fields["verb"] in self._streaming_verbs and peer not in self._subscribers:
                self._subscribers.append(peer)
        if peer.held_bytes > _LONGEST_LINE:
            peer.abort()

    def _farewell(self, peer: Peer) -> None:
        for peers in (self._subscribers, self._waiting):
            if peer in peers:
                peers.remove(peer)


def ask(places: Places, request: Fields, timeout_seconds: float = 5.0) -> JsonObject | None:
    """Ask the running app one thing; None when none runs. Needs no event loop.

    Raises ConnectionLost when the app does not answer in time.
    """
    line = connect(places.socket_name, _CONNECT_SECONDS)
    if line is None:
        return None
    _write(line, request)
    answer = _next(line, timeout_seconds)
    line.close()
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
    line = connect(places.socket_name, _CONNECT_SECONDS)
    if line is None:
        return None
    _write(line, request)
    return _stream(line, timeout_seconds)


def _stream(line: Line, timeout_seconds: float) -> Iterator[JsonObject | None]:
    try:
        answer = _next(line, timeout_seconds)
        while answer is not None or line.is_open:
            yield answer
            answer = _next(line, _LOOK_UP_SECONDS)
    finally:
        line.close()


def _next(line: Line, seconds: float) -> JsonObject | None:
    """None when the time is over or the other side is gone."""
    said = line.read_line(seconds)
    return None if said is None else _parsed(said)


def _parsed(line: bytes) -> JsonObject | None:
    try:
        values = json.loads(line)
    except ValueError:
        return None
    return values if isinstance(values, dict) else None


def _write(to: Peer | Line, values: Fields) -> None:
    to.write(json.dumps(dict(values)).encode() + b"\n")
