"""Courier's own imapd 5 on loopback, for Maildirs; unpacked, since Dovecot's packages forbid it.

python -m tests.lab.courier install | start | stop | status | serve

Courier's login program wants a daemon at a place that only root can make. So a few lines here take
the connection and the password, and hand the socket to the real imapd in the way the login program
does: by the environment, with the tag of LOGIN still to be answered.

What is peculiar: no ESEARCH, CONDSTORE or SPECIAL-USE; names begin with `INBOX.`; IDLE needs the
daemon of gamin, and without it (`has_gamin=False`) Courier says an ALERT and tells nothing in IDLE;
a mailbox that was never opened for writing has a new UIDVALIDITY at each EXAMINE, and numbers that
EXAMINE gave to new files are not kept: they are given anew, by the order of the file names.
"""

import argparse
import contextlib
import itertools
import os
import pwd
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

from tests.lab.background import Lab, run_common
from tests.lab.mail import PASSWORD
from tests.lab.processes import LabProcess
from tests.lab.unpacked import UnpackedPackages, find_unpacked, unpack
from tests.lab.waiting import LOOPBACK, free_port

PACKAGES = ("courier-imap", "courier-base", "gamin")
_NAME = "courier"
_IMAPD = "usr/bin/imapd"
_MAKE = "usr/bin/maildirmake.courier"
_GAMIN = "usr/libexec/gam_server"
_CAPABILITY = (
    "IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT THREAD=REFERENCES SORT QUOTA IDLE"
)
_SESSION = {
    "PROTOCOL": "IMAP",
    "IMAP_CAPABILITY": _CAPABILITY,
    "IMAP_KEYWORDS": "1",
    "IMAP_IDLE_TIMEOUT": "3",
    "IMAP_TRASHFOLDERNAME": "Trash",
}
_LOGIN = re.compile(r'LOGIN "?([^ "]+)"? "?([^"]*)"?$', re.IGNORECASE)


def why_no_courier() -> str | None:
    """Say why Courier cannot run here, or None."""
    if find_unpacked(_NAME) is None:
        return "Courier is not unpacked (python3 -m tests.lab.install, as root)"
    return None


def install() -> None:
    unpack(_NAME, PACKAGES, [_IMAPD, _MAKE, _GAMIN])


