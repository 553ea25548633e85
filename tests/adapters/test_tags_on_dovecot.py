"""Tags as keywords on real servers: set, seen by whoever reads, taken off, refused."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.mail.claim_worker import ClaimWorkers
from supportdesk.adapters.mail.imap_worker import ImapWorker
from supportdesk.adapters.mail.tag_flags import MOST_TAGS
from supportdesk.domain.mail import MessageId, MessageSummary
from supportdesk.domain.settings import MailSettings, Settings
from supportdesk.domain.side_events import MarksSeen, TagSettled, TagsSeen
from tests.adapters.imap_account import QUICK, settings_for
from tests.fakes.event_log import EventLog
from tests.fakes.memory_secrets import MemorySecrets
from tests.lab.keyless import keyless_dovecot
from tests.lab.mail import PASSWORD, DovecotLab
from tests.lab.waiting import free_port

pytestmark = pytest.mark.dovecot

MAIL = b"From: c@out.example\r\nMessage-ID: <q1@out.example>\r\nSubject: q\r\n\r\nx\r\n"
ONE = MessageId("<q1@out.example>")


@pytest.fixture
def settings(dovecot_lab: DovecotLab) -> MailSettings:
    address = dovecot_lab.new_address()
    dovecot_lab.deliver(MAIL, to=address)
    return settings_for(dovecot_lab.imap_port, user=address, address=address)


class Tagger:
    """What one founder wishes, and what came of it."""

    def __init__(self, settings: MailSettings) -> None:
        self.log = EventLog()
        secrets = MemorySecrets({settings.secret_name: PASSWORD})
        self._workers = ClaimWorkers(secrets=secrets, publisher=self.log, clock=SystemClock())
        self._workers.follow(Settings(mail=(settings,)))

    def settle(self, message: MessageSummary, name: str, *, is_gone: bool = False) -> TagSettled:
        before = len(self.log.of(TagSettled))
        self._workers.tag(message, name, is_gone=is_gone)
        self.log.wait_for(lambda: len(self.log.of(TagSettled)) > before, "a tag is settled", 30)
        return self.log.of(TagSettled)[-1]

    def close(self) -> None:
        self._workers.stop(60)


@contextmanager
def reading(settings: MailSettings, path: Path) -> Iterator[EventLog]:
    """A colleague who has the mailbox open, and the message."""
    log = EventLog()
    path.mkdir(exist_ok=True)
    worker = ImapWorker(settings, lambda: PASSWORD, path / "mail.db", log, SystemClock(), QUICK)
    worker.start()
    try:
        log.wait_for(lambda: bool(log.arrived), "the message", 30)
        yield log
    finally:
        worker.stop(60)


def read_by(log: EventLog) -> set[str] | None:
    """The tags that were told last; None before anything was."""
    seen = log.of(TagsSeen)
    if not seen:
        return None
    assert seen[-1].is_whole
    assert seen[-1].mailbox == log.arrived[0].address.mailbox
    return {name for message, name in seen[-1].tags if message == ONE}


def title_of(settled: TagSettled) -> str:
    return settled.problem.title if settled.problem is not None else ""


def test_who_reads_sees_tags_come_and_go_by_reading_only(
    dovecot_lab: DovecotLab, settings: MailSettings, tmp_path: Path
) -> None:
    before = len(dovecot_lab.imap_commands())
    with reading(settings, tmp_path) as log, closing(Tagger(settings)) as anna:
        log.wait_for(lambda: read_by(log) == set(), "that there is none", 30)
        [message] = log.arrived
        for name in ("vip", "účet", "late_payer", "請求書"):
            settled = anna.settle(message, name)
            assert (settled.is_on, settled.problem) == (True, None)
        assert anna.settle(message, "vip").is_on, "twice is once"
        everything = {"vip", "účet", "late_payer", "請求書"}
        log.wait_for(lambda: read_by(log) == everything, "the tags", 30)
        settled = anna.settle(message, "účet", is_gone=True)
        assert (settled.is_on, settled.problem) == (False, None)
        log.wait_for(lambda: read_by(log) == everything - {"účet"}, "that one is gone", 30)
        assert all(not one.claims for one in log.of(MarksSeen))
    wrote = [one for one in dovecot_lab.imap_commands()[before:] if " STORE " in one]
    assert wrote
    assert all("$SD-tag-" in one for one in wrote)
    with reading(settings, tmp_path / "again") as log:
        log.wait_for(lambda: read_by(log) == everything - {"účet"}, "the tags of before", 30)


def test_only_so_many_different_tags_are_put_into_a_mailbox(
    settings: MailSettings, tmp_path: Path
) -> None:
    with reading(settings, tmp_path) as log, closing(Tagger(settings)) as anna:
        [message] = log.arrived
        for number in range(MOST_TAGS):
            assert anna.settle(message, f"t{number}").is_on
        refused = anna.settle(message, "one-more")
        assert (refused.is_on, refused.is_final) == (False, True)
        assert "enough different tags" in title_of(refused)
        assert anna.settle(message, "t0").is_on


def test_what_has_left_lies_elsewhere_or_cannot_be_reached_is_said(
    settings: MailSettings, tmp_path: Path
) -> None:
    with reading(settings, tmp_path) as log:
        [message] = log.arrived
    gone = replace(
        message, message_id=MessageId("<never@x>"), address=replace(message.address, uid=77)
    )
    with closing(Tagger(settings)) as anna:
        assert "left the mailbox" in title_of(anna.settle(gone, "vip"))
        assert anna.settle(gone, "vip", is_gone=True).problem is None
    watched = replace(settings, mailbox="Other", also_watch=("INBOX",))
    with closing(Tagger(watched)) as anna:
        assert "does not lie where" in title_of(anna.settle(message, "vip"))
    with closing(Tagger(replace(settings, port=free_port()))) as anna:
        settled = anna.settle(message, "vip")
        assert (settled.problem is None, settled.is_final) == (False, False)


def test_a_server_without_keywords_keeps_no_tags(tmp_path: Path) -> None:
    with keyless_dovecot() as lab:
        address = lab.new_address()
        lab.deliver(MAIL, to=address)
        settings = settings_for(lab.imap_port, user=address, address=address)
        with reading(settings, tmp_path) as log, closing(Tagger(settings)) as anna:
            settled = anna.settle(log.arrived[0], "vip")
            assert (settled.is_on, settled.is_final) == (False, True)
            assert "keeps no tags" in title_of(settled)
