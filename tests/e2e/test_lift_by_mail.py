"""A mail lifted to the founder in each of the ways, on a real Dovecot; a forged one is mail."""

import imaplib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.e2e.mail_account import client, renumber
from tests.e2e.running import Line, Watch, make_home
from tests.lab.mail import PASSWORD, DovecotLab
from tests.lab.waiting import PATIENCE, patient, wait_until

pytestmark = pytest.mark.dovecot

ANNA = "Anna Lind <anna@team.example>"
PROVED = "mx.lab.test; dmarc=pass (p=reject) header.from=team.example"
QUESTION = "<question@example.org>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A support mailbox with one customer's mail, and a home that watches it."""

    lab: DovecotLab
    address: str
    home: Path

    @property
    def up(self) -> str:
        return self.address.replace("@", "+up@")

    def deliver(self, mail: EmailMessage, to: str = "") -> None:
        self.lab.deliver(mail.as_bytes(), to=to or self.address)

    @contextmanager
    def colleague(self) -> Iterator[imaplib.IMAP4_SSL]:
        """Another mail program on the mailbox, with the customer's mail open for changes."""
        link = client(self.lab, self.address)
        try:
            link.select("INBOX")
            yield link
        finally:
            link.logout()


def letter(
    message_id: str,
    *,
    sender: str = "Ingrid Solheim <ingrid@example.org>",
    to: str = "support@lab.test",
    subject: str = "Flour order went out twice again",
    body: str = "Third Friday in a row.",
    proof: str = "",
    about: str = "",
) -> EmailMessage:
    mail = EmailMessage()
    if proof:
        mail["Authentication-Results"] = proof
    mail["From"] = sender
    mail["To"] = to
    mail["Subject"] = subject
    mail["Message-ID"] = message_id
    mail["Date"] = "Sat, 21 Nov 2026 10:00:00 +0000"
    if about:
        mail["In-Reply-To"] = about
        mail["References"] = about
    mail.set_content(body)
    return mail


def from_anna(desk: Desk, proof: str = PROVED) -> EmailMessage:
    return letter(
        "<up-1@team.example>",
        sender=ANNA,
        to=desk.up,
        subject="Fwd: Flour order went out twice again",
        body="Wants to leave, worth your ear.\n\n---------- Forwarded message ---------\n"
        "From: Ingrid Solheim <ingrid@example.org>\nSubject: Flour order\n\nThird Friday in a row.",
        proof=proof,
        about=QUESTION,
    )


def make_desk(lab: DovecotLab, folder: Path, lift: str) -> Desk:
    address = lab.new_address()
    settings = f"""
[[mail]]
name = "Support"
address = "{address}"
host = "localhost"
port = {lab.imaps_port}
user = "{address}"
ca_file = "{lab.ca_file}"
[reading]
nudge = false
[lift]
{lift}
"""
    home = make_home(folder, settings, {"mail/Support": PASSWORD})
    link = client(lab, address)
    link.create("Lifted")
    link.logout()
    return Desk(lab=lab, address=address, home=home)


@pytest.fixture
def desk(dovecot_lab: DovecotLab, tmp_path: Path) -> Desk:
    lift = f'operators = ["{ANNA}"]\nauthserv_id = "mx.lab.test"\nflag = true\nmailbox = "Lifted"'
    return make_desk(dovecot_lab, tmp_path, lift)


class Notices:
    """The barest client in IDLE: when the server itself said something of the inbox."""

    def __init__(self, desk: Desk) -> None:
        self._heard: list[tuple[float, bytes]] = []
        context = ssl.create_default_context(cafile=str(desk.lab.ca_file))
        plain = socket.create_connection(("localhost", desk.lab.imaps_port), timeout=patient(20))
        self._link = context.wrap_socket(plain, server_hostname="localhost")
        self._text = self._link.makefile("rb")
        for command, until in (
            (f"LOGIN {desk.address} {PASSWORD}", b"t "),
            ("EXAMINE INBOX", b"t "),
            ("IDLE", b"+"),
        ):
            self._link.sendall(f"t {command}\r\n".encode())
            while not self._text.readline().startswith(until):
                continue
        self._link.settimeout(None)
        self._thread = threading.Thread(target=self._listen, name="notices", daemon=True)
        self._thread.start()

    def first(self, word: bytes) -> float:
        """When it first said this."""

        def found() -> float | None:
            return next((at for at, line in list(self._heard) if word in line), None)

        at = wait_until(found, seconds=20, what=f"the server's own notice of {word!r}")
        assert at is not None
        return at

    def close(self) -> None:
        self._link.shutdown(socket.SHUT_RDWR)
        self._thread.join(60)
        self._text.close()
        self._link.close()

    def _listen(self) -> None:
        try:
            for line in self._text:
                self._heard.append((time.monotonic(), line))
        except OSError:
            return  # the test is over


