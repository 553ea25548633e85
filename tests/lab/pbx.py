"""The Asterisk process of a lab: started, ended, killed, frozen, and asked on its console."""

import random
import signal
import socket
import subprocess
import tempfile
from pathlib import Path

from tests.lab.asterisk_conf import PbxSettings, write_configuration
from tests.lab.asterisk_root import VERSIONS, AsteriskRoot, find_root
from tests.lab.certificates import LabAuthority
from tests.lab.processes import LabProcess
from tests.lab.waiting import free_port, greeting, wait_until


class AsteriskServer:
    """One configured Asterisk. Its ports and its folder stay the same over restarts."""

    def __init__(self, version: str = VERSIONS[0], *, is_talkative: bool = False) -> None:
        root = find_root(version)
        if root is None:
            raise FileNotFoundError(f"Asterisk {version} is not unpacked")
        self._root: AsteriskRoot = root
        self.folder = Path(tempfile.mkdtemp(prefix="pbx-"))
        (self.folder / "tls").mkdir()
        authority = LabAuthority(self.folder / "tls")
        self.ca_file = authority.ca_file
        self.settings = PbxSettings(
            folder=self.folder,
            network=_free_network(),
            ami_port=free_port(),
            ami_tls_port=free_port(),
            certificate=authority.issue("ami"),
            is_talkative=is_talkative,
        )
        write_configuration(self.settings, root)
        self._asterisk: LabProcess | None = None

    @property
    def version(self) -> str:
        return self._root.version

    @property
    def ami_port(self) -> int:
        return self.settings.ami_port

    @property
    def ami_tls_port(self) -> int:
        return self.settings.ami_tls_port

    def start_server(self) -> None:
        self.launch_server()
        self.wait_until_booted()

    def launch_server(self) -> None:
        """Start Asterisk and do not wait: AMI answers before it is fully booted."""
        self._asterisk = LabProcess(
            "asterisk",
            self._root.command("-f", "-C", self._configuration),
            log=self.folder / "log/stdout.log",
            cwd=self.folder,
        )

    def wait_until_booted(self) -> None:
        def is_up() -> bool:
            asterisk = self._asterisk
            if asterisk is None or not asterisk.is_running:
                raise RuntimeError(
                    f"Asterisk ended: {(self.folder / 'log/stdout.log').read_text()}"
                )
            return greeting(self.ami_port).startswith("Asterisk Call Manager")

        wait_until(is_up, seconds=60, what="AMI")
        self.cli("core waitfullybooted")

    def stop_server(self) -> None:
        """End Asterisk in order: AMI clients see a Shutdown event."""
        if self._asterisk is not None:
            self._asterisk.stop(seconds=20)
            self._asterisk = None

    def kill(self) -> None:
        """End Asterisk as a crash would."""
        if self._asterisk is not None:
            self._asterisk.kill()
            self._asterisk = None

    def restart(self) -> None:
        self.stop_server()
        self.start_server()

    def freeze(self) -> None:
        """Stop Asterisk's time: its sockets stay open and nothing answers, until `thaw()`."""
        if self._asterisk is not None:
            self._asterisk.send(signal.SIGSTOP)

    def thaw(self) -> None:
        if self._asterisk is not None:
            self._asterisk.send(signal.SIGCONT)

    def cli(self, command: str) -> str:
        answer = subprocess.run(
            self._root.command("-C", self._configuration, "-rx", command),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return answer.stdout + answer.stderr

    @property
    def _configuration(self) -> str:
        return str(self.folder / "etc/asterisk.conf")


def _free_network() -> str:
    """Choose a loopback network of our own, so that labs side by side can all use port 5060."""
    for _ in range(100):
        network = f"127.{random.randint(1, 254)}.{random.randint(1, 254)}"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.bind((f"{network}.1", 5060))
            except OSError:
                continue
            return network
    raise RuntimeError("no free loopback network")
