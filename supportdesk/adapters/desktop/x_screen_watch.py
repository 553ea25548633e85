"""Watches for an XEmbed tray and the settings of the desktop, over a link of its own to X.

Qt asks for such a tray (tint2, trayer, old panels) once, when an icon is made; one that comes later
it never sees. Of the settings of GTK desktops it reads neither font nor theme without GTK. No
thread and no polling: the server speaks when a tray comes or goes, and when a setting changes.
"""

import logging
import os
import re
import socket
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from select import select
from time import monotonic

from PySide6.QtCore import QObject, QSocketNotifier, Signal

from supportdesk.domain.errors import PeerProtocolError
from supportdesk.protocols.x_managers import XManagers
from supportdesk.protocols.xsettings import Value

_log = logging.getLogger(__name__)

# Of this computer only: over a network the founder's panel is no XEmbed tray of ours.
_DISPLAY = re.compile(r"(?:unix)?:(\d+)(?:\.(\d+))?")
SOCKETS = Path("/tmp/.X11-unix")  # noqa: S108 - where X servers listen
_COOKIE_NAME = b"MIT-MAGIC-COOKIE-1"
_CONNECT_SECONDS = 1.0
_CHUNK_BYTES = 65536


class XScreenWatch(QObject):
    """Tells of tray and settings, at the start and whenever they change.

    Where the X server cannot be asked, nothing is told.

    Signals:
        tray_told: Whether an XEmbed tray is there.
        settings_told: Words and numbers by name; none where no desktop manages them.
    """

    tray_told = Signal(bool)
    settings_told = Signal(object)

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
        self._has_tray: bool | None = None
        self._settings: Mapping[str, Value] | None = None
        self._socket: socket.socket | None = None
        self._notifier: QSocketNotifier | None = None
        self._managers = XManagers(screen=0, cookie=b"")

    @property
    def is_watching(self) -> bool:
        return self._socket is not None

    def start(self) -> None:
        display = _DISPLAY.fullmatch(self._environ.get("DISPLAY", ""))
        if display is None:
            return
        number, screen = display[1], int(display[2] or 0)
        self._managers = XManagers(screen=screen, cookie=_cookie(self._environ, number))
        try:
            self._socket = _connected(str(self._sockets / f"X{number}"))
        except OSError as error:
            _log.info("The X server cannot be asked for trays and settings: %s", error)
            return
        self._notifier = QSocketNotifier(self._socket.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)
        self._send(self._managers.greeting())

    def stop(self) -> None:
        if self._notifier is not None:
            self._notifier.setEnabled(False)
            self._notifier.deleteLater()
            self._notifier = None
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def wait_for_settings(self, seconds: float) -> None:
        """Before a window is made: read what the server has to say by then, mostly at once."""
        deadline = monotonic() + seconds
        while self._socket is not None and self._managers.settings is None:
            left = deadline - monotonic()
            if left <= 0 or not select([self._socket], [], [], left)[0]:
                return
            self._read()

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
            self._send(self._managers.receive(data))
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
        has_tray, settings = self._managers.has_tray, self._managers.settings
        if has_tray is not None and has_tray != self._has_tray:
            self._has_tray = has_tray
            self.tray_told.emit(has_tray)
        if settings is not None and settings != self._settings:
            self._settings = settings
            self.settings_told.emit(settings)


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
