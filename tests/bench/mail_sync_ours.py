"""One run of our mail worker in a process of its own: how long, how many bytes, how much memory.

python -m tests.bench.mail_sync_ours PORT ADDRESS MAIL_DB listening|complete

Prints a line `told MESSAGE-ID SECONDS` for each new message of the bench; after a line on standard
input one line of JSON. Times begin when EXAMINE is sent.
"""

import json
import sys
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.mail import imap_link, transport
from supportdesk.adapters.mail.imap_worker import ImapWorker
from supportdesk.domain.events import (
    Event,
    HealthChanged,
    HistoryStored,
    MessagesArrived,
    SyncProgressed,
)
from supportdesk.domain.health import Hearing, SourceName
from supportdesk.domain.settings import MailSettings, Security
from tests.bench.process_cost import peak_resident_mb, resident_mb
from tests.lab.mail import PASSWORD
from tests.lab.waiting import wait_until

_PATIENCE_SECONDS = 300.0
_NEWEST = 50


@dataclass(slots=True, kw_only=True)
class Run:
    """What one run came to; seconds since EXAMINE."""

    newest_seconds: float = 0.0
    listening_seconds: float = 0.0
    complete_seconds: float = 0.0
    wire_bytes: int = 0
    idle_mb: float = 0.0
    peak_mb: float = 0.0
    told: int = 0
    events: int = 0
    heaps: int = 0


class _Observer:
    """Publisher of the worker, and a look over its shoulder at the wire."""

    def __init__(self) -> None:
        self.run = Run()
        self.listening = threading.Event()
        self.complete = threading.Event()
        self.told: set[str] = set()
        self._examined_at = 0.0
        self._wire = 0
        self._watch_wire()

    def publish(self, event: Event) -> None:
        since = time.monotonic() - self._examined_at
        self.run.events += 1
        match event:
            case MessagesArrived(messages=messages):
                self.run.told += len(messages)
                if not self.run.newest_seconds and self.run.told >= _NEWEST:
                    self.run.newest_seconds = since
                for message in messages:
                    if message.message_id.startswith("<bench-"):
                        sys.stdout.write(f"told {message.message_id} {time.monotonic()}\n")
                        self.told.add(message.message_id)
            case HistoryStored():
                self.run.heaps += 1
            case SyncProgressed(done=done, total=total) if done >= total > 0:
                if not self.run.complete_seconds:
                    self.run.complete_seconds = since
                self.complete.set()
            case HealthChanged(health=health) if health.hearing is Hearing.LISTENING:
                if not self.run.listening_seconds:
                    self.run.listening_seconds = since
                    self.run.wire_bytes = self._wire
                self.listening.set()

    def _watch_wire(self) -> None:
        begin, receive = imap_link.ImapLink.begin, transport.Transport.receive

        def watched_begin(
            link: imap_link.ImapLink,
            command: str,
            hear: imap_link.Hearer,
            take: imap_link.Taker | None = None,
        ) -> imap_link.Command:
            if command.startswith("EXAMINE") and not self._examined_at:
                self._examined_at = time.monotonic()
                self._wire = 0
            self._wire += len(command) + 6
            return begin(link, command, hear, take)

        def watched_receive(link: transport.Transport, seconds: float) -> bytes:
            data = receive(link, seconds)
            self._wire += len(data)
            return data

        imap_link.ImapLink.begin = watched_begin  # type: ignore[method-assign,assignment]
        transport.Transport.receive = watched_receive  # type: ignore[method-assign,assignment]


def main(arguments: list[str]) -> None:
    port, address, mail_db, until = arguments
    settings = MailSettings(
        name=SourceName("Support"),
        address=address,
        host="127.0.0.1",
        port=int(port),
        user=address,
        security=Security.NONE,
        prefetch_days=0,
    )
    observer = _Observer()
    worker = ImapWorker(settings, lambda: PASSWORD, Path(mail_db), observer, SystemClock())
    observer.run.idle_mb = resident_mb()
    worker.start()
    ended = observer.complete if until == "complete" else observer.listening
    if not ended.wait(_PATIENCE_SECONDS):
        raise TimeoutError(until)
    # Asked once, at the end: to look again and again would be time of the worker's.
    observer.run.peak_mb = peak_resident_mb()
    run = asdict(observer.run)
    wanted = set(sys.stdin.readline().split())
    wait_until(lambda: wanted <= observer.told, seconds=30, what="messages of the bench")
    worker.stop(10)
    sys.stdout.write(f"{json.dumps(run)}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
