"""A D-Bus connection on Qt's event loop: no thread, no polling, and no step that can block.

jeepney serialises, parses and authenticates; the socket is ours. QtDBus cannot be used: it sends
wrong integer types for Notify.

    CLOSED -> open() -> AUTHENTICATING -> GREETING -> READY
    any of them -> lost -> CLOSED, and tried again later, ever more rarely
"""

import socket
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from itertools import count
from select import select
from time import monotonic

from jeepney import (  # type: ignore[import-untyped]  # it ships no types
    DBusAddress,
    HeaderFields,
    Message,
    MessageFlag,
    MessageType,
    Parser,
    new_method_call,
)
from jeepney.auth import BEGIN, Authenticator  # type: ignore[import-untyped]
from jeepney.bus import get_connectable_addresses  # type: ignore[import-untyped]
from PySide6.QtCore import QObject, QSocketNotifier, QTimer, Signal

from supportdesk.adapters.desktop.bus_messages import (
    LINK_LOST,
    NO_ANSWER,
    WRONG_ANSWER,
    AwaitedAnswers,
    BusSignal,
    Call,
    CallFailure,
    Reply,
    SignalSpec,
    bus_call,
)

_HANDSHAKE_SECONDS = 1.0
_RETRY_SECONDS = (1, 2, 5, 15, 60, 300)
_CHUNK_BYTES = 65536


class LinkState(Enum):
    """The life of the link."""

    CLOSED = "closed"
    AUTHENTICATING = "authenticating"
    GREETING = "greeting"
    READY = "ready"


@dataclass(slots=True, kw_only=True)
class _Waiting:
    """A call without an answer so far."""

    then: Callable[[Reply], None]
    failed: Callable[[CallFailure], None]
    late: Callable[[Reply], None]
    answer: str | None = None
    timer: QTimer | None = None
    is_given_up: bool = False


def _ignore(_: object) -> None:
    pass


@dataclass(slots=True)
class _Link:
    """One attempt at a connection, from its socket to its last byte."""

    socket: socket.socket
    authenticator: Authenticator = field(default_factory=Authenticator)
    parser: Parser = field(default_factory=Parser)
    serials: "count[int]" = field(default_factory=lambda: count(1))
    unsent: bytearray = field(default_factory=bytearray)


