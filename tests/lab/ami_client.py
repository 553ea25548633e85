"""A plain AMI client for the lab's own tests and for acting on the PBX beside the program."""

import contextlib
import socket
import threading
from collections.abc import Callable

from tests.lab.asterisk_conf import SECRET
from tests.lab.waiting import LOOPBACK, patient

Packet = dict[str, str]


class AmiClient:
    """Keeps every packet it saw. Of a key that repeats, the first value is kept."""

    def __init__(self, port: int, user: str = "full", *, secret: str = SECRET) -> None:
        self.packets: list[Packet] = []
        self.is_closed = False
        self._actions = 0
        self._changed = threading.Condition()
        self._link = socket.create_connection((LOOPBACK, port), timeout=5)
        self._link.settimeout(None)
        self._reader = threading.Thread(target=self._read, name="lab-ami", daemon=True)
        self._reader.start()
        self.login_answer = self.action("Login", Username=user, Secret=secret)

    def action(self, name: str, **fields: str) -> Packet:
        """Send one action and return its response."""
        self._actions += 1
        action_id = f"lab-{self._actions}"
        lines = [f"Action: {name}", f"ActionID: {action_id}"]
        lines += [f"{key}: {value}" for key, value in fields.items()]
        start = self.mark()
        self._link.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        return self.wait_for(
            lambda packet: "Response" in packet and packet.get("ActionID") == action_id,
            what=f"the response to {name}",
            start=start,
        )

    def mark(self) -> int:
        with self._changed:
            return len(self.packets)

    def wait_for_event(
        self, name: str, *, seconds: float = 10, start: int = 0, **fields: str
    ) -> Packet:
        wanted = {"Event": name, **fields}
        return self.wait_for(
            lambda packet: wanted.items() <= packet.items(),
            what=str(wanted),
            seconds=seconds,
            start=start,
        )

    def wait_for(
        self, wanted: Callable[[Packet], bool], *, what: str, seconds: float = 10, start: int = 0
    ) -> Packet:
        def found() -> Packet | None:
            return next((packet for packet in self.packets[start:] if wanted(packet)), None)

        with self._changed:
            self._changed.wait_for(
                lambda: found() is not None or self.is_closed, timeout=patient(seconds)
            )
            packet = found()
        if packet is None:
            raise TimeoutError(f"no {what}; the connection is closed: {self.is_closed}")
        return packet

    def close(self) -> None:
        with contextlib.suppress(OSError):  # the PBX went first
            self._link.shutdown(socket.SHUT_RDWR)
        self._reader.join(timeout=5)
        self._link.close()

    def _read(self) -> None:
        with self._link.makefile("rb") as stream:
            stream.readline()  # the banner
            packet: Packet = {}
            try:
                for line in stream:
                    if line == b"\r\n":
                        self._add(packet)
                        packet = {}
                        continue
                    key, _, value = line.decode("utf-8", "replace").rstrip("\r\n").partition(":")
                    packet.setdefault(key, value.removeprefix(" "))
            except OSError:
                pass  # closed under us
        with self._changed:
            self.is_closed = True
            self._changed.notify_all()

    def _add(self, packet: Packet) -> None:
        with self._changed:
            self.packets.append(packet)
            self._changed.notify_all()
