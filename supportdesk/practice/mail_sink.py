"""Where the practice's outgoing mail ends: an SMTP server on loopback that delivers nowhere.

It keeps what was sent and tells the desk, so that a customer can answer the founder's reply.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from supportdesk.practice.mail_server import LOOPBACK

_MAX_MESSAGE_BYTES = 50_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMail:
    """One message as it was handed over."""

    sender: str
    recipients: tuple[str, ...]
    message: bytes


class PracticeMailSink:
    """Takes mail on an ephemeral loopback port. Lives on the loop that starts it."""

    def __init__(self, *, user: str, password: str) -> None:
        self.host = LOOPBACK
        self.port = 0
        self.kept: list[SentMail] = []
        self.sent: Callable[[SentMail], None] = lambda mail: None
        self._user = user.encode()
        self._password = password.encode()
        self._listener: asyncio.Server | None = None
        self._clients: set[asyncio.BaseTransport] = set()

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(self._new_protocol, LOOPBACK, 0)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._listener is None:
            return
        self._listener.close()
        for client in list(self._clients):
            client.close()
        await self._listener.wait_closed()
        self._listener = None

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Called by aiosmtpd with a whole message."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        mail = SentMail(
            sender=envelope.mail_from or "",
            recipients=tuple(envelope.rcpt_tos),
            message=content,
        )
        self.kept.append(mail)
        self.sent(mail)
        return "250 2.0.0 Kept by the practice desk"

    def _new_protocol(self) -> SMTP:
        return _TrackedSmtp(
            self,
            clients=self._clients,
            hostname="practice.invalid",
            ident="Practice desk",
            data_size_limit=_MAX_MESSAGE_BYTES,
            enable_SMTPUTF8=True,
            authenticator=self._authenticate,
            auth_require_tls=False,
        )

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        is_right = isinstance(data, LoginPassword) and (data.login, data.password) == (
            self._user,
            self._password,
        )
        return AuthResult(success=is_right, handled=False)


class _QuietSession(Session):
    """aiosmtpd warns about its own use of `login_data` at every login; nobody here reads it."""

    login_data: Any = None


class _TrackedSmtp(SMTP):
    """Remembers its transport, so that the sink can close it when the practice ends."""

    def __init__(
        self, handler: object, *, clients: set[asyncio.BaseTransport], **options: object
    ) -> None:
        super().__init__(handler, **options)  # type: ignore[arg-type]  # passed through unchanged
        self._clients = clients

    def _create_session(self) -> Session:
        return _QuietSession(self.loop)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._clients.add(transport)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self.transport is not None:
            self._clients.discard(self.transport)
        super().connection_lost(error)