class BusConnection(QObject):
    """One connection to one bus, kept up. Used on the thread that made it.

    Signals:
        ready: The bus knows us; what is listened to has been asked for again.
        lost: There is no link (also when it could not be made); the reason in words.
    """

    ready = Signal()
    lost = Signal(str)

    def __init__(self, address: str | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._address = address
        self._state = LinkState.CLOSED
        self._link: _Link | None = None
        self._reader: QSocketNotifier | None = None
        self._writer: QSocketNotifier | None = None
        self._waiting: dict[int, _Waiting] = {}
        self._unread: deque[Message] = deque()
        self._listeners: list[tuple[SignalSpec, Callable[[BusSignal], None]]] = []
        self._failures = 0
        self._handshake_timer = self._timer(self._handshake_took_too_long)
        self._retry_timer = self._timer(self.open)

    @property
    def state(self) -> LinkState:
        return self._state

    def open(self) -> None:
        """Begin to connect; `ready` or `lost` follows, perhaps before this returns."""
        if self._state is not LinkState.CLOSED:
            return
        if self._address is None:
            self.lost.emit("there is no bus on this computer")
            return
        try:
            connection = _connected_socket(self._address)
        except (OSError, ValueError, RuntimeError) as error:
            self._lose(str(error))
            return
        self._link = _Link(connection)
        self._state = LinkState.AUTHENTICATING
        self._reader = QSocketNotifier(connection.fileno(), QSocketNotifier.Type.Read, self)
        self._reader.activated.connect(self._read)
        self._writer = QSocketNotifier(connection.fileno(), QSocketNotifier.Type.Write, self)
        self._writer.setEnabled(False)
        self._writer.activated.connect(self._flush)
        self._handshake_timer.start(round(_HANDSHAKE_SECONDS * 1000))
        self._send_bytes(self._link.authenticator.data_to_send() or b"")

    def call(
        self,
        call: Call,
        then: Callable[[Reply], None] = _ignore,
        failed: Callable[[CallFailure], None] = _ignore,
        *,
        late: Callable[[Reply], None] = _ignore,
        deadline_seconds: float = 0.0,
    ) -> None:
        """Send a call. After the deadline `failed` is called, and `late` if an answer comes yet."""
        if self._state is not LinkState.READY:
            failed(CallFailure(name=LINK_LOST))
            return
        waiting = _Waiting(then=then, failed=failed, late=late, answer=call.answer)
        self._call(call, waiting, deadline_seconds)

    def listen(self, spec: SignalSpec, handler: Callable[[BusSignal], None]) -> None:
        """Hear these signals from now on, on every later link too."""
        self._listeners.append((spec, handler))
        if self._state is LinkState.READY:
            self._add_match(spec)

    def drain(self, seconds: float) -> None:
        """Before the end of the program: wait shortly until calls are sent and answered."""
        deadline = monotonic() + seconds
        while self._link is not None and (self._link.unsent or self._waiting):
            writable = [self._link.socket] if self._link.unsent else []
            left = deadline - monotonic()
            if left <= 0:
                return
            can_read, can_write, _ = select([self._link.socket], writable, [], left)
            if can_write:
                self._flush()
            if can_read:
                self._read()

    def awaited(self) -> AwaitedAnswers | None:
        """The calls without an answer whose answer matters, however late; None for none."""
        late = (serial for serial, one in self._waiting.items() if one.late is not _ignore)
        serials = tuple(late)
        if self._link is None or not serials:
            return None
        return AwaitedAnswers(descriptor=self._link.socket.fileno(), serials=serials)

    def catch_up(self) -> None:
        """Hear what lies in the socket: a busy thread may see a deadline before the answer."""
        while self._link is not None and select([self._link.socket], [], [], 0)[0]:
            self._read()

    def close(self) -> None:
        self._retry_timer.stop()
        self._disconnect(CallFailure(name=LINK_LOST))

    def _timer(self, due: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(due)
        return timer

    def _call(self, call: Call, waiting: _Waiting, deadline_seconds: float) -> None:
        if self._link is None:
            return
        serial = next(self._link.serials)
        self._waiting[serial] = waiting
        if deadline_seconds:
            waiting.timer = self._timer(lambda: self._give_up(serial))
            waiting.timer.start(round(deadline_seconds * 1000))
        address = DBusAddress(call.path, bus_name=call.service, interface=call.interface)
        message = new_method_call(address, call.member, call.signature or None, call.body)
        if not call.may_start:
            message.header.flags |= MessageFlag.no_auto_start
        self._send_bytes(message.serialise(serial=serial))

    def _give_up(self, serial: int) -> None:
        """The call stays known, so that a late answer is not taken for that of another call."""
        self.catch_up()
        waiting = self._waiting.get(serial)
        if waiting is None:
            return
        waiting.is_given_up = True
        _stop(waiting)
        waiting.failed(CallFailure(name=NO_ANSWER))

    def _send_bytes(self, content: bytes) -> None:
        if self._link is not None:
            self._link.unsent += content
            self._flush()

    def _flush(self, *_: object) -> None:
        if self._link is None or self._writer is None:
            return
        try:
            while self._link.unsent:
                sent = self._link.socket.send(self._link.unsent)
                del self._link.unsent[:sent]
        except BlockingIOError:
            self._writer.setEnabled(True)
        except OSError as error:
            self._lose(str(error))
        else:
            self._writer.setEnabled(False)

    def _read(self, *_: object) -> None:
        if self._link is None:
            return
        try:
            content = self._link.socket.recv(_CHUNK_BYTES)
        except BlockingIOError:
            return
        except OSError as error:
            self._lose(str(error))
            return
        if not content:
            self._lose("the bus closed the connection")
            return
        try:
            messages = self._messages_in(self._link, content)
        except (ValueError, LookupError, OverflowError) as error:
            self._lose(f"the bus sent something else than D-Bus: {error}")
            return
        self._unread.extend(messages)
        self._dispatch_unread()

    def _dispatch_unread(self) -> None:
        """Whatever a listener makes of one message, the others are heard too."""
        try:
            while self._unread:
                self._dispatch(self._unread.popleft())
        finally:
            if self._unread:
                QTimer.singleShot(0, self, self._dispatch_unread)

    def _messages_in(self, link: _Link, content: bytes) -> list[Message]:
        if self._state is not LinkState.AUTHENTICATING:
            return list(link.parser.feed(content))
        link.authenticator.feed(content)
        if link.authenticator.authenticated:
            self._state = LinkState.GREETING
            self._send_bytes(BEGIN)
            self._call(
                bus_call("Hello"),
                _Waiting(then=self._greeted, failed=self._not_greeted, late=_ignore),
                0.0,
            )
        return []

    def _greeted(self, _: Reply) -> None:
        self._handshake_timer.stop()
        self._state = LinkState.READY
        self._failures = 0
        for spec, _handler in self._listeners:
            self._add_match(spec)
        self.ready.emit()

    def _not_greeted(self, failure: CallFailure) -> None:
        if failure.name != LINK_LOST:
            self._lose(f"the bus refused us: {failure.text}")

    def _handshake_took_too_long(self) -> None:
        self._lose("the bus does not answer")

    def _add_match(self, spec: SignalSpec) -> None:
        self._call(
            bus_call("AddMatch", "s", (spec.rule(),)),
            _Waiting(then=_ignore, failed=_ignore, late=_ignore),
            0.0,
        )

    def _dispatch(self, message: Message) -> None:
        fields = message.header.fields
        match message.header.message_type:
            case MessageType.signal:
                signal = BusSignal(
                    sender=fields.get(HeaderFields.sender, ""),
                    path=fields.get(HeaderFields.path, ""),
                    interface=fields.get(HeaderFields.interface, ""),
                    member=fields.get(HeaderFields.member, ""),
                    body=message.body,
                )
                self._heard(signal, fields.get(HeaderFields.signature, ""))
            case MessageType.method_return | MessageType.error:
                waiting = self._waiting.pop(fields.get(HeaderFields.reply_serial, 0), None)
                if waiting is not None:
                    _answer(waiting, message)
            case _:
                pass  # nobody may call us

    def _heard(self, signal: BusSignal, signature: str) -> None:
        for spec, handler in self._listeners:
            if (
                spec.interface == signal.interface
                and spec.member == signal.member
                and spec.path in ("", signal.path)
                and spec.signature in (None, signature)
                and spec.arg0 in ("", signal.body[0] if signal.body else "")
            ):
                handler(signal)

    def _lose(self, reason: str) -> None:
        self._disconnect(CallFailure(name=LINK_LOST, text=reason))
        pause = _RETRY_SECONDS[min(self._failures, len(_RETRY_SECONDS) - 1)]
        self._failures += 1
        self._retry_timer.start(pause * 1000)
        self.lost.emit(reason)

    def _disconnect(self, failure: CallFailure) -> None:
        self._handshake_timer.stop()
        self._state = LinkState.CLOSED
        for notifier in (self._reader, self._writer):
            if notifier is not None:
                notifier.setEnabled(False)
                notifier.deleteLater()
        self._reader = self._writer = None
        if self._link is not None:
            self._link.socket.close()
            self._link = None
        self._unread.clear()
        given_up, self._waiting = self._waiting, {}
        for waiting in given_up.values():
            _stop(waiting)
            if not waiting.is_given_up:
                waiting.failed(failure)


def _connected_socket(address: str) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.setblocking(False)
        connection.connect(next(get_connectable_addresses(address)))
    except BaseException:
        connection.close()
        raise
    return connection


def _answer(waiting: _Waiting, message: Message) -> None:
    fields = message.header.fields
    _stop(waiting)
    failure = _failure_in(message, waiting.answer)
    if failure is None:
        answer = waiting.late if waiting.is_given_up else waiting.then
        answer(Reply(sender=fields.get(HeaderFields.sender, ""), body=message.body))
    elif not waiting.is_given_up:
        waiting.failed(failure)


def _failure_in(message: Message, expected: str | None) -> CallFailure | None:
    """What is wrong with an answer. Here alone it is seen whether its types are the right ones."""
    fields = message.header.fields
    sender = fields.get(HeaderFields.sender, "")
    if message.header.message_type is not MessageType.method_return:
        text = str(message.body[0]) if message.body else ""
        return CallFailure(name=fields.get(HeaderFields.error_name, ""), text=text, sender=sender)
    got = fields.get(HeaderFields.signature, "")
    if expected in (None, got):
        return None
    text = f"it answered with the types ({got}) where ({expected}) is right"
    return CallFailure(name=WRONG_ANSWER, text=text, sender=sender)


def _stop(waiting: _Waiting) -> None:
    if waiting.timer is not None:
        waiting.timer.stop()
        waiting.timer.deleteLater()
        waiting.timer = None
