"""Lines between processes: sockets of POSIX and pipes of Windows are one to whoever uses them."""

import errno
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from supportdesk.adapters.desktop import local_pipe, local_socket

pytestmark = pytest.mark.usefixtures("qapp")

MOST = 1_000
Peer = local_socket.LocalPeer | local_pipe.PipePeer
SERVERS = [
    pytest.param(local_socket.LocalServer, id="socket"),
    pytest.param(local_pipe.PipeServer, id="pipe"),
]
CLIENTS = [
    pytest.param(local_socket.connect, id="socket"),
    pytest.param(local_pipe.connect, id="pipe"),
]
Connect = Callable[[str, float], local_socket.LocalLine | local_pipe.PipeLine | None]
# In a process of its own: a pipe of Qt that waits holds up all other threads.
ECHO = """
import socket, sys
with socket.socket(socket.AF_UNIX) as server:
    server.bind(sys.argv[1])
    server.listen()
    print("listening", flush=True)
    client, _ = server.accept()
    with client, client.makefile("rwb") as lines:
        for line in lines:
            if line == b"wait\\n":
                continue
            lines.write(line)
            lines.flush()
            if line == b"bye\\n":
                break
"""


class Host(QObject):
    """Answers each line with the same in capitals; "bye" with nothing more."""

    def __init__(self, kind: type[local_socket.LocalServer]) -> None:
        super().__init__()
        self.server = kind(self._welcome, self)
        self.peers: list[Peer] = []
        self.gone: list[Peer] = []

    def _welcome(self, peer: Peer) -> None:
        self.peers.append(peer)
        peer.on_readable = lambda: self._read(peer)
        peer.on_gone = lambda: self.gone.append(peer)

    def _read(self, peer: Peer) -> None:
        while (line := peer.take_line()) is not None:
            if line == b"bye":
                peer.write(b"x" * 3_000_000 + b"\n")
                peer.close()
                return
            peer.write(line.upper() + b"\n")


@pytest.fixture(params=SERVERS)
def host(request: pytest.FixtureRequest) -> Iterator[Host]:
    made = Host(request.param)
    yield made
    made.server.close()


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "sock")


def asked(path: str, qtbot: QtBot, *lines: bytes) -> list[bytes | None]:
    """What another thread is answered, line by line."""
    answers: list[bytes | None] = []

    def ask() -> None:
        line = local_socket.connect(path, 5.0)
        assert line is not None
        for one in lines:
            line.write(one + b"\n")
            answers.append(line.read_line(10.0))
        if lines[-1] == b"bye":
            answers.append(line.read_line(10.0))
            assert not line.is_open
        line.close()

    thread = threading.Thread(target=ask)
    thread.start()
    qtbot.waitUntil(lambda: not thread.is_alive(), timeout=30_000)
    return answers


def test_lines_go_both_ways(host: Host, path: str, qtbot: QtBot) -> None:
    host.server.open(path, MOST)
    assert asked(path, qtbot, b"one", b"", b"two") == [b"ONE", b"", b"TWO"]
    qtbot.waitUntil(lambda: host.gone == host.peers)


def test_what_is_said_before_hanging_up_arrives_whole(host: Host, path: str, qtbot: QtBot) -> None:
    host.server.open(path, MOST)
    answer, after = asked(path, qtbot, b"bye")
    assert answer == b"x" * 3_000_000
    assert after is None
    qtbot.waitUntil(lambda: len(host.gone) == 1)


def test_no_more_is_held_than_is_wanted(host: Host, path: str, qtbot: QtBot) -> None:
    """Whoever waits to be asked is not served, and fills nobody's memory."""
    host.server.open(path, MOST)
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(path)
        qtbot.waitUntil(lambda: len(host.peers) == 1)
        [peer] = host.peers
        peer.on_readable = lambda: None
        client.setblocking(False)
        client.send(b"y" * 70_000)
        client.setblocking(True)
        qtbot.waitUntil(lambda: peer.held_bytes >= MOST)
        qtbot.wait(50)
        assert peer.held_bytes <= 65_536
        peer.abort()
        peer.abort()
    qtbot.waitUntil(lambda: host.gone == [peer])


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENOBUFS, errno.ENOMEM])
def test_who_cannot_be_let_in_now_is_let_in_later(
    number: int, path: str, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And is told of once, not for ever."""
    host = Host(local_socket.LocalServer)
    refused: list[int] = []
    accept = socket.socket.accept

    def accept_later(listener: socket.socket) -> tuple[socket.socket, object]:
        if len(refused) < 2:
            refused.append(number)
            raise OSError(number, "not now")
        return accept(listener)

    monkeypatch.setattr(local_socket, "_REST_MS", 200)
    monkeypatch.setattr(socket.socket, "accept", accept_later)
    host.server.open(path, MOST)
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(path)
        qtbot.waitUntil(lambda: refused == [number])
        qtbot.wait(50)
        assert refused == [number]
        qtbot.waitUntil(lambda: len(host.peers) == 1)
    host.server.close()


def test_a_place_that_cannot_be_taken(host: Host, path: str) -> None:
    Path(path).mkdir()
    with pytest.raises(OSError, match=r"in use|QLocalServer"):
        host.server.open(path, MOST)


@pytest.mark.parametrize("connect", CLIENTS)
def test_nobody_is_there(connect: Connect, path: str) -> None:
    assert connect(path, 1.0) is None


@pytest.mark.parametrize("connect", CLIENTS)
def test_who_asks_waits_for_an_answer_and_not_for_ever(connect: Connect, path: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ECHO, path], stdout=subprocess.PIPE, text=True
    ) as echo:
        assert echo.stdout is not None
        assert echo.stdout.readline() == "listening\n"
        line = connect(path, 5.0)
        assert line is not None
        line.write(b"one\ntwo\n")
        assert [line.read_line(30.0), line.read_line(30.0)] == [b"one", b"two"]
        line.write(b"wait\n")
        assert line.read_line(0.05) is None
        line.write(b"bye\n")
        assert line.read_line(30.0) == b"bye"
        assert line.read_line(30.0) is None
        assert not line.is_open
        line.close()
        line.write(b"too late")
        assert line.read_line(1.0) is None
