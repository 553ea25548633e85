"""The barest IMAP client: commands out, answers read to their end and thrown away."""

import re
import socket

from tests.lab.mail import PASSWORD
from tests.lab.waiting import LOOPBACK

_PATIENCE_SECONDS = 120.0


class RawClient:
    """One connection without TLS, logged in.

    Attributes:
        received: Bytes since it was made or set to 0.
    """

    def __init__(self, port: int, address: str) -> None:
        self.received = 0
        self._socket = socket.create_connection((LOOPBACK, port), timeout=_PATIENCE_SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._count = 0
        self._until(re.compile(rb"\r\n\Z"))
        self.discard(f"LOGIN {address} {PASSWORD}")

    def __enter__(self) -> "RawClient":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def discard(self, command: str) -> bytes:
        """Send a command and read to its end; return the last few kilobytes of the answer."""
        self._count += 1
        tag = f"r{self._count}"
        self._socket.sendall(f"{tag} {command}\r\n".encode())
        return self._until(re.compile(rb"(?:\A|\n)" + tag.encode() + rb" [^\n]*\n\Z"))

    def opened(self, command: str) -> dict[str, int]:
        """Open a mailbox; return the numbers that the server tells."""
        answer = self.discard(command)
        numbers = {
            name: int(found[1]) if (found := re.search(rb"%b (\d+)" % name.encode(), answer)) else 0
            for name in ("UIDVALIDITY", "UIDNEXT", "HIGHESTMODSEQ")
        }
        exists = re.search(rb"\* (\d+) EXISTS", answer)
        return {**numbers, "EXISTS": int(exists[1]) if exists else 0}

    def _until(self, end: re.Pattern[bytes]) -> bytes:
        tail = b""
        while True:
            data = self._socket.recv(1 << 18)
            if not data:
                raise ConnectionResetError("the server closed the connection")
            self.received += len(data)
            tail = (tail + data)[-8000:]
            if tail.endswith(b"\r\n") and end.search(tail):
                return tail
