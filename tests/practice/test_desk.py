"""The practice desk as a client sees it: real sockets, a script that runs, a clean end."""

import dataclasses
import email
import email.policy
import imaplib
import os
import smtplib
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from supportdesk.practice.company import find_practice_folder
from supportdesk.practice.desk import PracticeAddresses, PracticeDesk, PracticeUnavailable
from supportdesk.practice.script import DayScript, Due, MailIsPosted, SomebodyCalls
from tests.conftest import ExpectLog
from tests.practice.held_clock import Day
from tests.practice.on_loop import DEADLINE_SECONDS, wait_until

NOW = datetime.now(UTC)
needs_proc = pytest.mark.skipif(
    not Path("/proc/self/fd").is_dir(), reason="descriptors are counted in /proc"
)
QUIET = DayScript(begins=0, opening=(), lap=(), opening_seconds=0, lap_seconds=0)


@pytest.fixture
def desk() -> Iterator[PracticeDesk]:
    desk = PracticeDesk(NOW, script=QUIET)
    yield desk
    desk.stop()


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> Day:
    """Of the desk of a test; it begins when the test says so."""
    return Day(monkeypatch)


class Ami:
    """A bare AMI client: logs in, sends lines, waits for events."""

    def __init__(self, at: PracticeAddresses) -> None:
        self._socket = socket.create_connection(
            (at.ami_host, at.ami_port), timeout=DEADLINE_SECONDS
        )
        self._file = self._socket.makefile("rb")
        self.banner = self._file.readline()
        self.send("Login", Username=at.ami_user, Secret=at.ami_secret)

    def send(self, action: str, **fields: str) -> None:
        lines = [f"Action: {action}", *(f"{key}: {value}" for key, value in fields.items())]
        self._socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())

    def read(self) -> dict[str, str]:
        block: dict[str, str] = {}
        while line := self._file.readline().decode().rstrip("\r\n"):
            key, _, value = line.partition(":")
            block[key] = value.strip()
        return block

    def until(self, **wanted: str) -> list[dict[str, str]]:
        """Everything up to the block that has all these fields."""
        seen = [self.read()]
        while not wanted.items() <= seen[-1].items():
            assert seen[-1], f"the link ended before {wanted}"
            seen.append(self.read())
        return seen

    def close(self) -> None:
        self._file.close()
        self._socket.close()


@contextmanager
def ami(at: PracticeAddresses) -> Iterator[Ami]:
    client = Ami(at)
    try:
        yield client
    finally:
        client.close()


@contextmanager
def inbox(at: PracticeAddresses) -> Iterator[imaplib.IMAP4]:
    with imaplib.IMAP4(at.imap_host, at.imap_port, timeout=DEADLINE_SECONDS) as imap:
        imap.login(at.imap_user, at.imap_password)
        imap.select("INBOX", readonly=True)
        yield imap


def newest(at: PracticeAddresses, mailbox: str = "INBOX") -> EmailMessage:
    with inbox(at) as imap:
        imap.select(mailbox, readonly=True)
        _, data = imap.fetch("*", "(BODY.PEEK[])")
    part = data[0]
    assert isinstance(part, tuple)
    return email.message_from_bytes(part[1], policy=email.policy.default)


def exists(imap: imaplib.IMAP4) -> int:
    (number,) = imap.untagged_responses["EXISTS"]
    assert isinstance(number, bytes)
    return int(number)


def count(at: PracticeAddresses, mailbox: str = "INBOX") -> int:
    with inbox(at) as imap:
        imap.select(mailbox, readonly=True)
        return exists(imap)


def test_addresses_are_on_loopback_and_named(desk: PracticeDesk) -> None:
    at = desk.start()
    assert {at.imap_host, at.smtp_host, at.ami_host} == {"127.0.0.1"}
    assert len({at.imap_port, at.smtp_port, at.ami_port, 0}) == 4
    assert at.address == at.imap_user == "support@larder.app"
    assert (at.queue, at.founder, at.context) == ("support", "PJSIP/104", "from-internal")
    assert len(at.imap_password) >= 20


def test_start_and_stop_may_be_repeated(desk: PracticeDesk) -> None:
    at = desk.start()
    assert desk.start() is at
    desk.stop()
    desk.stop()
    assert desk.sent_mail() == ()
    again = desk.start()
    assert again.imap_password != at.imap_password


def test_the_mailbox_is_full_before_the_first_client(desk: PracticeDesk) -> None:
    at = desk.start()
    assert count(at) >= 25
    assert count(at, "Sent") >= 13
    age = NOW - newest(at)["Date"].datetime
    assert timedelta(minutes=30) < age < timedelta(hours=1)


