"""Tells when this computer joins or leaves a network, so that links are looked at at once.

On Linux from the kernel (rtnetlink): an address of global scope that comes or goes is a change; one
that is merely renewed, as IPv6 routers do all day, is none. QNetworkInformation could tell it, too,
but its backend brings GLib with two threads and 5 MB. It is used on other systems, where it is
light. Where neither works nothing is told, and the links notice by themselves, a little later.
"""

import logging
import os
import socket
import struct
import sys
from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, QSocketNotifier, QTimer, Signal

_log = logging.getLogger(__name__)

# A network comes in several steps (addresses, routes, names): they are told as one.
SETTLE_MILLISECONDS = 1_000

# linux/rtnetlink.h, linux/if_addr.h
_GROUPS = 0x10 | 0x100  # RTMGRP_IPV4_IFADDR, RTMGRP_IPV6_IFADDR
_NEW_ADDRESS, _ADDRESS_GONE, _GET_ADDRESSES = 20, 21, 22
_DUMP_REQUEST = 0x1 | 0x300
_PART_OF_DUMP = 0x2
_ATTRIBUTE_ADDRESS = 1
_GLOBAL_SCOPE = 0
_HEADER = struct.Struct("=IHHII")
_ADDRESS = struct.Struct("=BBBBI")
_ATTRIBUTE = struct.Struct("=HH")
_MOST_BYTES = 1 << 16

Address = tuple[int, bytes]


class AddressBook:
    """Which addresses this computer has, kept from the kernel's messages."""

    def __init__(self) -> None:
        self.addresses: set[Address] = set()

    def receive(self, data: bytes) -> bool:
        """Take note; True when an address came or went that was not part of a first listing."""
        is_changed = False
        for kind, flags, body in _messages(data):
            address = _address_of(body) if kind in (_NEW_ADDRESS, _ADDRESS_GONE) else None
            if address is None:
                continue
            is_news = (address not in self.addresses) is (kind == _NEW_ADDRESS)
            if kind == _NEW_ADDRESS:
                self.addresses.add(address)
            else:
                self.addresses.discard(address)
            is_changed = is_changed or (is_news and not flags & _PART_OF_DUMP)
        return is_changed


def _messages(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    position = 0
    while position + _HEADER.size <= len(data):
        length, kind, flags, _, _ = _HEADER.unpack_from(data, position)
        if length < _HEADER.size:
            return
        yield kind, flags, data[position + _HEADER.size : position + length]
        position += (length + 3) & ~3


def _address_of(body: bytes) -> Address | None:
    """Return interface and address of one message; None for one that leads nowhere."""
    if len(body) < _ADDRESS.size:
        return None
    _, _, _, scope, interface = _ADDRESS.unpack_from(body)
    if scope != _GLOBAL_SCOPE:
        return None
    position = _ADDRESS.size
    while position + _ATTRIBUTE.size <= len(body):
        length, kind = _ATTRIBUTE.unpack_from(body, position)
        if length < _ATTRIBUTE.size:
            return None
        if kind == _ATTRIBUTE_ADDRESS:
            return interface, body[position + _ATTRIBUTE.size : position + length]
        position += (length + 3) & ~3
    return None


class NetworkChanges(QObject):
    """Lives on the GUI thread.

    Signals:
        changed: The computer has other addresses than before, or is online or offline.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None, *, platform: str = sys.platform) -> None:
        super().__init__(parent)
        self._platform = platform
        self._book = AddressBook()
        self._socket: socket.socket | None = None
        self._notifier: QSocketNotifier | None = None
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MILLISECONDS)
        self._settle.timeout.connect(self.changed)

    def start(self) -> None:
        """Begin to listen, by whatever this system offers."""
        if self._platform.startswith("linux"):
            try:
                self._listen_to_kernel()
            except OSError as error:
                _log.info("The kernel tells no network changes: %s", error)
        else:
            _listen_to_qt(self._settle.start)

    def stop(self) -> None:
        self._settle.stop()
        if self._notifier is not None:
            self._notifier.setEnabled(False)
            self._notifier = None
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _listen_to_kernel(self) -> None:
        link = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
        try:
            link.setblocking(False)
            link.bind((0, _GROUPS))
            request = _ADDRESS.pack(socket.AF_UNSPEC, 0, 0, 0, 0)
            length = _HEADER.size + len(request)
            link.send(_HEADER.pack(length, _GET_ADDRESSES, _DUMP_REQUEST, 1, 0) + request)
        except OSError:
            link.close()
            raise
        self._socket = link
        self._notifier = QSocketNotifier(link.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._readable)

    def _readable(self) -> None:
        while self._socket is not None:
            try:
                data = self._socket.recv(_MOST_BYTES)
            except BlockingIOError:
                return
            except OSError as error:
                # ENOBUFS: more happened than the buffer holds, so something did.
                _log.info("Network changes were missed: %s", os.strerror(error.errno or 0))
                self._settle.start()
                return
            if self._book.receive(data):
                self._settle.start()


def _listen_to_qt(tell: Callable[[], None]) -> None:
    from PySide6.QtNetwork import QNetworkInformation

    if not QNetworkInformation.loadDefaultBackend():
        _log.info("This system tells no network changes")
        return
    information = QNetworkInformation.instance()
    information.reachabilityChanged.connect(lambda _reachability: tell())
    information.transportMediumChanged.connect(lambda _medium: tell())
