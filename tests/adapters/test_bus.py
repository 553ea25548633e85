"""The D-Bus link: made without blocking, kept up, and honest about what it does not know."""

import signal
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.adapters.desktop.bus import BusConnection, LinkState
from supportdesk.adapters.desktop.bus_messages import (
    BUS_NAME,
    LINK_LOST,
    NO_ANSWER,
    SERVICE_UNKNOWN,
    WRONG_ANSWER,
    BusSignal,
    Call,
    CallFailure,
    Reply,
    SignalSpec,
    bus_call,
    session_bus_address,
    system_bus_address,
)
from tests.fakes.notification_server import NAME, PATH, NotificationServer, notification_server
from tests.fakes.session_bus import PrivateBus, private_bus
from tests.lab.waiting import wait_until


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[PrivateBus]:
    with private_bus(tmp_path) as started:
        yield started


@pytest.fixture
def server(bus: PrivateBus) -> Iterator[NotificationServer]:
    with notification_server(bus.address) as started:
        yield started


@pytest.fixture
def link(bus: PrivateBus, qtbot: QtBot) -> Iterator[BusConnection]:
    connection = BusConnection(bus.address)
    with qtbot.waitSignal(connection.ready, timeout=5000):
        connection.open()
    yield connection
    connection.close()


class Answers:
    """What a call led to."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.failures: list[str] = []
        self.late: list[Reply] = []

    def failed(self, failure: CallFailure) -> None:
        self.failures.append(failure.name)


def capabilities_call(answer: str | None = None) -> Call:
    return Call(service=NAME, path=PATH, interface=NAME, member="GetCapabilities", answer=answer)


def test_addresses() -> None:
    assert session_bus_address({"DBUS_SESSION_BUS_ADDRESS": "unix:path=/a"}) == "unix:path=/a"
    assert session_bus_address({"XDG_RUNTIME_DIR": "/run/user/5"}) == "unix:path=/run/user/5/bus"
    assert session_bus_address({}) is None
    assert system_bus_address({"DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/b"}) == "unix:path=/b"
    assert "system_bus_socket" in system_bus_address({})


def test_a_call_and_its_answer(
    link: BusConnection, server: NotificationServer, qtbot: QtBot
) -> None:
    got = Answers()
    link.call(capabilities_call(), got.replies.append, got.failed)
    qtbot.waitUntil(lambda: bool(got.replies))
    assert "actions" in got.replies[0].body[0]
    assert got.replies[0].sender.startswith(":")
    assert got.failures == []


def test_a_service_that_is_not_there(link: BusConnection, qtbot: QtBot) -> None:
    got = Answers()
    link.call(capabilities_call(), got.replies.append, got.failed)
    qtbot.waitUntil(lambda: bool(got.failures))
    assert got.failures == [SERVICE_UNKNOWN]


def test_an_answer_that_does_not_come_and_one_that_is_late(
    link: BusConnection, server: NotificationServer, qtbot: QtBot
) -> None:
    got = Answers()
    with server.hanging():
        link.call(
            capabilities_call(),
            got.replies.append,
            got.failed,
            late=got.late.append,
            deadline_seconds=0.1,
        )
        qtbot.waitUntil(lambda: bool(got.failures))
        assert got.failures == [NO_ANSWER]
    qtbot.waitUntil(lambda: bool(got.late))
    assert got.replies == []


def test_an_answer_that_lay_there_before_its_deadline_is_not_late(
    link: BusConnection, server: NotificationServer, qtbot: QtBot
) -> None:
    got = Answers()
    link.call(
        capabilities_call(),
        got.replies.append,
        got.failed,
        late=got.late.append,
        deadline_seconds=0.05,
    )
    # This thread does nothing until answer and deadline are both there.
    wait_until(lambda: server.calls == ["GetCapabilities"], seconds=30, what="the question")
    server.stop()
    qtbot.waitUntil(lambda: bool(got.replies or got.failures))
    assert (got.failures, got.late) == ([], [])


def test_signals_are_chosen_by_the_rules(
    link: BusConnection, server: NotificationServer, qtbot: QtBot
) -> None:
    heard: list[BusSignal] = []
    owners: list[BusSignal] = []
    link.listen(SignalSpec(interface=NAME, member="ActionInvoked", path=PATH), heard.append)
    link.listen(SignalSpec(interface=NAME, member="Other"), heard.append)
    link.listen(
        SignalSpec(interface=BUS_NAME, member="NameOwnerChanged", arg0="our.test.Name"),
        owners.append,
    )
    got = Answers()
    link.call(bus_call("GetId"), got.replies.append)
    qtbot.waitUntil(lambda: bool(got.replies))  # the rules are in force
    server.emit("NotificationClosed", "uu", 1, 2)
    server.invoke(7, "read")
    link.call(bus_call("RequestName", "su", ("our.test.Name", 0)))
    qtbot.waitUntil(lambda: bool(heard) and bool(owners))
    assert [each.body for each in heard] == [(7, "read")]
    assert owners[0].body[0] == "our.test.Name"


def test_answers_and_signals_of_other_types_than_agreed_are_none(
    link: BusConnection, server: NotificationServer, qtbot: QtBot
) -> None:
    heard: list[BusSignal] = []
    spec = SignalSpec(interface=NAME, member="ActionInvoked", signature="us")
    link.listen(spec, heard.append)
    server.wrong_answers["GetCapabilities"] = ("u", (7,))
    right, wrong = Answers(), Answers()
    link.call(capabilities_call("u"), right.replies.append, right.failed)
    link.call(capabilities_call("as"), wrong.replies.append, wrong.failed)
    qtbot.waitUntil(lambda: bool(right.replies) and bool(wrong.failures))
    assert (right.failures, wrong.replies) == ([], [])
    assert wrong.failures == [WRONG_ANSWER]
    server.emit("ActionInvoked", "s", "seven")
    server.emit("ActionInvoked", "")
    server.invoke(7, "read")
    qtbot.waitUntil(lambda: bool(heard))
    assert [signal.body for signal in heard] == [(7, "read")]


def test_a_mistake_with_one_message_does_not_lose_the_others(
    link: BusConnection, server: NotificationServer, qtbot: QtBot
) -> None:
    heard: list[int] = []

    def stumble(signal: BusSignal) -> None:
        heard.append(signal.body[0])
        if signal.body[0] == 1:
            raise RuntimeError("our mistake")

    link.listen(SignalSpec(interface=NAME, member="ActionInvoked"), stumble)
    got = Answers()
    link.call(bus_call("GetId"), got.replies.append)
    qtbot.waitUntil(lambda: bool(got.replies))  # the rule is in force
    with qtbot.captureExceptions() as mistakes:
        for number in range(5):
            server.invoke(number, "read")
        qtbot.waitUntil(lambda: len(heard) == 5)
    assert heard == [0, 1, 2, 3, 4]
    assert [str(one[1]) for one in mistakes] == ["our mistake"]


def test_a_bus_that_dies_is_noticed_and_used_again_when_it_returns(
    link: BusConnection, bus: PrivateBus, qtbot: QtBot
) -> None:
    got = Answers()
    heard: list[BusSignal] = []
    link.listen(SignalSpec(interface=NAME, member="ActionInvoked"), heard.append)
    with qtbot.waitSignal(link.lost, timeout=5000):
        bus.kill()
    assert link.state is LinkState.CLOSED
    link.call(capabilities_call(), got.replies.append, got.failed)
    assert got.failures == [LINK_LOST]
    with qtbot.waitSignal(link.ready, timeout=15_000):
        bus.start()
    with notification_server(bus.address) as server:
        link.call(capabilities_call(), got.replies.append, got.failed)
        qtbot.waitUntil(lambda: bool(got.replies))
        server.invoke(1, "read")
        qtbot.waitUntil(lambda: bool(heard))


def test_a_call_under_way_fails_with_the_link(
    link: BusConnection, bus: PrivateBus, server: NotificationServer, qtbot: QtBot
) -> None:
    got = Answers()
    with server.hanging():
        link.call(capabilities_call(), got.replies.append, got.failed, deadline_seconds=60)
        bus.kill()
        qtbot.waitUntil(lambda: bool(got.failures))
    assert got.failures == [LINK_LOST]


def test_no_bus_at_all_is_said(tmp_path: Path, qtbot: QtBot) -> None:
    for address in (None, f"unix:path={tmp_path}/nothing", "tcp:host=localhost", "nonsense"):
        connection = BusConnection(address)
        with qtbot.waitSignal(connection.lost, timeout=1000):
            connection.open()
        connection.close()


def test_a_bus_that_hangs_is_given_up_within_a_second(bus: PrivateBus, qtbot: QtBot) -> None:
    connection = BusConnection(bus.address)
    bus.daemon.send(signal.SIGSTOP)
    try:
        with qtbot.waitSignal(connection.lost, timeout=3000) as lost:
            connection.open()
    finally:
        bus.daemon.send(signal.SIGCONT)
    assert lost.args == ["the bus does not answer"]
    with qtbot.waitSignal(connection.ready, timeout=10_000):
        pass
    connection.close()


@pytest.mark.parametrize("greeting", [b"REJECTED EXTERNAL\r\n", b"HTTP/1.1 400 Bad\r\n\r\n"])
def test_something_else_than_a_bus_is_refused(
    tmp_path: Path, qtbot: QtBot, greeting: bytes
) -> None:
    path = tmp_path / "bus"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()

        def answer() -> None:
            with listener.accept()[0] as peer:
                peer.recv(100)
                peer.sendall(greeting)
                peer.recv(100)

        thread = threading.Thread(target=answer)
        thread.start()
        connection = BusConnection(f"unix:path={path}")
        with qtbot.waitSignal(connection.lost, timeout=3000):
            connection.open()
        connection.close()
        thread.join(30)


def test_large_messages_go_out_in_pieces(
    link: BusConnection, server: NotificationServer, qtbot: QtBot
) -> None:
    got = Answers()
    text = "x" * 5_000_000
    with server.hanging():
        for _ in range(4):
            link.call(
                Call(
                    service=NAME,
                    path=PATH,
                    interface=NAME,
                    member="Nothing",
                    signature="s",
                    body=(text,),
                ),
                failed=got.failed,
            )
    qtbot.waitUntil(lambda: len(got.failures) == 4, timeout=15_000)
    assert set(got.failures) == {"org.freedesktop.DBus.Error.UnknownMethod"}


def test_draining_waits_for_what_was_asked(link: BusConnection, server: NotificationServer) -> None:
    got = Answers()
    link.call(capabilities_call(), got.replies.append, got.failed)
    link.drain(30)
    assert len(got.replies) == 1
    with server.hanging():
        link.call(capabilities_call(), got.replies.append, got.failed)
        link.drain(0.1)
    assert len(got.replies) == 1
