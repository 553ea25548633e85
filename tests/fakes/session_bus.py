"""A session bus of a test's own, on which only what the test starts is running."""

import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.lab.processes import LabProcess
from tests.lab.waiting import wait_until

_CONFIGURATION = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type><keep_umask/><listen>unix:path={socket}</listen><auth>EXTERNAL</auth>
  <servicedir>{services}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
"""


class PrivateBus:
    """A dbus-daemon in a folder. It can be killed and started again at the same address."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "bus"
        self.services = folder / "services"
        self.services.mkdir()
        self._configuration = folder / "bus.conf"
        self._configuration.write_text(
            _CONFIGURATION.format(socket=self.socket, services=self.services)
        )
        self._processes: list[LabProcess] = []
        self._daemon: LabProcess | None = None

    @property
    def address(self) -> str:
        return f"unix:path={self.socket}"

    def start(self) -> None:
        self.socket.unlink(missing_ok=True)
        config = f"--config-file={self._configuration}"
        self._daemon = self.launch("dbus", ["dbus-daemon", config, "--nofork", "--nopidfile"])
        wait_until(self._answers, seconds=10, what="the private session bus")

    def _answers(self) -> bool:
        """The file is there a moment before anybody listens on it."""
        with socket.socket(socket.AF_UNIX) as caller:
            return caller.connect_ex(str(self.socket)) == 0

    def kill(self) -> None:
        """As a crash would."""
        if self._daemon is not None:
            self._daemon.kill()
            self.socket.unlink(missing_ok=True)

    @property
    def daemon(self) -> LabProcess:
        if self._daemon is None:
            raise RuntimeError("the bus was not started")
        return self._daemon

    def launch(
        self,
        name: str,
        command: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        stdin: Path | None = None,
    ) -> LabProcess:
        process = LabProcess(name, command, log=self.folder / f"{name}.log", env=env, stdin=stdin)
        self._processes.append(process)
        return process

    def has_name(self, name: str) -> bool:
        asked = subprocess.run(
            [
                *("gdbus", "call", "--address", self.address, "-d", "org.freedesktop.DBus"),
                *("-o", "/org/freedesktop/DBus", "-m", "org.freedesktop.DBus.NameHasOwner", name),
            ],
            capture_output=True,
            text=True,
            check=False,
            timeout=20,
        )
        return "true" in asked.stdout

    def wait_for_name(self, name: str) -> None:
        wait_until(lambda: self.has_name(name), seconds=15, what=f"{name} on the bus")

    def stop(self) -> None:
        for process in reversed(self._processes):
            process.kill()


@contextmanager
def private_bus(folder: Path) -> Iterator[PrivateBus]:
    bus = PrivateBus(folder)
    try:
        bus.start()
        yield bus
    finally:
        bus.stop()
