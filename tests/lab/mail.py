"""A real Dovecot 2.3 on loopback, with LMTP, submission and an SMTP sink; never run as root.

python -m tests.lab.mail install | start | stop | status | serve
python -m tests.lab.mail deliver ADDRESS FILE...    put messages into an inbox, by LMTP
python -m tests.lab.mail token ADDRESS              a bearer token (XOAUTH2, OAUTHBEARER)
"""

import argparse
import base64
import grp
import hashlib
import hmac
import itertools
import json
import os
import pwd
import re
import shutil
import signal
import smtplib
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from tests.lab.background import Lab, read_state, run_common
from tests.lab.certificates import LabAuthority
from tests.lab.dovecot_conf import TOKEN_KEY, DovecotSettings, dovecot_conf, oauth2_conf
from tests.lab.packages import apt_install, why_unavailable
from tests.lab.processes import LabProcess, children_of
from tests.lab.smtp_sink import SmtpSink
from tests.lab.waiting import LOOPBACK, free_port, greeting, wait_until

# mutt is the other mail program: what it makes of our answers is not of our making.
PACKAGES = ("dovecot-imapd", "dovecot-lmtpd", "dovecot-submissiond", "mutt")
SUPPORT = "support@lab.test"
FOUNDER = "founder@lab.test"
PASSWORD = "secret"
_DOMAIN = "@lab.test"
_EXTRA_USERS = 2000
_FOLDERS = ("run", "state", "home", "team", "keys/default/HS256", "rawlog", "tls")


def why_no_dovecot() -> str | None:
    """Say why Dovecot cannot run here, or None."""
    return why_unavailable(["dovecot", "setpriv"])


def install() -> None:
    apt_install(PACKAGES)


