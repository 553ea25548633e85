"""Small servers on loopback that answer as they are told, and keep what they were asked."""

import socket
import ssl
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable

Answer = Callable[[socket.socket], None]


def says(status: str, *fields: str, body: bytes = b"") -> Answer:
    head = "".join(f"{line}\r\n" for line in (f"HTTP/1.1 {status}", *fields))

    def answer(peer: socket.socket) -> None:
        peer.sendall(head.encode() + b"\r\n" + body)

    return answer


def image(body: bytes, kind: str = "image/png") -> Answer:
    return says("200 OK", f"Content-Type: {kind}", f"Content-Length: {len(body)}", body=body)


def head_from(peer: socket.socket) -> bytes:
    """The head of a request; empty when whoever asked went away before it was whole."""
    head = b""
    while b"\r\n\r\n" not in head:
        piece = peer.recv(4096)
        if not piece:
            return b""
        head += piece
    return head


class LoopbackServer(ABC):
    """Talks with each peer in a thread of its own until it is closed."""

    def __init__(self) -> None:
        self.is_over = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, name="web", daemon=True).start()

    @abstractmethod
    def talk(self, peer: socket.socket) -> None: ...

    def close(self) -> None:
        self.is_over.set()
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _serve(self) -> None:
        while not self.is_over.is_set():
            try:
                peer, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self.talk, args=(peer,), daemon=True).start()


class WebServer(LoopbackServer):
    """Answers each path as told. It hangs up after each answer."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []
        super().__init__()

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def talk(self, peer: socket.socket) -> None:
        try:
            used = self._tls.wrap_socket(peer, server_side=True) if self._tls else peer
        except OSError:
            peer.close()
            return
        with used:
            asked = head_from(used)
            if not asked:
                return
            self.asked.append(asked.decode())
            path = asked.split(b" ")[1].decode()
            try:
                self.answers.get(path, says("404 Not Found"))(used)
            except OSError:
                return
