"""A TLS end in front of a plain SMTP server that fails at a chosen moment of a connection.

It tells the moments apart by the commands of the client and the answer to the dot. There it cuts
the connection on both sides, waits a while, or lets nothing pass any more (a black hole).
"""

import asyncio
import contextlib
import ssl
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from types import TracebackType
from typing import Self

from tests.lab.certificates import ServerCertificate
from tests.lab.faulty_wire import Deed
from tests.lab.waiting import LOOPBACK, free_port

_LONGEST_LINE = 1_000_000


class SmtpMoment(Enum):
    """Where a connection fails; at a command it fails before the server gets it."""

    GREETING = "greeting"
    EHLO = "ehlo"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    TEXT = "the middle of the text"
    DOT = "the dot, which the server does not get"
    ANSWER = "the answer to the dot, which the client does not get"


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpFault:
    """What happens to one connection."""

    moment: SmtpMoment
    deed: Deed = Deed.CUT


class FaultySmtp:
    """The next connections fail by the plan, None of them is a good one; those after it are good.

    Without a certificate it speaks plain text, as the server behind it.
    """

    def __init__(
        self,
        target_port: int,
        certificate: ServerCertificate | None = None,
        plan: Sequence[SmtpFault | None] = (),
        *,
        delay_seconds: float = 1.0,
    ) -> None:
        self._target_port = target_port
        self._context: ssl.SSLContext | None = None
        if certificate is not None:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(certificate.certificate, certificate.key)
        self.delay_seconds = delay_seconds
        self.port = free_port()
        self._lock = threading.Lock()
        self._plan = list(plan)
        self._done: list[SmtpFault] = []
        self._connections = 0
        self._loop = asyncio.new_event_loop()
        self._closing = asyncio.Event()
        self._links: set[asyncio.Task[None]] = set()
        self._ends: list[asyncio.StreamWriter] = []
        self._is_open = threading.Event()
        self._thread = threading.Thread(target=self._run, name="faulty-smtp", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._is_open.wait(30):
            raise TimeoutError("the faulty wire did not open")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join(30)

    def fail_next(self, *faults: SmtpFault | None) -> None:
        """Add to the plan."""
        with self._lock:
            self._plan += faults

    def forget_plan(self) -> None:
        """All connections are good from now on."""
        with self._lock:
            self._plan.clear()

    def cut(self) -> None:
        """End all connections that there are."""
        self._loop.call_soon_threadsafe(self._cut_all)

    @property
    def done(self) -> list[SmtpFault]:
        """The faults that have happened."""
        with self._lock:
            return list(self._done)

    @property
    def connections(self) -> int:
        with self._lock:
            return self._connections

    def note(self, fault: SmtpFault) -> None:
        with self._lock:
            self._done.append(fault)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._listen())
        self._loop.close()

    async def _listen(self) -> None:
        def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self._links.add(self._loop.create_task(self._serve(reader, writer)))

        server = await asyncio.start_server(
            take, LOOPBACK, self.port, ssl=self._context, limit=_LONGEST_LINE
        )
        self._is_open.set()
        await self._closing.wait()
        server.close()
        self._cut_all()
        await asyncio.gather(*self._links, return_exceptions=True)
        for end in self._ends:
            end.transport.abort()
            with contextlib.suppress(OSError):
                await end.wait_closed()

    def _cut_all(self) -> None:
        for link in self._links:
            link.cancel()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with self._lock:
            self._connections += 1
            fault = self._plan.pop(0) if self._plan else None
        self._ends.append(writer)
        with contextlib.suppress(OSError):
            to_server = await asyncio.open_connection(
                LOOPBACK, self._target_port, limit=_LONGEST_LINE
            )
            self._ends.append(to_server[1])
            await _Link(self, (reader, writer), to_server, fault).carry()
        writer.transport.abort()


class _Link:
    """One connection; each direction is carried line by line."""

    def __init__(
        self,
        wire: FaultySmtp,
        client: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        server: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        fault: SmtpFault | None,
    ) -> None:
        self._wire = wire
        self._from_client, self._to_client = client
        self._from_server, self._to_server = server
        self._fault = fault
        self._is_text = False
        self._lines_of_text = 0
        self._is_answer_next = False

    async def carry(self) -> None:
        ways = [
            asyncio.ensure_future(self._carry_client()),
            asyncio.ensure_future(self._carry_server()),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            self._to_client.transport.abort()
            self._to_server.transport.abort()

    async def _carry_client(self) -> None:
        while line := await self._from_client.readline():
            await self._fail_at(self._moment_of(line))
            self._to_server.write(line)
            await self._to_server.drain()

    async def _carry_server(self) -> None:
        await self._fail_at(SmtpMoment.GREETING)
        while line := await self._from_server.readline():
            self._is_text = self._is_text or line.startswith(b"354")
            if self._is_answer_next:
                self._is_answer_next = False
                await self._fail_at(SmtpMoment.ANSWER)
            self._to_client.write(line)
            await self._to_client.drain()

    def _moment_of(self, line: bytes) -> SmtpMoment | None:
        if self._is_text:
            if line == b".\r\n":
                self._is_text = False
                self._is_answer_next = True
                return SmtpMoment.DOT
            self._lines_of_text += 1
            return SmtpMoment.TEXT if self._lines_of_text > 1 else None
        verb = line[:4].decode("ascii", "replace").lower()
        return next((one for one in SmtpMoment if one.value == verb), None)

    async def _fail_at(self, moment: SmtpMoment | None) -> None:
        fault = self._fault
        if fault is None or fault.moment is not moment:
            return
        self._fault = None
        self._wire.note(fault)
        match fault.deed:
            case Deed.CUT:
                raise ConnectionError("cut")
            case Deed.DELAY:
                await asyncio.sleep(self._wire.delay_seconds)
            case Deed.HOLE:
                # Nothing passes, and the client has to find out by itself.
                await asyncio.Event().wait()
