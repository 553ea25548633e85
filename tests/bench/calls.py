"""From the bytes of a join, everybody busy, to the Notify call on the session bus, and back.

The whole program runs as a process of its own, tray and all, against a make-believe Asterisk that
says what a real one said in `tests/lab` runs, and a notification daemon that notes when it is
called. The floor is a D-Bus round trip of the barest client to the same daemon in the same run.
How fast the bytes of a busy PBX are read stands below it.
"""

import os
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jeepney import DBusAddress, new_method_call  # type: ignore[import-untyped]
from jeepney.io.blocking import open_dbus_connection  # type: ignore[import-untyped]

from tests.bench import ami_parsing
from tests.bench.figures import Figure, percentile
from tests.bench.home import SUPPORTDESK, environment_of
from tests.e2e.running import make_home
from tests.fakes.ami_script import BANNER, AmiScript, fields_of, member, packet, queue
from tests.fakes.notification_server import NAME, PATH, Notification, NotificationServer
from tests.fakes.session_bus import PrivateBus
from tests.lab.processes import LabProcess
from tests.lab.waiting import LOOPBACK, wait_until

_CALLS = int(os.environ.get("CALLS_BENCH_CALLS", "60"))
_RING_SECONDS = 1
_BEFORE_THE_NEXT_SECONDS = 0.2
_PATIENCE_SECONDS = 20.0


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder, _daemon(Path(folder)) as daemon:
        floor = [_round_trip(daemon.address) for _ in range(_CALLS)]
        pbx = _Pbx()
        with _app(Path(folder), pbx, daemon.address):
            pbx.wait_until_watched()
            shown, gone = _calls(pbx, daemon)
    measured = (
        ("join to Notify, beyond the second ring", shown, "p99 up to 20 ms"),
        ("answer to withdrawal", gone, "up to 100 ms"),
    )
    figures = [
        Figure(
            what=f"{what}, p{share * 100:.0f} of {_CALLS}",
            unit="ms",
            ours=percentile(took, share),
            floor=percentile(floor, share),
            wanted=wanted,
            floor_is="a Notify round trip of a bare client",
        )
        for what, took, wanted in measured
        for share in (0.5, 0.99)
    ]
    return figures + ami_parsing.run()


def _calls(pbx: "_Pbx", daemon: "_Daemon") -> tuple[list[float], list[float]]:
    """One caller after the other; return (join to Notify, answer to Close) in milliseconds."""
    shown, gone = [], []
    for number in range(_CALLS):
        call_id = f"1795291004.{number}"
        seen, closed = len(daemon.shown_at), len(daemon.closed_at)
        joined = pbx.join(call_id, f"Caller {number}")
        daemon.wait_for(daemon.shown_at, seen + 1)
        shown.append((daemon.shown_at[seen] - joined - _RING_SECONDS) * 1000)
        answered = pbx.answer(call_id, f"Caller {number}")
        daemon.wait_for(daemon.closed_at, closed + 1)
        gone.append((daemon.closed_at[closed] - answered) * 1000)
        pbx.hang_up(call_id)
        time.sleep(_BEFORE_THE_NEXT_SECONDS)
    return shown, gone


