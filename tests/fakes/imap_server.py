"""An IMAP server that misbehaves on order, where no real one can be made to."""

import contextlib
import select
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

Answer = Sequence[bytes] | Callable[["ImapPeer", str], None]

_POLITE: list[tuple[str, Answer]] = [
    ("CAPABILITY", [b"* CAPABILITY IMAP4rev1 IDLE AUTH=PLAIN", b"{tag} OK done"]),
    ("AUTHENTICATE", [b"+ ", b"<", b"{tag} OK logged in"]),
    ("LOGIN", [b"{tag} OK logged in"]),
    ("EXAMINE", [b"* 0 EXISTS", b"* OK [UIDVALIDITY 1]", b"* OK [UIDNEXT 1]", b"{tag} OK done"]),
    ("IDLE", [b"+ idling", b"<", b"{tag} OK done"]),
    ("UID SEARCH", [b"* SEARCH", b"{tag} OK done"]),
    ("", [b"{tag} OK done"]),
]


class ImapPeer:
    """One connection as the server sees it."""

    def __init__(self, link: socket.socket) -> None:
        self._link = link
        self._file = link.makefile("rb")

    def send(self, *lines: bytes) -> None:
        self._link.sendall(b"".join(line + b"\r\n" for line in lines))

    def send_raw(self, data: bytes) -> None:
        self._link.sendall(data)

    def read_line(self) -> str:
        """Return the next line; raises EOFError at the end of the connection."""
        line = self._file.readline()
        if not line:
            raise EOFError
        return line.decode("utf-8", "replace").rstrip("\r\n")

    def rest(self, seconds: float) -> None:
        """Be slow, but no longer than the client stays."""
        ready, _, _ = select.select([self._link], [], [], seconds)
        if ready and not self._link.recv(1, socket.MSG_PEEK):
            raise EOFError

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._link.shutdown(socket.SHUT_RDWR)
        self._file.close()
        self._link.close()


class ImapServer:
    """Answers each command by the first answer whose prefix it has.

    An answer is a list of lines, where `<` reads one line of the client and `{tag}` is the tag;
    or a function. `greeting` is sent first; None says nothing.
    """

    def __init__(
        self,
        answers: Sequence[tuple[str, Answer]] = (),
        *,
        greeting: bytes | None = b"* OK hello",
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._answers = [*answers, *_POLITE]
        self._greeting = greeting
        self._tls = tls
        self._lock = threading.Lock()
        self._lines: list[str] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.connections = 0
        self._peers: list[ImapPeer] = []
        self._threads = [threading.Thread(target=self._accept, name="fake-imap", daemon=True)]
        self._threads[0].start()

    def __enter__(self) -> Self:
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
        for peer in self._peers:
            peer.close()
        for thread in self._threads:
            thread.join(5)

    @property
    def command_count(self) -> int:
        with self._lock:
            return len(self._lines)

    @property
    def lines(self) -> list[str]:
        """Commands of the clients, without their tags."""
        with self._lock:
            return list(self._lines)

    def _accept(self) -> None:
        while True:
            try:
                link, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(
                target=self._serve, args=(link,), name="fake-imap-peer", daemon=True
            )
            self._threads.append(thread)
            thread.start()

    def _serve(self, link: socket.socket) -> None:
        try:
            if self._tls is not None:
                link = self._tls.wrap_socket(link, server_side=True)
        except OSError:
            link.close()
            return
        peer = ImapPeer(link)
        self._peers.append(peer)
        self.connections += 1
        with contextlib.suppress(OSError, EOFError, ValueError):
            if self._greeting is not None:
                peer.send(self._greeting)
            while True:
                self._answer(peer, peer.read_line())
        peer.close()

    def _answer(self, peer: ImapPeer, line: str) -> None:
        tag, _, command = line.partition(" ")
        with self._lock:
            self._lines.append(command)
        answer = next(given for prefix, given in self._answers if command.startswith(prefix))
        if callable(answer):
            answer(peer, tag)
            return
        for text in answer:
            if text == b"<":
                peer.read_line()
            else:
                peer.send(text.replace(b"{tag}", tag.encode()))
