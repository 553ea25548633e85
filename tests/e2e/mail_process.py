"""A mail worker in a process of its own, to be killed: python -m tests.e2e.mail_process …

It prints the Message-ID of each message that it publishes.
"""

import sys
import threading
from pathlib import Path

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.mail.imap_worker import ImapWorker
from supportdesk.domain.events import Event, MessagesArrived
from supportdesk.domain.health import SourceName
from supportdesk.domain.settings import MailSettings


class Printer:
    """Publisher port on standard output."""

    def publish(self, event: Event) -> None:
        if isinstance(event, MessagesArrived):
            for message in event.messages:
                sys.stdout.write(f"{message.message_id}\n")
            sys.stdout.flush()


def main(address: str, port: str, ca_file: str, password: str, cache: str) -> None:
    settings = MailSettings(
        name=SourceName("Support"),
        address=address,
        host="localhost",
        port=int(port),
        user=address,
        ca_file=ca_file,
    )
    worker = ImapWorker(settings, lambda: password, Path(cache), Printer(), SystemClock())
    worker.start()
    threading.Event().wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
