"""Real phones: baresip processes driven over their control port, and SIPp for odd callers."""

import contextlib
import json
import re
import shutil
import signal
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.lab.asterisk_conf import SECRET, TEMPLATES
from tests.lab.processes import LabProcess
from tests.lab.waiting import patient, wait_until

CONTROL_PORT = 4444
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")

Message = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneSettings:
    """Who the phone is, where it listens and which PBX it belongs to."""

    folder: Path
    number: str
    name: str
    host: str
    pbx_host: str
    is_registered: bool


class Softphone:
    """One headless baresip with an address of its own.

    Its control port takes one client only: whoever connects later throws the earlier one out. A
    test that lets the program itself watch this phone starts it with `start_process()`.
    """

    def __init__(self, settings: PhoneSettings) -> None:
        self.settings = settings
        self.events: list[Message] = []
        self._changed = threading.Condition()
        self._tokens = 0
        self._link: socket.socket | None = None
        self._reader: threading.Thread | None = None
        self._process: LabProcess | None = None
        _write_baresip(settings)

    @property
    def control_address(self) -> tuple[str, int]:
        return self.settings.host, CONTROL_PORT

    def start(self) -> None:
        self.start_process()
        self.connect()

    def start_process(self) -> None:
        folder = self.settings.folder
        command = ["baresip", "-4", "-f", str(folder)]
        self._process = LabProcess("baresip", command, log=folder / "baresip.log")

    def connect(self) -> None:
        """Take the control port, and read its events from now on."""

        def connected() -> socket.socket | None:
            try:
                return socket.create_connection(self.control_address, timeout=1)
            except OSError:
                return None

        self._link = wait_until(
            connected, seconds=10, what=f"baresip of {self.settings.number} to start"
        )
        assert self._link is not None
        self._link.settimeout(None)
        self._reader = threading.Thread(
            target=self._read, args=(self._link,), name="lab-baresip", daemon=True
        )
        self._reader.start()

    def stop(self) -> None:
        """Leave the PBX in order."""
        self._end(lambda process: process.stop(number=signal.SIGINT, seconds=4))

    def kill(self) -> None:
        """Vanish, as when the power is cut: the PBX is not told."""
        self._end(LabProcess.kill)

    def send(self, number: signal.Signals) -> None:
        """A signal to the process: frozen, it leaves its connections open."""
        assert self._process is not None, "the phone is not running"
        self._process.send(number)

    def command(self, name: str, parameters: str | None = None) -> Message:
        """Send one command and return baresip's answer."""
        assert self._link is not None, "the phone is not connected"
        self._tokens += 1
        token = f"lab-{self._tokens}"
        message: Message = {"command": name, "token": token}
        if parameters is not None:
            message["params"] = parameters
        encoded = json.dumps(message).encode()
        start = self.mark()
        self._link.sendall(b"%d:%s," % (len(encoded), encoded))
        return self._wait_for(
            lambda seen: seen.get("token") == token, f"an answer to {name}", start=start
        )

    def mark(self) -> int:
        """Return a place in the list of events, for `wait_for_event(..., start=)`."""
        with self._changed:
            return len(self.events)

    def wait_for_event(self, kind: str, *, seconds: float = 10, start: int = 0) -> Message:
        """Wait for an event such as CALL_INCOMING, CALL_ESTABLISHED, CALL_CLOSED."""
        return self._wait_for(lambda seen: seen.get("type") == kind, kind, seconds, start)

    def wait_until_registered(self) -> None:
        """Ask: the event of the first registration may have come before we listened."""

        def is_registered() -> bool:
            answer = str(self.command("reginfo").get("data", ""))
            return re.search(r"\bOK\b", _COLOUR.sub("", answer)) is not None

        wait_until(is_registered, seconds=10, what=f"{self.settings.number} to register")

    def call(self, extension: str) -> None:
        self.command("dial", f"sip:{extension}@{self.settings.pbx_host}:5060")

    def answer(self) -> None:
        self.command("accept")

    def answer_next(self, *, start: int = 0, seconds: float = 10) -> None:
        """Wait until the phone rings, counting from `mark()`, answer it and wait for the talk."""
        self.wait_for_event("CALL_INCOMING", seconds=seconds, start=start)
        self.answer()
        self.wait_for_event("CALL_ESTABLISHED", seconds=seconds, start=start)

    def hang_up(self) -> None:
        """End the call; while it rings, refuse it."""
        self.command("hangup")

    def _wait_for(
        self, wanted: Callable[[Message], bool], what: str, seconds: float = 5, start: int = 0
    ) -> Message:
        def found() -> Message | None:
            return next((event for event in self.events[start:] if wanted(event)), None)

        with self._changed:
            if not self._changed.wait_for(lambda: found() is not None, timeout=patient(seconds)):
                seen = [event.get("type") for event in self.events[start:]]
                raise TimeoutError(f"{self.settings.number} waited for {what}; saw {seen}")
            event = found()
        assert event is not None
        return event

    def _read(self, link: socket.socket) -> None:
        """Read netstrings: 12:{"type":...},"""
        buffer = b""
        while True:
            try:
                chunk = link.recv(65_536)
            except OSError:
                return
            if not chunk:
                return
            buffer += chunk
            while b":" in buffer:
                length, rest = buffer.split(b":", 1)
                size = int(length)
                if len(rest) <= size:
                    break
                message, buffer = rest[:size], rest[size + 1 :]
                with self._changed:
                    self.events.append(json.loads(message.decode("utf-8", "replace")))
                    self._changed.notify_all()

    def _end(self, end: Callable[[LabProcess], None]) -> None:
        if self._process is not None:
            end(self._process)
            self._process = None
        if self._link is not None and self._reader is not None:
            with contextlib.suppress(OSError):  # baresip went first
                self._link.shutdown(socket.SHUT_RDWR)
            self._reader.join(timeout=5)
            self._link.close()
            self._link = None