def test_a_bare_client_logs_in_and_sees_the_team(desk: PracticeDesk) -> None:
    with ami(desk.start()) as client:
        assert client.banner == b"Asterisk Call Manager/11.0.0\r\n"
        client.until(Event="FullyBooted")
        client.send("QueueStatus", ActionID="1")
        blocks = client.until(Event="QueueStatusComplete")
        names = [block["Name"] for block in blocks if block.get("Event") == "QueueMember"]
        assert names == ["Anna Dvořák", "Priya Nair", "Tomáš Beran", "Jonas Weiß", "Ella Park"]
        client.send("Logoff")
        assert client.until(Response="Goodbye")
        assert client.read() == {}


def test_a_refused_client_is_let_go(desk: PracticeDesk) -> None:
    wrong = dataclasses.replace(desk.start(), ami_secret="wrong")
    with ami(wrong) as client:
        assert client.until(Response="Error")[-1]["Message"] == "Authentication failed"
        assert client.read() == {}


def test_a_client_that_breaks_off_is_no_trouble(desk: PracticeDesk) -> None:
    at = desk.start()
    with ami(at) as first:
        first.until(Event="FullyBooted")
    with ami(at) as second:
        second.until(Event="FullyBooted")


def test_the_first_minute_in_order(day: Day) -> None:
    desk = PracticeDesk(NOW, speed=20.0)
    try:
        at = desk.start()
        before = count(at)
        with ami(at) as client:
            client.until(Event="FullyBooted")
            day.begin()
            events = client.until(Event="QueueCallerAbandon", CallerIDName="Maison Aubry")
        pavel = [e["Event"] for e in events if e.get("CallerIDName") == "Pavel Kiss"]
        turns = [name for name in pavel if name.startswith(("Queue", "Agent"))]
        assert turns == ["QueueCallerJoin", "AgentCalled", "QueueCallerLeave", "AgentConnect"]
        (connect,) = [
            e
            for e in events
            if e.get("Event") == "AgentConnect" and e["CallerIDName"] == "Pavel Kiss"
        ]
        assert connect["MemberName"] == "Anna Dvořák"
        # Nobody was free until she had hung up; how long that took depends on the machine.
        complete = {"Event": "AgentComplete", "MemberName": "Anna Dvořák"}
        hung_up = next(e for e in events if complete.items() <= e.items())
        assert hung_up["CallerIDName"] != "Pavel Kiss"
        assert events.index(hung_up) < events.index(connect)
        assert int(connect["HoldTime"]) >= 3
        assert count(at) >= before
        wait_until(lambda: count(at) >= before + 2, "two new mails")
    finally:
        desk.stop()


def test_idle_hears_mail_of_the_script(day: Day) -> None:
    posts = tuple(
        Due(at=at, happening=MailIsPosted(letter=letter))
        for at, letter in ((0.3, "levain-second-shop"), (0.6, "deirdre-totals-answer"))
    )
    desk = PracticeDesk(NOW, script=dataclasses.replace(QUIET, opening=posts))
    try:
        at = desk.start()
        with inbox(at) as imap:
            known = exists(imap)
            imap.send(b"i1 IDLE\r\n")
            lines = [imap.readline()]
            day.begin()
            while b"\\Answered" not in lines[-1]:
                lines.append(imap.readline())
            assert b"* %d EXISTS\r\n" % (known + 1) in lines
            imap.send(b"DONE\r\n")
            while not lines[-1].startswith(b"i1 OK"):
                lines.append(imap.readline())
        assert newest(at)["Subject"] == "Second shop: one account or two?"
        answer = newest(at, "Sent")
        assert answer["From"].addresses[0].display_name == "Priya Nair"
    finally:
        desk.stop()


