"""The practice mailbox: a real IMAP server on loopback, held in memory.

pymap does the protocol; this module puts one account with the usual mailboxes behind it and
delivers into them. pymap normally finds its parts through entry points, which a frozen program
does not carry, so every part is named here.
"""

import asyncio
import logging
import ssl
from argparse import Namespace
from collections.abc import AsyncIterator, Iterable, Sequence, Set
from contextlib import asynccontextmanager
from datetime import datetime

from proxyprotocol.sock import SocketInfoLocal
from pymap.backend.dict import Config, Identity, Login, Session
from pymap.backend.dict.filter import FilterSet
from pymap.concurrent import Subsystem
from pymap.flags import FlagOp
from pymap.imap import IMAPServer
from pymap.interfaces.login import IdentityInterface
from pymap.parsing.message import AppendMessage
from pymap.parsing.specials.flag import Flag
from pymap.selected import SelectedMailbox
from pymap.user import UserMetadata
from pysasl import SASLAuth
from pysasl.hashing import Cleartext
from pysasl.mechanism.login import LoginMechanism
from pysasl.mechanism.plain import PlainMechanism

from supportdesk.practice.mailboxes import PracticeMailboxSet

LOOPBACK = "127.0.0.1"
INBOX = "INBOX"
SENT = "Sent"

# RFC 6154; INBOX has no special use.
_SPECIAL_USE = {
    SENT: b"Sent",
    "Drafts": b"Drafts",
    "Archive": b"Archive",
    "Junk": b"Junk",
    "Trash": b"Trash",
}

_log = logging.getLogger(__name__)


class _PracticeConfig(Config):
    """pymap's settings without TLS, entry points, thread pools and name look-ups."""

    @property
    def tls_auth(self) -> SASLAuth:
        return SASLAuth([PlainMechanism(), LoginMechanism()])

    @property
    def greeting(self) -> bytes:
        # pymap would ask the resolver for the host's full name, which can take seconds.
        return b"Practice mailbox ready"


class _PracticeSession(Session):
    """Adds the special uses of RFC 6154, which pymap does not know, to every LIST.

    The capability is not announced: it would promise extended LIST commands too.
    """

    async def list_mailboxes(
        self,
        ref_name: str,
        filter_: str,
        subscribed: bool = False,
        selected: SelectedMailbox | None = None,
    ) -> tuple[Iterable[tuple[str, str | None, Sequence[bytes]]], SelectedMailbox | None]:
        entries, selected = await super().list_mailboxes(ref_name, filter_, subscribed, selected)
        return [
            (name, delimiter, [*attributes, *_special_use(name)])
            for name, delimiter, attributes in entries
        ], selected


class _PracticeIdentity(Identity):
    """Opens sessions on the one set of mailboxes that is filled before anybody logs in."""

    def __init__(self, name: str, login: "_PracticeLogin") -> None:
        super().__init__(name, login, None, frozenset())
        self._mailboxes = login.mailboxes

    @asynccontextmanager
    async def new_session(self) -> AsyncIterator[_PracticeSession]:
        yield _PracticeSession(self.name, self.config, self._mailboxes, FilterSet())


class _PracticeLogin(Login):
    def __init__(self, config: _PracticeConfig, mailboxes: PracticeMailboxSet) -> None:
        super().__init__(config)
        self.mailboxes = mailboxes

    async def authorize(self, authenticated: IdentityInterface, authzid: str) -> _PracticeIdentity:
        identity = await super().authorize(authenticated, authzid)
        return _PracticeIdentity(identity.name, self)


class _QuietWriter(asyncio.StreamWriter):
    """Lets pymap say goodbye to a client that is gone; asyncio would warn of every piece."""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if not self.transport.is_closing():
            super().write(data)


class PracticeMailServer:
    """One account, served on an ephemeral loopback port. Lives on the loop that starts it."""

    def __init__(self, *, user: str, password: str) -> None:
        self.host = LOOPBACK
        self.port = 0
        self._user = user
        self._mailboxes = PracticeMailboxSet()
        config = self._config()
        login = _PracticeLogin(config, self._mailboxes)
        login.users_dict[user] = UserMetadata(config, user, password=password)
        self._imap = IMAPServer(login, config)
        self._listener: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        for name in _SPECIAL_USE:
            await self._mailboxes.add_mailbox(name)
        self._listener = await asyncio.start_server(self._accept, LOOPBACK, 0)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._listener is None:
            return
        self._listener.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        await self._listener.wait_closed()
        self._listener = None

    async def deliver(
        self, mailbox: str, message: bytes, *, arrived: datetime, flags: Set[str] = frozenset()
    ) -> int:
        """Files a message, tells clients in IDLE, and returns its UID."""
        target = await self._mailboxes.get_mailbox(mailbox)
        imap_flags = frozenset(Flag(flag.encode("ascii")) for flag in flags)
        stored = await target.append(AppendMessage(message, arrived, imap_flags), recent=True)
        return stored.uid

    async def add_flag(self, mailbox: str, uid: int, flag: str) -> None:
        """Sets a flag as a colleague's client would; clients in IDLE see the FETCH."""
        target = await self._mailboxes.get_mailbox(mailbox)
        message = await anext((m async for m in target.messages() if m.uid == uid), None)
        if message is not None:
            added = frozenset({Flag(flag.encode("ascii"))})
            await target.update(uid, message, added, FlagOp.ADD)

    def _config(self) -> _PracticeConfig:
        return _PracticeConfig(
            Namespace(passlib_cfg=None, proxy_protocol=None),
            host=LOOPBACK,
            port=0,
            demo_data=False,
            demo_user=self._user,
            demo_password="",
            tls_enabled=False,
            reject_dnsbl=False,
            # Never used; the default would read the system's certificates.
            ssl_context=ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER),
            hash_context=Cleartext(),
            cpu_subsystem=Subsystem.for_asyncio(),
        )

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = asyncio.create_task(self._serve(reader, writer))
        self._connections.add(connection)
        connection.add_done_callback(self._connections.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        transport = writer.transport
        quiet = _QuietWriter(transport, transport.get_protocol(), reader, loop)
        try:
            await self._imap(reader, quiet, SocketInfoLocal(quiet))
        except ConnectionError as error:
            _log.debug("practice mail client went away: %s", error)
        finally:
            writer.close()


def _special_use(mailbox: str) -> list[bytes]:
    use = _SPECIAL_USE.get(mailbox)
    return [] if use is None else [use]
