"""A real Asterisk with real softphones on loopback.

    python -m tests.lab.phone install | start | stop | status | serve
    python -m tests.lab.phone start 100 201 202       with these phones logged in
    python -m tests.lab.phone cli COMMAND...          one command on Asterisk's console

Extensions: 800 queue support (members 201, 202), 801 queue strict, 802 queue fpbx, 804 support for
4 s, 805 support without Answer, 806 support for 3 s and then sales, 807 rings 201 and 202 at once,
100 and 20x direct.
"""

import argparse
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.lab import asterisk_root
from tests.lab.ami_client import AmiClient
from tests.lab.asterisk_conf import PHONE_NAMES, SECRET
from tests.lab.asterisk_root import VERSIONS, find_root
from tests.lab.background import Lab, read_state, run_common
from tests.lab.packages import why_unavailable
from tests.lab.pbx import AsteriskServer
from tests.lab.softphones import OddCaller, PhoneSettings, Softphone
from tests.lab.waiting import free_ports, wait_until

FOUNDER = "100"
AMI_USER = "supportdesk"
_ODD_HOST = 12
_DEFAULT_FROM = '"Carla Customer" <sip:+15550100001@customer.example>'


def why_no_asterisk() -> str | None:
    """Say why the phone lab cannot run here, or None."""
    if not all(find_root(version) for version in VERSIONS):
        return "no Asterisk unpacked (python3 -m tests.lab.phone install, as root)"
    return why_unavailable(["baresip", "sipp", "setpriv"])


class AsteriskLab(AsteriskServer, Lab):
    """One PBX with its phones. AMI users are in asterisk/manager.conf, each with `SECRET`."""

    def __init__(
        self,
        phones: Sequence[str] = (),
        *,
        version: str = VERSIONS[0],
        is_talkative: bool = False,
    ) -> None:
        super().__init__(version, is_talkative=is_talkative)
        self._initial_phones = tuple(phones)
        self._phones: list[Softphone | OddCaller] = []
        self._clients: list[AmiClient] = []
        self._odd_ports = free_ports(
            self.settings.customer_host(_ODD_HOST), OddCaller.PORTS, kind=socket.SOCK_DGRAM
        )

    def start(self) -> None:
        self.start_server()
        for number in self._initial_phones:
            self.agent(number)

    def stop(self) -> None:
        self.send_everybody_home()
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def ami(self, user: str = "full") -> AmiClient:
        """Connect another AMI client, beside the program that is tested."""
        client = AmiClient(self.ami_port, user)
        self._clients.append(client)
        return client

    def agent(self, number: str) -> Softphone:
        """Log in one of our phones (100 is the founder's) and wait until the PBX knows it."""
        phone = self._start_phone(
            PhoneSettings(
                folder=self._new_folder(f"phone-{number}"),
                number=number,
                name=PHONE_NAMES[number],
                host=self.settings.phone_host(number),
                pbx_host=self.settings.sip_host,
                is_registered=True,
            )
        )
        phone.wait_until_registered()
        wait_until(
            lambda: "Not in use" in self.cli(f"pjsip show endpoint {number}"),
            seconds=10,
            what=f"the PBX to see {number}",
        )
        return phone

    def customer(self, index: int = 1, *, name: str = "Carla Customer") -> Softphone:
        """Start the phone of a caller from the outside, 1 to 9: +15550100001 and so on."""
        return self._start_phone(
            PhoneSettings(
                folder=self._new_folder(f"customer-{index}"),
                number=f"+1555010000{index}",
                name=name,
                host=self.settings.customer_host(index),
                pbx_host=self.settings.sip_host,
                is_registered=False,
            )
        )

    def odd_caller(
        self,
        extension: str,
        *,
        from_header: str = _DEFAULT_FROM,
        hold_seconds: float = 600,
        more_headers: str = "",
    ) -> OddCaller:
        """Call from the outside with any From header, such as hidden or badly encoded names."""
        caller = OddCaller(
            folder=self._new_folder("odd-caller"),
            host=self.settings.customer_host(_ODD_HOST),
            pbx_host=self.settings.sip_host,
            extension=extension,
            from_header=from_header,
            hold_seconds=hold_seconds,
            port=next(self._odd_ports),
            more_headers=more_headers,
        )
        self._phones.append(caller)
        return caller

    def send_everybody_home(self) -> None:
        """Stop all phones and close all AMI clients of `ami()`."""
        for client in self._clients:
            client.close()
        for phone in self._phones:
            phone.stop()
        self._clients.clear()
        self._phones.clear()

    def summary(self) -> dict[str, str]:
        return {
            "version": self.version,
            "ami": str(self.ami_port),
            "ami_tls": str(self.ami_tls_port),
            "ami_user": AMI_USER,
            "secret": SECRET,
            "sip": self.settings.sip_host,
            "ca_file": str(self.ca_file),
            "folder": str(self.folder),
        }

    def _new_folder(self, stem: str) -> Path:
        return Path(tempfile.mkdtemp(prefix=f"{stem}-", dir=self.folder))

    def _start_phone(self, settings: PhoneSettings) -> Softphone:
        phone = Softphone(settings)
        self._phones.append(phone)
        phone.start()
        return phone


def install_softphones() -> None:
    asterisk_root.install_programs()


def install() -> None:
    for root in asterisk_root.install():
        print(root.version)  # noqa: T201  # a command for people


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command")
    parser.add_argument("values", nargs="*")
    chosen = parser.parse_args(arguments)
    values: list[str] = chosen.values
    if run_common("phone", chosen.command, lambda: AsteriskLab(values), install, values):
        return
    root = find_root()
    if chosen.command != "cli" or root is None:
        parser.error(f"unknown command: {chosen.command}")
    configuration = f"{read_state('phone')['folder']}/etc/asterisk.conf"
    subprocess.run(root.command("-C", configuration, "-rx", " ".join(values)), check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
