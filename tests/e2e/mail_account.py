"""A mail worker on a mailbox of its own in a real Dovecot, and other clients of that mailbox."""

import imaplib
import ssl
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.mail.imap_worker import ImapWorker
from supportdesk.adapters.right_of_way import RightOfWay
from supportdesk.domain.health import Hearing, SourceName
from supportdesk.domain.settings import MailSettings
from supportdesk.protocols.mailbox_sync import ListeningRules
from supportdesk.services.ports import Baseline
from tests.fakes.event_log import EventLog
from tests.lab.mail import PASSWORD, DovecotLab

NAME = SourceName("Support")


def settings_for(lab: DovecotLab, address: str, **changes: object) -> MailSettings:
    plain = MailSettings(
        name=NAME,
        address=address,
        host="localhost",
        port=lab.imaps_port,
        user=address,
        ca_file=str(lab.ca_file),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # any field of the settings


def letter(
    number: int | str,
    *,
    sender: str = "Ann Customer <ann@example.org>",
    body: str = "Where is my order?",
    headers: str = "",
    message_id: str | None = None,
) -> bytes:
    identity = f"<{number}@example.org>" if message_id is None else message_id
    return (
        f"From: {sender}\r\nTo: support@lab.test\r\nSubject: Question {number}\r\n"
        f"Date: Sat, 21 Nov 2026 10:00:00 +0000\r\n"
        + (f"Message-ID: {identity}\r\n" if identity else "")
        + headers
        + f"\r\n{body}\r\n"
    ).encode()


class Worker:
    """One run of the worker."""

    def __init__(
        self,
        settings: MailSettings,
        folder: Path,
        *,
        secret: str = PASSWORD,
        rules: ListeningRules | None = None,
        baselines: Iterable[Baseline] = (),
        right_of_way: RightOfWay | None = None,
    ) -> None:
        self.log = EventLog()
        self.cache_path = folder / "mail.db"
        self.worker = ImapWorker(
            settings,
            lambda: secret,
            self.cache_path,
            self.log,
            SystemClock(),
            rules,
            baselines,
            right_of_way,
        )

    def __enter__(self) -> "Worker":
        self.worker.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.worker.stop(60)

    @property
    def subjects(self) -> list[str]:
        return [one.subject for one in self.log.arrived]

    def wait_until_listening(self) -> None:
        self.log.wait_until(Hearing.LISTENING)

    def wait_for_messages(self, count: int, seconds: float = 20) -> None:
        self.log.wait_for(
            lambda: len(self.log.arrived) >= count,
            f"{count} messages (now {len(self.log.arrived)})",
            seconds,
        )


def client(lab: DovecotLab, address: str) -> imaplib.IMAP4_SSL:
    """Log in as a colleague's mail program."""
    context = ssl.create_default_context(cafile=str(lab.ca_file))
    link = imaplib.IMAP4_SSL("localhost", lab.imaps_port, ssl_context=context, timeout=20)
    link.login(address, PASSWORD)
    return link


def renumber(link: imaplib.IMAP4_SSL, mailbox: str, *, keeps_new: bool = True) -> None:
    """Make a mailbox anew with the same messages: other uidvalidity, other uids.

    What shifts the uids is a new message; it stays there or not.
    """
    link.create("Aside")
    link.select(mailbox)
    link.uid("COPY", "1:*", "Aside")
    link.select("Aside")
    link.delete(mailbox)
    link.create(mailbox)
    link.append(mailbox, "", "", letter("shifts the uids"))
    link.uid("COPY", "1:*", mailbox)
    if not keeps_new:
        link.select(mailbox)
        link.store("1", "+FLAGS", "(\\Deleted)")
        link.expunge()
    link.select("Aside")
    link.close()
    link.delete("Aside")
