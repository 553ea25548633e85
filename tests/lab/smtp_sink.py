"""An SMTP server that keeps every message, and hands mail for the lab's own users to LMTP."""

import asyncio
import smtplib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.lab.waiting import LOOPBACK, free_port, wait_until

_MOST_BYTES = 60_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMail:
    """One message as it was handed in, with its envelope."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes


@dataclass(slots=True)
class _Refusal:
    reply: str
    times_left: int | None


class SmtpSink:
    """`reply` may be set to refuse what comes next at its end, such as "452 4.3.1 Mailbox full".

    Attributes:
        reply_after_seconds: How long the server thinks about the end of a message that it has kept
            already.
    """

    def __init__(
        self,
        *,
        lmtp_port: int,
        is_local: Callable[[str], bool],
        most_bytes: int = _MOST_BYTES,
    ) -> None:
        self._lmtp_port = lmtp_port
        self._is_local = is_local
        self._lock = threading.Lock()
        self._kept: list[SentMail] = []
        self._refusals: dict[str, _Refusal] = {}
        self._seen: list[str] = []
        self.reply = "250 OK kept"
        self.reply_after_seconds = 0.0
        self.port = free_port()
        self._controller = Controller(
            self,
            hostname=LOOPBACK,
            port=self.port,
            enable_SMTPUTF8=True,
            data_size_limit=most_bytes,
        )

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop(no_assert=True)

    def refuse(self, address: str, reply: str, *, times: int | None = None) -> None:
        """Answer so whenever this address is named, as sender or recipient, or so many times."""
        with self._lock:
            self._refusals[address.lower()] = _Refusal(reply, times)

    def refuse_nobody(self) -> None:
        """Take everything again, and at once."""
        with self._lock:
            self._refusals.clear()
        self.reply = "250 OK kept"
        self.reply_after_seconds = 0.0

    def messages(self) -> list[SentMail]:
        with self._lock:
            return list(self._kept)

    def asked_for(self, address: str) -> int:
        """How often it was named as a recipient."""
        with self._lock:
            return self._seen.count(address.lower())

    def wait_for(self, count: int, *, seconds: float = 10) -> list[SentMail]:
        wait_until(
            lambda: len(self.messages()) >= count, seconds=seconds, what=f"{count} sent messages"
        )
        return self.messages()

    async def handle_MAIL(
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: Sequence[str],
    ) -> str:
        refusal = self._refusal_of(address)
        if refusal is not None:
            return refusal
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: Sequence[str],
    ) -> str:
        with self._lock:
            self._seen.append(address.lower())
        refusal = self._refusal_of(address)
        if refusal is not None:
            return refusal
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if not self.reply.startswith("2"):
            return self.reply
        content = envelope.original_content or b""
        mail = SentMail(
            sender=envelope.mail_from or "",
            recipients=tuple(envelope.rcpt_tos),
            content=content,
        )
        with self._lock:
            self._kept.append(mail)
        local = [address for address in mail.recipients if self._is_local(address)]
        if local:
            await asyncio.to_thread(self._hand_over, mail, local)
        await asyncio.sleep(self.reply_after_seconds)
        return self.reply

    def _refusal_of(self, address: str) -> str | None:
        with self._lock:
            refusal = self._refusals.get(address.lower())
            if refusal is None or refusal.times_left == 0:
                return None
            if refusal.times_left is not None:
                refusal.times_left -= 1
            return refusal.reply

    def _hand_over(self, mail: SentMail, local: list[str]) -> None:
        with smtplib.LMTP(LOOPBACK, self._lmtp_port) as lmtp:
            lmtp.sendmail(mail.sender, local, mail.content)
