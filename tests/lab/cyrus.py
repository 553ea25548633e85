"""A real Cyrus 3.6 on loopback, with LMTP; its packages are unpacked, since Dovecot's forbid them.

python -m tests.lab.cyrus install | start | stop | status | serve

What is peculiar: IDLE goes through a daemon of its own (idled) and tells within 50 ms; QRESYNC and
VANISHED are real; a deleted mailbox ends the sessions that have it open; \\Seen is kept per user.
"""

import argparse
import grp
import imaplib
import itertools
import os
import pwd
import shutil
import smtplib
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.lab.background import Lab, run_common
from tests.lab.cyrus_conf import ADMIN, REALM, CyrusSettings, cyrus_conf, imapd_conf
from tests.lab.mail import PASSWORD
from tests.lab.processes import LabProcess, children_of
from tests.lab.unpacked import UnpackedPackages, find_unpacked, unpack
from tests.lab.waiting import LOOPBACK, free_port, greeting, wait_until

PACKAGES = ("cyrus-imapd", "sasl2-bin", "libsasl2-modules")
_NAME = "cyrus"
_PROGRAMS = "usr/lib/cyrus/bin"
_SASLPASSWD = "usr/sbin/saslpasswd2"
_FOLDERS = ("conf/socket", "conf/db", "conf/proc", "conf/lock", "spool", "run")


def why_no_cyrus() -> str | None:
    """Say why Cyrus cannot run here, or None."""
    if find_unpacked(_NAME) is None:
        return "Cyrus is not unpacked (python3 -m tests.lab.install, as root)"
    return None


def install() -> None:
    unpack(_NAME, PACKAGES, [f"{_PROGRAMS}/imapd", f"{_PROGRAMS}/lmtpd", _SASLPASSWD])


class CyrusLab(Lab):
    """`new_address()` makes users, each with an inbox and a Sent; all have `PASSWORD`."""

    def __init__(self) -> None:
        unpacked = find_unpacked(_NAME)
        if unpacked is None:
            raise FileNotFoundError("Cyrus is not unpacked")
        nobody = os.geteuid() == 0
        self._account = pwd.getpwnam("nobody") if nobody else pwd.getpwuid(os.getuid())
        self.folder = Path(tempfile.mkdtemp(prefix="cyrus-lab-"))
        self.folder.chmod(0o755)
        self._packages: UnpackedPackages = unpacked.copied_to(self.folder / "root")
        self.imap_port = free_port()
        self.lmtp_port = free_port()
        self._spare_users = itertools.count()
        self._master: LabProcess | None = None
        self._configure()

    @property
    def _environment(self) -> dict[str, str]:
        plugins = next(
            folder / "sasl2"
            for folder in self._packages.libraries
            if (folder / "sasl2/libplain.so").exists()
        )
        # What the machine had already was not unpacked.
        beside = [str(folder) for folder in Path("/usr/lib").glob("*-linux-gnu*/sasl2")]
        path = ":".join([str(plugins), *beside])
        return {**os.environ, **self._packages.environment(), "SASL_PATH": path}

    def start(self) -> None:
        self._set_password(ADMIN)
        self.start_server()

    def stop(self) -> None:
        if self._master is not None:
            self._master.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start_server(self) -> None:
        """Start Cyrus; its mail and its ports are those of before."""
        self._master = LabProcess(
            "cyrus",
            [
                self._packages.program(f"{_PROGRAMS}/master"),
                *("-D", "-C", str(self.folder / "imapd.conf")),
                *("-M", str(self.folder / "cyrus.conf"), "-p", str(self.folder / "run/master.pid")),
            ],
            log=self.folder / "cyrus.out",
            env=self._environment,
            user=self._account.pw_uid,
        )
        try:
            wait_until(
                lambda: greeting(self.imap_port) and greeting(self.lmtp_port),
                seconds=30,
                what="Cyrus",
            )
        except TimeoutError as error:
            raise RuntimeError(self._master.log_tail()) from error

    def stop_server(self) -> None:
        if self._master is not None:
            self._master.stop()
            self._master = None

    def summary(self) -> dict[str, str]:
        return {
            "imap": str(self.imap_port),
            "lmtp": str(self.lmtp_port),
            "user": self.new_address(),
            "password": PASSWORD,
            "folder": str(self.folder),
        }

    def new_address(self) -> str:
        """Return a user with an empty mailbox, so that tests can share one server."""
        user = f"support-{next(self._spare_users)}"
        self._set_password(user)
        with imaplib.IMAP4(LOOPBACK, self.imap_port, timeout=20) as admin:
            admin.login(ADMIN, PASSWORD)
            admin.create(f"user/{user}")
        with imaplib.IMAP4(LOOPBACK, self.imap_port, timeout=20) as owner:
            owner.login(user, PASSWORD)
            owner.xatom("CREATE", "Sent", r"(USE (\Sent))")
        return user

    def deliver(self, *messages: bytes, to: str) -> None:
        with smtplib.LMTP(LOOPBACK, self.lmtp_port) as lmtp:
            for message in messages:
                lmtp.sendmail("c@example.org", [to], message)

    def session_count(self) -> int:
        """How many processes of Cyrus serve IMAP clients or wait for them."""
        if self._master is None:
            return 0
        return sum(name == "imapd" for name in children_of(self._master.pid).values())

    def _set_password(self, user: str) -> None:
        command = [self._packages.program(_SASLPASSWD), "-p", "-c"]
        options = ["-f", str(self.folder / "sasldb2"), "-u", REALM, user]
        subprocess.run(
            [*command, *options],
            input=PASSWORD,
            text=True,
            env=self._environment,
            check=True,
            capture_output=True,
            user=self._account.pw_uid if os.geteuid() == 0 else None,
        )

    def _configure(self) -> None:
        settings = CyrusSettings(
            folder=self.folder,
            programs=Path(self._packages.program(_PROGRAMS)),
            user_name=self._account.pw_name,
            group_name=grp.getgrgid(self._account.pw_gid).gr_name,
            imap_port=self.imap_port,
            lmtp_port=self.lmtp_port,
        )
        settings.imapd_conf.write_text(imapd_conf(settings))
        (self.folder / "cyrus.conf").write_text(cyrus_conf(settings))
        for name in _FOLDERS:
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            own = [self.folder, *(self.folder / name for name in ("conf", "spool", "run"))]
            for path in (*own, *(self.folder / "conf").rglob("*")):
                os.chown(path, self._account.pw_uid, self._account.pw_gid)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command")
    chosen = parser.parse_args(arguments)
    if not run_common("cyrus", chosen.command, CyrusLab, install, []):
        parser.error(f"unknown command: {chosen.command}")


if __name__ == "__main__":
    main(sys.argv[1:])
