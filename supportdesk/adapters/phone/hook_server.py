"""The hook's HTTP endpoint: sockets on 127.0.0.1 and ::1 around `protocols/hook_conversation`.

Lives on the GUI thread, which it never holds for long: of all events that wait, one is taken in a
turn of the event loop. What is kept of a sender is bounded: so many connections, so many bytes of
each. A timer runs only while somebody is connected.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtNetwork import QAbstractSocket, QHostAddress, QTcpServer, QTcpSocket

from supportdesk.domain.errors import ConnectionLost
from supportdesk.protocols import hook_answers as answers
from supportdesk.protocols.hook_answers import HookAnswer
from supportdesk.protocols.hook_conversation import HookConversation, HookRules, HookStep
from supportdesk.protocols.hook_fields import SentEvent
from supportdesk.protocols.hook_gate import EventRate
from supportdesk.services.ports import Clock

Take = Callable[[SentEvent], bool]
"""Takes an event in; True when it is written."""

_BACKLOG: Final = 128
_READ_BUFFER_BYTES: Final = 16_384
_LOOK_MILLISECONDS: Final = 1_000
_LAST_WORDS_MILLISECONDS: Final = 50
_ADDRESSES: Final = (
    QHostAddress.SpecialAddress.LocalHost,
    QHostAddress.SpecialAddress.LocalHostIPv6,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HookLimits:
    """How much of senders is borne at the same time, and for how long."""

    connections: int = 128
    request_seconds: float = 10.0
    linger_seconds: float = 2.0


class _Listener(QTcpServer):
    """Makes the socket of each peer itself, as PySide does not track those that Qt makes."""

    def __init__(self, welcome: Callable[[QTcpSocket], None], server: QObject) -> None:
        super().__init__(server)
        self._server = server
        self._welcome = welcome
        self.setListenBacklogSize(_BACKLOG)

    def incomingConnection(self, descriptor: int) -> None:
        peer = QTcpSocket(self._server)
        if peer.setSocketDescriptor(descriptor):
            self._welcome(peer)
        else:
            peer.deleteLater()


class _Peer:
    """One connection and what is said on it."""

    def __init__(self, socket: QTcpSocket, conversation: HookConversation) -> None:
        self.socket = socket
        self.conversation = conversation
        self.sent: SentEvent | None = None


class HookServer(QObject):
    """Listens on one port of both loopback addresses until `close`."""

    def __init__(
        self,
        *,
        token: str,
        take: Take,
        clock: Clock,
        limits: HookLimits | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.token = token
        self._take = take
        self._clock = clock
        self._limits = limits or HookLimits()
        self._rules = HookRules(
            token=lambda: self.token,
            rate=EventRate(),
            request_seconds=self._limits.request_seconds,
            linger_seconds=self._limits.linger_seconds,
        )
        self._listeners: list[_Listener] = []
        self._peers: list[_Peer] = []
        self._waiting: deque[_Peer] = deque()
        self._is_closed = False
        self._next_turn = QTimer(self)
        self._next_turn.setSingleShot(True)
        self._next_turn.timeout.connect(self._take_one)
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_MILLISECONDS)
        self._look.timeout.connect(self._look_for_slow)

    def listen(self, port: int) -> int:
        """Listen on both addresses; returns the port. Raises ConnectionLost when it is taken.

        A computer without IPv6 does with one of them. But somebody else on ::1 would be sent what
        is meant for us, token and all, by everyone who says localhost.
        """
        for address in _ADDRESSES:
            listener = _Listener(self._welcome, self)
            if listener.listen(QHostAddress(address), port):
                self._listeners.append(listener)
                port = listener.serverPort()
                continue
            is_taken = _is_taken(listener)
            reason = listener.errorString()
            listener.deleteLater()
            if is_taken or not self._listeners:
                self._let_go()
                raise _port_taken(port) if is_taken else _no_port(port, reason)
        return port

    @property
    def connections(self) -> int:
        return len(self._peers)

    def close(self) -> None:
        """Take in nothing more. Who waits for an answer is told that the event was not taken."""
        self._is_closed = True
        self._let_go()
        self._next_turn.stop()
        self._look.stop()
        self._waiting.clear()
        for peer in list(self._peers):
            socket = peer.socket
            self._write(peer, peer.conversation.refuse(answers.STOPPING, self._seconds()))
            if socket.bytesToWrite():
                socket.waitForBytesWritten(_LAST_WORDS_MILLISECONDS)
            self._forget(peer)
            socket.abort()

    # --- connections -----------------------------------------------------------------------

    def _welcome(self, socket: QTcpSocket) -> None:
        socket.setReadBufferSize(_READ_BUFFER_BYTES)
        if len(self._peers) >= 2 * self._limits.connections:
            socket.abort()  # not even a word for each of so many
            socket.deleteLater()
            return
        peer = _Peer(socket, HookConversation(self._rules, self._seconds()))
        self._peers.append(peer)
        socket.readyRead.connect(lambda: self._read(peer))
        socket.disconnected.connect(lambda: self._gone(peer))
        if len(self._peers) > self._limits.connections:
            refusal = peer.conversation.refuse(answers.TOO_MANY_CONNECTIONS, self._seconds())
            self._write(peer, refusal)
        if not self._look.isActive():
            self._look.start()
        self._read(peer)

    def _read(self, peer: _Peer) -> None:
        """What comes while an event waits to be taken stays in the socket."""
        while not peer.conversation.is_busy and peer.socket.bytesAvailable():
            data = bytes(peer.socket.readAll().data())
            step = peer.conversation.receive(data, self._clock.now(), self._seconds())
            self._follow(peer, step)
        if peer.conversation.is_over:
            peer.socket.disconnectFromHost()

    def _follow(self, peer: _Peer, step: HookStep) -> None:
        self._write(peer, step)
        if step.sent is not None:
            peer.sent = step.sent
            self._waiting.append(peer)
            if not self._next_turn.isActive():
                self._next_turn.start()

    def _write(self, peer: _Peer, step: HookStep) -> None:
        is_connected = peer.socket.state() is QAbstractSocket.SocketState.ConnectedState
        if step.reply and is_connected:
            peer.socket.write(step.reply)
            peer.socket.flush()

    def _gone(self, peer: _Peer) -> None:
        """An event that waits is taken in all the same: its sender cannot know."""
        if peer.sent is None:
            self._forget(peer)

    def _forget(self, peer: _Peer) -> None:
        if peer in self._peers:
            self._peers.remove(peer)
            peer.socket.deleteLater()
        if not self._peers:
            self._look.stop()

    def _look_for_slow(self) -> None:
        seconds = self._seconds()
        for peer in [one for one in self._peers if one.conversation.is_overdue(seconds)]:
            step = HookStep()
            if not peer.conversation.is_lingering:
                step = peer.conversation.overdue(seconds)
                self._write(peer, step)
            if not step.reply:
                peer.socket.abort()
                self._forget(peer)

    def _seconds(self) -> float:
        return self._clock.monotonic_seconds()

    # --- events ----------------------------------------------------------------------------

    def _take_one(self) -> None:
        """Take in the event that waits longest; whatever happens, its sender gets an answer."""
        peer = self._waiting.popleft()
        sent, peer.sent = peer.sent, None
        answer = answers.MISTAKE
        try:
            if sent is not None:
                answer = self._taken(sent)
        finally:
            self._answer(peer, answer)

    def _taken(self, sent: SentEvent) -> HookAnswer:
        is_written = self._take(sent)
        return answers.taken(sent.ignored) if is_written else answers.NOT_KEPT

    def _answer(self, peer: _Peer, answer: HookAnswer) -> None:
        if self._is_closed:
            return
        step = peer.conversation.answer(answer, self._clock.now(), self._seconds())
        self._follow(peer, step)
        self._read(peer)
        if self._waiting:
            self._next_turn.start()
        if peer.socket.state() is QAbstractSocket.SocketState.UnconnectedState:
            self._gone(peer)

    def _let_go(self) -> None:
        for listener in self._listeners:
            listener.close()
            listener.deleteLater()
        self._listeners.clear()


def _is_taken(listener: QTcpServer) -> bool:
    return listener.serverError() is QAbstractSocket.SocketError.AddressInUseError


def _port_taken(port: int) -> ConnectionLost:
    return ConnectionLost(
        f"The hook cannot listen: another program has port {port} of this computer",
        "Quit that program, or choose another port under [hook] in settings.toml. "
        "It is tried again every minute.",
    )


def _no_port(port: int, reason: str) -> ConnectionLost:
    return ConnectionLost(
        f"The hook cannot listen on port {port} of this computer: {reason}",
        "Choose another port under [hook] in settings.toml, one above 1023.",
    )
