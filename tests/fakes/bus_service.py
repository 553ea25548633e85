"""A service on a test's bus: answers fixed values to method calls, and emits signals."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from jeepney import (  # type: ignore[import-untyped]  # it ships no types
    DBusAddress,
    HeaderFields,
    Message,
    MessageType,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.bus_messages import message_bus  # type: ignore[import-untyped]
from jeepney.io.blocking import open_dbus_connection  # type: ignore[import-untyped]

Answers = Mapping[str, tuple[str, tuple[object, ...]]]
"""By method: the signature of the answer and its values."""


class BusService:
    """Owns a name on the bus and runs in a thread."""

    def __init__(self, address: str, name: str, answers: Answers | None = None) -> None:
        self.calls: list[tuple[str, tuple[object, ...]]] = []
        self._answers = dict(answers or {})
        self._stopping = threading.Event()
        self._connection = open_dbus_connection(address)
        owned = self._connection.send_and_get_reply(message_bus.RequestName(name), timeout=30)
        assert owned.body == (1,), f"somebody else has {name}"
        self._thread = threading.Thread(target=self._serve, name=f"service {name}")
        self._thread.start()

    def emit(self, path: str, interface: str, member: str, signature: str, *body: object) -> None:
        address = DBusAddress(path, bus_name=None, interface=interface)
        self._connection.send(new_signal(address, member, signature, body))

    def answer(self, member: str, signature: str, *body: object) -> None:
        """Answer this method so from now on."""
        self._answers[member] = (signature, body)

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(10)
        self._connection.close()

    def _serve(self) -> None:
        while not self._stopping.is_set():
            try:
                message = self._connection.receive(timeout=0.05)
                if message.header.message_type is MessageType.method_call:
                    self._connection.send(self._answer(message))
            except TimeoutError:
                continue
            except OSError:
                return  # the bus is gone

    def _answer(self, call: Message) -> Message:
        member = call.header.fields[HeaderFields.member]
        self.calls.append((member, tuple(call.body)))
        if member not in self._answers:
            return new_error(call, "org.freedesktop.DBus.Error.UnknownMethod")
        signature, body = self._answers[member]
        return new_method_return(call, signature, body)


@contextmanager
def bus_service(address: str, name: str, answers: Answers | None = None) -> Iterator[BusService]:
    service = BusService(address, name, answers)
    try:
        yield service
    finally:
        service.stop()
