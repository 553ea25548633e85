"""A TCP or TLS link on which every wait ends: with data, by its deadline, or because we stop.

The socket is non-blocking throughout, and each wait also watches a `Waker`, so that another thread
can interrupt it at any moment. Bytes that have arrived are kept here, never inside a file object:
what TLS has decrypted cannot be seen by polling the socket, and mail would be overlooked.
"""

import contextlib
import errno
import selectors
import socket
import ssl
from collections.abc import Callable
from enum import Enum

from supportdesk.adapters.tcp import CONNECT_GOES_ON, tune, wire_name
from supportdesk.services.ports import Clock

_CHUNK = 65_536
_ADDRESS_SECONDS = 10.0
_MAX_LINE = 1_000_000
# PollSelector takes no file descriptor of its own; Windows has only the other one.
_Selector: type[selectors.BaseSelector] = getattr(
    selectors, "PollSelector", selectors.SelectSelector
)

_Address = tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]


class StoppedError(Exception):
    """The worker was told to stop; nothing is wrong."""


class Waker:
    """Interrupts a thread that waits on sockets. `wake` may be called from any thread."""

    def __init__(self) -> None:
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)

    def fileno(self) -> int:
        return self._reader.fileno()

    def wake(self) -> None:
        # A full buffer means that the waiting thread has been woken and not looked yet; a closed
        # one that it has ended.
        with contextlib.suppress(OSError):
            self._writer.send(b"w")

    def clear(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._reader.recv(_CHUNK)

    def wait(self, seconds: float) -> None:
        """Wait until woken, at most this long."""
        with _Selector() as selector:
            selector.register(self._reader, selectors.EVENT_READ)
            if selector.select(max(0.0, seconds)):
                self.clear()

    def close(self) -> None:
        self._reader.close()
        self._writer.close()


class Wakeup(Enum):
    """Why a wait for data ended."""

    DATA = "data"
    WOKEN = "woken"
    TIMEOUT = "timeout"


class Transport:
    """One connection. Raises OSError (ssl.SSLError among them) and StoppedError, nothing else."""

    def __init__(self, waker: Waker, clock: Clock, is_stopping: Callable[[], bool]) -> None:
        self._waker = waker
        self.clock = clock
        self._is_stopping = is_stopping
        self._socket: socket.socket | None = None
        self._buffer = bytearray()
        self._was_woken = False
        self.on_received: Callable[[], None] = lambda: None

    @property
    def _open_socket(self) -> socket.socket:
        if self._socket is None:
            raise ConnectionError("the connection is closed")
        return self._socket

    @property
    def has_buffered(self) -> bool:
        return bool(self._buffer)

    def connect(self, host: str, port: int) -> None:
        """Connect to the first address of the host that answers."""
        last_error: OSError = ConnectionError("the host has no address")
        found = socket.getaddrinfo(wire_name(host), port, type=socket.SOCK_STREAM)
        for family, kind, protocol, _, address in found:
            try:
                self._connect_to(socket.socket(family, kind, protocol), address)
            except OSError as error:
                self.close()
                last_error = error
            else:
                return
        raise last_error

    def start_tls(self, context: ssl.SSLContext, host: str, seconds: float) -> None:
        """Shake hands. What came unencrypted before is refused: it could be planted."""
        if self._buffer:
            raise ConnectionError("the server sent data before encryption began")
        wrapped = context.wrap_socket(
            self._open_socket, server_hostname=wire_name(host), do_handshake_on_connect=False
        )
        self._socket = wrapped
        deadline = self.clock.monotonic_seconds() + seconds
        while True:
            try:
                wrapped.do_handshake()
            except ssl.SSLWantReadError:
                self._wait(selectors.EVENT_READ, deadline)
            except ssl.SSLWantWriteError:
                self._wait(selectors.EVENT_WRITE, deadline)
            else:
                return

    def send(self, data: bytes, seconds: float) -> None:
        deadline = self.clock.monotonic_seconds() + seconds
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[self._open_socket.send(rest) :]
            except (BlockingIOError, ssl.SSLWantWriteError):
                self._wait(selectors.EVENT_WRITE, deadline)
            except ssl.SSLWantReadError:
                self._wait(selectors.EVENT_READ, deadline)

    def receive(self, seconds: float) -> bytes:
        """Return what has arrived; wait for it at most this long."""
        if self._buffer:
            return self._take(len(self._buffer))
        deadline = self.clock.monotonic_seconds() + seconds
        self._fill(deadline)
        return self._take(len(self._buffer))

    def wait_for_data(self, seconds: float) -> Wakeup:
        """Wait for data (left to `receive`), a wake-up or the end of the time.

        A wake-up that came during an earlier wait counts: its request has not been looked at.
        """
        deadline = self.clock.monotonic_seconds() + seconds
        while not self._buffer:
            if self._was_woken:
                self._was_woken = False
                if self._is_stranded():
                    raise ConnectionError("this computer has left the network it was made over")
                return Wakeup.WOKEN
            data = self._receive_now()
            if data is not None:
                self._buffer += data
                break
            try:
                self._wait(selectors.EVENT_READ, deadline)
            except TimeoutError:
                return Wakeup.TIMEOUT
        return Wakeup.DATA

    def peek_line(self, seconds: float) -> bytes:
        """Return the first line without taking it; what there is if that is long or no line."""
        deadline = self.clock.monotonic_seconds() + seconds
        while b"\n" not in self._buffer and len(self._buffer) < 1000:
            self._fill(deadline)
        return bytes(self._buffer).split(b"\n", 1)[0][:1000]

    def read_line(self, seconds: float) -> bytes:
        deadline = self.clock.monotonic_seconds() + seconds
        while (newline := self._buffer.find(b"\n")) < 0:
            if len(self._buffer) > _MAX_LINE:
                raise ConnectionError("the server sent a line without end")
            self._fill(deadline)
        return self._take(newline + 1)

    def read_exactly(self, size: int, seconds: float) -> bytes:
        if size > _MAX_LINE:
            raise ConnectionError("the server announced too much")
        deadline = self.clock.monotonic_seconds() + seconds
        while len(self._buffer) < size:
            self._fill(deadline)
        return self._take(size)

    def close(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.close()
            self._socket = None

    def _take(self, size: int) -> bytes:
        data = bytes(self._buffer[:size])
        del self._buffer[:size]
        return data

    def _fill(self, deadline: float) -> None:
        while (data := self._receive_now()) is None:
            self._wait(selectors.EVENT_READ, deadline)
        self._buffer += data

    def _receive_now(self) -> bytes | None:
        try:
            data = self._open_socket.recv(_CHUNK)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return None
        if not data:
            raise ConnectionResetError("the server closed the connection")
        self.on_received()
        return data

    def _connect_to(self, new: socket.socket, address: _Address) -> None:
        self._socket = new
        new.setblocking(False)
        tune(new)
        failure = new.connect_ex(address)
        if failure in CONNECT_GOES_ON:
            self._wait(selectors.EVENT_WRITE, self.clock.monotonic_seconds() + _ADDRESS_SECONDS)
            failure = new.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if failure:
            raise OSError(failure, errno.errorcode.get(failure, str(failure)))

    def _is_stranded(self) -> bool:
        """Tell whether our end of the connection has an address that is not ours any more.

        After a change of the network such a link is dead, and nothing would ever say so.
        """
        address = self._open_socket.getsockname()
        with socket.socket(self._open_socket.family, socket.SOCK_DGRAM) as probe:
            try:
                probe.bind((address[0], 0, *address[2:]))
            except OSError as error:
                return error.errno == errno.EADDRNOTAVAIL
        return False

    def _wait(self, event: int, deadline: float) -> None:
        """Wait for the socket or a wake-up, which is remembered for `wait_for_data`."""
        if self._is_stopping():
            raise StoppedError
        with _Selector() as selector:
            selector.register(self._open_socket, event)
            selector.register(self._waker, selectors.EVENT_READ)
            left = deadline - self.clock.monotonic_seconds()
            ready = [key.fileobj for key, _ in selector.select(max(0.0, left))]
        if self._waker in ready:
            self._waker.clear()
            self._was_woken = True
        if self._is_stopping():
            raise StoppedError
        if not ready and self.clock.monotonic_seconds() >= deadline:
            raise TimeoutError("the server did not answer in time")