class DovecotLab(Lab):
    """Users `SUPPORT` and `FOUNDER` with `PASSWORD`; `new_address()` makes more of them.

    A client trusts `ca_file` and connects to localhost. Every command an IMAP client sends after
    its login is kept, also over TLS: see `imap_commands()`.
    """

    def __init__(
        self,
        *,
        idle_notify: str = "2 mins",
        most_connections: int = 50,
        most_mail_bytes: int = 0,
        most_mailbox_bytes: int = 0,
        also_at: Mapping[str, str] | None = None,
    ) -> None:
        """Make its files; nothing runs yet.

        Args:
            idle_notify: How often a client in IDLE is told something.
            most_connections: Of one user from one address.
            most_mail_bytes: The largest message that may be handed in; 0: of any size.
            most_mailbox_bytes: How much a user may keep; 0: as much as they like.
            also_at: Further addresses of this machine to listen at, by name.
        """
        also_at = also_at or {}
        self._listen = ", ".join([LOOPBACK, *also_at.values()])
        self._account = _server_account()
        self.folder = Path(tempfile.mkdtemp(prefix="mail-lab-"))
        for name in _FOLDERS:
            (self.folder / name).mkdir(parents=True)
        self.authority = LabAuthority(self.folder / "tls")
        self.ca_file = self.authority.ca_file
        self.certificate = self.authority.issue("server", names=("localhost", LOOPBACK, *also_at))
        self.imap_port = free_port()
        self.imaps_port = free_port()
        self.lmtp_port = free_port()
        self.submission_port = free_port()
        self.submissions_port = free_port()
        self.log_file = self.folder / "dovecot.log"
        self.sink = SmtpSink(
            lmtp_port=self.lmtp_port, is_local=lambda address: address.lower().endswith(_DOMAIN)
        )
        self._spare_users = itertools.count()
        self._dovecot: LabProcess | None = None
        self._configure(idle_notify, most_connections, (most_mail_bytes, most_mailbox_bytes))

    def start(self) -> None:
        self.sink.start()
        self.start_server()

    def stop(self) -> None:
        if self._dovecot is not None:
            self._dovecot.kill()
        self.sink.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start_server(self) -> None:
        """Start Dovecot alone; its mail and its ports are those of before."""
        dovecot = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        if dovecot is None:
            raise FileNotFoundError("dovecot is not installed")
        self._dovecot = LabProcess(
            "dovecot",
            [dovecot, "-F", "-c", str(self.folder / "dovecot.conf")],
            log=self.folder / "dovecot.out",
            user=self._account.pw_uid,
        )
        ports = (self.imap_port, self.lmtp_port, self.submission_port)
        try:
            wait_until(lambda: all(greeting(port) for port in ports), seconds=15, what="Dovecot")
        except TimeoutError as error:
            raise RuntimeError(f"{self._dovecot.log_tail()}\n{self.log()[-2000:]}") from error

    def stop_server(self) -> None:
        """End Dovecot politely: clients are told BYE."""
        if self._dovecot is not None:
            self._dovecot.stop()
            self._dovecot = None

    def kill_server(self) -> None:
        """End Dovecot and all its sessions as a crash would; nobody is told anything."""
        if self._dovecot is not None:
            self._dovecot.kill()
            self._dovecot = None

    def restart_server(self) -> None:
        self.stop_server()
        self.start_server()

    def summary(self) -> dict[str, str]:
        return {
            "imap": str(self.imap_port),
            "imaps": str(self.imaps_port),
            "lmtp": str(self.lmtp_port),
            "submission": str(self.submission_port),
            "submissions": str(self.submissions_port),
            "sink": str(self.sink.port),
            "users": f"{SUPPORT} {FOUNDER}",
            "password": PASSWORD,
            "ca_file": str(self.ca_file),
            "folder": str(self.folder),
        }

    def new_address(self) -> str:
        """Return a user with an empty mailbox of its own, so that tests can share one server."""
        return f"support-{next(self._spare_users)}{_DOMAIN}"

    def deliver(self, *messages: bytes, to: str = SUPPORT, sender: str = "c@example.org") -> None:
        """Put messages into an inbox, in one LMTP session, as fast as Dovecot takes them."""
        with smtplib.LMTP(LOOPBACK, self.lmtp_port) as lmtp:
            for message in messages:
                lmtp.sendmail(sender, [to], message)

    def kill_connections(self) -> int:
        """End every IMAP session at once, without a word to the clients; return how many."""
        sessions = self._sessions()
        for pid in sessions:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue  # its client left meanwhile
        return len(sessions)

    def session_count(self) -> int:
        """How many clients are logged in over IMAP."""
        return len(self._sessions())

    def log(self) -> str:
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    def imap_commands(self) -> list[str]:
        """Return the lines clients sent after login, session by session, without times."""
        lines: list[str] = []
        for record in sorted((self.folder / "rawlog").glob("*.in")):
            text = record.read_text(errors="replace")
            lines += [re.sub(r"^\d+\.\d+ ", "", line) for line in text.splitlines()]
        return lines

    def _sessions(self) -> list[int]:
        if self._dovecot is None:
            return []
        children = children_of(self._dovecot.pid)
        return [pid for pid, name in children.items() if name == "imap"]

    def token(self, address: str, *, life_seconds: int = 3600) -> str:
        return bearer_token(address, life_seconds=life_seconds)

    def offer(self, capability: str) -> None:
        """Restart Dovecot as a server that names these capabilities only; "" for all of its own."""
        self.stop_server()
        conf = replace(self._settings, capability=capability)
        (self.folder / "dovecot.conf").write_text(dovecot_conf(conf))
        self.start_server()

    def deliver_by_detail(self) -> None:
        """Restart Dovecot as one that delivers user+detail@… into the mailbox of that name."""
        self.stop_server()
        conf = replace(self._settings, delivers_by_detail=True)
        (self.folder / "dovecot.conf").write_text(dovecot_conf(conf))
        self.start_server()

    def give_mailbox(self, maildir: Path, address: str) -> None:
        """Move a maildir into the home of a user who has not logged in yet."""
        home = self.folder / "home" / address
        home.mkdir(parents=True)
        shutil.move(maildir, home / "mail")
        if os.geteuid() == 0:
            for path in (home, *home.rglob("*")):
                os.chown(path, self._account.pw_uid, self._account.pw_gid)

    def _configure(
        self, idle_notify: str, most_connections: int, most_bytes: tuple[int, int]
    ) -> None:
        settings = self._settings = DovecotSettings(
            folder=self.folder,
            user_name=self._account.pw_name,
            group_name=grp.getgrgid(self._account.pw_gid).gr_name,
            uid=self._account.pw_uid,
            gid=self._account.pw_gid,
            imap_port=self.imap_port,
            imaps_port=self.imaps_port,
            lmtp_port=self.lmtp_port,
            submission_port=self.submission_port,
            submissions_port=self.submissions_port,
            most_mail_bytes=most_bytes[0],
            most_mailbox_bytes=most_bytes[1],
            sink_port=self.sink.port,
            certificate=self.certificate,
            idle_notify=idle_notify,
            most_connections=most_connections,
            listen=self._listen,
        )
        (self.folder / "dovecot.conf").write_text(dovecot_conf(settings))
        (self.folder / "oauth2.conf.ext").write_text(oauth2_conf(self.folder))
        key = base64.b64encode(TOKEN_KEY).decode()
        (self.folder / "keys/default/HS256/default").write_text(key)
        # All at once: Dovecot notices a change of this file by its seconds only.
        spare = [f"support-{number}{_DOMAIN}" for number in range(_EXTRA_USERS)]
        users = "".join(f"{address}:{PASSWORD}\n" for address in (SUPPORT, FOUNDER, *spare))
        (self.folder / "users").write_text(users)
        if os.geteuid() == 0:
            for path in (self.folder, *self.folder.rglob("*")):
                os.chown(path, self._account.pw_uid, self._account.pw_gid)


def bearer_token(address: str, *, life_seconds: int = 3600) -> str:
    """Return a JSON web token that the lab's Dovecot accepts for this address."""

    def encoded(raw: bytes) -> bytes:
        return base64.urlsafe_b64encode(raw).rstrip(b"=")

    now = int(time.time())
    claims = {"sub": address, "iat": now - 5, "nbf": now - 5, "exp": now + life_seconds}
    signed = (
        encoded(json.dumps({"alg": "HS256", "typ": "JWT"}).encode())
        + b"."
        + encoded(json.dumps(claims).encode())
    )
    signature = hmac.new(TOKEN_KEY, signed, hashlib.sha256).digest()
    return (signed + b"." + encoded(signature)).decode()


def _server_account() -> pwd.struct_passwd:
    """Dovecot drops its rights in ways that need root, so as root it runs as nobody instead."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.getuid())


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command")
    parser.add_argument("values", nargs="*")
    chosen = parser.parse_args(arguments)
    if run_common("mail", chosen.command, DovecotLab, install, []):
        return
    if chosen.command == "token" and chosen.values:
        print(bearer_token(chosen.values[0]))  # noqa: T201  # a command for people
    elif chosen.command == "deliver" and len(chosen.values) > 1:
        with smtplib.LMTP(LOOPBACK, int(read_state("mail")["lmtp"])) as lmtp:
            for name in chosen.values[1:]:
                lmtp.sendmail("c@example.org", [chosen.values[0]], Path(name).read_bytes())
    else:
        parser.error(f"unknown command: {chosen.command}")


if __name__ == "__main__":
    main(sys.argv[1:])
