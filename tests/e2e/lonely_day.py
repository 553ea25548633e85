"""What is contacted in a day, or by leaks on purpose; run in a network of its own (`ALONE`).

    python -m tests.e2e.lonely_day day FOLDER | leaks

Prints one JSON object. In the network are a mail server and a phone system under names of their
own, a name server that knows these two alone, and the app.
"""

import contextlib
import json
import os
import smtplib
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from supportdesk.practice.desk import PracticeAddresses, PracticeDesk
from supportdesk.practice.script import DayScript, Due, SomebodyCalls
from tests.adapters.hostile_html.samples import SAMPLES
from tests.e2e.day_at_the_desk import IMAGES_OF
from tests.e2e.running import REPOSITORY, command, environment, make_home
from tests.lab.host_recorder import Contact, HostRecorder
from tests.lab.lonely_network import LAB, NameServer, Relay, furnish, name_servers
from tests.lab.mail import PASSWORD, SUPPORT, DovecotLab
from tests.lab.waiting import LOOPBACK, wait_until

MAIL, MAIL_NAME = "192.0.2.10", "imap.desk.example"
PHONE, PHONE_NAME = "192.0.2.20", "pbx.desk.example"
PHONE_PORT = 5038
TRACKER = "tracker.evil.example"
NAME_SERVER = "name server"
"""Whichever this machine asks."""
LEAK = "203.0.113.9"
LEAK_6 = "2001:db8::9"
_EVERY = 3
"""Of the hostile documents, so many are left out between two, but for pictures: none of those."""
_HURRY = 10.0
_CALLS = DayScript(
    begins=0,
    opening=(
        Due(at=1, happening=SomebodyCalls(customer="pavel", patience_seconds=36_000)),
        Due(at=20, happening=SomebodyCalls(customer="noor", patience_seconds=30)),
    ),
    lap=(),
    opening_seconds=30,
    lap_seconds=30,
)
"""One waits until the founder takes them, one is missed."""
_LONGEST_STEP_SECONDS = 60
_OFFSCREEN = "This plugin does not support"
"""What Qt says of a window that is to come to the front where there is no desktop."""

_SETTINGS = """
[[mail]]
name = "Support"
address = "{address}"
host = "{host}"
port = {port}
user = "{address}"
ca_file = "{ca_file}"

[[phone]]
name = "Office"
kind = "asterisk"
host = "{phone}"
port = {phone_port}
trust_network = true
user = "{ami_user}"
queues = ["{queue}"]
founder = "{founder}"
context = "{context}"
"""
_WORDS = {
    "@WEB@": f"http://{TRACKER}",
    "@HOST@": TRACKER,
    "@PORT@": "80",
    "@SSL@": "@",
    "@FILE@": "file:///etc/hostname",
    "@PATH@": "/etc/hostname",
    "@IMAGE@": "file:///etc/hostname",
    "@IMAGE_PATH@": "/etc/hostname",
    "@STYLE@": "file:///etc/hostname",
}
_COMMANDS = (
    ("call", "ringing", "--from", "+420111222333", "--id", "1"),
    ("call", "answered", "--from", "+420111222333", "--id", "1", "--by", "you"),
    ("call", "ended", "--from", "+420111222333", "--id", "1"),
    ("status", "--json"),
    ("week",),
    ("doctor",),
)


def hostile_mails() -> Iterator[bytes]:
    """Customers' mail that wants to be noticed when it is read."""
    for number, sample in enumerate(SAMPLES):
        if number % _EVERY and not sample.name.startswith("image"):
            continue
        source = sample.source
        for word, value in _WORDS.items():
            source = source.replace(word, value)
        head = (
            f"From: Customer {number} <c{number}@shop.example>\r\nTo: {SUPPORT}\r\n"
            f"Subject: Flour {number}\r\nMessage-ID: <{number}@shop.example>\r\n"
            f"Disposition-Notification-To: c@{TRACKER}\r\nReturn-Receipt-To: c@{TRACKER}\r\n"
            f"MIME-Version: 1.0\r\nContent-Type: text/html; charset={sample.charset}\r\n"
            "Content-Transfer-Encoding: 8bit\r\n\r\n"
        )
        yield head.encode() + source.encode(sample.codec, "surrogateescape")
    yield (
        f"From: Ingrid <ingrid@shop.example>\r\nTo: {SUPPORT}\r\nSubject: {IMAGES_OF}\r\n"
        "Message-ID: <images@shop.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n"
        f"<p>Look at <a href='http://{TRACKER}/link'>our flour</a></p>"
        f"<img src='https://{TRACKER}/flour.png' width=300 height=200 alt=flour>"
    ).encode()


def deliver(lab: DovecotLab, mails: list[bytes]) -> None:
    """From the address of the test, and asking for no name, so that it is not taken for the app."""
    with smtplib.LMTP(LOOPBACK, lab.lmtp_port, "lab.test", source_address=(LAB, 0)) as lmtp:
        for mail in mails:
            lmtp.sendmail("c@shop.example", [SUPPORT], mail)


