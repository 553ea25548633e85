"""The link to a phone system over real sockets: names, addresses, large writes, TLS, ends."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from supportdesk.adapters.phone.phone_socket import PhoneSocket
from tests.lab.certificates import LabAuthority

pytestmark = pytest.mark.usefixtures("qapp")

_MUCH = bytes(range(256)) * 16_384


class Owner(QObject):
    """Keeps what it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []
        self.data = bytearray()
        self.errors: list[OSError] = []
        self.at_opening = b""
        self.socket = PhoneSocket(self, self)

    def socket_opened(self) -> None:
        self.told.append("opened")
        self.socket.write(self.at_opening)

    def socket_received(self, data: bytes) -> None:
        self.data += data

    def socket_ended(self) -> None:
        self.told.append("ended")

    def socket_failed(self, error: OSError) -> None:
        self.told.append("failed")
        self.errors.append(error)


@pytest.fixture
def owner() -> Iterator[Owner]:
    made = Owner()
    yield made
    made.socket.drop()


class Server:
    """Takes one client in a thread of its own and treats it as told."""

    def __init__(
        self, serve: Callable[[socket.socket], None], context: ssl.SSLContext | None = None
    ) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._serve = serve
        self._context = context
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        client, _ = self._listener.accept()
        client.settimeout(30)
        if self._context is not None:
            client = self._context.wrap_socket(client, server_side=True)
        with client:
            self._serve(client)

    def join(self) -> None:
        self._thread.join(30)
        self._listener.close()


def echo(client: socket.socket) -> None:
    """Say back what came, to the last byte of it, and hang up."""
    came = bytearray()
    while len(came) < len(_MUCH):
        came += client.recv(65_536)
    client.sendall(came)


def test_a_name_with_several_addresses_is_tried_until_one_answers(
    owner: Owner, qtbot: QtBot
) -> None:
    """Nothing listens at ::1, which localhost mostly is, too."""
    server = Server(lambda client: client.sendall(b"hello"))
    owner.socket.open("localhost", server.port)
    assert owner.told == [], "never from within open"
    qtbot.waitUntil(lambda: owner.told == ["opened", "ended"], timeout=10_000)
    assert owner.data == b"hello"
    server.join()


@pytest.mark.parametrize("is_tls", [False, True])
def test_what_is_more_than_the_system_takes_goes_later_and_whole(
    owner: Owner, qtbot: QtBot, tmp_path: Path, is_tls: bool
) -> None:
    authority = LabAuthority(tmp_path)
    context = None
    if is_tls:
        certificate = authority.issue("pbx")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate.certificate, certificate.key)
    server = Server(echo, context)
    owner.at_opening = _MUCH
    owner.socket.open("127.0.0.1", server.port, tls=is_tls, ca_file=str(authority.ca_file))
    qtbot.waitUntil(lambda: owner.told == ["opened", "ended"], timeout=30_000)
    assert owner.data == _MUCH
    server.join()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_nobody_listens(owner: Owner, qtbot: QtBot, host: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        owner.socket.open(host, taken.getsockname()[1])
        assert owner.told == []
        qtbot.waitUntil(lambda: owner.told == ["failed"], timeout=10_000)
    assert isinstance(owner.errors[0], ConnectionRefusedError)


@pytest.mark.parametrize("host", ["nowhere.invalid", "a..b", "x" * 70])
def test_a_name_that_is_none(owner: Owner, qtbot: QtBot, host: str) -> None:
    owner.socket.open(host, 5038)
    qtbot.waitUntil(lambda: owner.told == ["failed"], timeout=30_000)
    assert isinstance(owner.errors[0], socket.gaierror)


def test_authorities_that_cannot_be_read(owner: Owner, qtbot: QtBot, tmp_path: Path) -> None:
    owner.socket.open("127.0.0.1", 5039, tls=True, ca_file=str(tmp_path / "gone.pem"))
    qtbot.waitUntil(lambda: owner.told == ["failed"], timeout=10_000)
    assert isinstance(owner.errors[0], FileNotFoundError)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_after_drop_it_is_silent(qtbot: QtBot, host: str) -> None:
    server = Server(lambda client: client.settimeout(0.1))
    owner = Owner()
    owner.socket.open(host, server.port)
    owner.socket.drop()
    qtbot.wait(300)
    assert owner.told == []
    with socket.create_connection(("127.0.0.1", server.port)):
        server.join()


def test_what_is_written_before_it_is_open_goes_nowhere(owner: Owner, qtbot: QtBot) -> None:
    """A session speaks when it is told that it may; a ring must not go out late."""
    server = Server(lambda client: client.sendall(client.recv(100)))
    owner.at_opening = b"second"
    owner.socket.open("127.0.0.1", server.port)
    owner.socket.write(b"first")
    qtbot.waitUntil(lambda: owner.told == ["opened", "ended"], timeout=10_000)
    assert owner.data == b"second"
    server.join()


def test_a_link_that_breaks_after_words_tells_them_first(owner: Owner, qtbot: QtBot) -> None:
    def serve(client: socket.socket) -> None:
        client.sendall(b"last words")
        # Something of ours unread at the close makes it a reset.
        client.recv(1)

    server = Server(serve)
    owner.at_opening = b"much to say"
    owner.socket.open("127.0.0.1", server.port)
    qtbot.waitUntil(lambda: owner.told == ["opened", "ended"], timeout=10_000)
    assert owner.data == b"last words"
    server.join()
