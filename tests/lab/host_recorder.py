"""Who is contacted from this network: every host, port and name, read off the wire.

A packet socket sees each packet that leaves any interface, whatever program, library or thread
sends it, and whether or not anybody answers. What is kept: each beginning of a connection, each
datagram that is no answer to another, each name that a name server is asked for.
"""

import contextlib
import ctypes
import socket
import struct
import threading
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import ip_address
from types import TracebackType
from typing import Self

_ALL_PROTOCOLS = 3
_PACKET_OUTGOING = 4
_SOL_PACKET, _PACKET_STATISTICS = 263, 6
_SO_ATTACH_FILTER, _SO_RCVBUFFORCE = 26, 33
_ROOM_BYTES = 32_000_000
_LONGEST_PACKET = 65_536
_STOP_SECONDS = 0.2

_IPV4, _IPV6 = 0x0800, 0x86DD
_ETHERNET_BYTES, _IPV6_BYTES = 14, 40
_ICMP, _TCP, _UDP, _ICMPV6 = 1, 6, 17, 58
_ANSWERS = {_ICMP: (0, 3, 4, 5, 11, 12), _ICMPV6: (1, 2, 3, 4, 129)}
"""Said by our own end, of packets that came: nobody is contacted by them."""
_SYN, _ACK = 0x02, 0x10
_NAME_SERVER_PORT = 53

# What is kept is chosen in the kernel (BPF of 1993: code, jump if true, jump if false, constant):
# megabytes of mail pass between two looks of a busy machine, and none of them may push a first
# packet out. Kept is what leaves; of TCP only what asks for a connection.
_LOAD_BYTE, _LOAD_HALF, _LOAD_WORD, _LOAD_BYTE_AT_X = 0x30, 0x28, 0x20, 0x50
_LOAD_HEADER_LENGTH, _AND, _JUMP, _JUMP_EQUAL, _RETURN = 0xB1, 0x54, 0x05, 0x15, 0x06
_PACKET_TYPE = 0xFFFFF004
_FILTER = (
    (_LOAD_WORD, 0, 0, _PACKET_TYPE),
    (_JUMP_EQUAL, 0, 14, _PACKET_OUTGOING),  # else it is dropped
    (_LOAD_HALF, 0, 0, 12),
    (_JUMP_EQUAL, 0, 5, _IPV4),  # else perhaps it is IPv6
    (_LOAD_BYTE, 0, 0, 23),
    (_JUMP_EQUAL, 0, 9, _TCP),  # else it is kept
    (_LOAD_HEADER_LENGTH, 0, 0, 14),
    (_LOAD_BYTE_AT_X, 0, 0, 27),
    (_JUMP, 0, 0, 4),  # to the flags
    (_JUMP_EQUAL, 0, 6, _IPV6),  # else it is dropped
    (_LOAD_BYTE, 0, 0, 20),
    (_JUMP_EQUAL, 0, 3, _TCP),  # else it is kept
    (_LOAD_BYTE, 0, 0, 67),
    (_AND, 0, 0, _SYN | _ACK),
    (_JUMP_EQUAL, 0, 1, _SYN),
    (_RETURN, 0, 0, _LONGEST_PACKET),
    (_RETURN, 0, 0, 0),
)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Contact:
    """One place that was contacted, and how; `name` is what a name server was asked for."""

    how: str
    host: str
    port: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Packet:
    protocol: int
    source: str
    target: str
    body: bytes


class HostRecorder:
    """Records from entering to leaving. Needs the right to open packet sockets (CAP_NET_RAW)."""

    def __init__(self, *, but_from: Collection[str] = ()) -> None:
        """`but_from` are addresses from which the test itself talks."""
        self._but_from = frozenset(but_from)
        self._contacts: dict[Contact, None] = {}
        self._datagrams: set[tuple[str, int, str, int]] = set()
        self._lock = threading.Lock()
        self._is_over = threading.Event()
        self._socket = socket.socket(
            socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ALL_PROTOCOLS)
        )
        with contextlib.suppress(PermissionError):
            self._socket.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _ROOM_BYTES)
        _attach_filter(self._socket)
        self._socket.settimeout(_STOP_SECONDS)
        self._thread = threading.Thread(target=self._record, name="host recorder", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._is_over.set()
        self._thread.join()
        self._socket.close()

    def contacts(self) -> list[Contact]:
        """All so far, in the order in which they came first."""
        with self._lock:
            return list(self._contacts)

    def lost(self) -> int:
        """Packets that came too fast to be read, since last asked; with any, nothing is sure."""
        statistics = self._socket.getsockopt(_SOL_PACKET, _PACKET_STATISTICS, 8)
        return int(struct.unpack("=II", statistics)[1])

    def _take(self, frame: bytes) -> None:
        packet = _packet(frame)
        if packet is None or packet.source in self._but_from:
            return
        contact = self._contact(packet)
        if contact is not None:
            with self._lock:
                self._contacts[contact] = None

    def _record(self) -> None:
        while not self._is_over.is_set():
            with contextlib.suppress(TimeoutError):
                self._take(self._socket.recv(_LONGEST_PACKET))

    def _contact(self, packet: _Packet) -> Contact | None:
        if packet.protocol == _TCP:
            return _connection(packet)
        if packet.protocol == _UDP:
            return self._datagram(packet)
        if packet.protocol in _ANSWERS:
            kind = packet.body[0]
            is_answer = kind in _ANSWERS[packet.protocol]
            return None if is_answer else Contact(how="icmp", host=packet.target, port=kind)
        return Contact(how=f"protocol {packet.protocol}", host=packet.target)

    def _datagram(self, packet: _Packet) -> Contact | None:
        source, target = struct.unpack_from("!HH", packet.body)
        if (packet.target, target, packet.source, source) in self._datagrams:
            return None
        self._datagrams.add((packet.source, source, packet.target, target))
        name = _asked_name(packet.body[8:]) if target == _NAME_SERVER_PORT else ""
        return Contact(how="udp", host=packet.target, port=target, name=name)


def _attach_filter(link: socket.socket) -> None:
    code = b"".join(struct.pack("=HBBI", *instruction) for instruction in _FILTER)
    held = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("@HP", len(_FILTER), ctypes.addressof(held))
    link.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, program)


def _connection(packet: _Packet) -> Contact | None:
    target = struct.unpack_from("!H", packet.body, 2)[0]
    flags = packet.body[13]
    if not flags & _SYN or flags & _ACK:
        return None
    return Contact(how="tcp", host=packet.target, port=target)


def _packet(frame: bytes) -> _Packet | None:
    """None for what has no address of the internet, such as ARP."""
    kind = struct.unpack_from("!H", frame, 12)[0]
    body = frame[_ETHERNET_BYTES:]
    if kind == _IPV4:
        return _Packet(
            protocol=body[9],
            source=str(ip_address(body[12:16])),
            target=str(ip_address(body[16:20])),
            body=body[(body[0] & 0x0F) * 4 :],
        )
    if kind == _IPV6:
        return _Packet(
            protocol=body[6],
            source=str(ip_address(body[8:24])),
            target=str(ip_address(body[24:40])),
            body=body[_IPV6_BYTES:],
        )
    return None


def _asked_name(question: bytes) -> str:
    """The name in the first question of a DNS message (RFC 1035, 4.1.2)."""
    labels = []
    at = 12
    while at < len(question) and question[at]:
        length = question[at]
        labels.append(question[at + 1 : at + 1 + length].decode("ascii", "replace"))
        at += 1 + length
    return ".".join(labels).lower()
