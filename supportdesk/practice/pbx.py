"""The practice PBX on its loopback port: sockets and time around `PbxModel`.

Lives on the asyncio loop that starts it. The model's clock is the loop's, times the speed.
"""

import asyncio
import logging
from collections.abc import Iterable
from random import Random

from supportdesk.practice.ami_wire import BANNER
from supportdesk.practice.mail_server import LOOPBACK
from supportdesk.practice.pbx_model import PbxModel
from supportdesk.practice.pbx_session import AmiSession, AmiUser, Reply
from supportdesk.practice.practice_clock import PracticeClock

_log = logging.getLogger(__name__)


class PracticePbx:
    """Serves AMI to any number of clients and keeps the model's timers going."""

    def __init__(
        self, model: PbxModel, users: Iterable[AmiUser], clock: PracticeClock, *, random: Random
    ) -> None:
        self.host = LOOPBACK
        self.port = 0
        self.model = model
        self._users = tuple(users)
        self._clock = clock
        self._random = random
        self._listener: asyncio.Server | None = None
        self._sessions: dict[AmiSession, asyncio.StreamWriter] = {}
        self._connections: set[asyncio.Task[None]] = set()
        self._wake_up: asyncio.TimerHandle | None = None

    async def start(self) -> None:
        self._listener = await asyncio.start_server(self._accept, LOOPBACK, 0)
        self.port = self._listener.sockets[0].getsockname()[1]
        self.settle()

    async def stop(self) -> None:
        if self._listener is None:
            return
        if self._wake_up is not None:
            self._wake_up.cancel()
        self._listener.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        await self._listener.wait_closed()
        self._listener = None

    def settle(self) -> None:
        """Brings the model up to now, tells its events, and sleeps until its next timer."""
        self.model.advance(self._clock.elapsed_seconds())
        self._broadcast()
        if self._wake_up is not None:
            self._wake_up.cancel()
            self._wake_up = None
        due = self.model.next_due()
        if due is not None:
            self._wake_up = self._clock.call_at(due, self.settle)

    def _broadcast(self) -> None:
        for event in self.model.take_events():
            encoded = event.encode()
            for session, writer in self._sessions.items():
                if session.wants(event) and not writer.is_closing():
                    writer.write(encoded)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = asyncio.create_task(self._serve(reader, writer))
        self._connections.add(connection)
        connection.add_done_callback(self._connections.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = AmiSession(self.model, self._users, random=self._random)
        self._sessions[session] = writer
        try:
            writer.write(BANNER)
            await self._converse(session, reader, writer)
        except ConnectionError as error:
            _log.debug("practice PBX client went away: %s", error)
        finally:
            del self._sessions[session]
            writer.close()

    async def _converse(
        self, session: AmiSession, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while data := await reader.read(65536):
            self.settle()
            for reply in session.receive(data):
                if await self._send(reply, writer):
                    return
            self.settle()

    async def _send(self, reply: Reply, writer: asyncio.StreamWriter) -> bool:
        if reply.after_seconds:
            await asyncio.sleep(reply.after_seconds)
        writer.write(reply.data)
        await writer.drain()
        return reply.closes
