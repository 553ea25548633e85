"""A real Linphone without a window: linphonec, which writes the same call history as the desktop's.

    python -m tests.lab.linphone install

Its calls come from a baresip, without any phone system between them.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.lab.packages import apt_install, why_unavailable
from tests.lab.softphones import PhoneSettings, Softphone
from tests.lab.waiting import free_port, wait_until

_PACKAGES = ("linphone-cli", "baresip-core")
CUSTOMER = "+15550100001"


def why_no_linphone() -> str | None:
    return why_unavailable(["linphonec", "baresip", "setpriv"])


def install() -> None:
    apt_install(_PACKAGES)


class LinphoneLab:
    """One Linphone of its own, with a customer's phone that can call it."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="supportdesk-linphone-"))
        self.data = self.folder / ".local" / "share" / "linphone"
        # linphonec does not make it, and then runs without a database.
        self.data.mkdir(parents=True)
        net = 2 + os.getpid() % 200
        self.host, self._customer_host = f"127.81.{net}.1", f"127.81.{net}.2"
        self.port = free_port(self.host, kind=socket.SOCK_DGRAM)
        self._process: subprocess.Popen[bytes] | None = None
        self.customer = Softphone(
            PhoneSettings(
                folder=self.folder / "customer",
                number=CUSTOMER,
                name="Carla Customer",
                host=self._customer_host,
                pbx_host=self._customer_host,
                is_registered=False,
            )
        )

    def __enter__(self) -> "LinphoneLab":
        try:
            self.customer.start()
            self.start_linphone()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop_linphone()
        self.customer.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start_linphone(self) -> None:
        settings = self.folder / "linphonerc"
        settings.write_text(
            f"""[sip]
sip_port={self.port}
sip_tcp_port=-1
sip_tls_port=-1
bind_address={self.host}
guess_hostname=0
contact="Fay Founder" <sip:fay@{self.host}:{self.port}>
default_proxy=-1
inc_timeout=60
[rtp]
audio_rtp_port=22000
[misc]
history_max_size=-1
"""
        )
        env = {
            **os.environ,
            "HOME": str(self.folder),
            "XDG_CONFIG_HOME": str(self.folder / ".config"),
            "XDG_DATA_HOME": str(self.folder / ".local" / "share"),
            "XDG_CACHE_HOME": str(self.folder / ".cache"),
        }
        setpriv = shutil.which("setpriv") or "setpriv"
        with (self.folder / "linphonec.log").open("ab") as log:
            self._process = subprocess.Popen(
                [setpriv, "--pdeathsig", "TERM", "--", "linphonec", "-c", str(settings)],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env=env,
                start_new_session=True,
            )
        wait_until(
            lambda: (self.data / "call-history.db").exists() and self._is_listening(),
            seconds=10,
            what="Linphone to start",
        )

    def stop_linphone(self) -> None:
        if self._process is None:
            return
        process, self._process = self._process, None
        try:
            process.communicate(b"quit\n", timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(timeout=10)

    def say(self, command: str) -> None:
        """Type a command into Linphone: answer, terminate, call URI."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(f"{command}\n".encode())
        self._process.stdin.flush()

    def ring(self) -> None:
        """Let the customer call, and wait until Linphone rings."""
        seen = self._seen().count("new incoming call")
        self.customer.command("dial", f"sip:fay@{self.host}:{self.port}")
        wait_until(
            lambda: self._seen().count("new incoming call") > seen,
            seconds=10,
            what="Linphone to ring",
        )

    def give_up(self) -> None:
        """Let the customer hang up, and wait until Linphone has heard it."""
        ended = self._seen().count(" ended (")
        self.customer.hang_up()
        wait_until(
            lambda: self._seen().count(" ended (") > ended, seconds=10, what="the end of the call"
        )

    def answer(self) -> None:
        start = self.customer.mark()
        self.say("answer")
        self.customer.wait_for_event("CALL_ESTABLISHED", start=start)

    def _seen(self) -> str:
        return (self.folder / "linphonec.log").read_text(errors="replace")

    def _is_listening(self) -> bool:
        return f":{self.port:04X} " in Path("/proc/net/udp").read_text()


if __name__ == "__main__":
    if sys.argv[1:] != ["install"]:
        sys.exit(__doc__)
    install()