def _write_baresip(settings: PhoneSettings) -> None:
    modules = next(
        path
        for path in (Path("/usr/lib/baresip/modules"), *Path("/usr/lib").glob("*/baresip/modules"))
        if path.is_dir()
    )
    first_port = 20_000 + int(settings.host.rsplit(".", 1)[1]) * 50
    settings.folder.mkdir(parents=True, exist_ok=True)
    (settings.folder / "config").write_text(
        f"""poll_method epoll
sip_listen {settings.host}:5060
net_interface {settings.host}
call_local_timeout 120
call_max_calls 4
audio_path /usr/share/baresip
audio_player aubridge,nil
audio_source aubridge,nil
audio_alert aubridge,nil
rtp_ports {first_port}-{first_port + 40}
module_path {modules}
module g711.so
module aubridge.so
module_tmp uuid.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen {settings.host}:{CONTROL_PORT}
"""
    )
    renewal = 30 if settings.is_registered else 0
    (settings.folder / "accounts").write_text(
        f'"{settings.name}" <sip:{settings.number}@{settings.pbx_host}:5060;transport=udp>'
        f";auth_user={settings.number};auth_pass={SECRET};regint={renewal}"
        ";answermode=manual;audio_codecs=pcmu\n"
    )
    (settings.folder / "contacts").write_text("")


class OddCaller:
    """A SIPp call from the outside with a From header of any form; it ends itself after a while.

    It takes `PORTS` UDP ports from `port` on: for SIP, and for RTP of sound and picture.

    SIPp sends no BYE when it is told to end, so a caller that must hang up is a `Softphone`.
    """

    PORTS = 8

    def __init__(
        self,
        *,
        folder: Path,
        host: str,
        pbx_host: str,
        extension: str,
        from_header: str,
        hold_seconds: float,
        port: int,
        more_headers: str = "",
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        text = (TEMPLATES / "caller.xml").read_text()
        text = text.replace("@FROM@", from_header).replace("@EXTRA@", more_headers)
        text = text.replace("@HOLD@", str(int(hold_seconds * 1000)))
        scenario = folder / "caller.xml"
        scenario.write_bytes(text.encode("utf-8", "surrogateescape"))
        sipp = shutil.which("sipp") or "sipp"
        command = [sipp, "-sf", str(scenario), "-s", extension, "-i", host, "-p", str(port)]
        command += ["-mi", host, "-mp", str(port + 2), "-m", "1", "-l", "1", "-nostdin"]
        command += ["-trace_msg", "-message_file", str(folder / "sip.log"), f"{pbx_host}:5060"]
        self._process = LabProcess("sipp", command, log=folder / "sipp.log", cwd=folder)

    def wait(self, *, seconds: float = 30) -> None:
        """Wait until the call is over on its own."""
        wait_until(lambda: not self._process.is_running, seconds=seconds, what="the call to end")

    def stop(self) -> None:
        """Vanish without a BYE."""
        self._process.kill()