@contextmanager
def watching(desk: Desk) -> Iterator[Watch]:
    """With the customer's mail there, and told."""
    with Watch(desk.home) as watch:
        watch.wait_until_listening("Support")
        desk.deliver(letter(QUESTION))
        watch.wait_for(lambda line: _is(line, "alert", "mail"), seconds=30, what="the mail's alert")
        yield watch


def _is(line: Line, what: str, kind: str) -> bool:
    return (line["what"], line.get("kind")) == (what, kind)


def lifted(watch: Watch) -> Line:
    return watch.wait_for(lambda line: _is(line, "alert", "lifted"), seconds=30, what="the lift")


def _by_address(desk: Desk) -> None:
    desk.deliver(from_anna(desk), to=desk.up)


def _by_flag(desk: Desk) -> None:
    with desk.colleague() as link:
        link.store("1", "+FLAGS", "(\\Flagged)")


def _by_keyword(desk: Desk) -> None:
    with desk.colleague() as link:
        link.store("1", "+FLAGS", "($SD-lift-anna)")


def _by_moving(desk: Desk) -> None:
    with desk.colleague() as link:
        link._simple_command("MOVE", "1", "Lifted")  # imaplib knows no MOVE


@pytest.mark.parametrize(
    ("lift", "notice", "title"),
    [
        (_by_address, b"2 EXISTS", "Anna Lind lifted this to you"),
        (_by_flag, b"\\Flagged", "The team lifted this to you"),
        (_by_keyword, b"$SD-lift-anna", "Anna Lind lifted this to you"),
        (_by_moving, b"EXPUNGE", "The team lifted this to you"),
    ],
)
def test_a_lift_is_told_within_a_second_of_the_servers_own_notice(
    desk: Desk, lift: Callable[[Desk], None], notice: bytes, title: str
) -> None:
    imaplib.Commands.setdefault("MOVE", ("SELECTED",))
    with watching(desk) as watch, closing(Notices(desk)) as notices:
        lift(desk)
        noticed_at = notices.first(notice)
        alert = lifted(watch)
        assert watch.heard_at(alert) - noticed_at < PATIENCE, "a second on a quiet machine"
        assert alert["title"] == title
        assert alert["covers"] == [f"mail/Support/{QUESTION}"]
        assert alert["actions"] == ["read", "reply", "snooze"]
        assert "Ingrid Solheim: Flour order went out twice again." in alert["body"]
        happened = watch.wait_for(lambda line: _is(line, "happened", "lifted"), seconds=30, what="")
        assert happened["message_id"] == QUESTION
        withdrawn = watch.wait_for(
            lambda line: _is(line, "withdrawn", "mail"), seconds=30, what="the mail's alert, gone"
        )
        assert withdrawn["covers"] == [f"mail/Support/{QUESTION}"]


def test_what_the_operator_says_is_on_the_alert_and_their_mail_raises_none(desk: Desk) -> None:
    with watching(desk) as watch:
        _by_address(desk)
        said = watch.wait_for(
            lambda line: line.get("kind") == "lifted" and "worth your ear" in line["body"],
            seconds=30,
            what="the operator's words",
        )
        assert said["body"].endswith("Anna Lind: “Wants to leave, worth your ear”.")
        told = {key for line in watch.told("alert", "mail") for key in line["covers"]}
        assert told == {f"mail/Support/{QUESTION}"}
        assert watch.state()["people_waiting"] == 1
        watch.wait_until_noted()
        assert watch.stop() == 0
    with Watch(desk.home) as again:
        again.wait_until_listening("Support")
        desk.deliver(letter("<later@example.org>", sender="Pavel Kiss <pavel@example.org>"))
        again.wait_for(lambda line: _is(line, "alert", "mail"), seconds=30, what="a later mail")
        assert again.told("alert", "lifted") == again.told("happened", "lifted") == []