def test_a_customer_answers_the_founder_once(desk: PracticeDesk) -> None:
    fast = PracticeDesk(NOW, speed=400.0, script=QUIET)
    try:
        at = fast.start()
        before = count(at)
        for message_id in ("<mine-1@larder.app>", "<mine-2@larder.app>"):
            reply = EmailMessage(policy=email.policy.SMTP)
            reply["From"] = f"You <{at.address}>"
            reply["To"] = "Ingrid Solheim <ingrid@solheimbakeri.example>"
            reply["Subject"] = "Re: Flour order went out twice again"
            reply["Message-ID"] = message_id
            reply["References"] = "<older@solheimbakeri.example>"
            reply.set_content("You have my word.\n")
            with smtplib.SMTP(at.smtp_host, at.smtp_port, timeout=DEADLINE_SECONDS) as smtp:
                smtp.login(at.smtp_user, at.smtp_password)
                smtp.send_message(reply)
            wait_until(lambda: count(at) == before + 1, "Ingrid answers, and only once")
        assert [mail.recipients for mail in fast.sent_mail()] == [
            ("ingrid@solheimbakeri.example",)
        ] * 2
        answer = newest(at)
        assert answer["From"].addresses[0].addr_spec == "ingrid@solheimbakeri.example"
        assert answer["In-Reply-To"] == "<mine-1@larder.app>"
        assert answer["References"] == "<older@solheimbakeri.example> <mine-1@larder.app>"
        assert "> You have my word." in answer.get_content()
    finally:
        fast.stop()


def test_mail_to_a_stranger_is_kept_and_not_answered(desk: PracticeDesk) -> None:
    at = desk.start()
    with smtplib.SMTP(at.smtp_host, at.smtp_port, timeout=DEADLINE_SECONDS) as smtp:
        smtp.login(at.smtp_user, at.smtp_password)
        smtp.sendmail(at.address, ["friend@elsewhere.example"], b"Subject: hi\r\n\r\nhi\r\n")
    assert len(desk.sent_mail()) == 1


def open_descriptors() -> Counter[str]:
    """By what they lead to."""
    found: Counter[str] = Counter()
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # the one that lists them
            found[str(descriptor.readlink())] += 1
    return found


@needs_proc
def test_ten_lives_leave_no_thread_and_no_socket() -> None:
    PracticeDesk(NOW, script=QUIET).stop()
    threads, descriptors = set(threading.enumerate()), open_descriptors()
    for _ in range(10):
        desk = PracticeDesk(NOW, speed=50.0)
        at = desk.start()
        with inbox(at) as imap, ami(at) as client:
            client.until(Event="FullyBooted")
            imap.send(b"i1 IDLE\r\n")
            imap.readline()
            desk.stop()
            assert imap.readline()
            imap.shutdown()
            imap.state = "LOGOUT"
        assert set(threading.enumerate()) <= threads
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((at.ami_host, at.ami_port), timeout=DEADLINE_SECONDS)
    assert not open_descriptors() - descriptors


@contextmanager
def descriptors_left(spare: int) -> Iterator[None]:
    """Fills the table of descriptors up to `spare`."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(200, soft), hard))
    held: list[int] = []
    try:
        with suppress(OSError):
            while True:
                held.append(os.open(os.devnull, os.O_RDONLY))
        for _ in range(spare):
            os.close(held.pop())
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        for descriptor in held:
            os.close(descriptor)


@needs_proc
@pytest.mark.parametrize("spare", [0, 4])
def test_a_machine_that_refuses_is_told_plainly(spare: int, expect_log: ExpectLog) -> None:
    """Out of file descriptors: before the first file is read, or amid the servers."""
    if spare:
        expect_log("The practice desk ended")
    desk = PracticeDesk(NOW, script=QUIET)
    with descriptors_left(spare), pytest.raises(PracticeUnavailable) as raised:
        desk.start()
    assert raised.value.title == "The practice desk could not start"
    assert "Too many open files" in raised.value.advice
    assert raised.value.is_for_founder
    assert desk.start().imap_port
    desk.stop()


def test_missing_resources_are_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="resources/practice is missing"):
        find_practice_folder(tmp_path / "package")
    installed = tmp_path / "package" / "resources" / "practice"
    installed.mkdir(parents=True)
    assert find_practice_folder(tmp_path / "package") == installed


def test_a_call_of_the_script_rings_at_its_time(day: Day) -> None:
    speed, late_seconds = 40.0, 30
    call = SomebodyCalls(number="+441614960990", answered_by="tomas", answer_seconds=1)
    opening = (Due(at=20.0, happening=call),)
    desk = PracticeDesk(NOW, speed=speed, script=dataclasses.replace(QUIET, opening=opening))
    try:
        with ami(desk.start()) as client:
            client.until(Event="FullyBooted")
            day.begin()
            events = client.until(Event="AgentConnect")
        assert events[-1]["MemberName"] == "Tomáš Beran"
        (new, *_) = [e for e in events if e.get("Event") == "Newchannel"]
        # Uniqueid begins with the second of the call on the PBX's clock. A busy machine is late.
        began = float(new["Uniqueid"].partition(".")[0])
        assert 19 <= began - NOW.timestamp() <= 20 + late_seconds * speed
    finally:
        desk.stop()
