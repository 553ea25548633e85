"""An SMTP server that keeps every message, and hands mail for the lab's own users to LMTP."""

import asyncio
import smtplib
import threading
from collections.abc import Callable
from dataclasses import dataclass

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.lab.waiting import LOOPBACK, free_port, wait_until


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMail:
    """One message as it was handed in, with its envelope."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes


class SmtpSink:
    """`reply` may be set to refuse what comes next, such as "452 4.3.1 Mailbox full"."""

    def __init__(self, *, lmtp_port: int, is_local: Callable[[str], bool]) -> None:
        self._lmtp_port = lmtp_port
        self._is_local = is_local
        self._lock = threading.Lock()
        self._kept: list[SentMail] = []
        self.reply = "250 OK kept"
        self.port = free_port()
        self._controller = Controller(self, hostname=LOOPBACK, port=self.port, enable_SMTPUTF8=True)

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop(no_assert=True)

    def messages(self) -> list[SentMail]:
        with self._lock:
            return list(self._kept)

    def wait_for(self, count: int, *, seconds: float = 10) -> list[SentMail]:
        wait_until(
            lambda: len(self.messages()) >= count, seconds=seconds, what=f"{count} sent messages"
        )
        return self.messages()

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
        return self.reply

    def _hand_over(self, mail: SentMail, local: list[str]) -> None:
        with smtplib.LMTP(LOOPBACK, self._lmtp_port) as lmtp:
            lmtp.sendmail(mail.sender, local, mail.content)
