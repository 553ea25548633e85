"""One mailbox on one of four kinds of server, the wire to it, and a colleague who uses it too.

What the servers do differently and the product must not be confused by:

- Dovecot tells news half a second late; a deleted mailbox ends its sessions.
- Cyrus tells at once through a daemon of its own, and knows QRESYNC.
- Courier begins names with `INBOX.`, has no CONDSTORE, ESEARCH or SPECIAL-USE, and gives a mailbox
  that nobody ever opened for writing a new UIDVALIDITY at each EXAMINE.
- pymap has none of the extensions, and no UIDPLUS.
"""

import contextlib
import imaplib
from collections.abc import Iterator
from pathlib import Path

from supportdesk.domain.health import SourceName
from supportdesk.domain.settings import MailSettings, Security
from supportdesk.protocols.mailbox_sync import ListeningRules
from tests.e2e.mail_account import Worker
from tests.lab.courier import CourierLab
from tests.lab.cyrus import CyrusLab
from tests.lab.mail import PASSWORD, DovecotLab
from tests.lab.pymap import PymapLab
from tests.lab.waiting import LOOPBACK
from tests.lab.wire import RecordingProxy

NAME = SourceName("Support")
Lab = DovecotLab | CyrusLab | CourierLab | PymapLab


class Office:
    """A mailbox of its own on a server that other tests use too."""

    def __init__(self, lab: Lab, proxy: RecordingProxy, folder: Path) -> None:
        self.lab = lab
        self.proxy = proxy
        self.user = lab.new_address()
        self._folder = folder

    def mailbox(self, name: str) -> str:
        """Return the full name of a mailbox."""
        return f"INBOX.{name}" if isinstance(self.lab, CourierLab) else name

    def settings(self, *, mailbox: str = "INBOX", also_watch: tuple[str, ...] = ()) -> MailSettings:
        return MailSettings(
            name=NAME,
            address="support@lab.test",
            host=LOOPBACK,
            port=self.proxy.port,
            security=Security.NONE,
            user=self.user,
            mailbox=mailbox,
            also_watch=also_watch,
        )

    def settings_toml(self) -> str:
        return f"""
[[mail]]
name = "{NAME}"
address = "support@lab.test"
host = "{LOOPBACK}"
port = {self.proxy.port}
security = "none"
user = "{self.user}"
"""

    def worker(self, settings: MailSettings | None = None) -> Worker:
        rules = ListeningRules(look_around_seconds=1)
        return Worker(settings or self.settings(), self._folder, rules=rules)

    def deliver(self, *messages: bytes) -> None:
        self.lab.deliver(*messages, to=self.user)

    @contextlib.contextmanager
    def colleague(self) -> Iterator[imaplib.IMAP4]:
        """Somebody with another mail program; not through the recorded wire."""
        client = imaplib.IMAP4(LOOPBACK, self.lab.imap_port, timeout=30)
        client.login(self.user, PASSWORD)
        try:
            yield client
        finally:
            client.shutdown()

    def put(self, mailbox: str, *messages: bytes) -> None:
        """File messages in another mailbox than the inbox."""
        with self.colleague() as client:
            for message in messages:
                client.append(mailbox, "", "", message)

    def flag(self, seq: str, flags: str) -> None:
        with self.colleague() as client:
            client.select("INBOX")
            client.store(seq, "+FLAGS", flags)
            client.close()

    def expunge(self, seq: str) -> None:
        self.flag(seq, r"(\Deleted)")

    def move(self, seq: str, mailbox: str) -> None:
        with self.colleague() as client:
            client.select("INBOX")
            client.copy(seq, mailbox)
            client.store(seq, "+FLAGS", r"(\Deleted)")
            client.expunge()

    def go_away(self) -> None:
        """End all connections and take none, as a server that restarts."""
        self.proxy.refuse()
        self.proxy.cut()

    def come_back(self) -> None:
        self.proxy.accept()
