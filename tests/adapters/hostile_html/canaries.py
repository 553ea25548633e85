"""What sings when it is touched: a web server on loopback, and files in a watched folder."""

import ctypes
import os
import socket
import struct
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

SECRET = "the-words-of-the-founder"
_IN_ACCESS, _IN_OPEN, _IN_NONBLOCK = 0x1, 0x20, 0o4000
_EVENT = struct.Struct("iIII")


class CanaryServer:
    """Counts connections; whoever connects is answered with a picture of nothing and let go."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.connections: list[bytes] = []
        self._seen = threading.Condition()
        self._thread = threading.Thread(target=self._serve, name="canary", daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                peer, _ = self._socket.accept()
            except OSError:
                return
            with peer:
                peer.settimeout(5)
                try:
                    asked = peer.recv(4096)
                    peer.sendall(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n")
                except OSError:
                    asked = b""
            with self._seen:
                self.connections.append(asked)
                self._seen.notify_all()

    def wait_for_one(self) -> bool:
        with self._seen:
            return self._seen.wait_for(lambda: bool(self.connections), timeout=30)

    def close(self) -> None:
        # Closing alone does not wake accept().
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(timeout=30)


class FolderWatch:
    """Hears of every opening of a file in a folder, by whatever code (inotify; Linux alone)."""

    def __init__(self, folder: Path) -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        self._descriptor = libc.inotify_init1(_IN_NONBLOCK)
        if self._descriptor < 0:
            raise OSError(ctypes.get_errno(), "inotify_init1")
        mask = _IN_ACCESS | _IN_OPEN
        if libc.inotify_add_watch(self._descriptor, os.fsencode(folder), mask) < 0:
            raise OSError(ctypes.get_errno(), "inotify_add_watch")

    def heard(self) -> list[str]:
        """Names of the files that were opened or read since the last time."""
        names: list[str] = []
        try:
            data = os.read(self._descriptor, 65_536)
        except BlockingIOError:
            return names
        while data:
            _, mask, _, length = _EVENT.unpack_from(data)
            name = data[_EVENT.size : _EVENT.size + length].rstrip(b"\0")
            if mask & (_IN_ACCESS | _IN_OPEN) and name:
                names.append(os.fsdecode(name))
            data = data[_EVENT.size + length :]
        return names

    def close(self) -> None:
        os.close(self._descriptor)


@dataclass(slots=True, kw_only=True)
class Canaries:
    """All of them, and the words by which samples refer to them."""

    server: CanaryServer
    folder: Path
    watch: FolderWatch | None
    words: dict[str, str] = field(default_factory=dict)

    def filled(self, source: str) -> str:
        for word, value in self.words.items():
            source = source.replace(word, value)
        return source

    def assert_silent(self) -> None:
        assert self.server.connections == []
        if self.watch is not None:
            assert self.watch.heard() == []


@contextmanager
def canaries_in(folder: Path) -> Iterator[Canaries]:
    image = QImage(300, 300, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    image.save(str(folder / "canary.png"))
    (folder / "canary.txt").write_text(SECRET)
    (folder / "canary.css").write_text(".secret, p, body { color: #ff0000; background: #ff0000 }")
    server = CanaryServer()
    watch = FolderWatch(folder) if sys.platform == "linux" else None
    words = {
        "@WEB@": f"http://127.0.0.1:{server.port}",
        "@HOST@": f"127.0.0.1:{server.port}",
        "@PORT@": str(server.port),
        "@SSL@": "@",
        "@FILE@": (folder / "canary.txt").as_uri(),
        "@PATH@": str(folder / "canary.txt"),
        "@IMAGE@": (folder / "canary.png").as_uri(),
        "@IMAGE_PATH@": str(folder / "canary.png"),
        "@STYLE@": (folder / "canary.css").as_uri(),
    }
    try:
        yield Canaries(server=server, folder=folder, watch=watch, words=words)
    finally:
        server.close()
        if watch is not None:
            watch.close()
