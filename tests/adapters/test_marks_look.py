"""Claims of colleagues are seen by whoever reads, at once, and by reading only."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.mail.claim_worker import ClaimWorkers
from supportdesk.adapters.mail.imap_worker import ImapWorker
from supportdesk.domain.mail import MessageId, MessageSummary
from supportdesk.domain.settings import MailSettings, Settings
from supportdesk.domain.side_events import ClaimSettled, MarksSeen
from supportdesk.services.claims import ClaimAct, ClaimWish
from tests.adapters.imap_account import QUICK, settings_for
from tests.fakes.event_log import EventLog
from tests.fakes.memory_secrets import MemorySecrets
from tests.lab.mail import PASSWORD, DovecotLab
from tests.lab.waiting import free_port, wait_until

pytestmark = pytest.mark.dovecot

MAIL = b"From: c@out.example\r\nMessage-ID: <q1@out.example>\r\nSubject: q\r\n\r\nx\r\n"
ONE = MessageId("<q1@out.example>")


@pytest.fixture
def dovecot(dovecot_lab: DovecotLab) -> DovecotLab:
    return dovecot_lab


@pytest.fixture
def settings(dovecot: DovecotLab) -> MailSettings:
    address = dovecot.new_address()
    dovecot.deliver(MAIL, to=address)
    return settings_for(dovecot.imap_port, user=address, address=address)


class Claimant:
    """Wishes of one founder, and what came of them."""

    def __init__(self, settings: MailSettings) -> None:
        self.log = EventLog()
        secrets = MemorySecrets({settings.secret_name: PASSWORD})
        self._workers = ClaimWorkers(secrets=secrets, publisher=self.log, clock=SystemClock())
        self._workers.follow(Settings(mail=(settings,)))

    def settle(self, message: MessageSummary, wish: ClaimWish) -> ClaimSettled:
        before = len(self.log.of(ClaimSettled))
        self._workers.ask(message, wish)
        self.log.wait_for(lambda: len(self.log.of(ClaimSettled)) > before, "a claim is settled", 30)
        return self.log.of(ClaimSettled)[-1]

    def close(self) -> None:
        self._workers.stop(60)


def take(form: str) -> ClaimWish:
    return ClaimWish(item="", act=ClaimAct.TAKE, form=form)


@contextmanager
def reading(settings: MailSettings, path: Path) -> Iterator[EventLog]:
    """Somebody who has the mailbox open, and the message."""
    log = EventLog()
    worker = ImapWorker(settings, lambda: PASSWORD, path / "mail.db", log, SystemClock(), QUICK)
    worker.start()
    try:
        log.wait_for(lambda: bool(log.arrived), "the message", 30)
        yield log
    finally:
        worker.stop(60)


def seen_by(log: EventLog) -> frozenset[tuple[MessageId, str]]:
    seen = log.of(MarksSeen)
    return seen[-1].claims if seen else frozenset({(ONE, "nothing told yet")})


def test_who_reads_sees_claims_come_change_and_go(
    dovecot: DovecotLab, settings: MailSettings, tmp_path: Path
) -> None:
    before = len(dovecot.imap_commands())
    with reading(settings, tmp_path) as log, closing(Claimant(settings)) as anna:
        log.wait_for(lambda: not seen_by(log), "that there is none", 30)
        [message] = log.arrived
        settled = anna.settle(message, take("anna"))
        assert (settled.forms, settled.was_wished, settled.problem) == (("anna",), True, None)
        log.wait_for(lambda: seen_by(log) == {(ONE, "anna")}, "the claim", 30)
        renew = ClaimWish(item="", act=ClaimAct.RENEW, form="anna--r", own=("anna",))
        assert anna.settle(message, renew).forms == ("anna--r",)
        log.wait_for(lambda: seen_by(log) == {(ONE, "anna--r")}, "the renewed claim", 30)
        let_go = ClaimWish(item="", act=ClaimAct.LET_GO, own=("anna--r",))
        assert not anna.settle(message, let_go).was_wished
        log.wait_for(lambda: not seen_by(log), "that it is gone", 30)
    wrote = [one for one in dovecot.imap_commands()[before:] if " STORE " in one]
    assert all("$SD-claim-" in one for one in wrote)


def test_a_claim_from_before_is_seen_at_the_start(settings: MailSettings, tmp_path: Path) -> None:
    with reading(settings, tmp_path) as log, closing(Claimant(settings)) as anna:
        anna.settle(log.arrived[0], take("anna"))
    again = tmp_path / "again"
    again.mkdir()
    with reading(settings, again) as log:
        log.wait_for(lambda: seen_by(log) == {(ONE, "anna")}, "the claim", 30)


def test_what_has_left_the_mailbox_or_cannot_be_reached_is_said(
    dovecot: DovecotLab, settings: MailSettings, tmp_path: Path
) -> None:
    with reading(settings, tmp_path) as log:
        [message] = log.arrived
    gone = replace(
        message,
        message_id=MessageId("<never@x>"),
        address=replace(message.address, uid=77),
    )
    with closing(Claimant(settings)) as anna:
        problem = anna.settle(gone, take("anna")).problem
        assert problem is not None
        assert "left the mailbox" in problem.title
    nowhere = replace(settings, port=free_port())
    with closing(Claimant(nowhere)) as anna:
        assert anna.settle(message, take("anna")).problem is not None


def test_nothing_is_left_of_a_claimant_a_while_after(
    dovecot: DovecotLab, settings: MailSettings, tmp_path: Path
) -> None:
    with reading(settings, tmp_path) as log:
        [message] = log.arrived
    with closing(Claimant(settings)) as anna:
        anna.settle(message, take("anna"))
        wait_until(
            lambda: not any(one.name.startswith("claims ") for one in threading.enumerate()),
            seconds=60,
            what="the end of the thread",
        )
        assert anna.settle(message, take("anna")).forms == ("anna",), "another one begins"
