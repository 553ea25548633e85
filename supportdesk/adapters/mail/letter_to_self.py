"""A mail to ourselves, to see whether it comes back: sent, looked for, and taken away again.

It goes the way of every customer's mail, from outside of the mailbox into it. It carries the header
of what is our own, so it may be marked as deleted afterwards, like all that we have put there; and
since it lies among the team's mail, it alone is expunged where a server can do that with one uid.
"""

import tempfile
import threading
from email.utils import format_datetime
from pathlib import Path

from supportdesk.adapters.mail.smtp_login import log_in_to_send
from supportdesk.adapters.mail.transport import Transport, Waker
from supportdesk.adapters.mail.writing_connection import WritingConnection, is_refusal
from supportdesk.adapters.mail.writing_link import OWN_HEADER, WritingLink
from supportdesk.domain.errors import SupportDeskError
from supportdesk.domain.settings import MailSettings
from supportdesk.services.ports import Clock

_TEXT = (
    "supportdesk has sent this mail to itself, since it was quiet for longer than usual: it shows",
    "whether mail arrives. It is taken away again, or marked as deleted where the server does not",
    "take away one mail alone. Nobody waits for an answer.",
)


def send_to_self(settings: MailSettings, secret: str, clock: Clock, message_id: str) -> None:
    """Send it. Blocks for up to minutes; raises SupportDeskError and OSError."""
    waker = Waker()
    transport = Transport(waker, clock, threading.Event().is_set)
    try:
        with tempfile.TemporaryDirectory(
            prefix="supportdesk-", ignore_cleanup_errors=True
        ) as folder:
            wire = Path(folder) / "test.eml"
            wire.write_bytes(_letter(settings, message_id, clock))
            link = log_in_to_send(transport, settings, secret)
            link.offer(settings.address, [settings.address], wire)
            link.finish()
            link.leave()
    finally:
        transport.close()
        waker.close()


def take_from_self(settings: MailSettings, secret: str, clock: Clock, message_id: str) -> bool:
    """Take it out of the mailboxes; was it there? Raises SupportDeskError and OSError.

    One that refuses to be opened matters only where it is not found in the others.
    """
    waker = Waker()
    connection = WritingConnection(settings, lambda: secret, clock, threading.Event().is_set)

    def take(link: WritingLink) -> bool:
        is_there, refused = False, None
        for mailbox in (settings.mailbox, *settings.also_watch):
            try:
                link.open(mailbox)
            except SupportDeskError as error:
                if not is_refusal(error):
                    raise
                refused = refused or error
                continue
            uids = link.uids_named(message_id)
            is_there |= bool(uids)
            if uids:
                with link.opened_for_flags(mailbox):
                    for uid in uids:
                        link.expunge_own(uid)
        if refused is not None and not is_there:
            raise refused
        return is_there

    try:
        return connection.use(waker, take)
    finally:
        connection.drop()
        waker.close()


def _letter(settings: MailSettings, message_id: str, clock: Clock) -> bytes:
    lines = (
        f"From: {settings.address}",
        f"To: {settings.address}",
        f"Date: {format_datetime(clock.now())}",
        "Subject: A test of supportdesk: does mail arrive?",
        f"Message-ID: {message_id}",
        "Auto-Submitted: auto-generated",
        f"{OWN_HEADER}: test",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=us-ascii",
        "",
        *_TEXT,
        "",
    )
    return "\r\n".join(lines).encode("ascii", "replace")