@pytest.mark.parametrize(
    "proof",
    [
        "",
        "mx.lab.test; dmarc=fail header.from=team.example",
        "mx.lab.test; dkim=pass header.d=example.org",
        "mx.evil.example; dmarc=pass header.from=team.example",
    ],
)
def test_a_customer_who_says_to_be_the_operator_is_just_mail(desk: Desk, proof: str) -> None:
    with watching(desk) as watch:
        desk.deliver(from_anna(desk, proof), to=desk.up)
        key = "mail/Support/<up-1@team.example>"
        watch.wait_for(
            lambda line: line["what"] == "alert" and key in line["covers"],
            seconds=30,
            what="an alert like any",
        )
        desk.deliver(letter("<own@example.org>", to=desk.up, proof=PROVED), to=desk.up)
        watch.wait_for(
            lambda line: line.get("message_id") == "<own@example.org>", seconds=30, what="the other"
        )
        assert not [line for line in watch.lines if line.get("kind") == "lifted"]


def test_a_proof_that_came_with_the_mail_is_none(desk: Desk) -> None:
    """The server's own finding stands on top of what the writer put there."""
    mail = from_anna(desk, "mx.lab.test; dmarc=fail header.from=team.example")
    forged = mail.as_bytes().replace(
        b"From: Anna", b"Authentication-Results: " + PROVED.encode() + b"\nFrom: Anna", 1
    )
    with watching(desk) as watch:
        desk.lab.deliver(forged, to=desk.up)
        watch.wait_for(
            lambda line: line.get("message_id") == "<up-1@team.example>", seconds=30, what="it"
        )
        assert not [line for line in watch.lines if line.get("kind") == "lifted"]


def test_an_address_that_only_the_team_knows_is_a_proof(
    dovecot_lab: DovecotLab, tmp_path: Path
) -> None:
    lift = f'operators = ["{ANNA}"]\naddress_is_secret = true\naddress = "support+up-7kq2@lab.test"'
    desk = make_desk(dovecot_lab, tmp_path, lift)
    with watching(desk) as watch:
        guess = from_anna(desk, "")
        desk.deliver(guess)
        watch.wait_for(
            lambda line: line.get("message_id") == "<up-1@team.example>", seconds=30, what="a guess"
        )
        assert watch.told("alert", "lifted") == []
        known = letter(
            "<up-2@team.example>", sender=ANNA, to="support+up-7kq2@lab.test", about=QUESTION
        )
        desk.deliver(known)
        assert lifted(watch)["covers"] == [f"mail/Support/{QUESTION}"]


def test_what_is_taken_off_again_takes_the_alert_back(desk: Desk) -> None:
    with watching(desk) as watch:
        _by_keyword(desk)
        lifted(watch)
        with desk.colleague() as link:
            link.store("1", "-FLAGS", "($SD-lift-anna)")
        watch.wait_for(lambda line: _is(line, "withdrawn", "lifted"), seconds=30, what="taken back")
        _by_keyword(desk)
        watch.wait_for(
            lambda _: len(watch.told("alert", "lifted")) == 2, seconds=30, what="lifted anew"
        )


def test_flags_of_before_lift_nothing(desk: Desk) -> None:
    desk.deliver(letter("<old@example.org>"))
    with desk.colleague() as link:
        link.store("1", "+FLAGS", "(\\Flagged)")
    with watching(desk) as watch:
        with desk.colleague() as link:
            link.store("2", "+FLAGS", "(\\Flagged)")
        assert lifted(watch)["covers"] == [f"mail/Support/{QUESTION}"]
        assert len(watch.told("happened", "lifted")) == 1


