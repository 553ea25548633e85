"""A chat with an incoming hook on loopback: keeps what it was given and answers as it is told."""

import socket
import ssl

from tests.fakes.web_server import Answer, LoopbackServer, head_from, says


class ChatServer(LoopbackServer):
    """One request a connection. `answer` comes after the whole body has."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self.answer: Answer = says("200 OK", "Content-Length: 2", body=b"ok")
        self.heads: list[str] = []
        self.bodies: list[bytes] = []
        super().__init__()

    @property
    def url(self) -> str:
        scheme = "http" if self._tls is None else "https"
        return f"{scheme}://127.0.0.1:{self.port}/hooks/secret?thread=1"

    def talk(self, peer: socket.socket) -> None:
        try:
            used = self._tls.wrap_socket(peer, server_side=True) if self._tls else peer
            with used:
                self._take(used)
        except OSError:
            peer.close()

    def _take(self, peer: socket.socket) -> None:
        head, _, body = head_from(peer).partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().splitlines()[1:])
        while len(body) < int(fields["Content-Length"]):
            body += peer.recv(65_536)
        self.heads.append(head.decode())
        self.bodies.append(body)
        self.answer(peer)
