"""A TLS end in front of a plain IMAP server that fails at a chosen moment of each connection.

It knows as much of IMAP as it needs to tell the moments apart: the handshake, the greeting, LOGIN,
EXAMINE, the middle of a literal, IDLE, DONE. There it cuts the connection, waits a while, or lets
nothing pass any more in either direction while the connection stays open (a black hole).
"""

import contextlib
import re
import select
import socket
import ssl
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from types import TracebackType
from typing import Self

from tests.lab.certificates import ServerCertificate
from tests.lab.waiting import LOOPBACK

_CHUNK = 65_536
_TICK_SECONDS = 0.1


class Moment(Enum):
    """Where a connection fails."""

    HANDSHAKE = "handshake"
    GREETING = "greeting"
    LOGIN = "login"
    EXAMINE = "examine"
    LITERAL = "the middle of a literal"
    IDLE = "idle"
    DONE = "done"


class Deed(Enum):
    """How it fails."""

    CUT = "cut"
    DELAY = "delay"
    HOLE = "black hole"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What happens to one connection."""

    moment: Moment
    deed: Deed


_COMMANDS = {
    Moment.LOGIN: re.compile(rb"^\S+ (?:LOGIN|AUTHENTICATE) ", re.IGNORECASE | re.MULTILINE),
    Moment.EXAMINE: re.compile(rb"^\S+ EXAMINE ", re.IGNORECASE | re.MULTILINE),
    Moment.DONE: re.compile(rb"^DONE\r?$", re.IGNORECASE | re.MULTILINE),
}
_LITERAL = re.compile(rb"\{\d+\}\r\n")


class FaultyWire:
    """The first connection is good, the next ones fail by the plan, and those after it are good.

    While faults are left, a good connection is cut some time after it went to IDLE, so that the
    next one comes.
    """

    def __init__(
        self,
        target_port: int,
        certificate: ServerCertificate,
        plan: Sequence[Fault] = (),
        *,
        delay_seconds: float = 3.0,
        good_seconds: float = 2.0,
    ) -> None:
        self._target_port = target_port
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate.certificate, certificate.key)
        self._plan: list[Fault | None] = [None, *plan] if plan else []
        self.delay_seconds = delay_seconds
        self.good_seconds = good_seconds
        self.closing = threading.Event()
        self._lock = threading.Lock()
        self._open = 0
        self._done: list[Fault] = []
        self.connections = 0
        self.most_at_once = 0
        self._listener = socket.create_server((LOOPBACK, 0))
        self.port: int = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, name="faulty-wire", daemon=True)]
        self._threads[0].start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.closing.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in list(self._threads):
            thread.join(10)

    @property
    def is_planned_out(self) -> bool:
        """True when every fault has happened and a good connection came after them."""
        with self._lock:
            return not self._plan

    @property
    def done(self) -> list[Fault]:
        """The faults that have happened."""
        with self._lock:
            return list(self._done)

    def note(self, fault: Fault) -> None:
        with self._lock:
            self._done.append(fault)

    @property
    def has_more(self) -> bool:
        with self._lock:
            return bool(self._plan)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self.connections += 1
                self._open += 1
                self.most_at_once = max(self.most_at_once, self._open)
                fault = self._plan.pop(0) if self._plan else None
            thread = threading.Thread(
                target=self._serve, args=(client, fault), name="faulty-link", daemon=True
            )
            self._threads.append(thread)
            thread.start()

    def _serve(self, client: socket.socket, fault: Fault | None) -> None:
        try:
            with contextlib.suppress(OSError, _EndError):
                client.settimeout(20)
                self._shake_hands_and_carry(client, fault)
        finally:
            client.close()
            with self._lock:
                self._open -= 1

    def _shake_hands_and_carry(self, client: socket.socket, fault: Fault | None) -> None:
        if fault is not None and fault.moment is Moment.HANDSHAKE:
            client.recv(20)
            _Link(self, client, client, fault).fail_now()
            # The rest of the first message is missing now: this one is lost in any case.
            return
        with (
            self._context.wrap_socket(client, server_side=True) as secure,
            socket.create_connection((LOOPBACK, self._target_port), timeout=20) as server,
        ):
            _Link(self, secure, server, fault).carry()


class _EndError(Exception):
    """The connection is to be closed."""


class _Link:
    """One connection, carried by one thread."""

    def __init__(
        self, wire: FaultyWire, client: socket.socket, server: socket.socket, fault: Fault | None
    ) -> None:
        self._wire = wire
        self._client = client
        self._server = server
        self._fault = fault
        self._is_idling = False
        self._idles_since: float | None = None

    def carry(self) -> None:
        while not self._wire.closing.is_set():
            if isinstance(self._client, ssl.SSLSocket) and self._client.pending():
                ready: list[socket.socket] = [self._client]
            else:
                ready, _, _ = select.select([self._client, self._server], [], [], _TICK_SECONDS)
            if self._client in ready:
                self._from_client(_received(self._client))
            if self._server in ready:
                self._from_server(_received(self._server))
            self._end_a_good_one()

    def fail_now(self) -> None:
        """Do what the plan says; a delay returns, the others end the connection."""
        fault, self._fault = self._fault, None
        if fault is None:
            return
        self._wire.note(fault)
        match fault.deed:
            case Deed.CUT:
                raise _EndError
            case Deed.DELAY:
                self._wire.closing.wait(self._wire.delay_seconds)
            case Deed.HOLE:
                self._swallow()

    def _swallow(self) -> None:
        """Let nothing pass until the client gives up."""
        plain = self._client
        while not self._wire.closing.is_set():
            ready, _, _ = select.select([plain], [], [], _TICK_SECONDS)
            if ready and not plain.recv(_CHUNK):
                raise _EndError
        raise _EndError

    def _from_client(self, data: bytes) -> None:
        moment = None if self._fault is None else self._fault.moment
        if moment is not None and (command := _COMMANDS.get(moment)) and command.search(data):
            self.fail_now()
        if b" IDLE\r\n" in data.upper():
            self._is_idling = True
            if self._idles_since is None:
                self._idles_since = time.monotonic()
        self._server.sendall(data)

    def _from_server(self, data: bytes) -> None:
        moment = None if self._fault is None else self._fault.moment
        if moment is Moment.GREETING:
            self._fail_inside(data, len(data) // 2)
        elif moment is Moment.LITERAL and (found := _LITERAL.search(data)):
            self._fail_inside(data, found.end() + 5)
        elif moment is Moment.IDLE and self._is_idling and b" EXISTS\r\n" in data:
            self._fail_inside(data, data.index(b" EXISTS") + 3)
        else:
            self._client.sendall(data)

    def _fail_inside(self, data: bytes, position: int) -> None:
        """Pass on a part of it first; what came is never lost without the connection."""
        self._client.sendall(data[:position])
        self.fail_now()
        self._client.sendall(data[position:])

    def _end_a_good_one(self) -> None:
        if self._fault is not None or self._idles_since is None or not self._wire.has_more:
            return
        if time.monotonic() - self._idles_since > self._wire.good_seconds:
            raise _EndError


def _received(link: socket.socket) -> bytes:
    data = link.recv(_CHUNK)
    if not data:
        raise _EndError
    return data
