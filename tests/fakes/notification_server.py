"""A notification daemon of our own: it records what it shows, and misbehaves on request."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
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
from jeepney.io.blocking import DBusConnection, open_dbus_connection  # type: ignore[import-untyped]

from supportdesk.adapters.desktop import bus, freedesktop_alerts, notification_daemon
from tests.lab.waiting import wait_until

NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
USUAL_CAPABILITIES = ("actions", "body", "body-markup", "persistence")
EXPIRED, DISMISSED, CLOSED_BY_CALL = 1, 2, 3

_INTROSPECTION = f"""<node><interface name="{NAME}">
<method name="Notify"><arg type="s" direction="in"/><arg type="u" direction="in"/>
<arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/>
<arg type="as" direction="in"/><arg type="a{{sv}}" direction="in"/><arg type="i" direction="in"/>
<arg type="u" direction="out"/></method>
<method name="CloseNotification"><arg type="u" direction="in"/></method>
<method name="GetCapabilities"><arg type="as" direction="out"/></method>
<method name="GetServerInformation"><arg type="s" direction="out"/><arg type="s" direction="out"/>
<arg type="s" direction="out"/><arg type="s" direction="out"/></method>
<signal name="NotificationClosed"><arg type="u"/><arg type="u"/></signal>
<signal name="ActionInvoked"><arg type="u"/><arg type="s"/></signal>
</interface></node>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """One Notify call, and the number that it was given."""

    number: int
    app_name: str
    replaces: int
    icon: str
    title: str
    body: str
    actions: Mapping[str, str]
    hints: Mapping[str, Any]
    timeout: int


