"""Every alert that programs ask the daemon of a lab desktop to show, read from its bus."""

import threading
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from jeepney import (  # type: ignore[import-untyped]  # it ships no types
    DBusAddress,
    HeaderFields,
    Message,
    MessageType,
    new_method_call,
)
from jeepney.io.blocking import open_dbus_connection  # type: ignore[import-untyped]

_NAME = "org.freedesktop.Notifications"
_MONITORING = DBusAddress(
    "/org/freedesktop/DBus",
    bus_name="org.freedesktop.DBus",
    interface="org.freedesktop.DBus.Monitoring",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardAlert:
    """One call of Notify.

    Attributes:
        is_new: It takes the place of no other.
        at: By the monotonic clock.
    """

    title: str
    body: str
    is_new: bool
    at: float


class HeardAlerts:
    """A monitor of the bus, which the programs on it know nothing of."""

    def __init__(self, address: str) -> None:
        self._lock = threading.Lock()
        self._heard: list[HeardAlert] = []
        self._stopping = threading.Event()
        self._connection = open_dbus_connection(address)
        rules = [f"type='method_call',interface='{_NAME}'"]
        begin = new_method_call(_MONITORING, "BecomeMonitor", "asu", (rules, 0))
        answer = self._connection.send_and_get_reply(begin, timeout=30)
        assert answer.header.message_type is MessageType.method_return, answer.body
        self._thread = threading.Thread(target=self._listen, name="heard alerts")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopping.set()
        self._thread.join(30)
        self._connection.close()

    @property
    def all(self) -> list[HeardAlert]:
        """What was asked for so far, in order."""
        with self._lock:
            return list(self._heard)

    def _listen(self) -> None:
        while not self._stopping.is_set():
            try:
                self._note(self._connection.receive(timeout=0.2))
            except TimeoutError:
                continue
            except OSError:
                return  # the bus is gone

    def _note(self, message: Message) -> None:
        if message.header.fields.get(HeaderFields.member) != "Notify":
            return
        _, replaces, _, title, body, *_ = message.body
        with self._lock:
            self._heard.append(
                HeardAlert(title=title, body=body, is_new=replaces == 0, at=time.monotonic())
            )
