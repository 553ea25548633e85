"""What a customer writes, and what lies in the team's mailbox and at the customer afterwards."""

import email
import imaplib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from email import policy
from email.header import Header
from email.message import EmailMessage
from email.utils import formatdate

from tests.lab.mail import PASSWORD, DovecotLab
from tests.lab.waiting import LOOPBACK, wait_until


def question(
    message_id: str,
    *,
    sender: str,
    to: str,
    subject: str,
    text: str,
    cc: str = "",
    more: str = "",
) -> bytes:
    """A mail as a customer's program writes it; `sender`, `to` and `cc` may have a name."""
    lines = [
        f"From: {_written(sender)}",
        f"To: {_written(to)}",
        *([f"Cc: {_written(cc)}"] if cc else []),
        f"Subject: {Header(subject, 'utf-8', maxlinelen=70).encode(linesep=chr(13) + chr(10))}",
        f"Date: {formatdate(localtime=True)}",
        f"Message-ID: {message_id}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        *([more] if more else []),
    ]
    return ("\r\n".join([*lines, "", *text.splitlines(), ""])).encode()


def _written(people: str) -> str:
    """Names as encoded words, addresses as they are."""

    def encoded(found: re.Match[str]) -> str:
        return f"{Header(found[1].strip(), 'utf-8').encode()} <{found[2]}>"

    return re.sub(r"([^<>,]+)<([^>]*)>", encoded, people)


def read(content: bytes) -> EmailMessage:
    """A message as Python's own reader understands it."""
    return email.message_from_bytes(content, policy=policy.default)


def text_of(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


class TeamMailbox:
    """The mailbox as another client of the team sees it."""

    def __init__(self, lab: DovecotLab, user: str) -> None:
        self._lab = lab
        self._user = user

    def messages(self, mailbox: str) -> list[EmailMessage]:
        with self._opened(mailbox) as client:
            _, parts = client.uid("FETCH", "1:*", "(BODY.PEEK[])")
            return [read(part[1]) for part in parts if isinstance(part, tuple)]

    def flags(self, mailbox: str, message_id: str) -> str:
        """Those of one message, as the server writes them."""
        with self._opened(mailbox) as client:
            _, found = client.uid("SEARCH", "HEADER", "Message-ID", f'"{message_id}"')
            uid = found[0].split()[-1].decode()
            _, parts = client.uid("FETCH", uid, "(FLAGS)")
            flags = re.search(rb"FLAGS \(([^)]*)\)", parts[0])
            assert flags is not None
            return flags[1].decode()

    def wait_for_flag(self, flag: str, message_id: str) -> None:
        wait_until(
            lambda: flag in self.flags("INBOX", message_id),
            seconds=30,
            what=f"{flag} on {message_id}",
        )

    def wait_until_unmarked(self, message_id: str) -> None:
        """Our sending mark is taken back."""
        wait_until(
            lambda: "$SD" not in self.flags("INBOX", message_id),
            seconds=30,
            what=f"no mark on {message_id}",
        )

    def copies(self, subject: str) -> list[EmailMessage]:
        """In Sent."""
        return [mail for mail in self.messages("Sent") if mail["Subject"] == subject]

    def wait_for_copies(self, subject: str) -> list[EmailMessage]:
        return wait_until(
            lambda: self.copies(subject), seconds=30, what=f"a copy of {subject!r} in Sent"
        )

    def make_room(self) -> None:
        """Delete all that is in the inbox."""
        with imaplib.IMAP4(LOOPBACK, self._lab.imap_port, timeout=60) as client:
            client.login(self._user, PASSWORD)
            client.select("INBOX")
            client.store("1:*", "+FLAGS", r"(\Deleted)")
            client.expunge()

    def put_together(self, mailbox: str) -> None:
        """A mailbox with all of the inbox and of Sent: where another program sees the threads."""
        with self._opened("INBOX") as client:
            client.delete(mailbox)
            client.create(mailbox)
            client.copy("1:*", mailbox)
            client.select("Sent", readonly=True)
            client.copy("1:*", mailbox)

    @contextmanager
    def _opened(self, mailbox: str) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4(LOOPBACK, self._lab.imap_port, timeout=60) as client:
            client.login(self._user, PASSWORD)
            client.select(mailbox, readonly=True)
            yield client
