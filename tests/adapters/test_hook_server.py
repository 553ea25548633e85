"""The hook endpoint on real sockets: who gets in, who is told what, and that nothing is lost."""

import select
import socket
import threading
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise

import pytest
from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.phone.hook_server import HookLimits, HookServer
from supportdesk.domain.errors import ConnectionLost
from supportdesk.protocols.hook_fields import SentEvent
from tests.lab.waiting import free_port

TOKEN = "sesame"
PATIENCE_MILLISECONDS = 30_000


class Desk:
    """Takes events in; `answers` says what becomes of each, True when it is never told."""

    def __init__(self, qtbot: QtBot, limits: HookLimits | None = None) -> None:
        self.numbers: list[str] = []
        self.take: Callable[[SentEvent], bool] = lambda _: True
        self._qtbot = qtbot
        self._owner = QObject()
        self.server = HookServer(
            token=TOKEN,
            take=self._take,
            clock=SystemClock(),
            limits=limits,
            parent=self._owner,
        )
        self.port = self.server.listen(free_port())

    def _take(self, sent: SentEvent) -> bool:
        self.numbers.append(sent.event.number)
        return self.take(sent)

    def hears(self, said: bytes, host: str = "127.0.0.1") -> bytes:
        """All that a sender hears until the connection is closed."""
        return self.run(lambda: talk(host, self.port, said))

    def run(self, ask: Callable[[], bytes]) -> bytes:
        heard: list[bytes] = []
        sender = threading.Thread(target=lambda: heard.append(ask()), name="sender")
        sender.start()
        self.wait(lambda: not sender.is_alive())
        return heard[0]

    def wait(self, is_so: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(is_so, timeout=PATIENCE_MILLISECONDS)


def talk(host: str, port: int, said: bytes) -> bytes:
    with socket.create_connection((host, port), timeout=30) as sender:
        sender.sendall(said)
        return rest(sender)


def rest(sender: socket.socket) -> bytes:
    heard = b""
    while data := sender.recv(65536):
        heard += data
    return heard


def rest_or_reset(sender: socket.socket) -> bytes:
    try:
        return rest(sender)
    except ConnectionResetError:
        return b""


def post(number: str = "+420541220018", more: str = "Connection: close\r\n") -> bytes:
    body = f'{{"event": "missed", "from": "{number}"}}'
    return (
        f"POST /v1/calls HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TOKEN}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n{more}\r\n{body}"
    ).encode()


def status(heard: bytes) -> int:
    return int(heard.split()[1])


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(qtbot)
    yield made
    made.server.close()


@pytest.fixture
def hasty(qtbot: QtBot) -> Iterator[Desk]:
    limits = HookLimits(connections=2, request_seconds=0.2, linger_seconds=0.2)
    made = Desk(qtbot, limits)
    yield made
    made.server.close()


@pytest.fixture
def roomless(qtbot: QtBot) -> Iterator[Desk]:
    """Bears two senders, for as long as they like to stay."""
    made = Desk(qtbot, HookLimits(connections=2, request_seconds=3600, linger_seconds=0.2))
    yield made
    made.server.close()


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_an_event_comes_in_by_both_addresses(desk: Desk, host: str) -> None:
    assert status(desk.hears(post(), host)) == 200
    assert desk.numbers == ["+420541220018"]
    desk.wait(lambda: desk.server.connections == 0)


def test_what_cannot_be_kept_is_no_success(desk: Desk) -> None:
    desk.take = lambda _: False
    assert status(desk.hears(post())) == 507


def test_a_refusal_is_heard_by_who_sends_on(desk: Desk) -> None:
    body = b"x" * 5_000_000
    head = b"POST /v1/calls HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(body)
    assert status(desk.hears(head + body)) == 401
    assert status(desk.hears(post(more=f"X: {'x' * 5_000_000}\r\n"))) == 431
    assert desk.numbers == []


def test_half_a_request_and_silence_is_cut(hasty: Desk) -> None:
    assert status(hasty.hears(post()[:-10])) == 408
    assert status(hasty.hears(b"POST /v1/calls HT")) == 408
    assert hasty.hears(b"") == b""
    assert hasty.numbers == []
    hasty.wait(lambda: hasty.server.connections == 0)


def test_who_neither_reads_nor_leaves_is_let_go(hasty: Desk) -> None:
    with socket.create_connection(("127.0.0.1", hasty.port)) as sender:
        sender.sendall(b"nonsense\r\n\r\n")
        hasty.wait(lambda: bool(select.select([sender], [], [], 0)[0]))  # it is answered
        hasty.wait(lambda: hasty.server.connections == 0)


def test_one_too_many_is_told_and_far_too_many_are_not(roomless: Desk) -> None:
    senders = [socket.create_connection(("127.0.0.1", roomless.port), 30) for _ in range(2)]
    roomless.wait(lambda: roomless.server.connections == 2)
    assert status(roomless.hears(b"")) == 503
    more = [socket.create_connection(("127.0.0.1", roomless.port), 30) for _ in range(20)]
    heard = [roomless.run(partial(rest_or_reset, sender)) for sender in more]
    assert set(heard) - {b""} != set()
    assert {status(one) for one in heard if one} == {503}
    for sender in senders + more:
        sender.close()
    roomless.wait(lambda: roomless.server.connections == 0)
    assert status(roomless.hears(post())) == 200


def test_a_sender_that_leaves_before_the_answer_is_heard_all_the_same(desk: Desk) -> None:
    sender = socket.create_connection(("127.0.0.1", desk.port), 30)
    sender.sendall(post())
    sender.close()
    desk.wait(lambda: len(desk.numbers) == 1)
    desk.wait(lambda: desk.server.connections == 0)


def test_a_mistake_of_ours_is_answered_and_the_next_event_taken(desk: Desk, qtbot: QtBot) -> None:
    def fail(_: SentEvent) -> bool:
        raise ZeroDivisionError

    desk.take = fail
    with qtbot.capture_exceptions() as mistakes:
        assert status(desk.hears(post())) == 500
    assert [kind for kind, _, _ in mistakes] == [ZeroDivisionError]
    desk.take = lambda _: True
    assert status(desk.hears(post())) == 200


def test_a_burst_is_told_once_each_and_leaves_turns_to_the_window(desk: Desk) -> None:
    turns = [0]
    seen: list[int] = []
    window = QTimer()
    window.timeout.connect(lambda: turns.__setitem__(0, turns[0] + 1))
    window.start(0)

    def take(_: SentEvent) -> bool:
        seen.append(turns[0])
        return True

    desk.take = take
    answered: list[int] = []

    def send(first: int) -> None:
        with socket.create_connection(("127.0.0.1", desk.port), timeout=60) as sender:
            numbers = [f"+42060{first + step:07}" for step in range(50)]
            # All at once, and the last one ends the connection.
            requests = [post(number, "") for number in numbers[:-1]] + [post(numbers[-1])]
            sender.sendall(b"".join(requests))
            answered.extend(int(part[:3]) for part in rest(sender).split(b"HTTP/1.1 ")[1:])

    senders = [threading.Thread(target=send, args=(50 * one,)) for one in range(20)]
    for one in senders:
        one.start()
    desk.wait(lambda: not any(one.is_alive() for one in senders))
    window.stop()
    assert answered == [200] * 1_000
    assert sorted(desk.numbers) == [f"+42060{number:07}" for number in range(1_000)]
    assert all(later > earlier for earlier, later in pairwise(seen))


def test_who_waits_while_it_closes_is_told_that_nothing_was_taken(desk: Desk) -> None:
    heard: list[bytes] = []
    senders = [
        threading.Thread(target=lambda: heard.append(talk("127.0.0.1", desk.port, post()[:-1])))
        for _ in range(3)
    ]
    for one in senders:
        one.start()
    desk.wait(lambda: desk.server.connections == 3)
    desk.server.close()
    for one in senders:
        one.join(30)
    assert [status(one) for one in heard] == [503] * 3
    assert desk.numbers == []
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", desk.port), timeout=30)


@pytest.mark.parametrize(
    ("family", "address"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")]
)
def test_a_port_that_is_taken_on_one_address_is_taken(
    qtbot: QtBot, family: socket.AddressFamily, address: str
) -> None:
    with socket.socket(family) as other:
        other.bind((address, 0))
        other.listen()
        port = other.getsockname()[1]
        owner = QObject()
        server = HookServer(token=TOKEN, take=lambda _: True, clock=SystemClock(), parent=owner)
        with pytest.raises(ConnectionLost, match=f"port {port}") as caught:
            server.listen(port)
        assert "settings.toml" in caught.value.advice
        if family is socket.AF_INET6:
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", port), timeout=30)


def test_no_other_address_of_this_computer_answers(desk: Desk) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # sends nothing: it only chooses our address
        ours = probe.getsockname()[0]
    with pytest.raises(OSError, match="refused"):
        socket.create_connection((ours, desk.port), timeout=30)
