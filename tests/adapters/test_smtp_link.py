"""Sending through a real Dovecot and a sink that keeps what it got, and over a wire that fails."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from supportdesk.adapters.mail.letter_problems import LetterDelayed, LetterRefused, OutcomeUnknown
from supportdesk.adapters.mail.sending_test import test_sending as try_sending
from supportdesk.adapters.mail.smtp_link import SmtpLink
from supportdesk.adapters.mail.transport import StoppedError, Waker, Wakeup
from supportdesk.domain.errors import (
    AuthRejected,
    CertificateRejected,
    ConnectionLost,
    PeerProtocolError,
    SupportDeskError,
)
from supportdesk.domain.settings import MailAuth, Security
from tests.adapters.smtp_account import LETTER, letter, send, sending, sends_at, sends_by
from tests.fakes.smtp_server import SmtpServer
from tests.lab.certificates import LabAuthority
from tests.lab.faulty_smtp import FaultySmtp, SmtpFault, SmtpMoment
from tests.lab.faulty_wire import Deed
from tests.lab.mail import PASSWORD, SUPPORT, DovecotLab
from tests.lab.waiting import wait_until

pytestmark = pytest.mark.dovecot

THREE = ("one@example.org", "two@example.org", "three@example.org")


@pytest.fixture
def lab(dovecot_lab: DovecotLab) -> Iterator[DovecotLab]:
    yield dovecot_lab
    dovecot_lab.sink.refuse_nobody()


class Kept:
    """What came to the sink since this was made."""

    def __init__(self, lab: DovecotLab) -> None:
        self._sink = lab.sink
        self._before = len(lab.sink.messages())

    def contents(self) -> list[bytes]:
        return [mail.content for mail in self._sink.messages()[self._before :]]

    def recipients(self) -> list[tuple[str, ...]]:
        return [mail.recipients for mail in self._sink.messages()[self._before :]]

    def wait_for(self, count: int) -> None:
        wait_until(lambda: len(self.contents()) >= count, seconds=10, what=f"{count} messages")


def test_over_tls_with_a_password(lab: DovecotLab, tmp_path: Path) -> None:
    kept = Kept(lab)
    with sending(sends_by(lab)) as link:
        send(link, letter(tmp_path), THREE)
        send(link, letter(tmp_path), THREE[:1])
        link.leave()
    assert kept.recipients() == [THREE, THREE[:1]]
    assert kept.contents()[0].endswith(LETTER)


def test_over_starttls_with_a_token(lab: DovecotLab, tmp_path: Path) -> None:
    kept = Kept(lab)
    settings = sends_by(lab, lab.submission_port, security=Security.STARTTLS, auth=MailAuth.XOAUTH2)
    with sending(settings, lab.token(SUPPORT)) as link:
        send(link, letter(tmp_path))
    assert len(kept.contents()) == 1


def test_nothing_goes_out_before_the_dot(lab: DovecotLab, tmp_path: Path) -> None:
    kept = Kept(lab)
    with sending(sends_by(lab)) as link:
        link.offer(SUPPORT, THREE, letter(tmp_path))
        assert link.wait(0.2) is Wakeup.TIMEOUT
        link.leave()
    with sending(sends_by(lab)) as link:
        link.offer(SUPPORT, THREE, letter(tmp_path))
    with sending(sends_by(lab)) as link:
        send(link, letter(tmp_path, b"Subject: the other\r\n\r\n"))
    assert [content.splitlines()[-2] for content in kept.contents()] == [b"Subject: the other"]


def test_thirty_megabytes_arrive_as_they_are(lab: DovecotLab, tmp_path: Path) -> None:
    kept = Kept(lab)
    line = b"." + b"A" * 70 + b"\r\n"
    large = b"Subject: Large\r\n\r\n" + line * (30_000_000 // len(line))
    with sending(sends_by(lab)) as link:
        send(link, letter(tmp_path, large))
    assert kept.contents()[0].endswith(large)


def test_one_of_three_refused_means_nobody(lab: DovecotLab, tmp_path: Path) -> None:
    kept = Kept(lab)
    lab.sink.refuse("two@example.org", "550 5.1.1 No such user here")
    with sending(sends_by(lab)) as link:
        with pytest.raises(LetterRefused, match=r"two@example\.org \(1 of 3\)") as caught:
            link.offer(SUPPORT, THREE, letter(tmp_path))
        assert caught.value.refused[0][0] == "two@example.org"
        assert "No such user here" in caught.value.refused[0][1]
        assert "or remove it and send to the other 2" in caught.value.advice
        # The link is as good as before, and knows nothing of those that were taken.
        send(link, letter(tmp_path), ("four@example.org",))
    assert kept.recipients() == [("four@example.org",)]


def test_greylisting_delays_it_for_everybody(lab: DovecotLab, tmp_path: Path) -> None:
    kept = Kept(lab)
    lab.sink.refuse("two@example.org", "451 4.7.1 Greylisted, come back later", times=1)
    with sending(sends_by(lab)) as link:
        with pytest.raises(LetterDelayed, match="come back later") as caught:
            link.offer(SUPPORT, THREE, letter(tmp_path))
        assert caught.value.refused[0][0] == "two@example.org"
        assert not kept.contents()
        send(link, letter(tmp_path), THREE)
    assert kept.recipients() == [THREE]


@pytest.mark.parametrize(
    ("reply", "kind"),
    [("452 4.3.1 Insufficient storage", LetterDelayed), ("554 5.6.0 No", LetterRefused)],
)
def test_the_server_can_refuse_at_the_end(
    lab: DovecotLab, tmp_path: Path, reply: str, kind: type[SupportDeskError]
) -> None:
    kept = Kept(lab)
    lab.sink.reply = reply
    with sending(sends_by(lab)) as link:
        link.offer(SUPPORT, THREE, letter(tmp_path))
        with pytest.raises(kind):
            link.finish()
        lab.sink.refuse_nobody()
        send(link, letter(tmp_path))
    assert len(kept.contents()) == 1


def test_an_address_that_the_account_may_not_use(lab: DovecotLab, tmp_path: Path) -> None:
    lab.sink.refuse("boss@lab.test", "553 5.7.1 Sender address rejected: not owned by user")
    with (
        sending(sends_by(lab)) as link,
        pytest.raises(LetterRefused, match=r"cannot be sent from boss@lab\.test"),
    ):
        link.offer("boss@lab.test", THREE, letter(tmp_path))


def test_too_large_is_known_before_the_try(tmp_path: Path) -> None:
    with DovecotLab(most_mail_bytes=50_000) as small:
        settings = sends_by(small)
        assert try_sending(settings, PASSWORD).endswith("up to 0.05 MB a message; none was sent")
        with sending(settings) as link:
            assert link.most_bytes == 50_000
            with pytest.raises(LetterRefused, match="too large: 60 kB, and localhost takes 50 kB"):
                link.offer(SUPPORT, THREE, letter(tmp_path, b"x" * 60_000))
            send(link, letter(tmp_path))
        assert len(small.sink.messages()) == 1


@pytest.mark.parametrize("who", ["jürgen@example.org", "no-at-sign", "two@lines\r\n.example"])
def test_addresses_that_no_server_can_be_told(lab: DovecotLab, tmp_path: Path, who: str) -> None:
    with sending(sends_by(lab)) as link:
        with pytest.raises(LetterRefused, match="cannot be told the address") as caught:
            link.offer(SUPPORT, ("c@example.org", who), letter(tmp_path))
        assert caught.value.refused[0][0] == who
        send(link, letter(tmp_path))


def test_domains_of_any_letters(lab: DovecotLab, tmp_path: Path) -> None:
    kept = Kept(lab)
    with sending(sends_by(lab)) as link:
        send(link, letter(tmp_path), ('"a b"@müller.example',))
    assert kept.recipients() == [('"a b"@xn--mller-kva.example',)]


def test_a_thousand_recipients(lab: DovecotLab, tmp_path: Path) -> None:
    kept = Kept(lab)
    many = tuple(f"c{number}@example.org" for number in range(1000))
    with sending(sends_by(lab)) as link:
        send(link, letter(tmp_path), many)
    assert kept.recipients() == [many]


def test_what_the_check_says(lab: DovecotLab) -> None:
    before = Kept(lab)
    assert try_sending(sends_by(lab), PASSWORD) == (
        f"localhost takes mail from {SUPPORT}; none was sent"
    )
    with pytest.raises(AuthRejected, match="refused user or password of support@"):
        try_sending(sends_by(lab), "wröng")
    with pytest.raises(AuthRejected, match="refused the sign-in token"):
        try_sending(sends_by(lab, auth=MailAuth.XOAUTH2), "no token")
    assert not before.contents()


def test_addresses_that_cannot_be_sent_from_are_known_before_anything_is_written(
    lab: DovecotLab,
) -> None:
    kept = Kept(lab)
    settings = replace(sends_by(lab), aliases=("help@lab.test", "boss@lab.test"))
    lab.sink.refuse("boss@lab.test", "553 5.7.1 Not owned by user")
    assert try_sending(settings, PASSWORD).endswith("; but not from boss@lab.test; none was sent")
    lab.sink.refuse(SUPPORT, "553 5.7.1 Not owned by user")
    with pytest.raises(AuthRejected, match=r"support@lab\.test send from support@lab\.test"):
        try_sending(settings, PASSWORD)
    assert not kept.contents()


def test_tls_where_there_is_none(lab: DovecotLab) -> None:
    with pytest.raises(PeerProtocolError, match=r"does not speak TLS\. Use port 465"):
        try_sending(sends_by(lab, lab.submission_port), PASSWORD)
    with pytest.raises(PeerProtocolError, match="speaks IMAP, which only reads mail"):
        try_sending(sends_by(lab, lab.imaps_port), PASSWORD)
    with SmtpServer() as plain, pytest.raises(PeerProtocolError, match="offers no encryption"):
        try_sending(sends_by(lab, plain.port, security=Security.STARTTLS), PASSWORD)


@pytest.mark.parametrize(
    ("named", "is_expired", "title"),
    [("mail.example.com", False, "another host name"), ("localhost", True, "has expired")],
)
def test_certificates_are_verified(
    lab: DovecotLab, tmp_path: Path, named: str, is_expired: bool, title: str
) -> None:
    authority = LabAuthority(tmp_path)
    proof = authority.issue_expired("x") if is_expired else authority.issue("x", names=(named,))
    with FaultySmtp(lab.sink.port, proof) as wire:
        settings = sends_by(lab, wire.port, ca_file=str(authority.ca_file))
        with pytest.raises(CertificateRejected, match=title):
            try_sending(settings, PASSWORD)
        settings = sends_by(lab, wire.port, ca_file="")
        with pytest.raises(CertificateRejected):
            try_sending(settings, PASSWORD)


BEFORE_THE_DOT = [one for one in SmtpMoment if one not in (SmtpMoment.DOT, SmtpMoment.ANSWER)]


@pytest.mark.parametrize("moment", BEFORE_THE_DOT)
def test_a_link_cut_before_the_dot_has_sent_nothing(
    lab: DovecotLab, tmp_path: Path, moment: SmtpMoment
) -> None:
    kept = Kept(lab)
    # More than lies between two programs unread: else all of it, and the dot, are on their way.
    lines = 3_000_000 if moment is SmtpMoment.TEXT else 1
    wire_form = letter(tmp_path, LETTER + b"a line\r\n" * lines)
    with FaultySmtp(lab.submission_port, lab.certificate, [SmtpFault(moment=moment)]) as wire:
        settings = sends_by(lab, wire.port)
        with pytest.raises(ConnectionLost) as caught, sending(settings) as link:
            send(link, wire_form)
        assert not isinstance(caught.value, OutcomeUnknown)
        assert wire.done == [SmtpFault(moment=moment)]
        with sending(settings) as link:
            send(link, letter(tmp_path))
    assert len(kept.contents()) == 1


@pytest.mark.parametrize(
    ("moment", "arrived"), [(SmtpMoment.DOT, 0), (SmtpMoment.ANSWER, 1)], ids=["dot", "answer"]
)
def test_a_link_cut_after_the_dot_leaves_it_open(
    lab: DovecotLab, tmp_path: Path, moment: SmtpMoment, arrived: int
) -> None:
    kept = Kept(lab)
    with (
        FaultySmtp(lab.submission_port, lab.certificate, [SmtpFault(moment=moment)]) as wire,
        sending(sends_by(lab, wire.port)) as link,
    ):
        link.offer(SUPPORT, THREE, letter(tmp_path))
        with pytest.raises(OutcomeUnknown, match="before it said whether"):
            link.finish()
    kept.wait_for(arrived)
    assert len(kept.contents()) == arrived


def test_a_server_that_keeps_silent_after_the_dot(lab: DovecotLab, tmp_path: Path) -> None:
    kept = Kept(lab)
    hole = SmtpFault(moment=SmtpMoment.ANSWER, deed=Deed.HOLE)
    with (
        FaultySmtp(lab.submission_port, lab.certificate, [hole]) as wire,
        sending(sends_by(lab, wire.port)) as link,
    ):
        link.offer(SUPPORT, THREE, letter(tmp_path))
        with pytest.raises(OutcomeUnknown):
            link.finish(0.5)
    kept.wait_for(1)


def test_a_slow_answer_is_waited_for(lab: DovecotLab, tmp_path: Path) -> None:
    lab.sink.reply_after_seconds = 2.0
    with sending(sends_by(lab), answer_seconds=60.0) as link:
        link.offer(SUPPORT, THREE, letter(tmp_path))
        assert link.finish().code == 250


def test_no_dot_for_a_server_that_has_left(lab: DovecotLab, tmp_path: Path) -> None:
    """It shows before the dot, so that nothing is in doubt."""
    with (
        FaultySmtp(lab.submission_port, lab.certificate) as wire,
        sending(sends_by(lab, wire.port)) as link,
    ):
        link.offer(SUPPORT, THREE, letter(tmp_path))
        wire.cut()
        with pytest.raises(ConnectionLost, match=r"was lost|closed the connection") as caught:
            wait_for_the_end(link)
    assert not isinstance(caught.value, OutcomeUnknown)


def wait_for_the_end(link: SmtpLink) -> None:
    for _ in range(300):
        link.wait(0.1)
    link.finish()


@pytest.mark.parametrize("moment", [SmtpMoment.EHLO, SmtpMoment.AUTH, SmtpMoment.RCPT])
def test_a_stop_is_heard_in_each_wait(lab: DovecotLab, tmp_path: Path, moment: SmtpMoment) -> None:
    stop, waker = threading.Event(), Waker()
    hole = SmtpFault(moment=moment, deed=Deed.HOLE)
    with FaultySmtp(lab.submission_port, lab.certificate, [hole]) as wire:
        stopper = stopping(wire, stop, waker)
        with (
            pytest.raises(StoppedError),
            sending(sends_by(lab, wire.port), waker=waker, stop=stop) as link,
        ):
            send(link, letter(tmp_path))
        stopper.join()


def test_a_stop_after_the_dot_leaves_it_open(lab: DovecotLab, tmp_path: Path) -> None:
    stop, waker = threading.Event(), Waker()
    hole = SmtpFault(moment=SmtpMoment.ANSWER, deed=Deed.HOLE)
    with FaultySmtp(lab.submission_port, lab.certificate, [hole]) as wire:
        stopper = stopping(wire, stop, waker)
        with (
            sending(sends_by(lab, wire.port), waker=waker, stop=stop) as link,
            pytest.raises(OutcomeUnknown),
        ):
            send(link, letter(tmp_path))
        stopper.join()


def stopping(wire: FaultySmtp, stop: threading.Event, waker: Waker) -> threading.Thread:
    """Tell the sender to stop as soon as it waits for what never comes."""

    def run() -> None:
        wait_until(lambda: wire.done, seconds=20, what="the black hole")
        stop.set()
        waker.wake()

    thread = threading.Thread(target=run, name="stopper")
    thread.start()
    return thread


def test_a_server_on_this_computer_may_ask_for_nothing(lab: DovecotLab, tmp_path: Path) -> None:
    kept = Kept(lab)
    with sending(sends_at(lab.sink.port)) as link:
        send(link, letter(tmp_path))
    assert len(kept.contents()) == 1