def test_what_was_moved_while_nothing_ran_is_told_at_the_next_start(desk: Desk) -> None:
    imaplib.Commands.setdefault("MOVE", ("SELECTED",))
    with watching(desk) as watch:
        watch.wait_until_noted()
    _by_moving(desk)
    with desk.colleague() as link:
        link.append("INBOX", "", "", letter("<new@example.org>").as_bytes())
        link._simple_command("MOVE", "1", "Lifted")
    with Watch(desk.home) as again:
        again.wait_for(
            lambda line: (
                _is(line, "alert", "lifted") and line["covers"] == [f"mail/Support/{QUESTION}"]
            ),
            seconds=60,
            what="the lift of meanwhile",
        )


def test_mail_that_is_sent_into_the_mailbox_lifts_nothing(tmp_path: Path) -> None:
    """A server that delivers support+Lifted@… into Lifted lets customers write there."""
    with DovecotLab() as lab:
        lab.deliver_by_detail()
        desk = make_desk(lab, tmp_path, 'mailbox = "Lifted"')
        into = desk.address.replace("@", "+Lifted@")
        with watching(desk) as watch:
            desk.deliver(letter("<forged@example.org>", to=desk.address), to=into)
            desk.deliver(letter("<open@example.org>", to=into), to=into)
            with desk.colleague() as link:
                assert link.status("Lifted", "(MESSAGES)")[1] == [b"Lifted (MESSAGES 2)"]
            _by_flag(desk)
            watch.wait_until_noted()
        imaplib.Commands.setdefault("MOVE", ("SELECTED",))
        with Watch(desk.home) as again:
            again.wait_for(
                lambda line: line.get("message_id") == "<open@example.org>", seconds=60, what="it"
            )
            _by_moving(desk)
            assert lifted(again)["covers"] == [f"mail/Support/{QUESTION}"]
            told = {line["message_id"] for line in again.told("happened", "lifted")}
            assert told == {QUESTION}
            assert watch.told("alert", "lifted") == []


def test_a_known_mail_that_is_also_sent_into_the_mailbox_lifts_nothing(tmp_path: Path) -> None:
    """One mail to support@ and in Bcc to support+Lifted@; one that is sent there once more."""
    with DovecotLab() as lab:
        lab.deliver_by_detail()
        desk = make_desk(lab, tmp_path, 'mailbox = "Lifted"')
        into = desk.address.replace("@", "+Lifted@")
        imaplib.Commands.setdefault("MOVE", ("SELECTED",))
        with watching(desk) as watch:
            desk.deliver(letter(QUESTION, to=desk.address), to=into)
            twice = letter("<twice@example.org>", to=desk.address)
            desk.deliver(twice)
            desk.deliver(twice, to=into)
            watch.wait_for(
                lambda line: line.get("message_id") == "<twice@example.org>", seconds=30, what="it"
            )
            # A real move comes after them: what is told of them is told by then.
            desk.deliver(letter("<real@example.org>", to=desk.address))
            watch.wait_for(
                lambda line: line.get("message_id") == "<real@example.org>", seconds=30, what="real"
            )
            with desk.colleague() as link:
                assert link.status("Lifted", "(MESSAGES)")[1] == [b"Lifted (MESSAGES 2)"]
                link._simple_command("MOVE", "3", "Lifted")
            assert lifted(watch)["covers"] == ["mail/Support/<real@example.org>"]
            told = {line["message_id"] for line in watch.told("happened", "lifted")}
            assert told == {"<real@example.org>"}
            watch.wait_until_noted()
        with Watch(desk.home) as again:
            again.wait_until_listening("Support")
            assert again.told("alert", "lifted") == []


def test_a_mailbox_for_lifts_that_is_made_anew_lifts_nothing_again(desk: Desk) -> None:
    """Under a new uidvalidity all that lay there has a new address."""
    with desk.colleague() as link:
        link.append("Lifted", "", "", letter("<old@example.org>").as_bytes())
    with watching(desk) as watch:
        watch.wait_until_noted()
    imaplib.Commands.setdefault("MOVE", ("SELECTED",))
    with desk.colleague() as link:
        renumber(link, "Lifted")
    _by_moving(desk)
    with Watch(desk.home) as again:
        again.wait_until_listening("Support")
        assert lifted(again)["covers"] == [f"mail/Support/{QUESTION}"]
        told = {line["message_id"] for line in again.told("happened", "lifted")}
        assert told == {QUESTION}
