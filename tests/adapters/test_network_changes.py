"""Joining and leaving a network is told; what is renewed or leads nowhere is not."""

import shutil
import socket
import struct
import subprocess
import sys

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.adapters.network_changes import AddressBook, NetworkChanges

NEW, GONE, LINK = 20, 21, 16
IN_DUMP = 2

_LISTENER = """
import sys
from PySide6.QtCore import QCoreApplication, QTimer
from supportdesk.adapters.network_changes import NetworkChanges
app = QCoreApplication([])
changes = NetworkChanges()
changes.changed.connect(lambda: (print("changed", flush=True), app.quit()))
changes.start()
QTimer.singleShot(0, lambda: print("listening", flush=True))
QTimer.singleShot(60_000, app.quit)
app.exec()
changes.stop()
"""


_STRANDED = """
import socket, subprocess, sys
from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.mail.transport import Transport, Waker
address, ip = sys.argv[1:]
if ip:
    subprocess.run(f"{ip} link set lo up; {ip} addr add {address}/32 dev lo", shell=True)
server = socket.create_server((address, 0))
waker = Waker()
transport = Transport(waker, SystemClock(), lambda: False)
transport.connect(address, server.getsockname()[1])
waker.wake()
print(transport.wait_for_data(60).value)
if ip:
    subprocess.run(f"{ip} addr del {address}/32 dev lo", shell=True)
    waker.wake()
    try:
        transport.wait_for_data(60)
    except ConnectionError as error:
        print(error)
"""


def message(
    kind: int, address: str, *, interface: int = 2, scope: int = 0, flags: int = 0
) -> bytes:
    packed = socket.inet_aton(address)
    attributes = struct.pack("=HH", 4 + 1, 3) + b"x\0\0\0"
    attributes += struct.pack("=HH", 4 + len(packed), 1) + packed
    body = struct.pack("=BBBBI", socket.AF_INET, 24, 0, scope, interface) + attributes
    return struct.pack("=IHHII", 16 + len(body), kind, flags, 0, 0) + body


def test_an_address_that_comes_or_goes_is_a_change() -> None:
    book = AddressBook()
    assert book.receive(message(NEW, "192.0.2.7"))
    assert not book.receive(message(NEW, "192.0.2.7")), "renewed"
    assert book.receive(message(NEW, "192.0.2.7", interface=3)), "by another cable"
    assert book.receive(message(GONE, "192.0.2.7"))
    assert not book.receive(message(GONE, "192.0.2.7"))
    assert book.receive(message(NEW, "192.0.2.8") + message(NEW, "192.0.2.8"))


def test_the_first_listing_and_local_addresses_are_none() -> None:
    book = AddressBook()
    assert not book.receive(message(NEW, "192.0.2.7", flags=IN_DUMP))
    assert not book.receive(message(NEW, "192.0.2.7")), "known from the listing"
    assert not book.receive(message(NEW, "169.254.0.9", scope=253))
    assert not book.receive(message(LINK, "192.0.2.9"))


@pytest.mark.parametrize(
    "data",
    [b"", b"\0" * 16, b"\xff" * 64, message(NEW, "192.0.2.7")[:20], message(NEW, "192.0.2.7")[:28]],
)
def test_what_is_cut_off_or_garbage_changes_nothing(data: bytes) -> None:
    book = AddressBook()
    book.receive(data)
    assert book.addresses == set()
    body = struct.pack("=BBBBIHH", socket.AF_INET, 24, 0, 0, 2, 1, 1)
    assert not book.receive(struct.pack("=IHHII", 16 + len(body), NEW, 0, 0, 0) + body)


def test_it_starts_and_stops_where_nothing_changes(qtbot: QtBot) -> None:
    changes = NetworkChanges()
    with qtbot.assertNotEmitted(changes.changed, wait=300):
        changes.start()
    changes.stop()
    changes.stop()


def _network_of_its_own() -> tuple[list[str], str]:
    """Return how to run something in a network of its own, and the tool to change that.

    Both are empty where the machine allows none: then a test sees what is left to see.
    """
    ip = shutil.which("ip", path="/usr/sbin:/sbin:/usr/bin:/bin")
    command = [shutil.which("unshare") or "unshare", "--net", "--map-root-user"]
    if (
        ip is None
        or subprocess.run([*command, "true"], capture_output=True, check=False).returncode
    ):
        return [], ""
    return command, ip


def _output(command: list[str], script: str) -> str:
    answer = subprocess.run(
        command,
        env={"SCRIPT": script, "PYTHONPATH": ":".join(sys.path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return answer.stdout


def test_a_real_network_that_comes_up_is_told() -> None:
    command, ip = _network_of_its_own()
    add = f"{ip} link set lo up; {ip} addr add 192.0.2.7/32 dev lo" if ip else "true"
    script = _LISTENER if ip else _LISTENER.replace("60_000", "200")
    shell = f"'{sys.executable}' -c \"$SCRIPT\" | (read line; echo $line; {add}; cat)"
    told = _output([*command, "sh", "-c", shell], script)
    assert told.split() == (["listening", "changed"] if ip else ["listening"])


def test_a_link_over_a_network_that_was_left_is_dead_at_once() -> None:
    command, ip = _network_of_its_own()
    address = "192.0.2.7" if ip else "127.0.0.1"
    told = _output([*command, sys.executable, "-c", _STRANDED, address, ip], "")
    left = ["this computer has left the network it was made over"]
    assert told.splitlines() == ["woken", *(left if ip else [])]


def test_other_systems_are_asked_through_qt() -> None:
    """In a process of its own: what Qt loads for this on Linux is what we keep out of ours."""
    script = """
from PySide6.QtCore import QCoreApplication
from PySide6.QtNetwork import QNetworkInformation
from supportdesk.adapters.network_changes import NetworkChanges
app = QCoreApplication([])
changes = NetworkChanges(platform="darwin")
changes.changed.connect(lambda: (print("changed"), app.quit()))
changes.start()
information = QNetworkInformation.instance()
information.transportMediumChanged.emit(QNetworkInformation.TransportMedium.WiFi)
app.exec()
changes.stop()
"""
    answer = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True
    )
    assert answer.stdout == "changed\n"
