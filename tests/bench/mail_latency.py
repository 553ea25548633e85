"""From a delivery to the `happened` line of `supportdesk watch`, against a raw IDLE socket.

Both watch the same mailbox of the same Dovecot, which itself holds notices back for half a
second; our share is what the line comes later than the socket sees EXISTS.
"""

import json
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.figures import Figure, percentile
from tests.bench.home import SUPPORTDESK, make_home
from tests.lab.mail import PASSWORD, DovecotLab
from tests.lab.waiting import wait_until

_MESSAGES = 40
_PATIENCE_SECONDS = 15.0


def run() -> list[Figure]:
    with DovecotLab() as lab, tempfile.TemporaryDirectory() as folder:
        address = lab.new_address()
        with _watching(Path(folder), lab, address) as told:
            _warm_up(lab, address, told)
            with RawIdle(lab, address) as raw:
                return _figures(lab, address, told, raw)


def _figures(lab: DovecotLab, address: str, told: dict[str, float], raw: "RawIdle") -> list[Figure]:
    ours, floors, shares = [], [], []
    for number in range(_MESSAGES):
        message_id = f"<bench-{number}@example.org>"
        before = len(raw.seen)
        start = time.monotonic()
        lab.deliver(_message(message_id, number), to=address)
        _wait_for(told, message_id)
        _wait_for_length(raw.seen, before + 1)
        ours.append((told[message_id] - start) * 1000)
        floors.append((raw.seen[before] - start) * 1000)
        shares.append(ours[-1] - floors[-1])
    named = "raw IDLE socket sees EXISTS"
    return [
        Figure(
            what=f"mail to happened, p{share * 100:.0f}",
            unit="ms",
            ours=percentile(ours, share),
            floor=percentile(floors, share),
            floor_is=named,
        )
        for share in (0.5, 0.95)
    ] + [
        Figure(
            what="our share, p50",
            unit="ms",
            ours=percentile(shares, 0.5),
            floor=None,
            wanted="up to 5 ms",
        ),
        Figure(
            what="our share, p95",
            unit="ms",
            ours=percentile(shares, 0.95),
            floor=None,
            wanted="up to 30 ms",
        ),
    ]


def _warm_up(lab: DovecotLab, address: str, told: dict[str, float]) -> None:
    """What came before the first connection is history: deliver until something is told."""
    for number in range(30):
        lab.deliver(_message(f"<warm-{number}@example.org>", number), to=address)
        try:
            wait_until(lambda: told, seconds=1.0, what="a first line")
        except TimeoutError:
            continue
        _wait_for(told, f"<warm-{number}@example.org>")
        return
    raise RuntimeError("watch tells of no mail")


def _wait_for(told: dict[str, float], message_id: str) -> None:
    wait_until(lambda: message_id in told, seconds=_PATIENCE_SECONDS, what=message_id)


def _wait_for_length(seen: list[float], length: int) -> None:
    wait_until(lambda: len(seen) >= length, seconds=_PATIENCE_SECONDS, what="EXISTS")


def _message(message_id: str, number: int) -> bytes:
    return (
        f"From: Carla Customer <carla{number}@example.org>\r\n"
        "To: support@lab.test\r\n"
        f"Subject: Where is order {number}?\r\n"
        f"Message-ID: {message_id}\r\n"
        "Date: Wed, 18 Nov 2026 09:00:00 +0000\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        "\r\n"
        "The invoice has not arrived, can you look at it?\r\n"
    ).encode()


@contextmanager
def _watching(folder: Path, lab: DovecotLab, address: str) -> Iterator[dict[str, float]]:
    """Message-IDs that `watch` told of, and when."""
    told: dict[str, float] = {}
    environment = make_home(folder, lab, address)
    watch = subprocess.Popen(
        [*SUPPORTDESK, "watch", "--json"],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
    )

    def listen() -> None:
        assert watch.stdout is not None
        for line in watch.stdout:
            at = time.monotonic()
            said = json.loads(line)
            if said["what"] == "happened" and said.get("message_id"):
                told[said["message_id"]] = at

    listener = threading.Thread(target=listen, name="bench-watch", daemon=True)
    listener.start()
    try:
        yield told
    finally:
        watch.terminate()
        watch.wait(timeout=10)
        listener.join(timeout=10)


class RawIdle:
    """The barest client: a socket in IDLE, and when it saw each EXISTS."""

    def __init__(self, lab: DovecotLab, address: str) -> None:
        self.seen: list[float] = []
        context = ssl.create_default_context(cafile=str(lab.ca_file))
        plain = socket.create_connection(("localhost", lab.imaps_port), timeout=_PATIENCE_SECONDS)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._link = context.wrap_socket(plain, server_hostname="localhost")
        self._text = self._link.makefile("rb")
        self._text.readline()
        self._say(f"LOGIN {address} {PASSWORD}", until=b"t ")
        self._say("EXAMINE INBOX", until=b"t ")
        self._say("IDLE", until=b"+")
        self._link.settimeout(None)
        self._thread = threading.Thread(target=self._listen, name="bench-idle", daemon=True)

    def __enter__(self) -> "RawIdle":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._link.shutdown(socket.SHUT_RDWR)
        self._thread.join(timeout=10)
        self._text.close()
        self._link.close()

    def _say(self, command: str, *, until: bytes) -> None:
        self._link.sendall(f"t {command}\r\n".encode())
        while not self._text.readline().startswith(until):
            continue

    def _listen(self) -> None:
        try:
            for line in self._text:
                if line.rstrip().endswith(b" EXISTS"):
                    self.seen.append(time.monotonic())
        except OSError:
            return  # the bench is over
