"""What an open composer asks of the reading connection, on a real Dovecot: heads, and whether all
that is there has been told. None of it leaves a trace."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from supportdesk.domain.events import MessageChanged, MessagesArrived
from supportdesk.domain.health import Hearing
from supportdesk.domain.mail import Mailer, MessageId
from supportdesk.domain.send_events import HeadFetched, ThreadChecked
from supportdesk.domain.settings import Security
from supportdesk.protocols.mailbox_sync import ListeningRules
from tests.e2e.mail_account import Worker, client, letter, settings_for
from tests.lab.mail import DovecotLab
from tests.lab.wire import RecordingProxy

pytestmark = pytest.mark.dovecot

# Nothing is looked at by the clock: what is told was asked for.
PATIENT = ListeningRules(look_around_seconds=3600, catch_up_seconds=3600, attend_seconds=0.2)
QUESTION = MessageId("<1@example.org>")


@pytest.fixture
def address(dovecot_lab: DovecotLab) -> str:
    return dovecot_lab.new_address()


@pytest.fixture
def worker(dovecot_lab: DovecotLab, address: str, tmp_path: Path) -> Iterator[Worker]:
    headers = "Reply-To: Office <office@example.org>\r\nCc: c@example.org\r\n"
    dovecot_lab.deliver(letter(1, headers=headers), to=address)
    with Worker(settings_for(dovecot_lab, address), tmp_path, rules=PATIENT) as worker:
        worker.wait_until_listening()
        worker.wait_for_messages(1)
        yield worker


def answer_of_a_colleague(lab: DovecotLab, address: str, name: str = "answer") -> None:
    """From another mail program: a copy in Sent, and the flag on the question."""
    link = client(lab, address)
    headers = f"In-Reply-To: {QUESTION}\r\n"
    link.append("Sent", r"(\Seen)", "", letter(name, sender=address, headers=headers))
    link.select("INBOX")
    link.store("1", "+FLAGS", r"(\Answered)")
    link.logout()


def test_a_head_is_read_where_the_message_lies(
    worker: Worker, dovecot_lab: DovecotLab, address: str
) -> None:
    answer_of_a_colleague(dovecot_lab, address)
    worker.worker.check_now()
    worker.wait_for_messages(2)
    for name in (QUESTION, MessageId("<answer@example.org>"), MessageId("<none@example.org>")):
        worker.worker.fetch_head(name)
    worker.log.wait_for(lambda: len(worker.log.of(HeadFetched)) == 3, "three heads")
    question, answer, missing = worker.log.of(HeadFetched)
    assert question.head is not None
    assert question.head.reply_to == (Mailer(name="Office", email="office@example.org"),)
    assert [one.email for one in question.head.cc] == ["c@example.org"]
    assert answer.head is not None
    assert answer.head.references == (QUESTION,)
    assert missing.head is None
    assert "not in the mailbox" in missing.problem


def test_a_thread_is_checked_after_all_that_others_did_was_told(
    worker: Worker, dovecot_lab: DovecotLab, address: str
) -> None:
    for number in range(5):
        answer_of_a_colleague(dovecot_lab, address, f"answer-{number}")
        worker.worker.check_thread(str(number))
        worker.log.wait_for(lambda: len(worker.log.of(ThreadChecked)) > number, "the check")  # noqa: B023
        events = worker.log.events
        checked = next(
            place
            for place, event in enumerate(events)
            if isinstance(event, ThreadChecked) and event.token == str(number)
        )
        told = [
            message.message_id
            for event in events[:checked]
            if isinstance(event, MessagesArrived)
            for message in event.messages
        ]
        assert f"<answer-{number}@example.org>" in told
        assert any(
            isinstance(event, MessageChanged)
            and event.message.message_id == QUESTION
            and event.message.is_answered
            for event in events[:checked]
        )
    assert all(one.problem is None for one in worker.log.of(ThreadChecked))


def test_an_answer_is_seen_at_once_while_one_is_written(
    worker: Worker, dovecot_lab: DovecotLab, address: str
) -> None:
    worker.worker.attend(QUESTION)
    answer_of_a_colleague(dovecot_lab, address)
    worker.wait_for_messages(2)
    worker.worker.attend(None)


def test_who_is_deaf_says_so_and_tries(dovecot_lab: DovecotLab, tmp_path: Path) -> None:
    address = dovecot_lab.new_address()
    with RecordingProxy(dovecot_lab.imaps_port) as wire:
        settings = settings_for(dovecot_lab, address, port=wire.port)
        with Worker(settings, tmp_path, rules=PATIENT) as worker:
            worker.wait_until_listening()
            wire.refuse()
            wire.cut()
            worker.log.wait_until(Hearing.DEAF)
            worker.worker.check_thread("deaf")
            worker.worker.fetch_head(QUESTION)
            worker.log.wait_for(lambda: bool(worker.log.of(ThreadChecked)), "the refusal")
            worker.log.wait_for(lambda: bool(worker.log.of(HeadFetched)), "the other one")
            problem = worker.log.of(ThreadChecked)[0].problem
            assert problem is not None
            assert "Nothing answers" in problem.title
            assert worker.log.of(HeadFetched)[0].problem
            wire.accept()
            worker.worker.check_thread("back")
            worker.log.wait_for(
                lambda: worker.log.of(ThreadChecked)[-1].problem is None, "a check that goes"
            )


def test_none_of_it_leaves_a_trace(dovecot_lab: DovecotLab, tmp_path: Path) -> None:
    address = dovecot_lab.new_address()
    dovecot_lab.deliver(letter(1), to=address)
    with RecordingProxy(dovecot_lab.imap_port) as wire:
        settings = settings_for(
            dovecot_lab, address, port=wire.port, security=Security.NONE, ca_file=""
        )
        with Worker(settings, tmp_path, rules=PATIENT) as worker:
            worker.wait_for_messages(1)
            worker.worker.fetch_head(QUESTION)
            worker.worker.attend(QUESTION)
            worker.worker.check_thread("token")
            worker.log.wait_for(lambda: bool(worker.log.of(ThreadChecked)), "the check")
            worker.log.wait_for(lambda: bool(worker.log.of(HeadFetched)), "the head")
            worker.worker.attend(None)
        words = {" ".join(line.split()[1:3]).upper() for line in wire.client_lines() if " " in line}
        assert wire.connections == 1
    writing = ("SELECT", "STORE", "APPEND", "EXPUNGE", "CLOSE", "MOVE", "COPY", "CREATE", "DELETE")
    assert not [word for word in words if any(verb in word for verb in writing)]
    link = client(dovecot_lab, address)
    link.select("INBOX", readonly=True)
    _, lines = link.fetch("1", "(FLAGS)")
    link.logout()
    assert lines == [b"1 (FLAGS (\\Recent))"]
