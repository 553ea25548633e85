"""A founder's baresip and a customer's, calling each other without a phone system between them."""

import os
import shutil
import signal
import tempfile
from pathlib import Path

from tests.lab.softphones import PhoneSettings, Softphone


class SoftphonePair:
    """The founder's control port is left to the program that is tested: no lab listens there."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="supportdesk-baresip-"))
        net = 2 + os.getpid() % 200
        self.founder_host = f"127.82.{net}.1"
        customer_host = f"127.82.{net}.2"
        # A number that the founder dials is looked for at the founder's own domain.
        self.founder = self._phone("fay", "Fay Founder", self.founder_host, customer_host)
        self.customer = self._phone("+15550100001", "Carla Customer", customer_host, customer_host)

    def __enter__(self) -> "SoftphonePair":
        try:
            self.founder.start_process()
            self.customer.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.founder.stop()
        self.customer.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def control_port(self) -> int:
        return self.founder.control_address[1]

    def ring(self) -> None:
        """The customer calls; the founder's phone is about to ring."""
        self.customer.command("dial", f"sip:fay@{self.founder_host}:5060")

    def freeze(self) -> None:
        self.founder.send(signal.SIGSTOP)

    def thaw(self) -> None:
        self.founder.send(signal.SIGCONT)

    def _phone(self, number: str, name: str, host: str, domain: str) -> Softphone:
        return Softphone(
            PhoneSettings(
                folder=self.folder / number,
                number=number,
                name=name,
                host=host,
                pbx_host=domain,
                is_registered=False,
            )
        )
