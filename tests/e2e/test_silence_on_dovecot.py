"""A mailbox that is quiet: are customers quiet, or are we deaf? On a real Dovecot."""

import imaplib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.adapters.mail.writing_link import OWN_HEADER
from supportdesk.domain.health import SourceName
from supportdesk.domain.silence import TEST_MAIL, Verdict
from tests.e2e.mail_account import letter
from tests.e2e.silent_desk import SilentDesk
from tests.lab.mail import PASSWORD, DovecotLab
from tests.lab.smtp_sink import SmtpSink
from tests.lab.waiting import LOOPBACK

pytestmark = pytest.mark.dovecot

SUPPORT = "Support"
Begin = Callable[..., SilentDesk]


@pytest.fixture
def address(dovecot_lab: DovecotLab) -> str:
    found = dovecot_lab.new_address()
    dovecot_lab.deliver(letter(1), to=found)
    return found


@pytest.fixture
def lossy(dovecot_lab: DovecotLab) -> Iterator[SmtpSink]:
    """It takes every mail and hands on none: delivery is broken behind it."""
    sink = SmtpSink(lmtp_port=dovecot_lab.lmtp_port, is_local=lambda _address: False)
    sink.start()
    yield sink
    sink.stop()


@pytest.fixture
def begin(dovecot_lab: DovecotLab, address: str, tmp_path: Path, qtbot: QtBot) -> Iterator[Begin]:
    desks: list[SilentDesk] = []

    def made(silence: str, sink: SmtpSink | None = None) -> SilentDesk:
        settings = (
            f'[[mail]]\nname = "{SUPPORT}"\naddress = "{address}"\nhost = "{LOOPBACK}"\n'
            f'port = {dovecot_lab.imap_port}\nsecurity = "none"\nuser = "{address}"\n'
            f'[mail.smtp]\nhost = "{LOOPBACK}"\nport = {(sink or dovecot_lab.sink).port}\n'
            f'security = "none"\nuser = "{address}"\n'
            f'[reading]\nnudge = false\n[ritual]\nsilence = "{silence}"\n'
        )
        desk = SilentDesk(tmp_path / "home", qtbot, settings, {f"mail/{SUPPORT}": PASSWORD})
        desks.append(desk)
        desk.core.start()
        desk.wait_until_heard(SUPPORT)
        qtbot.waitUntil(lambda: len(desk.core.desk.inbox.conversations()) == 1, timeout=30_000)
        return desk

    yield made
    for desk in desks:
        desk.core.stop()


def flags_in(lab: DovecotLab, address: str) -> list[bytes]:
    """Of all messages in the inbox, as another client sees them."""
    with imaplib.IMAP4(LOOPBACK, lab.imap_port) as client:
        client.login(address, PASSWORD)
        client.select("INBOX", readonly=True)
        lines = client.fetch("1:*", "(FLAGS)")[1]
        return [line for line in lines if isinstance(line, bytes)]


def test_customers_are_quiet_when_a_test_mail_comes_back(
    begin: Begin, dovecot_lab: DovecotLab, address: str, qtbot: QtBot
) -> None:
    desk = begin("mail")
    before = len(dovecot_lab.sink.messages())
    desk.be_quiet(SUPPORT)
    found = desk.wait_for(SUPPORT, Verdict.QUIET).found
    assert found.problem is None
    sent = dovecot_lab.sink.messages()[before:]
    assert [one.recipients for one in sent] == [(address,)]
    # It is taken away again, and was never news: no alert, no line, nobody who waits.
    qtbot.waitUntil(lambda: len(flags_in(dovecot_lab, address)) == 1, timeout=20_000)
    assert desk.raised() == []
    assert desk.happened() == []
    assert len(desk.core.desk.inbox.conversations()) == 1


def test_that_of_another_computer_is_left_for_an_hour(
    begin: Begin, dovecot_lab: DovecotLab, address: str, qtbot: QtBot
) -> None:
    desk = begin("ask")
    theirs = letter(
        2,
        sender=address,
        message_id=f"{TEST_MAIL}1@lab.test>",
        headers=f"{OWN_HEADER}: test\r\n",
    )
    dovecot_lab.deliver(theirs, to=address)
    desk.wait_for(SUPPORT, Verdict.QUIET)
    before = len(dovecot_lab.sink.messages())
    desk.core.silence_tests.send_test_mail(SourceName(SUPPORT))
    qtbot.waitUntil(lambda: len(dovecot_lab.sink.messages()) > before, timeout=20_000)
    qtbot.waitUntil(lambda: len(flags_in(dovecot_lab, address)) == 2, timeout=20_000)
    assert not any(b"\\Deleted" in one for one in flags_in(dovecot_lab, address))
    with imaplib.IMAP4(LOOPBACK, dovecot_lab.imap_port) as colleague:
        colleague.login(address, PASSWORD)
        colleague.select("INBOX")
        colleague.store("1", "+FLAGS", r"(\Deleted)")
    desk.time_passes(61)
    qtbot.waitUntil(lambda: len(flags_in(dovecot_lab, address)) == 1, timeout=20_000)
    assert b"\\Deleted" in flags_in(dovecot_lab, address)[0], "what colleagues marked is theirs"


def test_broken_delivery_is_found_when_it_does_not(
    begin: Begin, lossy: SmtpSink, address: str
) -> None:
    desk = begin("mail", lossy)
    desk.be_quiet(SUPPORT)
    desk.qtbot.waitUntil(lambda: SUPPORT in desk.core.silence_tests.awaited(), timeout=20_000)
    desk.time_passes(6)
    found = desk.wait_for(SUPPORT, Verdict.NOT_DELIVERED).found
    assert found.problem is not None
    assert address in found.problem.advice
    desk.qtbot.waitUntil(
        lambda: desk.raised() == ["Mail to Support does not arrive"], timeout=10_000
    )


def test_the_founder_is_asked_before_anything_is_sent(
    begin: Begin, dovecot_lab: DovecotLab, qtbot: QtBot
) -> None:
    desk = begin("ask")
    before = len(dovecot_lab.sink.messages())
    desk.be_quiet(SUPPORT)
    desk.wait_for(SUPPORT, Verdict.ASKED)
    question = "Support: nothing for 1 h 10"
    qtbot.waitUntil(lambda: desk.raised() == [question], timeout=10_000)
    assert dovecot_lab.sink.messages()[before:] == []
    desk.core.silence_tests.send_test_mail(SourceName(SUPPORT))
    desk.wait_for(SUPPORT, Verdict.QUIET)
    qtbot.waitUntil(lambda: desk.withdrawn() == [question], timeout=10_000)
    assert desk.raised() == [question, "Customers are quiet"]
