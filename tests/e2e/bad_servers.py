"""Servers that are not what the settings say: another protocol, garbage, a bad certificate."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from tests.lab.certificates import ServerCertificate
from tests.lab.waiting import LOOPBACK


class TalkingServer:
    """Says the same to everybody who connects, with TLS if it has a certificate, and listens."""

    def __init__(
        self, says: bytes, *, port: int = 0, certificate: ServerCertificate | None = None
    ) -> None:
        self._says = says
        self._context: ssl.SSLContext | None = None
        if certificate is not None:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(certificate.certificate, certificate.key)
        self._listener = socket.create_server((LOOPBACK, port))
        self.port: int = self._listener.getsockname()[1]
        self._links: list[socket.socket] = []
        self._thread = threading.Thread(target=self._accept, name="talking server", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for link in self._links:
            with contextlib.suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)
            link.close()
        self._thread.join(5)

    def _accept(self) -> None:
        while True:
            try:
                link, _ = self._listener.accept()
            except OSError:
                return
            self._links.append(link)
            threading.Thread(target=self._talk, args=(link,), name="talk", daemon=True).start()

    def _talk(self, plain: socket.socket) -> None:
        # A client that sees through us leaves in the middle, with or without a word.
        with contextlib.suppress(OSError):
            link = plain
            if self._context is not None:
                link = self._context.wrap_socket(plain, server_side=True)
                self._links.append(link)
            link.sendall(self._says)
            while link.recv(4096):
                pass


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing on standard error."""


@contextlib.contextmanager
def web_server() -> Iterator[int]:
    """A real web server without TLS; gives its port."""
    server = ThreadingHTTPServer((LOOPBACK, 0), _Page)
    thread = threading.Thread(target=server.serve_forever, name="web server", daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
