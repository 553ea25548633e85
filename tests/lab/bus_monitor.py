"""Everything that passes over a D-Bus, which the programs on it know nothing of."""

import threading
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from jeepney import (  # type: ignore[import-untyped]  # it ships no types
    DBusAddress,
    Message,
    MessageType,
    new_method_call,
)
from jeepney.io.blocking import open_dbus_connection  # type: ignore[import-untyped]

from tests.lab.waiting import patient

_MONITORING = DBusAddress(
    "/org/freedesktop/DBus",
    bus_name="org.freedesktop.DBus",
    interface="org.freedesktop.DBus.Monitoring",
)


class BusMonitor:
    """Gives each message to `take`, in a thread of its own."""

    def __init__(
        self, address: str, take: Callable[[Message], None], rules: Sequence[str] = ()
    ) -> None:
        """Hear from here on what these match rules name; everything without any."""
        self._take = take
        self._is_over = threading.Event()
        self._connection = open_dbus_connection(address)
        begin = new_method_call(_MONITORING, "BecomeMonitor", "asu", (list(rules), 0))
        answer = self._connection.send_and_get_reply(begin, timeout=patient(5))
        assert answer.header.message_type is MessageType.method_return, answer.body
        self._thread = threading.Thread(target=self._listen, name="bus monitor", daemon=True)

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
        self._thread.join(patient(5))
        self._connection.close()

    def _listen(self) -> None:
        while not self._is_over.is_set():
            try:
                self._take(self._connection.receive(timeout=0.1))
            except TimeoutError:
                continue
            except OSError:
                return  # the bus is gone
