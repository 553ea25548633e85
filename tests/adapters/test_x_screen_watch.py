"""XEmbed trays that come and go on a real X server."""

import socket
from collections.abc import Iterator
from pathlib import Path
from struct import pack

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.adapters.desktop.x_screen_watch import SOCKETS, XScreenWatch
from tests.lab.desktop import Component, DesktopLab, DesktopSettings, Keyring, Notifier, Tray

BARE = DesktopSettings(tray=Tray.TRAYER, notifier=Notifier.NONE, keyring=Keyring.NONE)


class Told:
    """What a watch says, in order."""

    def __init__(self, environ: dict[str, str], sockets: Path = SOCKETS) -> None:
        self.said: list[bool] = []
        self.watch = XScreenWatch(environ, sockets=sockets)
        self.watch.tray_told.connect(self.said.append)
        self.watch.start()

    def wait(self, qtbot: QtBot, is_there: bool) -> None:
        qtbot.waitUntil(lambda: self.said[-1:] == [is_there], timeout=30_000)


@pytest.fixture
def authority(tmp_path: Path) -> Path:
    """Cookies of two displays, the first of another kind."""
    file = tmp_path / "authority"
    entries = [
        (b"7", b"XDM-AUTHORIZATION-1", b"x" * 16),
        (b"8", b"MIT-MAGIC-COOKIE-1", b"other"),
        (b"7", b"MIT-MAGIC-COOKIE-1", b"secret"),
    ]
    file.write_bytes(b"".join(_entry(*entry) for entry in entries))
    return file


def _entry(*fields: bytes) -> bytes:
    return pack(">H", 256) + b"".join(pack(">H", len(one)) + one for one in (b"host", *fields))


@pytest.fixture
def display(tmp_path: Path) -> Iterator[socket.socket]:
    """An X server of our own, display 7."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "X7"))
        server.listen()
        server.settimeout(30)
        yield server


@pytest.mark.desktop
def test_a_tray_that_goes_comes_and_is_another(qtbot: QtBot) -> None:
    with DesktopLab(BARE) as lab:
        told = Told(lab.env)
        told.wait(qtbot, True)
        lab.off(Component.TRAY)
        told.wait(qtbot, False)
        lab.settings = DesktopSettings(tray=Tray.TINT2)
        lab.on(Component.TRAY)
        told.wait(qtbot, True)
        told.watch.stop()
    # A panel that still takes the tray as the watch begins is told of as one that comes.
    assert told.said[-3:] == [True, False, True]
    assert len(told.said) <= 4


def test_a_server_that_goes_is_left_alone(
    display: socket.socket, tmp_path: Path, qtbot: QtBot
) -> None:
    told = Told({"DISPLAY": "unix:7.0"}, sockets=tmp_path)
    link, _ = display.accept()
    assert told.watch.is_watching
    link.close()
    qtbot.waitUntil(lambda: not told.watch.is_watching, timeout=30_000)
    assert told.said == []


def test_it_shows_the_cookie_of_its_display(
    display: socket.socket, tmp_path: Path, authority: Path, qtbot: QtBot
) -> None:
    told = Told({"DISPLAY": ":7", "XAUTHORITY": str(authority)}, sockets=tmp_path)
    link, _ = display.accept()
    with link:
        assert link.recv(1024).endswith(b"secret\0\0")
        why = b"not you"
        link.sendall(pack("<BBHHH", 0, len(why), 11, 0, 2) + why + b"\0")
        qtbot.waitUntil(lambda: not told.watch.is_watching, timeout=30_000)
    assert told.said == []


@pytest.mark.parametrize("broken", [b"\1\0\0", b""])
def test_without_a_cookie_that_can_be_read_it_shows_none(
    display: socket.socket, tmp_path: Path, broken: bytes
) -> None:
    (tmp_path / ".Xauthority").write_bytes(broken)
    told = Told({"DISPLAY": ":7", "HOME": str(tmp_path)}, sockets=tmp_path)
    link, _ = display.accept()
    with link:
        assert link.recv(1024) == b"l\0" + pack("<HHHHxx", 11, 0, 0, 0)
    told.watch.stop()


@pytest.mark.parametrize("name", ["", "elsewhere.example.org:0", ":7"])
def test_no_server_of_this_computer(name: str, tmp_path: Path) -> None:
    told = Told({"DISPLAY": name}, sockets=tmp_path)
    assert not told.watch.is_watching
    assert told.said == []