class NotificationServer:
    """Runs in a thread on a bus of its own connection.

    Whoever has heard its answer to a Notify finds the notification in `notified`.
    """

    def __init__(
        self,
        address: str,
        *,
        capabilities: tuple[str, ...] = USUAL_CAPABILITIES,
        first: int = 1,
        name: str = "fake",
    ) -> None:
        self.name = name
        self._answering = threading.Lock()
        self._notified: list[Notification] = []
        self.on_screen: dict[int, Notification] = {}
        self.calls: list[str] = []
        self.fail_with: str | None = None
        self.wrong_answers: dict[str, tuple[str, tuple[object, ...]]] = {}
        self.before_reply: Callable[[Notification], None] = lambda _: None
        self._address = address
        self._capabilities = capabilities
        self._next_number = first
        self._awake = threading.Event()
        self._awake.set()
        self._stopping = threading.Event()
        self._held: list[Message] | None = None
        self._connection: DBusConnection | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._stopping.clear()
        self._connection = open_dbus_connection(self._address)
        owned = self._connection.send_and_get_reply(message_bus.RequestName(NAME), timeout=30)
        assert owned.body == (1,), "another notification daemon has the name"
        self._thread = threading.Thread(target=self._serve, name="notification server")
        self._thread.start()

    def stop(self) -> None:
        """Go, with everything that is on the screen, as a daemon that crashed."""
        self._stopping.set()
        self._awake.set()
        if self._thread is not None:
            self._thread.join(10)
        if self._connection is not None:
            self._connection.close()
        self.on_screen.clear()

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Neither read nor answer anything."""
        self._awake.clear()
        try:
            yield
        finally:
            self._awake.set()

    def hold_replies(self) -> None:
        self._held = []

    def release_replies(self, *, reverse: bool = False) -> None:
        with self._answering:
            held, self._held = self._held or [], None
        for reply in reversed(held) if reverse else held:
            self._send(reply)

    @property
    def held_replies(self) -> int:
        with self._answering:
            return len(self._held or [])

    @property
    def notified(self) -> list[Notification]:
        with self._answering:
            return list(self._notified)

    def invoke(self, number: int, action: str, *, token: str = "") -> None:
        """The user clicks; as the specification wants it, the token comes first."""
        if token:
            self.emit("ActivationToken", "us", number, token)
        self.emit("ActionInvoked", "us", number, action)

    def close(self, number: int, reason: int) -> None:
        self.on_screen.pop(number, None)
        self.emit("NotificationClosed", "uu", number, reason)

    def emit(self, member: str, signature: str, *body: object) -> None:
        address = DBusAddress(PATH, bus_name=None, interface=NAME)
        self._send(new_signal(address, member, signature, body))

    def wait_for(self, count: int) -> list[Notification]:
        wait_until(lambda: len(self.notified) >= count, seconds=10, what=f"{count} notifications")
        return self.notified

    def titles(self) -> list[str]:
        return [notification.title for notification in list(self.on_screen.values())]

    def _serve(self) -> None:
        assert self._connection is not None
        while not self._stopping.is_set():
            self._awake.wait()
            try:
                message = self._connection.receive(timeout=0.05)
                self._awake.wait()
                is_call = message.header.message_type is MessageType.method_call
                if is_call and not self._stopping.is_set():
                    self._answer(message)
            except TimeoutError:
                continue
            except OSError:
                return  # the bus is gone

    def _answer(self, call: Message) -> None:
        member = call.header.fields[HeaderFields.member]
        self.calls.append(member)
        if self.fail_with is not None and member == "Notify":
            self._send(new_error(call, self.fail_with, "s", ("on request",)))
            return
        if member in self.wrong_answers:
            types, body = self.wrong_answers[member]
            self._send(new_method_return(call, types, body))
            return
        match member:
            case "Notify":
                self._notify(call)
            case "CloseNotification":
                if call.body[0] in self.on_screen:
                    self.close(call.body[0], CLOSED_BY_CALL)
                self._send(new_method_return(call))
            case "GetCapabilities":
                self._send(new_method_return(call, "as", (list(self._capabilities),)))
            case "GetServerInformation":
                self._send(new_method_return(call, "ssss", (self.name, "tests", "1", "1.3")))
            case "Introspect":
                self._send(new_method_return(call, "s", (_INTROSPECTION,)))
            case _:
                self._send(new_error(call, "org.freedesktop.DBus.Error.UnknownMethod"))

    def _notify(self, call: Message) -> None:
        app_name, replaces, icon, title, body, actions, hints, timeout = call.body
        number = replaces
        if replaces not in self.on_screen:
            number, self._next_number = self._next_number, self._next_number + 1
        notification = Notification(
            number=number,
            app_name=app_name,
            replaces=replaces,
            icon=icon,
            title=title,
            body=body,
            actions=dict(zip(actions[::2], actions[1::2], strict=True)),
            hints={name: value for name, (_, value) in hints.items()},
            timeout=timeout,
        )
        self.on_screen[number] = notification
        self.before_reply(notification)
        reply = new_method_return(call, "u", (number,))
        with self._answering:
            if self._held is None:
                self._send(reply)
            else:
                self._held.append(reply)
            self._notified.append(notification)

    def _send(self, message: Message) -> None:
        assert self._connection is not None
        self._connection.send(message)


@contextmanager
def notification_server(
    address: str, *, capabilities: tuple[str, ...] = USUAL_CAPABILITIES, first: int = 1
) -> Iterator[NotificationServer]:
    server = NotificationServer(address, capabilities=capabilities, first=first)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def bear_with_daemons(monkeypatch: pytest.MonkeyPatch, seconds: float = 60.0) -> None:
    """Wait longer for the bus and whoever shows pop-ups than a founder would.

    One second is plenty on a desktop, and not always on a machine that runs all our tests.
    """
    monkeypatch.setattr(bus, "_HANDSHAKE_SECONDS", seconds)
    monkeypatch.setattr(notification_daemon, "_ANSWER_SECONDS", seconds)
    for name in ("_ANSWER_SECONDS", "_START_SECONDS", "_DRAIN_SECONDS"):
        monkeypatch.setattr(freedesktop_alerts, name, seconds)
