"""Watches for an XEmbed tray (tint2, trayer, old panels) over a link of its own to the X server.

Qt asks for such a tray once, when an icon is made; one that comes later it never sees. No thread
and no polling: the server speaks when a tray comes or goes.
"""

import logging
import os
import re
import socket
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path

from PySide6.QtCore import QObject, QSocketNotifier, Signal

from supportdesk.domain.errors import PeerProtocolError
from supportdesk.protocols.x_tray_owner import XTrayOwner

_log = logging.getLogger(__name__)

# Of this computer only: over a network the founder's panel is no XEmbed tray of ours.
_DISPLAY = re.compile(r"(?:unix)?:(\d+)(?:\.(\d+))?")
SOCKETS = Path("/tmp/.X11-unix")  # noqa: S108 - where X servers listen
_COOKIE_NAME = b"MIT-MAGIC-COOKIE-1"
_CONNECT_SECONDS = 1.0
_CHUNK_BYTES = 65536


class XEmbedWatch(QObject):
    """Tells whether an XEmbed tray is there, at the start and whenever that changes.

    Where the X server cannot be asked, nothing is told.
    """

    told = Signal(bool)

    def __init__(
        self,
        environ: Mapping[str, str] = os.environ,
        parent: QObject | None = None,
        *,
        sockets: Path = SOCKETS,
    ) -> None:
        super().__init__(parent)
        self._environ = environ
        self._sockets = sockets
        self._is_owned: bool | None = None
        self._socket: socket.socket | None = None
        self._notifier: QSocketNotifier | None = None
        self._owner = XTrayOwner(screen=0, cookie=b"")

    @property
    def is_watching(self) -> bool:
        return self._socket is not None

    def start(self) -> None:
        display = _DISPLAY.fullmatch(self._environ.get("DISPLAY", ""))
        if display is None:
            return
        number, screen = display[1], int(display[2] or 0)
        self._owner = XTrayOwner(screen=screen, cookie=_cookie(self._environ, number))
        try:
            self._socket = _connected(str(self._sockets / f"X{number}"))
        except OSError as error:
            _log.info("The X server cannot be asked for trays: %s", error)
            return
        self._notifier = QSocketNotifier(self._socket.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)
        self._send(self._owner.greeting())

    def stop(self) -> None:
        if self._notifier is not None:
            self._notifier.setEnabled(False)
            self._notifier.deleteLater()
            self._notifier = None
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _read(self) -> None:
        if self._socket is None:
            return
        try:
            data = self._socket.recv(_CHUNK_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.stop()
            return
        try:
            self._send(self._owner.receive(data))
        except PeerProtocolError as error:
            _log.info("%s", error.title)
            self.stop()
        self._tell()

    def _send(self, data: bytes) -> None:
        """A few dozen bytes at a time: a server that does not take them is no server any more."""
        try:
            if self._socket is not None and data:
                self._socket.sendall(data)
        except OSError as error:
            _log.info("The X server does not listen: %s", error)
            self.stop()

    def _tell(self) -> None:
        is_owned = self._owner.is_owned
        if is_owned is not None and is_owned != self._is_owned:
            self._is_owned = is_owned
            self.told.emit(is_owned)


def _connected(path: str) -> socket.socket:
    """By the name that Linux keeps apart from files, or else by the file."""
    for address in (f"\0{path}", path):
        made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        made.settimeout(_CONNECT_SECONDS)
        try:
            made.connect(address)
        except OSError:
            made.close()
            if address == path:
                raise
            continue
        made.setblocking(False)
        return made
    raise OSError(path)


def _cookie(environ: Mapping[str, str], number: str) -> bytes:
    """What the display manager has written down for us; empty where nothing is needed."""
    named = environ.get("XAUTHORITY", "")
    file = Path(named) if named else Path(environ.get("HOME", "/")) / ".Xauthority"
    try:
        entries = list(_entries(file.read_bytes()))
    except (OSError, struct.error):
        return b""
    for display, name, secret in entries:
        if display in (number.encode(), b"") and name == _COOKIE_NAME:
            return secret
    return b""


def _entries(data: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Of an authority file: number of the display, kind of secret, secret."""
    at = 0
    while at < len(data):
        at += 2  # the family of the address
        fields = []
        for _ in range(4):
            size = struct.unpack_from(">H", data, at)[0]
            fields.append(data[at + 2 : at + 2 + size])
            at += 2 + size
        yield fields[1], fields[2], fields[3]
