"""A TCP proxy that remembers what both sides said, and that can cut or black-hole the link."""

import contextlib
import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

from tests.lab.waiting import LOOPBACK, free_port

_CHUNK = 65_536


class RecordingProxy:
    """Listens on `port` and passes everything to `target_port`, keeping the bytes of each side.

    `hold()` makes a black hole: connections stay open and nothing passes, until `release()`.
    `lose()` makes one for good of the connections that there are; new ones flow.
    `cut()` closes every connection. `refuse()` closes the door until `accept()`.
    """

    def __init__(self, target_port: int, *, target_host: str = LOOPBACK) -> None:
        self._target = (target_host, target_port)
        self._lock = threading.Lock()
        self._client_bytes = bytearray()
        self._server_bytes = bytearray()
        self._flowing = threading.Event()
        self._flowing.set()
        self._lost: list[threading.Event] = []
        self._sockets: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._is_closed = False
        self.connections = 0
        # Not of the kernel's choice: another program may get such a one until `accept()`.
        self._listener = self._listen(free_port())
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def client_bytes(self) -> bytes:
        """Everything clients sent, all connections one after the other as it arrived."""
        with self._lock:
            return bytes(self._client_bytes)

    @property
    def server_bytes(self) -> bytes:
        with self._lock:
            return bytes(self._server_bytes)

    def client_lines(self) -> list[str]:
        return self.client_bytes.decode("utf-8", "replace").splitlines()

    def forget(self) -> None:
        with self._lock:
            self._client_bytes.clear()
            self._server_bytes.clear()

    def hold(self) -> None:
        self._flowing.clear()

    def release(self) -> None:
        self._flowing.set()

    def lose(self) -> None:
        """What connections there are pass nothing any more, and are never told so."""
        self._flowing.clear()
        self._lost.append(self._flowing)
        self._flowing = threading.Event()
        self._flowing.set()

    def cut(self) -> None:
        """Close all connections at once; new ones are taken as before."""
        with self._lock:
            sockets = list(self._sockets)
        for link in sockets:
            with contextlib.suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)

    def refuse(self) -> None:
        """Close the listening socket, so that a connection is refused."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def accept(self) -> None:
        """Listen again on the same port after `refuse()`."""
        self._listener = self._listen(self.port)

    def close(self) -> None:
        self._is_closed = True
        self.refuse()
        for flowing in (*self._lost, self._flowing):
            flowing.set()
        self.cut()
        for thread in list(self._threads):
            thread.join(timeout=5)

    def _listen(self, port: int) -> socket.socket:
        listener = socket.create_server((LOOPBACK, port))
        self._start(self._accept_all, listener)
        return listener

    def _start(self, target: Callable[..., None], *arguments: socket.socket) -> None:
        thread = threading.Thread(
            target=target,
            args=arguments,
            name="lab-wire",
            daemon=True,
        )
        self._threads.append(thread)
        thread.start()

    def _accept_all(self, listener: socket.socket) -> None:
        while not self._is_closed:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(self._target, timeout=5)
            except OSError:
                client.close()
                continue
            server.settimeout(None)
            for link in (client, server):
                link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._sockets |= {client, server}
                self.connections += 1
            self._start(self._serve, client, server)

    def _serve(self, client: socket.socket, server: socket.socket) -> None:
        flowing = self._flowing
        back = threading.Thread(
            target=self._pump,
            args=(server, client, self._server_bytes, flowing),
            name="lab-wire-back",
            daemon=True,
        )
        back.start()
        self._pump(client, server, self._client_bytes, flowing)
        back.join()
        with self._lock:
            self._sockets -= {client, server}
        client.close()
        server.close()

    def _pump(
        self,
        source: socket.socket,
        sink: socket.socket,
        record: bytearray,
        flowing: threading.Event,
    ) -> None:
        try:
            while chunk := source.recv(_CHUNK):
                flowing.wait()
                with self._lock:
                    record += chunk
                sink.sendall(chunk)
        except OSError:
            pass  # cut
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_WR if not self._is_closed else socket.SHUT_RDWR)
