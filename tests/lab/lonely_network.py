"""A network with nobody in it but whom a test puts there, and where every address can be called.

`ALONE` before a command runs it in a network namespace of its own; there `furnish` makes every
address of the internet lead back to this machine, so that whoever is contacted can be seen
(HostRecorder), the name servers of this machine among them: `NameServer` stands in for all of
them. `Relay` brings a server of loopback to an address of its own. Nothing but the network is
shut off: in a chroot, too, that needs no more than root.
"""

import os
import selectors
import shutil
import socket
import subprocess
import threading
from collections.abc import Mapping
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.lab.packages import apt_install

PACKAGES = ("iproute2",)
ALONE = ("unshare", "--net", *(() if os.geteuid() == 0 else ("--map-root-user",)))
LAB = "127.0.0.7"
"""From here the test itself talks."""
_RESOLVER = Path("/etc/resolv.conf")
_SBIN = "/usr/sbin:/sbin:/usr/bin:/bin"
_IP = (
    "link set lo up",
    # Whatever is asked for is on this machine, so no packet is lost for want of a way.
    "route add local 0.0.0.0/0 dev lo",
    "-6 route add local ::/0 dev lo",
)
_STOP_SECONDS = 0.2
_TYPE_A = b"\x00\x01"


def why_not_alone() -> str | None:
    """Say why no network of one's own can be had here, or None."""
    tool = shutil.which("unshare", path=_SBIN)
    if tool is None or shutil.which("ip", path=_SBIN) is None:
        return "unshare (util-linux) and ip (iproute2) are needed"
    tried = subprocess.run([*ALONE, "true"], capture_output=True, text=True, check=False)
    return None if tried.returncode == 0 else f"no namespaces: {tried.stderr.strip()}"


def install() -> None:
    apt_install(PACKAGES)


def furnish() -> None:
    """Make the network that `ALONE` gave one in which every address answers here."""
    ip = shutil.which("ip", path=_SBIN)
    assert ip is not None
    for arguments in _IP:
        done = subprocess.run([ip, *arguments.split()], capture_output=True, text=True, check=False)
        # A machine without IPv6 has nothing to lose there.
        if done.returncode and not arguments.startswith("-6"):
            raise RuntimeError(f"ip {arguments}: {done.stderr}")


def name_servers() -> list[str]:
    """Whom programs here ask for names, as resolv.conf(5) says; without any, this machine."""
    lines = [line.split() for line in _RESOLVER.read_text().splitlines()]
    named = [words[1] for words in lines if words[:1] == ["nameserver"] and len(words) > 1]
    return named or ["127.0.0.1"]


class NameServer:
    """Answers for the names it was given, with their one IPv4 address; of all others it knows none.

    It is no part of what is tested: a short one, for questions of a stub resolver over UDP.
    """

    def __init__(self, addresses: Mapping[str, str]) -> None:
        self._addresses = dict(addresses)
        self._is_over = threading.Event()
        self._sockets = [_datagrams(host) for host in name_servers()]
        self._thread = threading.Thread(target=self._serve, name="name server", daemon=True)

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
        for one in self._sockets:
            one.close()

    def _serve(self) -> None:
        with selectors.DefaultSelector() as asked:
            for one in self._sockets:
                asked.register(one, selectors.EVENT_READ, one)
            while not self._is_over.is_set():
                for key, _ in asked.select(_STOP_SECONDS):
                    query, peer = key.data.recvfrom(512)
                    key.data.sendto(self.answer(query), peer)

    def answer(self, query: bytes) -> bytes:
        end = query.index(b"\0", 12)
        question, kind = query[12 : end + 5], query[end + 1 : end + 3]
        labels = []
        at = 12
        while query[at]:
            labels.append(query[at + 1 : at + 1 + query[at]].decode("ascii", "replace"))
            at += 1 + query[at]
        address = self._addresses.get(".".join(labels).lower())
        is_told = address is not None and kind == _TYPE_A
        flags = b"\x81\x80" if address is not None else b"\x81\x83"
        head = query[:2] + flags + b"\0\1" + (b"\0\1" if is_told else b"\0\0") + b"\0\0\0\0"
        if address is None or not is_told:
            return head + question
        record = b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04" + socket.inet_aton(address)
        return head + question + record


def _datagrams(host: str) -> socket.socket:
    family = socket.AF_INET6 if ip_address(host).version == 6 else socket.AF_INET
    made = socket.socket(family, socket.SOCK_DGRAM)
    made.bind((host, 53))
    return made


class Relay:
    """Takes connections at an address of its own and carries them to a port of loopback."""

    def __init__(self, address: tuple[str, int], to_port: int) -> None:
        self._to_port = to_port
        self._socket = socket.create_server(address)
        self._ends: list[socket.socket] = []
        self._thread = threading.Thread(target=self._serve, name="relay", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for end in (self._socket, *self._ends):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _serve(self) -> None:
        while True:
            try:
                near, _ = self._socket.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self._to_port), source_address=(LAB, 0))
            self._ends += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=_carry, args=(one, other), daemon=True).start()


def _carry(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while data := one.recv(65_536):
            other.sendall(data)
    for end in (one, other):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