class App:
    """`day_at_the_desk` as a process."""

    def __init__(self, home: Path, folder: Path, mails: int) -> None:
        self.steps: list[str] = []
        self._errors = (folder / "errors.txt").open("w+")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.day_at_the_desk", str(folder), str(mails)],
            env=environment(home) | {"QT_QPA_PLATFORM": "offscreen"},
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def wait_for(self, step: str) -> None:
        wait_until(
            lambda: step in self.steps or self._process.poll() is not None,
            seconds=_LONGEST_STEP_SECONDS,
            what=step,
        )
        if step not in self.steps:
            raise AssertionError(f"{step!r} never came after {self.steps}\n{self.errors()}")

    def order(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write("go on\n")
        self._process.stdin.flush()

    def end(self) -> int:
        """Its exit status; killed if it does not end."""
        try:
            return self._process.wait(60)
        finally:
            self._process.kill()
            self._process.wait()

    def errors(self) -> str:
        self._errors.flush()
        self._errors.seek(0)
        lines = self._errors.read().splitlines()
        return "\n".join(line for line in lines if not line.startswith(_OFFSCREEN))[-4000:]

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.steps.append(line.strip())
            print(line, end="", file=sys.stderr)  # noqa: T201  # how far it came, if it fails


def a_home(folder: Path, lab: DovecotLab, phone: PracticeAddresses) -> Path:
    settings = _SETTINGS.format(
        address=SUPPORT,
        host=MAIL_NAME,
        port=lab.imaps_port,
        ca_file=lab.ca_file,
        phone=PHONE_NAME,
        phone_port=PHONE_PORT,
        ami_user=phone.ami_user,
        queue=phone.queue,
        founder=phone.founder,
        context=phone.context,
    )
    return make_home(folder, settings, {"mail/Support": PASSWORD, "phone/Office": phone.ami_secret})


def day(folder: Path) -> dict[str, object]:
    mails = list(hostile_mails())
    with ExitStack() as stack:
        stack.enter_context(NameServer({MAIL_NAME: MAIL, PHONE_NAME: PHONE}))
        lab = stack.enter_context(DovecotLab(also_at={MAIL_NAME: MAIL}))
        desk = PracticeDesk(datetime.now(UTC), _HURRY, script=_CALLS)
        phone = desk.start()
        stack.callback(desk.stop)
        stack.enter_context(Relay((PHONE, PHONE_PORT), phone.ami_port))
        home = a_home(folder, lab, phone)
        deliver(lab, mails[: len(mails) // 2])
        recorder = stack.enter_context(HostRecorder(but_from=(LAB,)))
        app = App(home, folder, len(mails))
        try:
            app.wait_for("listening")
            deliver(lab, mails[len(mails) // 2 :])
            told = [command(home, *arguments) for arguments in _COMMANDS]
            app.wait_for("the day is over")
            by_day = recorder.contacts()
            app.order()
            app.wait_for("images were asked for")
            with contextlib.suppress(TimeoutError):
                wait_until(
                    lambda: any(one.name == TRACKER for one in recorder.contacts()),
                    seconds=5,
                    what="the host of the images to be asked for",
                )
            app.order()
            status = app.end()
        finally:
            app.end()
        return {
            "mail_port": lab.imaps_port,
            "day": [_shown(one) for one in by_day],
            "images": [_shown(one) for one in recorder.contacts() if one not in by_day],
            "lost": recorder.lost(),
            "steps": app.steps,
            "status": status,
            "commands": [one.returncode for one in told],
            "wrong": [line for line in told[-1].stdout.splitlines() if line.startswith("!!")],
            "errors": app.errors(),
            "mails": len(mails),
        }


def leaks() -> dict[str, object]:
    """Whatever a program may do to be heard; nobody answers."""
    with NameServer({}), HostRecorder() as recorder:
        for family, host in ((socket.AF_INET, LEAK), (socket.AF_INET6, LEAK_6)):
            with socket.socket(family) as link, contextlib.suppress(OSError):
                link.settimeout(5)
                link.connect((host, 443))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagram:
            datagram.sendto(b"hello", (LEAK, 514))
        with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as ping:
            ping.sendto(b"\x08\x00\xf7\xff\x00\x00\x00\x00", (LEAK, 0))
        with contextlib.suppress(OSError):
            socket.getaddrinfo("telemetry.example", 443)
        wanted = ("tcp", "udp", "icmp")

        def is_heard() -> bool:
            hows = {one.how for one in recorder.contacts()}
            names = {one.name for one in recorder.contacts()}
            return hows.issuperset(wanted) and "telemetry.example" in names

        with contextlib.suppress(TimeoutError):
            wait_until(is_heard, seconds=5, what="the leaks to be seen")
        return {"leaks": [_shown(one) for one in recorder.contacts()], "lost": recorder.lost()}


def _shown(contact: Contact) -> list[object]:
    is_name_server = contact.port == 53 and contact.host in name_servers()
    host = NAME_SERVER if is_name_server else contact.host
    return [contact.how, host, contact.port, contact.name]


def main(what: str, *folders: str) -> None:
    furnish()
    os.environ["PYTHONPATH"] = str(REPOSITORY)
    found = day(Path(folders[0])) if what == "day" else leaks()
    print(json.dumps(found))  # noqa: T201  # what the test reads


if __name__ == "__main__":
    main(*sys.argv[1:])
