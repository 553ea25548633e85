"""Shared notes on a real server: in a mailbox of their own, seen by who reads, never among mail."""

import imaplib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.mail.claim_worker import ClaimWorkers
from supportdesk.adapters.mail.imap_worker import ImapWorker
from supportdesk.domain.mail import MessageId
from supportdesk.domain.settings import MailSettings, Settings
from supportdesk.domain.side_events import NoteNotShared, NotesSeen, SharedNote
from supportdesk.domain.side_marks import MailNote, shared_note_id
from tests.adapters.imap_account import QUICK, settings_for
from tests.fakes.event_log import EventLog
from tests.fakes.happenings import T0
from tests.fakes.memory_secrets import MemorySecrets
from tests.lab.mail import PASSWORD, DovecotLab
from tests.lab.waiting import LOOPBACK, free_port, wait_until

pytestmark = pytest.mark.dovecot

MAIL = b"From: c@out.example\r\nMessage-ID: <q1@out.example>\r\nSubject: q\r\n\r\nx\r\n"
ONE = MessageId("<q1@out.example>")
ITEM = f"mail/Support/{ONE}"
WORDS = "“Účet” 😀\nnikdy neposílat\r\n.\r\nFrom here on"
NOTE = MailNote(key=f"note/1/{ITEM}", item=ITEM, words=WORDS, at=T0)


@pytest.fixture
def dovecot(dovecot_lab: DovecotLab) -> DovecotLab:
    return dovecot_lab


@pytest.fixture
def settings(dovecot: DovecotLab) -> MailSettings:
    address = dovecot.new_address()
    dovecot.deliver(MAIL, to=address)
    return settings_for(dovecot.imap_port, user=address, address=address)


@contextmanager
def sharing(settings: MailSettings) -> Iterator[tuple[ClaimWorkers, EventLog]]:
    log = EventLog()
    secrets = MemorySecrets({settings.secret_name: PASSWORD})
    workers = ClaimWorkers(secrets=secrets, publisher=log, clock=SystemClock())
    workers.follow(Settings(mail=(settings,)))
    try:
        yield workers, log
    finally:
        workers.stop(60)


@contextmanager
def reading(settings: MailSettings, path: Path) -> Iterator[EventLog]:
    log = EventLog()
    worker = ImapWorker(settings, lambda: PASSWORD, path / "mail.db", log, SystemClock(), QUICK)
    worker.start()
    try:
        yield log
    finally:
        worker.stop(60)


def seen_by(log: EventLog) -> tuple[SharedNote, ...]:
    seen = log.of(NotesSeen)
    return seen[-1].notes if seen else ()


def subjects(settings: MailSettings, mailbox: str) -> list[str]:
    """What a third program finds there that is not marked as deleted."""
    client = imaplib.IMAP4(LOOPBACK, settings.port)
    try:
        client.login(settings.user, PASSWORD)
        if client.select(mailbox, readonly=True)[0] != "OK":
            return []
        _, [uids] = client.uid("SEARCH", "UNDELETED")
        heads = []
        for uid in uids.decode().split():
            _, parts = client.uid("FETCH", uid, "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
            heads.append(parts[0][1].decode().strip())
        return heads
    finally:
        client.logout()


def test_a_note_is_shared_changed_and_taken_back(settings: MailSettings, tmp_path: Path) -> None:
    account = settings.name
    with reading(settings, tmp_path) as log, sharing(settings) as (workers, told):
        log.wait_for(lambda: bool(log.arrived), "the message", 30)
        workers.share(account, NOTE, ONE, "anna")
        log.wait_for(lambda: bool(seen_by(log)), "the note", 30)
        assert seen_by(log) == (
            SharedNote(
                note_id=MessageId(shared_note_id(NOTE, "anna")),
                about=ONE,
                by="anna",
                at=T0,
                words=WORDS,
            ),
        )
        workers.share(account, replace(NOTE, words="other words"), ONE, "anna")
        log.wait_for(lambda: seen_by(log)[0].words == "other words", "the other words", 30)
        wait_until(
            lambda: subjects(settings, "Supportdesk/Notes") == ["Subject: Internal note"],
            seconds=30,
            what="one note on the server",
        )
        assert subjects(settings, "INBOX") == ["Subject: q"]
        workers.share(account, NOTE, ONE, "anna", is_gone=True)
        log.wait_for(lambda: not seen_by(log), "that it is gone", 30)
        assert told.of(NoteNotShared) == []
        assert [one.message_id for one in log.arrived] == [ONE], "a note is no mail"


def test_notes_of_before_are_seen_at_the_start_and_what_is_none_is_left_out(
    settings: MailSettings, tmp_path: Path
) -> None:
    with sharing(settings) as (workers, _):
        workers.share(settings.name, NOTE, ONE, "anna")
        wait_until(lambda: subjects(settings, "Supportdesk/Notes"), seconds=30, what="the note")
    client = imaplib.IMAP4(LOOPBACK, settings.port)
    client.login(settings.user, PASSWORD)
    for odd in (MAIL, b"X-Supportdesk-By: eve\r\nMessage-ID: <e@x>\r\nDate: yesterday\r\n\r\nx"):
        client.append("Supportdesk/Notes", "", "", odd)
    client.logout()
    with reading(settings, tmp_path) as log:
        log.wait_for(lambda: bool(seen_by(log)), "the note", 30)
        assert [one.words for one in seen_by(log)] == [WORDS]


def test_what_cannot_be_shared_is_said(settings: MailSettings) -> None:
    nowhere = replace(settings, port=free_port())
    with sharing(nowhere) as (workers, told):
        workers.share(settings.name, NOTE, ONE, "anna")
        told.wait_for(lambda: bool(told.of(NoteNotShared)), "that it did not go", 30)


def test_nothing_is_taken_back_where_no_note_ever_was(settings: MailSettings) -> None:
    with sharing(settings) as (workers, told):
        workers.share(settings.name, NOTE, ONE, "anna", is_gone=True)
        workers.share("nobody", NOTE, ONE, "anna")  # type: ignore[arg-type]  # an account that is gone
    assert told.of(NoteNotShared) == []
    assert subjects(settings, "Supportdesk/Notes") == []