class _Daemon(NotificationServer):
    """Notes the moments at which it is called."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address
        self.shown_at: list[float] = []
        self.closed_at: list[float] = []
        self.before_reply = self._note

    def close(self, number: int, reason: int) -> None:
        self.closed_at.append(time.monotonic())
        super().close(number, reason)

    def wait_for(self, moments: list[float], count: int) -> None:  # type: ignore[override]
        wait_until(lambda: len(moments) >= count, seconds=_PATIENCE_SECONDS, what="the alert")

    def _note(self, _notification: Notification) -> None:
        self.shown_at.append(time.monotonic())


class _Pbx:
    """One client at a time; two members who never stop talking."""

    def __init__(self) -> None:
        self._script = AmiScript(
            queues=[
                queue("support"),
                member("support", "PJSIP/201", "Ann Agent", "2"),
                member("support", "PJSIP/202", "Bob Agent", "2"),
            ]
        )
        self._listener = socket.create_server((LOOPBACK, 0))
        self.port: int = self._listener.getsockname()[1]
        self._client: socket.socket | None = None
        self._asked: set[str] = set()
        threading.Thread(target=self._serve, name="bench-pbx", daemon=True).start()

    def wait_until_watched(self) -> None:
        wanted = {"QueueStatus", "CoreShowChannels"}
        wait_until(lambda: wanted <= self._asked, seconds=_PATIENCE_SECONDS, what="a watcher")
        time.sleep(2 * _RING_SECONDS)  # members who have just become busy are given a second

    def join(self, call_id: str, name: str) -> float:
        more = {"Context": "from-trunk", "Exten": "800"}
        arrived = _about("Newchannel", call_id, name, "call", **more)
        joined = _about("QueueCallerJoin", call_id, name, "agent", Queue="support", Position="1")
        return self._say(arrived + joined)

    def answer(self, call_id: str, name: str) -> float:
        seat = {"Queue": "support", "Interface": "PJSIP/201", "MemberName": "Ann Agent"}
        left = _about("QueueCallerLeave", call_id, name, "agent", Queue="support", Count="0")
        times = {"HoldTime": "7", "RingTime": "1"}
        return self._say(left + _about("AgentConnect", call_id, name, "agent", **seat, **times))

    def hang_up(self, call_id: str) -> None:
        self._say(_about("Hangup", call_id, "", "call", Cause="16"))

    def _say(self, data: bytes) -> float:
        assert self._client is not None
        now = time.monotonic()
        self._client.sendall(data)
        return now

    def _serve(self) -> None:
        while True:
            client, _ = self._listener.accept()
            self._client = client
            client.sendall(BANNER)
            self._answer(client)

    def _answer(self, client: socket.socket) -> None:
        buffer = b""
        while data := client.recv(65_536):
            *actions, buffer = (buffer + data).split(b"\r\n\r\n")
            for action in actions:
                asked = fields_of(action)
                client.sendall(b"".join(self._script.replies(asked)))
                self._asked.add(asked["Action"])


def _about(event: str, call_id: str, name: str, privilege: str, **more: str) -> bytes:
    return packet(
        Event=event,
        Privilege=f"{privilege},all",
        Channel=f"PJSIP/trunk-{call_id}",
        ChannelState="6",
        CallerIDNum="+15550100001",
        CallerIDName=name or "<unknown>",
        Uniqueid=call_id,
        Linkedid=call_id,
        **more,
    )


@contextmanager
def _daemon(folder: Path) -> Iterator[_Daemon]:
    bus = PrivateBus(folder)
    bus.start()
    daemon = _Daemon(bus.address)
    daemon.start()
    try:
        yield daemon
    finally:
        daemon.stop()
        bus.stop()


@contextmanager
def _app(folder: Path, pbx: _Pbx, bus: str) -> Iterator[None]:
    settings = (
        '[[phone]]\nname = "Office"\nkind = "asterisk"\nhost = "127.0.0.1"\n'
        f'port = {pbx.port}\nuser = "bench"\nqueues = ["support"]\nfounder = "PJSIP/100"\n'
        f"[alerts]\nring_seconds = {_RING_SECONDS}\n"
    )
    home = make_home(folder, settings, {"phone/Office": "secret"})
    environment = environment_of(home) | {
        "QT_QPA_PLATFORM": "offscreen",
        "DBUS_SESSION_BUS_ADDRESS": bus,
    }
    app = LabProcess("supportdesk", SUPPORTDESK, log=folder / "app.log", env=environment)
    try:
        yield
    except TimeoutError as error:
        raise TimeoutError(f"{error}; the program says:\n{app.log_tail()}") from None
    finally:
        app.stop()


def _round_trip(address: str) -> float:
    """In milliseconds, of one Notify; the daemon has it a moment before the answer is back."""
    where = DBusAddress(PATH, bus_name=NAME, interface=NAME)
    body: tuple[object, ...] = (
        "bench",
        0,
        "",
        "Ticket",
        "The invoice has not arrived",
        [],
        {},
        5000,
    )
    with open_dbus_connection(address) as connection:
        start = time.monotonic()
        connection.send_and_get_reply(new_method_call(where, "Notify", "susssasa{sv}i", body))
        return (time.monotonic() - start) * 1000