class CourierLab(Lab):
    """`new_address()` makes users, each with a Maildir and a Sent; all have `PASSWORD`."""

    def __init__(self, *, has_gamin: bool = True) -> None:
        unpacked = find_unpacked(_NAME)
        if unpacked is None:
            raise FileNotFoundError("Courier is not unpacked")
        nobody = os.geteuid() == 0
        self._account = pwd.getpwnam("nobody") if nobody else pwd.getpwuid(os.getuid())
        self.folder = Path(tempfile.mkdtemp(prefix="courier-lab-"))
        self.folder.chmod(0o755)
        self._packages: UnpackedPackages = unpacked.copied_to(self.folder / "root")
        self._environment = {**os.environ, **self._packages.environment()}
        self._environment["GAM_CLIENT_ID"] = self.folder.name
        self._own(self.folder)
        self.imap_port = free_port()
        self._has_gamin = has_gamin
        self._gamin: LabProcess | None = None
        self._spare_users = itertools.count()
        self._messages = itertools.count()
        self._listener: socket.socket | None = None
        self._threads: list[threading.Thread] = []
        self._sessions: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        if self._has_gamin:
            self._gamin = LabProcess(
                "gamin",
                [self._packages.program(_GAMIN), "--notimeout", self.folder.name],
                log=self.folder / "gamin.out",
                env=self._environment,
                user=self._account.pw_uid,
            )
        self.start_server()

    def stop(self) -> None:
        self.stop_server()
        if self._gamin is not None:
            self._gamin.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start_server(self) -> None:
        self._listener = socket.create_server((LOOPBACK, self.imap_port))
        self._start(self._accept, self._listener)

    def stop_server(self) -> None:
        if self._listener is not None:
            with contextlib.suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
        for session in self._sessions:
            if session.poll() is None:
                session.kill()
        for thread in self._threads:
            thread.join(10)
        self._sessions.clear()
        self._threads.clear()

    def summary(self) -> dict[str, str]:
        return {
            "imap": str(self.imap_port),
            "user": self.new_address(),
            "password": PASSWORD,
            "folder": str(self.folder),
        }

    def new_address(self) -> str:
        """Return a user with an empty mailbox, so that tests can share one server."""
        user = f"support-{next(self._spare_users)}"
        home = self.folder / user
        home.mkdir()
        self._own(home)
        for arguments in (["Maildir"], ["-f", "Sent", "Maildir"]):
            subprocess.run(
                [self._packages.program(_MAKE), *arguments],
                cwd=home,
                env=self._environment,
                user=self._account.pw_uid if os.geteuid() == 0 else None,
                group=self._account.pw_gid if os.geteuid() == 0 else None,
                check=True,
            )
        return user

    def deliver(self, *messages: bytes, to: str) -> None:
        """File messages as a Maildir wants it: written aside, then moved to where it is seen."""
        maildir = self.folder / to / "Maildir"
        for message in messages:
            name = f"{next(self._messages):010}.lab"
            aside = maildir / "tmp" / name
            aside.write_bytes(message.replace(b"\r\n", b"\n"))
            self._own(aside)
            aside.rename(maildir / "new" / name)

    def session_count(self) -> int:
        """How many clients are logged in."""
        return sum(session.poll() is None for session in self._sessions)

    def _own(self, path: Path) -> None:
        if os.geteuid() == 0:
            os.chown(path, self._account.pw_uid, self._account.pw_gid)

    def _start(self, target: Callable[[socket.socket], None], link: socket.socket) -> None:
        thread = threading.Thread(target=target, args=(link,), name="courier-lab", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                link, _ = listener.accept()
            except OSError:
                return
            self._start(self._serve, link)

    def _serve(self, link: socket.socket) -> None:
        """Take a login; then the real imapd has the socket, and this thread waits for its end."""
        with contextlib.suppress(OSError, EOFError):
            with link:
                user, tag = self._log_in(link)
                address, port = link.getpeername()
                session = subprocess.Popen(
                    [self._packages.program(_IMAPD), "Maildir"],
                    stdin=link.fileno(),
                    stdout=link.fileno(),
                    stderr=subprocess.DEVNULL,
                    cwd=self.folder / user,
                    user=self._account.pw_uid if os.geteuid() == 0 else None,
                    group=self._account.pw_gid if os.geteuid() == 0 else None,
                    env={
                        **self._environment,
                        **_SESSION,
                        "IMAPLOGINTAG": tag,
                        "AUTHENTICATED": user,
                        "HOME": str(self.folder / user),
                        "TCPREMOTEIP": str(address),
                        "TCPREMOTEPORT": str(port),
                    },
                )
            self._sessions.append(session)
            session.wait()

    def _log_in(self, link: socket.socket) -> tuple[str, str]:
        """Return who logged in, and the tag that imapd has to answer; EOFError when nobody did."""
        _say(link, f"* OK [CAPABILITY {_CAPABILITY}] Courier-IMAP ready.")
        while True:
            tag, _, command = _line(link).partition(" ")
            found = _LOGIN.match(command)
            if found and found[2] == PASSWORD and (self.folder / found[1]).is_dir():
                return found[1], tag
            if found:
                _say(link, f"{tag} NO Login failed.")
            elif command.upper() == "CAPABILITY":
                _say(link, f"* CAPABILITY {_CAPABILITY}", f"{tag} OK CAPABILITY completed")
            elif command.upper() == "LOGOUT":
                _say(link, "* BYE Courier-IMAP server shutting down", f"{tag} OK LOGOUT")
                raise EOFError
            else:
                _say(link, f"{tag} NO Error in IMAP command received by server.")


def _say(link: socket.socket, *lines: str) -> None:
    link.sendall("".join(f"{line}\r\n" for line in lines).encode())


def _line(link: socket.socket) -> str:
    """Read one line and not a byte more: what follows belongs to imapd."""
    line = b""
    while not line.endswith(b"\n"):
        byte = link.recv(1)
        if not byte:
            raise EOFError
        line += byte
    return line.decode("utf-8", "replace").strip()


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command")
    chosen = parser.parse_args(arguments)
    if not run_common("courier", chosen.command, CourierLab, install, []):
        parser.error(f"unknown command: {chosen.command}")


if __name__ == "__main__":
    main(sys.argv[1:])
