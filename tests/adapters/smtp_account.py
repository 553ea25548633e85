"""An account that sends through a server of a test."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.mail.smtp_link import SmtpLink
from supportdesk.adapters.mail.smtp_login import log_in_to_send
from supportdesk.adapters.mail.transport import Transport, Waker
from supportdesk.domain.settings import MailSettings, Security, SmtpSettings
from tests.adapters.imap_account import settings_for
from tests.lab.mail import PASSWORD, SUPPORT, DovecotLab

LETTER = b"Subject: An answer\r\nMessage-ID: <1@lab.test>\r\n\r\nHello\r\n.\r\nBye\r\n"


def sends_at(port: int, **changes: object) -> MailSettings:
    """Plain text to this computer, unless told otherwise."""
    smtp = SmtpSettings(host="127.0.0.1", port=port, security=Security.NONE)
    changed = replace(smtp, **changes)  # type: ignore[arg-type]  # any field of the table
    return replace(settings_for(1), smtp=changed)


def sends_by(lab: DovecotLab, port: int = 0, **changes: object) -> MailSettings:
    """Through the lab's Dovecot, or by TLS through what stands in front of it at that port."""
    values: dict[str, object] = {
        "host": "localhost",
        "security": Security.TLS,
        "user": SUPPORT,
        "ca_file": str(lab.ca_file),
    }
    return sends_at(port or lab.submissions_port, **(values | changes))


@contextmanager
def sending(
    settings: MailSettings,
    secret: str = PASSWORD,
    *,
    answer_seconds: float = 60.0,
    waker: Waker | None = None,
    stop: threading.Event | None = None,
) -> Iterator[SmtpLink]:
    """A link that is logged in; it is closed without a word."""
    own = waker or Waker()
    is_stopping = (stop or threading.Event()).is_set
    transport = Transport(own, SystemClock(), is_stopping)
    try:
        yield log_in_to_send(transport, settings, secret, answer_seconds)
    finally:
        transport.close()
        own.close()


def letter(folder: Path, content: bytes = LETTER) -> Path:
    path = folder / "letter.eml"
    path.write_bytes(content)
    return path


def send(
    link: SmtpLink,
    wire: Path,
    to: Sequence[str] = ("c@example.org",),
    sender: str = SUPPORT,
) -> None:
    link.offer(sender, to, wire)
    link.finish()
